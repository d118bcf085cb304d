"""REST v1 without a socket: each call as a request and the reading of its answer. Sync and async share it."""

from __future__ import annotations

import json
import math
import random
from dataclasses import dataclass, field
from typing import Any, Callable, Generic, Literal, Mapping, TypeVar
from urllib.parse import quote

import httpx

from ._errors import ConnectionFailedError, NexusError, QueryTimeoutError, error_of
from ._results import Alias, Counters, DatabaseInfo, DatabasePage, Result, Row, ServerInfo, Summary
from ._values import decode, encode

T = TypeVar("T")
Access = Literal["read", "write"]
Parameters = Mapping[str, Any]

TYPED = "application/vnd.nexus.typed+json"
LINES = f"application/x-ndjson, {TYPED}"
QUERY_API = "application/vnd.neo4j.query"
TIMEOUT_GRACE = 5.0  # How much longer than the server the client waits, so that the server's own error arrives.
DUMP_TYPE = "application/octet-stream"


@dataclass(frozen=True)
class Retry:
    """How managed transactions are tried again: at most ``attempts`` times, with pauses that double and jitter."""

    attempts: int = 8
    first_pause: float = 0.05
    pause_max: float = 2.0

    def pause(self, attempt: int) -> float:
        """Seconds to wait after attempt number ``attempt`` (from 1) failed."""
        return min(self.pause_max, self.first_pause * 2.0 ** (attempt - 1)) * random.uniform(0.5, 1.0)

    def wants_another(self, error: NexusError, attempt: int) -> bool:
        return error.is_retryable and attempt < self.attempts


@dataclass(frozen=True)
class Call(Generic[T]):
    """One exchange: what is sent, and how a successful answer is read."""

    method: str
    path: str
    read: Callable[[httpx.Response], T]
    body: Mapping[str, object] | None = None
    params: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    timeout: float | None = None  # Seconds; None: the client's.

    def arguments(self, default_timeout: float | None) -> dict[str, Any]:
        headers = dict(self.headers)
        content: bytes | None = None
        if self.body is not None:
            headers.setdefault("Content-Type", "application/json")
            content = json.dumps(self.body, ensure_ascii=False, allow_nan=False).encode()
        seconds = default_timeout if self.timeout is None else self.timeout + TIMEOUT_GRACE
        return {
            "method": self.method,
            "url": self.path,
            "params": dict(self.params) or None,
            "headers": headers,
            "content": content,
            "timeout": httpx.Timeout(seconds),
        }


def failure_of(error: httpx.HTTPError) -> NexusError:
    if isinstance(error, httpx.PoolTimeout):
        return QueryTimeoutError("no connection of the pool became free in time")
    if isinstance(error, httpx.TimeoutException) and not isinstance(error, httpx.ConnectTimeout):
        return QueryTimeoutError("the server did not answer in time")
    return ConnectionFailedError(str(error) or type(error).__name__)


def check(response: httpx.Response) -> None:
    """Raises what an unsuccessful answer describes. The body has been read."""
    if response.is_success:
        return
    try:
        body = response.json()
        problem = body["errors"][0] if "errors" in body else body
    except (ValueError, TypeError, KeyError, IndexError):
        problem = {}
    raise error_of(problem, response.status_code)


def _nothing(response: httpx.Response) -> None:
    return None


def _database(response: httpx.Response) -> DatabaseInfo:
    return DatabaseInfo.of(response.json())


def _segment(name: str) -> str:
    return quote(name, safe="")


def _present(**members: object) -> dict[str, object]:
    return {name: value for name, value in members.items() if value is not None}


# Statements.


def statement(
    query: str,
    parameters: Parameters | None,
    database: str | None,
    access: Access,
    timeout: float | None,
    max_rows: int | None,
    session: str | None,
    lines: bool,
) -> Call[Result]:
    if access not in ("read", "write"):
        raise ValueError("access is 'read' or 'write'")
    body = _present(
        query=query,
        parameters=encode(parameters) if parameters else None,
        database=database,
        accessMode="READ" if access == "read" else None,
        timeoutMs=None if timeout is None else max(1, math.ceil(timeout * 1000)),
        maxRows=max_rows,
    )
    headers = {"Accept": LINES if lines else TYPED}
    if session is not None:
        headers["Nexus-Session"] = session
    return Call("POST", "/api/v1/cypher", _result, body, headers=headers, timeout=timeout)


def _result(response: httpx.Response) -> Result:
    body = response.json()
    return Result.of(tuple(body["columns"]), body["rows"], Summary.of(body))


class LineReader:
    """The lines of a streamed answer: columns, rows, a summary or an error."""

    def __init__(self) -> None:
        self.columns: tuple[str, ...] = ()
        self.summary: Summary | None = None

    def start(self, line: str) -> None:
        parsed = json.loads(line)
        if "error" in parsed:
            raise error_of(parsed["error"], 0)
        self.columns = tuple(parsed["columns"])

    def row(self, line: str) -> Row | None:
        """None for the summary, which is the last line."""
        parsed = json.loads(line)
        if isinstance(parsed, list):
            return Row(self.columns, [decode(value) for value in parsed])
        if "error" in parsed:
            raise error_of(parsed["error"], 0)
        self.summary = Summary.of(parsed["summary"])
        return None

    def finish(self) -> Summary:
        if self.summary is None:
            raise ConnectionFailedError("the connection broke before the last row")
        return self.summary


