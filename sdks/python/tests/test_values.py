from __future__ import annotations

import datetime as dt
import json
import math
from zoneinfo import ZoneInfo

import nexusdb
import pytest
from nexusdb._values import decode, encode


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("P1Y2M-3DT-0.9999995S", nexusdb.Duration(14, -3, -1, 500)),
        ("PT1H1M1S", nexusdb.Duration(0, 0, 3661)),
        ("PT0S", nexusdb.Duration()),
        ("P7DT-0.5S", nexusdb.Duration(0, 7, 0, -500_000_000)),
        ("PT-1H-1S", nexusdb.Duration(0, 0, -3601)),
        ("P-1Y-1M", nexusdb.Duration(-13)),
    ],
)
def test_durations(text: str, value: nexusdb.Duration) -> None:
    assert nexusdb.Duration.parse(text) == value
    assert str(value) == text


@pytest.mark.parametrize("text", ["", "P", "PT", "P1", "1Y", "PT1.S", "P1YT"])
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError):
        nexusdb.Duration.parse(text)


def test_points() -> None:
    assert nexusdb.Point(1, 2) == nexusdb.Point.parse("SRID=7203;POINT (1.0 2.0)")
    assert str(nexusdb.Point(1, 2, 3)) == "SRID=9157;POINT Z (1.0 2.0 3.0)"
    assert str(nexusdb.Point(12.5, 56, srid=nexusdb.WGS_84)) == "SRID=4326;POINT (12.5 56.0)"
    with pytest.raises(ValueError):
        nexusdb.Point(1, 2, srid=nexusdb.WGS_84_3D)


def test_vectors() -> None:
    vector = nexusdb.Vector((1, -2), "INTEGER8")
    assert (len(vector), list(vector), vector) == (2, [1, -2], nexusdb.Vector((1.0, -2.0), "INTEGER8"))
    assert vector != nexusdb.Vector((1, -2), "INTEGER16")
    typed = {"$type": "Vector", "_value": {"coordinatesType": "FLOAT32", "coordinates": ["0.1", "1e+30"]}}
    assert encode(decode(typed)) == typed
    with pytest.raises(ValueError):
        nexusdb.Vector((1,), "FLOAT16")


def test_to_native() -> None:
    assert nexusdb.Date("2024-02-29").to_native() == dt.date(2024, 2, 29)
    assert nexusdb.LocalTime("12:31:14.500").to_native() == dt.time(12, 31, 14, 500_000)
    assert nexusdb.Time("12:31+01:00").to_native() == dt.time(12, 31, tzinfo=dt.timezone(dt.timedelta(hours=1)))
    moment = nexusdb.DateTime("2015-07-21T21:40:32.123456789+01:00[Europe/London]")
    assert moment.zone == "Europe/London"
    assert moment.to_native() == dt.datetime(2015, 7, 21, 20, 40, 32, 123_456, tzinfo=dt.timezone.utc)
    assert nexusdb.LocalDateTime("2024-02-29T00:00").to_native() == dt.datetime(2024, 2, 29)
    assert nexusdb.Duration(0, 1, 2, 3_000).to_native() == dt.timedelta(days=1, seconds=2, microseconds=3)
    with pytest.raises(ValueError):
        nexusdb.Date("+12345-01-01").to_native()
    with pytest.raises(ValueError):
        nexusdb.Duration(1).to_native()


def test_parameters() -> None:
    assert json.dumps(encode([1, 1.0, True, None, "x", 2**63 - 1])) == '[1, 1.0, true, null, "x", 9223372036854775807]'
    assert encode(math.inf) == {"$type": "Float", "_value": "Infinity"}
    assert encode(dt.date(2024, 2, 29)) == {"$type": "Date", "_value": "2024-02-29"}
    zoned = dt.datetime(2015, 7, 21, 21, 40, tzinfo=ZoneInfo("Europe/London"))
    assert encode(zoned) == {"$type": "ZonedDateTime", "_value": "2015-07-21T21:40:00+01:00[Europe/London]"}
    assert encode(dt.timedelta(seconds=-1)) == {"$type": "Duration", "_value": "P-1DT23H59M59S"}
    with pytest.raises(OverflowError):
        encode(2**63)
    with pytest.raises(TypeError):
        encode({1: 2})
    with pytest.raises(TypeError):
        encode(object())


def test_an_unknown_type_is_named() -> None:
    with pytest.raises(ValueError, match="Uuid"):
        decode({"$type": "Uuid", "_value": []})


def test_native_times_arrive(client: nexusdb.Client) -> None:
    moment = dt.datetime(2024, 2, 29, 1, 2, 3, 456_789, tzinfo=dt.timezone.utc)
    row = client.query("RETURN $d AS d, $t AS t, $x AS x", {"d": moment, "t": dt.time(1, 2), "x": dt.timedelta(days=1)}).single()
    assert row["d"].to_native() == moment
    assert row["t"].to_native() == dt.time(1, 2)
    assert row["x"] == nexusdb.Duration(0, 1)


def test_pandas(client: nexusdb.Client) -> None:
    pandas = pytest.importorskip("pandas")
    frame = client.query("UNWIND range(1, 3) AS x RETURN x, x * 0.5 AS y").to_pandas()
    assert list(frame.columns) == ["x", "y"]
    assert frame["y"].sum() == 3.0
    assert isinstance(frame, pandas.DataFrame)


def test_rows(client: nexusdb.Client) -> None:
    row = client.query("RETURN 1 AS a, 2 AS b").single()
    a, b = row
    assert (a, b) == (1, 2) and row["b"] == row[1] and row[0:1] == [1] and row.as_dict() == {"a": 1, "b": 2}
    with pytest.raises(KeyError):
        row["c"]
    with pytest.raises(ValueError):
        client.query("UNWIND [1, 2] AS x RETURN x").single()
