#!/usr/bin/env python3
"""Write the table of time zones that engine/value/temporal/time_zone.cc compiles in.

Usage: make_time_zones.py ZONEINFO_DIRECTORY OUTPUT

Reads the compiled TZif files (RFC 8536) of the system. Zones that agree since 1970 get
the history of the one listed in zone1970.tab, whether or not the distribution packed
their separate earlier histories: so the table does not depend on how tzdata was built.

A zone's bytes (varints are little-endian base 128, "signed" ones zigzag):
  offset count, offsets (signed)      the first is in force before the first change
  change count, then per change       time since the previous change (signed), shifted
                                      left, bit 0: in seconds (1) or minutes (0);
                                      a byte: index of the new offset
  0, or 1 and the rule after the last change:
                                      standard and summer offset (signed), and twice
                                      (start, end) month, week, weekday, second (signed)
"""
import os
import re
import struct
import sys
from datetime import date

SKIPPED = {"posix", "right", "Factory", "localtime", "posixrules"}
YEAR_LAST = 2037


def read_tzif(path):
    """(first offset, [(time, offset)], footer) or None when it is no TZif file."""
    with open(path, "rb") as file:
        data = file.read()
    if data[:4] != b"TZif" or data[4:5] < b"2":
        return None

    def counts(at):
        return struct.unpack(">6l", data[at + 20:at + 44])

    utc, std, leap, times, types, chars = counts(0)
    at = 44 + times * 5 + types * 6 + chars + leap * 8 + std + utc
    utc, std, leap, times, types, chars = counts(at)
    at += 44
    instants = struct.unpack(f">{times}q", data[at:at + times * 8])
    at += times * 8
    indexes = data[at:at + times]
    at += times
    offsets = [struct.unpack(">l", data[at + 6 * i:at + 6 * i + 4])[0] for i in range(types)]
    at += types * 6 + chars + leap * 12 + std + utc
    footer = data[at:].split(b"\n")[1].decode()
    changes, previous = [], offsets[0]
    for instant, index in zip(instants, indexes):
        if offsets[index] != previous and instant > -(1 << 40):
            changes.append((instant, offsets[index]))
        previous = offsets[index]
    return offsets[0], changes, footer


def parse_footer(footer):
    """(standard offset, None) or (standard offset, (summer offset, start, end))."""
    def seconds(text):
        sign = -1 if text.startswith("-") else 1
        parts = [int(part) for part in text.lstrip("+-").split(":")] + [0, 0]
        return sign * (parts[0] * 3600 + parts[1] * 60 + parts[2])

    name = r"(?:<[^>]+>|[A-Za-z]+)"
    match = re.fullmatch(rf"{name}([-+\d:]+)(?:{name}([-+\d:]+)?,([^,]+),([^,]+))?", footer)
    if not match:
        sys.exit(f"make_time_zones: cannot read the rule {footer!r}")
    standard = -seconds(match[1])
    if match[3] is None:
        return standard, None
    rules = []
    for text in match[3], match[4]:
        rule = re.fullmatch(r"M(\d+)\.(\d)\.(\d)(?:/([-+\d:]+))?", text)
        if not rule:
            sys.exit(f"make_time_zones: cannot read the rule {footer!r}")
        rules.append((int(rule[1]), int(rule[2]), int(rule[3]), seconds(rule[4] or "2")))
    return standard, (-seconds(match[2]) if match[2] else standard + 3600, *rules)