# Explicit transactions.


@dataclass(frozen=True)
class Answer:
    result: Result
    transaction: str | None


def transaction(
    method: str,
    database: str,
    path: str = "",
    query: str | None = None,
    parameters: Parameters | None = None,
    access: Access | None = None,
    timeout: float | None = None,
) -> Call[Answer]:
    """One request of the transaction endpoint; ``path`` is "", "/ID" or "/ID/commit"."""
    body = _present(
        statement=query,
        parameters=encode(parameters) if parameters else None,
        accessMode=access.capitalize() if access else None,
        includeCounters=True if query is not None else None,
        maxExecutionTime=None if timeout is None else max(1, math.ceil(timeout)),
    )

    def read(response: httpx.Response) -> Answer:
        answer = response.json()
        data = answer.get("data", {"fields": [], "values": []})
        bookmarks = answer.get("bookmarks", [])
        summary = Summary(database, "", Counters.of(answer.get("counters", {})), bookmarks[0] if bookmarks else None)
        result = Result.of(tuple(data["fields"]), data["values"], summary)
        return Answer(result, answer.get("transaction", {}).get("id"))

    return Call(
        method,
        f"/db/{_segment(database)}/query/v2/tx{path}",
        read,
        body if method == "POST" else None,
        headers={"Accept": QUERY_API},
        timeout=timeout,
    )


# Databases.


def list_databases(prefix: str | None, status: str | None, limit: int | None, after: str | None) -> Call[DatabasePage]:
    def read(response: httpx.Response) -> DatabasePage:
        body = response.json()
        return DatabasePage([DatabaseInfo.of(one) for one in body["databases"]], body["default"], body["next"])

    params = _present(prefix=prefix, status=status, limit=limit, after=after)
    return Call("GET", "/api/v1/databases", read, params={name: str(value) for name, value in params.items()})


def create_database(name: str, **members: object) -> Call[DatabaseInfo]:
    return Call("POST", "/api/v1/databases", _database, _present(name=name, **members))


def show_database(name: str) -> Call[DatabaseInfo]:
    return Call("GET", f"/api/v1/databases/{_segment(name)}", _database)


def change_database(database: str, **members: object) -> Call[DatabaseInfo]:
    return Call("PATCH", f"/api/v1/databases/{_segment(database)}", _database, members)


def drop_database(name: str, if_exists: bool, cascade_aliases: bool) -> Call[None]:
    params = {"ifExists": if_exists, "cascadeAliases": cascade_aliases}
    wanted = {key: "true" for key, value in params.items() if value}
    return Call("DELETE", f"/api/v1/databases/{_segment(name)}", _nothing, params=wanted)


def list_aliases() -> Call[list[Alias]]:
    return Call("GET", "/api/v1/aliases", lambda response: [Alias.of(one) for one in response.json()["aliases"]])


def put_alias(name: str, target: str) -> Call[None]:
    return Call("PUT", f"/api/v1/aliases/{_segment(name)}", _nothing, {"target": target})


def drop_alias(name: str) -> Call[None]:
    return Call("DELETE", f"/api/v1/aliases/{_segment(name)}", _nothing)


def dump_path(name: str) -> str:
    return f"/api/v1/databases/{_segment(name)}/dump"


# Sessions and the server.


@dataclass(frozen=True)
class SessionState:
    token: str
    database: str


def open_session(database: str | None) -> Call[SessionState]:
    def read(response: httpx.Response) -> SessionState:
        body = response.json()
        return SessionState(body["session"], body["database"])

    return Call("POST", "/api/v1/session", read, _present(database=database))


def close_session(token: str) -> Call[None]:
    return Call("DELETE", "/api/v1/session", _nothing, headers={"Nexus-Session": token})


def _current_database(response: httpx.Response) -> str:
    return str(response.json()["database"])


def session_database(token: str) -> Call[str]:
    return Call("GET", "/api/v1/session/database", _current_database, headers={"Nexus-Session": token})


def use_database(token: str, name: str) -> Call[str]:
    return Call("PUT", "/api/v1/session/database", _current_database, {"name": name}, headers={"Nexus-Session": token})


def info() -> Call[ServerInfo]:
    def read(response: httpx.Response) -> ServerInfo:
        body = response.json()
        return ServerInfo(
            body["version"], body["defaultDatabase"], body["user"], body["authentication"], dict(body["limits"])
        )

    return Call("GET", "/api/v1/info", read)


def is_ready() -> Call[None]:
    return Call("GET", "/health/ready", _nothing)


def httpx_options(
    url: str, auth: tuple[str, str] | None, verify: Any, connections: int, connect_timeout: float
) -> dict[str, Any]:
    """Arguments for httpx.Client and httpx.AsyncClient alike."""
    return {
        "base_url": url,
        "auth": httpx.BasicAuth(*auth) if auth else None,
        "verify": verify,
        "limits": httpx.Limits(max_connections=connections, max_keepalive_connections=connections),
        "timeout": httpx.Timeout(None, connect=connect_timeout),
        "headers": {"User-Agent": "nexusdb-python/0.1.0"},
        "follow_redirects": False,
        "trust_env": False,
    }

