"""What statements and database calls answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Iterator, Mapping, Sequence, overload

from ._values import decode

if TYPE_CHECKING:
    import pandas


class Row(Sequence[Any]):
    """One row: ``row["name"]``, ``row[0]``, ``a, b = row``."""

    __slots__ = ("_columns", "_values")

    def __init__(self, columns: Sequence[str], values: Sequence[Any]) -> None:
        self._columns = columns
        self._values = values

    @overload
    def __getitem__(self, key: int | str) -> Any: ...
    @overload
    def __getitem__(self, key: slice) -> Sequence[Any]: ...
    def __getitem__(self, key: int | str | slice) -> Any:
        if not isinstance(key, str):
            return self._values[key]
        try:
            return self._values[self._columns.index(key)]
        except ValueError:
            raise KeyError(key) from None

    def __len__(self) -> int:
        return len(self._values)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self._values) == list(other)

    def __repr__(self) -> str:
        return f"Row({self.as_dict()!r})"

    def as_dict(self) -> dict[str, Any]:
        return dict(zip(self._columns, self._values))


@dataclass(frozen=True)
class Counters:
    """What a statement changed."""

    nodes_created: int = 0
    nodes_deleted: int = 0
    relationships_created: int = 0
    relationships_deleted: int = 0
    properties_set: int = 0
    labels_added: int = 0
    labels_removed: int = 0
    system_updates: int = 0

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> Counters:
        return cls(
            body.get("nodesCreated", 0),
            body.get("nodesDeleted", 0),
            body.get("relationshipsCreated", 0),
            body.get("relationshipsDeleted", 0),
            body.get("propertiesSet", 0),
            body.get("labelsAdded", 0),
            body.get("labelsRemoved", 0),
            body.get("systemUpdates", 0),
        )


@dataclass(frozen=True)
class Summary:
    """What is known when the last row was read. ``database`` is the one that answered, aliases resolved."""

    database: str
    statement_type: str
    counters: Counters
    bookmark: str | None = None
    plan: str | None = None
    elapsed_us: int = 0
    notifications: Sequence[Mapping[str, Any]] = ()

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> Summary:
        return cls(
            body["database"],
            body["statementType"],
            Counters.of(body["counters"]),
            body.get("bookmark"),
            body.get("plan"),
            body.get("elapsedUs", 0),
            tuple(body.get("notifications", ())),
        )


@dataclass(frozen=True)
class Result:
    """All rows of one statement."""

    columns: Sequence[str]
    rows: Sequence[Row]
    summary: Summary

    @classmethod
    def of(cls, columns: Sequence[str], rows: Sequence[Sequence[Any]], summary: Summary) -> Result:
        return cls(columns, [Row(columns, [decode(value) for value in row]) for row in rows], summary)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def single(self) -> Row:
        """The only row; ValueError when there are none or several."""
        if len(self.rows) != 1:
            raise ValueError(f"the result has {len(self.rows)} rows, not one")
        return self.rows[0]

    def scalar(self) -> Any:
        """The first value of the only row."""
        return self.single()[0]

    def to_dicts(self) -> list[dict[str, Any]]:
        return [row.as_dict() for row in self.rows]

    def to_pandas(self) -> pandas.DataFrame:
        """A DataFrame with a column for each column; needs ``pip install nexusdb[pandas]``."""
        import pandas

        frame: pandas.DataFrame = pandas.DataFrame([list(row) for row in self.rows], columns=list(self.columns))
        return frame


@dataclass(frozen=True)
class DatabaseInfo:
    """One database. ``details`` has everything the server says, under its names."""

    name: str
    id: str
    type: str
    access: str
    requested_status: str
    current_status: str
    is_default: bool
    aliases: Sequence[str]
    node_count: int
    relationship_count: int
    store_bytes: int
    is_temporary: bool
    parent: str | None
    details: Mapping[str, Any] = field(repr=False, compare=False)

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> DatabaseInfo:
        return cls(
            body["name"],
            body["databaseId"],
            body["type"],
            body["access"],
            body["requestedStatus"],
            body["currentStatus"],
            body["default"],
            tuple(body["aliases"]),
            body["nodeCount"],
            body["relationshipCount"],
            body["storeBytes"],
            body["temporary"],
            body["parent"],
            body,
        )


@dataclass(frozen=True)
class DatabasePage:
    """A page of databases, sorted by name. ``next`` is the ``after`` of the page behind it, or None."""

    databases: Sequence[DatabaseInfo]
    default: str
    next: str | None


@dataclass(frozen=True)
class Alias:
    """Another name of a database."""

    name: str
    target: str
    details: Mapping[str, Any] = field(repr=False, compare=False)

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> Alias:
        return cls(body["name"], body.get("target") or body.get("database", ""), body)


@dataclass(frozen=True)
class ServerInfo:
    """Version, user and limits of the server."""

    version: str
    default_database: str
    user: str
    authentication: bool
    limits: Mapping[str, int]
