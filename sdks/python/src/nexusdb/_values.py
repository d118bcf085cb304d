"""The values that Python has no exact type for, and their typed JSON form."""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass, field
from typing import Any, Callable, Iterator, Mapping

INTEGER_MIN, INTEGER_MAX = -(2**63), 2**63 - 1
WGS_84, WGS_84_3D, CARTESIAN, CARTESIAN_3D = 4326, 4979, 7203, 9157


@dataclass(frozen=True)
class Temporal:
    """A date or time exactly as the server has it: nanoseconds, any year, zone names. ``iso`` is its ISO 8601 text."""

    iso: str

    def __str__(self) -> str:
        return self.iso


class Date(Temporal):
    """A DATE."""

    def to_native(self) -> dt.date:
        """ValueError for a year outside 1 to 9999."""
        return dt.date.fromisoformat(self.iso)


def _seconds_and_micros(text: str) -> str:
    # Python knows six digits; what is finer is cut off.
    return re.sub(r"(\.\d{6})\d+", r"\1", re.sub(r"\.(\d{1,5})(?!\d)", lambda m: "." + m[1].ljust(6, "0"), text))


class LocalTime(Temporal):
    """A LOCAL TIME."""

    def to_native(self) -> dt.time:
        """Cuts off what is finer than a microsecond."""
        return dt.time.fromisoformat(_seconds_and_micros(self.iso))


class Time(Temporal):
    """A ZONED TIME: a time of day with an offset."""

    def to_native(self) -> dt.time:
        """Cuts off what is finer than a microsecond."""
        return dt.time.fromisoformat(_seconds_and_micros(self.iso).replace("Z", "+00:00"))


class LocalDateTime(Temporal):
    """A LOCAL DATETIME."""

    def to_native(self) -> dt.datetime:
        """Cuts off what is finer than a microsecond; ValueError for a year outside 1 to 9999."""
        return dt.datetime.fromisoformat(_seconds_and_micros(self.iso))


class DateTime(Temporal):
    """A ZONED DATETIME, with an offset and perhaps the name of a zone."""

    @property
    def zone(self) -> str | None:
        """The name of the zone, such as ``Europe/Oslo``."""
        return self.iso[self.iso.index("[") + 1 : -1] if self.iso.endswith("]") else None

    def to_native(self) -> dt.datetime:
        """With the offset of this moment as tzinfo; cuts off what is finer than a microsecond."""
        text = self.iso.split("[")[0].replace("Z", "+00:00")
        return dt.datetime.fromisoformat(_seconds_and_micros(text))


_DURATION = re.compile(
    r"P(?:(-?\d+)Y)?(?:(-?\d+)M)?(?:(-?\d+)W)?(?:(-?\d+)D)?"
    r"(?:T(?:(-?\d+)H)?(?:(-?\d+)M)?(?:(-?)(\d+)(?:\.(\d{1,9}))?S)?)?"
)


