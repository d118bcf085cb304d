"""The house rules, executable: the ladder, size walls, bans, links, numbers.

Prints one line a violation and ends with `N passed, N failed` over the rules. A waiver
lives in tests/tidy/waivers.txt (`rule path reason`); that list may only shrink.
"""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
LADDER = ["base", "value", "vfs", "storage", "catalog", "syntax", "function",
          "plan", "optimizer", "exec", "procedure", "instance", "service"]
RUNG = {name: height for height, name in enumerate(LADDER)}
PURE = {"syntax", "function"}  # May use base and value only.
PUBLIC = {"access": "instance", "error": "base", "error_codes": "base", "value": "value", "vfs": "vfs", "instance": "instance",
          "session": "instance", "service": "service", "bolt": "service"}  # <nexus/x.h> belongs to a rung too.
FILE_LINES_MAX, TEST_LINES_MAX, FUNCTION_LINES_MAX, COLUMNS_MAX = 600, 1000, 70, 170
BANS = [  # (pattern, what instead, where it is allowed)
    (r"\bstd::rand\b|\bsrand\(", "nexus::Random", ()),
    (r"\bstd::thread\b|\bstd::async\b|\bstd::jthread\b", "nexus::Scheduler", ("host-native/", "tests/", "bench/", "_test.cc")),
    (r"\bsystem_clock\b|\bsteady_clock\b", "nexus::Clock", ("host-native/", "host-wasm/", "tests/", "bench/", "_test.cc")),
    (r"\bfopen\(|\bstd::(i|o)?fstream\b|<fstream>|<filesystem>", "nexus::Vfs", ("host-native/", "tests/", "bench/", "_test.cc")),
    (r"__EMSCRIPTEN__", "an interface", ("engine/base/", "host-wasm/")),
    (r"boost/(asio|beast)", "the host", ("host-native/", "tests/", "bench/")),
    (r"<regex>|\bstd::regex\b", "function/regex", ()),
    (r"<iostream>|<sstream>", "strings", ("host-native/", "tests/", "bench/", "_test.cc")),
    (r"\bFIXME\b|\bTODO\b(?!\(#\d+\))", "an issue", ()),
    (r"\busing namespace\b", "a qualified name", ("_test.cc", "tests/", "bench/", "host-")),
]


def tracked(*suffixes):
    names = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True)
    for name in sorted(set(names.stdout.split("\n"))):
        if name.endswith(suffixes) and (ROOT / name).is_file():
            yield name, (ROOT / name).read_text(encoding="utf-8", errors="replace")


def sources():
    return [pair for pair in tracked(".h", ".cc") if not pair[0].startswith("web/")]


def local_names(text):
    """What the anonymous namespaces of a source file define: types, constants and functions with their parameters' types."""
    for body in re.findall(r"^namespace \{\n(.*?)^\}  // namespace$", text, re.M | re.S):
        for line in body.split("\n"):
            found = (re.match(r"(?:class|struct|enum class) (\w+)()", line) or
                     re.match(r"constexpr [^=({]*?(\w+)(?:\[\w*\])?()\s*[=({]", line) or
                     re.match(r"[A-Za-z][\w:<>,*& ]*?[ &*](\w+)\(([^)]*)", line))
            if found:
                yield found[1], re.sub(r"\b\w+(?=,|$)", "", found[2])


def one_name_one_thing():
    """Whole builds join several files of a target, so two of them must not have one name of their own for two things."""
    seen = {}
    for name, text in sources():
        target = "/".join(name.split("/")[:2]) if name.startswith("engine/") else name.split("/")[0]
        if not name.endswith(".cc") or name.endswith(("_test.cc", "/main.cc")) or target == "engine/function":
            continue
        if not target.startswith("engine/") and target != "host-native":
            continue
        space = re.search(r"^namespace ([\w:]+) \{", text, re.M)
        for local in set(local_names(text)):
            other = seen.setdefault((target, space and space[1], local), name)
            if other != name:
                yield f"{name}: {local[0]} is also in {other}"