def rule_seconds(year, rule):
    month, week, weekday, second = rule  # Weekday 0 is Sunday; week 5 is the last.
    first = date(year, month, 1)
    day = 1 + (weekday - first.isoweekday()) % 7 + (week - 1) * 7
    following = date(year + month // 12, month % 12 + 1, 1)
    if day > (following - first).days:
        day -= 7
    return (date(year, month, day).toordinal() - date(1970, 1, 1).toordinal()) * 86400 + second


def trim(changes, standard, summer):
    """Drops the changes that the rule repeats, but for the first of them."""
    if summer is None or not changes:
        return changes
    offset, start, end = summer
    expected = []
    for year in range(1970, YEAR_LAST + 1):
        expected.append((rule_seconds(year, start) - standard, offset))
        expected.append((rule_seconds(year, end) - offset, standard))
    expected = [change for change in sorted(expected) if change[0] <= changes[-1][0]]
    same = 0
    while same < min(len(changes), len(expected)) and changes[-1 - same] == expected[-1 - same]:
        same += 1
    return changes[:len(changes) - same + 1] if same else changes


def varint(number):
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def signed(number):
    return varint(number * 2 if number >= 0 else -number * 2 - 1)


def encode(zone):
    first, changes, footer = zone
    standard, summer = parse_footer(footer)
    changes = trim(changes, standard, summer)
    if summer is None and (changes[-1][1] if changes else first) != standard:
        sys.exit(f"make_time_zones: {footer!r} contradicts the last change")
    offsets = list(dict.fromkeys([first] + [offset for _, offset in changes]))
    out = varint(len(offsets)) + b"".join(map(signed, offsets)) + varint(len(changes))
    previous = 0
    for instant, offset in changes:
        delta = instant - previous
        zigzag = (delta // 60 if delta % 60 == 0 else delta)
        zigzag = zigzag * 2 if zigzag >= 0 else -zigzag * 2 - 1
        out += varint(zigzag * 2 + (delta % 60 != 0)) + bytes([offsets.index(offset)])
        previous = instant
    if summer is None:
        return out + b"\0"
    out += b"\1" + signed(standard) + signed(summer[0])
    for month, week, weekday, second in summer[1:]:
        out += bytes([month, week, weekday]) + signed(second)
    return out


def table(path):
    """[(country codes, zone name)] of a zone.tab."""
    with open(path, encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t") for line in file if not line.startswith("#")]
    return [(row[0].split(","), row[2]) for row in rows]


def share_histories(zones, root):
    """Zones of zone.tab that zone1970.tab leaves out take the history of the one that covers them."""
    covering = table(os.path.join(root, "zone1970.tab"))
    kept = {name for _, name in covering}

    def since_1970(name):
        first, changes, footer = zones[name]
        before = [offset for instant, offset in changes if instant <= 0]
        return before[-1] if before else first, [change for change in changes if change[0] > 0], footer

    for countries, name in table(os.path.join(root, "zone.tab")):
        if name in kept or name not in zones:
            continue
        for codes, candidate in covering:
            if countries[0] in codes and candidate in zones and since_1970(candidate) == since_1970(name):
                zones[name] = zones[candidate]
                break


def main(root, output):
    zones = {}
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if folder != root or name not in SKIPPED]
        for file in files:
            path = os.path.join(folder, file)
            name = os.path.relpath(path, root).replace(os.sep, "/")
            zone = None if name in SKIPPED else read_tzif(path)
            if zone:
                zones[name] = zone
    if "Europe/London" not in zones:
        sys.exit(f"make_time_zones: {root} holds no time zones (Debian: package tzdata)")
    share_histories(zones, root)
    data, starts, rows = bytearray(), {}, []
    for name in sorted(zones):
        code = encode(zones[name])
        if code not in starts:
            starts[code] = len(data)
            data += code
        rows.append(f'    {{"{name}", {starts[code]}}},')
    lines = [", ".join(map(str, data[at:at + 24])) for at in range(0, len(data), 24)]
    text = "\n".join(["// Written by scripts/make_time_zones.py.", "constexpr ZoneName kZoneNames[] = {", *rows, "};",
                      "constexpr unsigned char kZoneBytes[] = {", *(f"    {line}," for line in lines), "};", ""])
    with open(output, "w", encoding="ascii") as file:
        file.write(text)
    print(f"{len(rows)} time zones, {len(starts)} histories, {len(data)} bytes")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