@dataclass(frozen=True)
class Duration:
    """Months, days, seconds and nanoseconds that are kept apart, as their lengths differ."""

    months: int = 0
    days: int = 0
    seconds: int = 0
    nanoseconds: int = 0

    def __post_init__(self) -> None:
        carry, rest = divmod(self.nanoseconds, 1_000_000_000)
        object.__setattr__(self, "seconds", self.seconds + carry)
        object.__setattr__(self, "nanoseconds", rest)

    @classmethod
    def parse(cls, text: str) -> Duration:
        """From ISO 8601: ``P1Y2M3DT4H5M6.7S``."""
        match = _DURATION.fullmatch(text)
        if match is None or text[-1] in "PT":
            raise ValueError(f"{text!r} is not a duration")
        years, months, weeks, days, hours, minutes = (int(part or 0) for part in match.groups()[:6])
        sign = -1 if match[7] == "-" else 1
        seconds, nanoseconds = int(match[8] or 0), int((match[9] or "").ljust(9, "0"))
        return cls(
            years * 12 + months,
            weeks * 7 + days,
            hours * 3600 + minutes * 60 + sign * seconds,
            sign * nanoseconds,
        )

    def __str__(self) -> str:
        def part(amount: int, unit: str) -> str:
            return f"{amount}{unit}" if amount else ""

        def split(total: int, size: int) -> tuple[int, int]:  # Towards zero.
            whole = abs(total) // size * (1 if total >= 0 else -1)
            return whole, total - whole * size

        years, months = split(self.months, 12)
        nanoseconds = self.seconds * 1_000_000_000 + self.nanoseconds
        hours, nanoseconds = split(nanoseconds, 3_600_000_000_000)
        minutes, nanoseconds = split(nanoseconds, 60_000_000_000)
        seconds = ""
        if nanoseconds:
            whole, fraction = divmod(abs(nanoseconds), 1_000_000_000)
            digits = f".{fraction:09}".rstrip("0") if fraction else ""
            seconds = f"{'-' if nanoseconds < 0 else ''}{whole}{digits}S"
        date = part(years, "Y") + part(months, "M") + part(self.days, "D")
        time = part(hours, "H") + part(minutes, "M") + seconds
        return f"P{date}T{time}" if time else f"P{date}" if date else "PT0S"

    def to_native(self) -> dt.timedelta:
        """ValueError when there are months: they have no fixed length."""
        if self.months:
            raise ValueError(f"{self} has months, which have no fixed length")
        return dt.timedelta(days=self.days, seconds=self.seconds, microseconds=self.nanoseconds // 1000)


@dataclass(frozen=True)
class Point:
    """A point; ``srid`` is 4326 or 4979 (WGS-84), 7203 or 9157 (Cartesian), the second of each with ``z``."""

    x: float
    y: float
    z: float | None = None
    srid: int = 0

    def __post_init__(self) -> None:
        if self.srid == 0:
            object.__setattr__(self, "srid", CARTESIAN if self.z is None else CARTESIAN_3D)
        if (self.srid in (WGS_84_3D, CARTESIAN_3D)) != (self.z is not None):
            raise ValueError(f"a point with SRID {self.srid} has {'no z' if self.z is not None else 'a z'}")

    @classmethod
    def parse(cls, text: str) -> Point:
        """From ``SRID=7203;POINT (1.0 2.0)``."""
        match = re.fullmatch(r"SRID=(\d+);POINT ?Z? ?\(([^ ]+) ([^ ]+)(?: ([^ ]+))?\)", text)
        if match is None:
            raise ValueError(f"{text!r} is not a point")
        return cls(float(match[2]), float(match[3]), float(match[4]) if match[4] else None, int(match[1]))

    def __str__(self) -> str:
        numbers = " ".join(repr(float(number)) for number in (self.x, self.y, self.z) if number is not None)
        return f"SRID={self.srid};POINT {'Z ' if self.z is not None else ''}({numbers})"


COORDINATE_TYPES = ("INTEGER8", "INTEGER16", "INTEGER32", "INTEGER64", "FLOAT32", "FLOAT64")


@dataclass(frozen=True)
class Vector:
    """A VECTOR: 1 to 4096 numbers of one type, one of ``COORDINATE_TYPES``."""

    coordinates: tuple[float, ...]
    type: str = "FLOAT32"

    def __post_init__(self) -> None:
        if self.type not in COORDINATE_TYPES:
            raise ValueError(f"{self.type} is no type of a vector's coordinates")
        number = float if self.type.startswith("FLOAT") else int
        object.__setattr__(self, "coordinates", tuple(number(coordinate) for coordinate in self.coordinates))

    def __len__(self) -> int:
        return len(self.coordinates)

    def __iter__(self) -> Iterator[float]:
        return iter(self.coordinates)

    @classmethod
    def from_typed(cls, value: Mapping[str, Any]) -> Vector:
        number = float if value["coordinatesType"].startswith("FLOAT") else int
        return cls(tuple(number(text) for text in value["coordinates"]), value["coordinatesType"])

    def to_typed(self) -> dict[str, object]:
        return {"coordinatesType": self.type, "coordinates": [repr(coordinate) for coordinate in self.coordinates]}


@dataclass(frozen=True)
class Node:
    """A node as it was when its row was made. Compares by ``element_id``."""

    element_id: str
    labels: tuple[str, ...] = field(compare=False)
    properties: Mapping[str, Any] = field(compare=False)

    def __getitem__(self, key: str) -> Any:
        return self.properties[key]


@dataclass(frozen=True)
class Relationship:
    """A relationship as it was when its row was made. Compares by ``element_id``."""

    element_id: str
    type: str = field(compare=False)
    start_element_id: str = field(compare=False)
    end_element_id: str = field(compare=False)
    properties: Mapping[str, Any] = field(compare=False)

    def __getitem__(self, key: str) -> Any:
        return self.properties[key]


@dataclass(frozen=True)
class Path:
    """Nodes and the relationships between them; one more node than relationships."""

    nodes: tuple[Node, ...]
    relationships: tuple[Relationship, ...]

    def __len__(self) -> int:
        return len(self.relationships)

    def __iter__(self) -> Iterator[Node | Relationship]:
        for node, relationship in zip(self.nodes, self.relationships):
            yield node
            yield relationship
        yield self.nodes[-1]


def _node(value: Any) -> Node:
    return Node(value["_element_id"], tuple(value["_labels"]), _map(value["_properties"]))


def _relationship(value: Any) -> Relationship:
    return Relationship(
        value["_element_id"],
        value["_type"],
        value["_start_node_element_id"],
        value["_end_node_element_id"],
        _map(value["_properties"]),
    )


def _path(value: Any) -> Path:
    parts = [decode(part) for part in value]
    return Path(tuple(parts[::2]), tuple(parts[1::2]))


def _map(value: Any) -> dict[str, Any]:
    return {key: decode(member) for key, member in value.items()}


_DECODERS: dict[str, Callable[[Any], Any]] = {
    "Null": lambda value: None,
    "Boolean": bool,
    "Integer": int,
    "Float": float,
    "String": str,
    "List": lambda value: [decode(item) for item in value],
    "Map": _map,
    "Node": _node,
    "Relationship": _relationship,
    "Path": _path,
    "Date": Date,
    "LocalTime": LocalTime,
    "Time": Time,
    "LocalDateTime": LocalDateTime,
    "OffsetDateTime": DateTime,
    "ZonedDateTime": DateTime,
    "Duration": Duration.parse,
    "Point": Point.parse,
    "Vector": Vector.from_typed,
}


def decode(typed: Any) -> Any:
    """A value from its typed JSON form."""
    decoder = _DECODERS.get(typed["$type"])
    if decoder is None:
        raise ValueError(f"this version does not know values of type {typed['$type']}; a newer one may")
    return decoder(typed["_value"])


def _typed(type_name: str, value: object) -> dict[str, object]:
    return {"$type": type_name, "_value": str(value)}


def _encode_float(value: float) -> object:
    if math.isfinite(value):
        return value  # Written with a point or an exponent, so it stays a FLOAT.
    return _typed("Float", "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity")


def _encode_temporal(value: Temporal) -> object:
    if isinstance(value, DateTime):
        return _typed("ZonedDateTime" if value.zone else "OffsetDateTime", value)
    return _typed(type(value).__name__, value)


def _encode_native_time(value: dt.date | dt.time | dt.timedelta) -> object:
    if isinstance(value, dt.datetime):
        if value.tzinfo is None:
            return _typed("LocalDateTime", value.isoformat())
        name = getattr(value.tzinfo, "key", None)
        return _typed("ZonedDateTime", f"{value.isoformat()}[{name}]") if name else _typed("OffsetDateTime", value.isoformat())
    if isinstance(value, dt.date):
        return _typed("Date", value.isoformat())
    if isinstance(value, dt.time):
        return _typed("LocalTime" if value.tzinfo is None else "Time", value.isoformat())
    return _typed("Duration", Duration(0, value.days, value.seconds, value.microseconds * 1000))


def encode(value: Any) -> object:
    """A parameter's JSON form: plain where JSON is exact, typed where it is not.

    TypeError for what is no value of the database, OverflowError for an integer of more than 64 bits.
    """
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        if not INTEGER_MIN <= value <= INTEGER_MAX:
            raise OverflowError(f"{value} does not fit in 64 bits")
        return int(value)
    if isinstance(value, float):
        return _encode_float(float(value))
    if isinstance(value, (list, tuple)):
        return [encode(item) for item in value]
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            raise TypeError("the keys of a map must be strings")
        return {key: encode(member) for key, member in value.items()}
    if isinstance(value, Temporal):
        return _encode_temporal(value)
    if isinstance(value, Duration):
        return _typed("Duration", value)
    if isinstance(value, Point):
        return _typed("Point", value)
    if isinstance(value, Vector):
        return {"$type": "Vector", "_value": value.to_typed()}
    if isinstance(value, (dt.date, dt.time, dt.timedelta)):
        return _encode_native_time(value)
    raise TypeError(f"a {type(value).__name__} cannot be a parameter")