def ladder():
    for name, text in sources():
        parts = name.split("/")
        if parts[0] != "engine":
            continue
        here = parts[1]
        if here == "include":
            here = PUBLIC[parts[3].removesuffix(".h")]
        highest = RUNG["value"] if here in PURE else RUNG[here]
        for number, line in enumerate(text.splitlines(), 1):
            target = re.match(r'#include (?:"([a-z-]+)/|<nexus/([a-z_]+)\.h>|"nexus/([a-z_]+)\.h")', line)
            if not target:
                continue
            rung = PUBLIC.get(target[2] or target[3] or "", None) or target[1]
            if rung == "nexus":
                rung = PUBLIC[re.match(r'#include "nexus/([a-z_]+)\.h"', line)[1]]
            if rung == "tests" and name.endswith("_test.cc"):
                continue
            if rung != here and RUNG.get(rung, len(LADDER)) > highest:
                yield f"{name}:{number}: {here}/ may not include {rung}/"


def sizes():
    for name, text in sources():
        lines = text.count("\n")
        wall = TEST_LINES_MAX if name.endswith("_test.cc") or name.startswith("tests/") else FILE_LINES_MAX
        if lines > wall:
            yield f"{name}: {lines} lines, the wall is {wall}"
        for number, line in enumerate(text.splitlines(), 1):
            if len(line) > COLUMNS_MAX:
                yield f"{name}:{number}: {len(line)} columns, the wall is {COLUMNS_MAX}"


def functions():
    for name, text in sources():
        if name.endswith("_test.cc"):
            continue
        start = None
        for number, line in enumerate(text.splitlines(), 1):
            if re.match(r"^[A-Za-z].*\)( const)?( noexcept)?( override)? \{$", line) and not line.startswith(("namespace", "struct", "class")):
                start = number
            elif line == "}" and start:
                if number - start - 1 > FUNCTION_LINES_MAX:
                    yield f"{name}:{start}: a function of {number - start - 1} lines, the wall is {FUNCTION_LINES_MAX}"
                start = None


def bans():
    for name, text in sources():
        for number, line in enumerate(text.splitlines(), 1):
            for pattern, instead, allowed in BANS:
                if any(place in name for place in allowed):
                    continue
                if re.search(pattern, line):
                    yield f"{name}:{number}: {line.strip()[:60]!r}: use {instead}"


def markdown_links():
    for name, text in tracked(".md"):
        if name.startswith("web/"):
            continue
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", text):
            if not ((ROOT / name).parent / target).exists():
                yield f"{name}: there is no {target}"
        for target in re.findall(r"`((?:engine|host-native|host-wasm|tests|docs|scripts|bench|web)/[\w./-]*\w)`", text):
            if not (ROOT / target).exists():
                yield f"{name}: there is no {target}"


def adr_numbers():
    seen = {}
    for path in sorted((ROOT / "docs/adr").glob("*.md")):
        number = path.name.split("-")[0]
        if number in seen:
            yield f"docs/adr/{path.name}: number {number} is {seen[number]}'s"
        seen[number] = path.name


def registered_functions():
    listed = "".join(text for name, text in tracked("all.cc") if name.startswith("engine/function/"))
    for name, text in tracked(".cc"):
        if not name.startswith("engine/function/") or name.endswith("all.cc"):
            continue
        for symbol in re.findall(r"^extern const (?:Scalar|Aggregate)Function (k\w+)", text, re.M):
            if not re.search(rf"\b{symbol}\b", listed):
                yield f"{name}: {symbol} is missing in all.cc"


def traces():
    for name, text in tracked(".h", ".cc", ".md", ".py", ".sh", ".mjs", ".ts", ".cmake", ".txt", ".json", ".yml", "run", "test"):
        if name.startswith("tests/tidy/") or name.endswith("package-lock.json"):
            continue
        for number, line in enumerate(text.splitlines(), 1):
            if re.search(r"(?<![\w.])/(work|farm)/", line):
                yield f"{name}:{number}: a path of one machine"


def readme():
    path = ROOT / "README.md"
    if path.exists() and path.read_text().count("\n") > 150:
        yield "README.md: over 150 lines"


def main():
    waivers = [line.split(" ", 2) for line in (ROOT / "tests/tidy/waivers.txt").read_text().splitlines() if line and line[0] != "#"]
    failed = 0
    rules = [ladder, sizes, functions, one_name_one_thing, bans, markdown_links, adr_numbers, registered_functions, traces, readme]
    for rule in rules:
        found = [text for text in rule()
                 if not any(rule.__name__ == waiver[0] and text.startswith(waiver[1]) for waiver in waivers)]
        for text in found:
            print(f"{rule.__name__}: {text}")
        failed += bool(found)
    print(f"tidy: {len(rules) - failed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
