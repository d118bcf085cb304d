"""What can go wrong: one base class, one subclass for each thing a caller may want to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Mapping


@dataclass(frozen=True)
class Position:
    """Where in the statement: line and column count from 1, the offset from 0."""

    line: int
    column: int
    offset: int


class NexusError(Exception):
    """Base of every error of this package.

    ``title`` is Nexus's name of the error, ``code`` the Neo4j status, ``gql_status`` the GQLSTATUS, ``status`` the
    HTTP status (0: there was no answer) and ``position`` the place in the statement, if it has one.
    """

    kind = "server"

    def __init__(
        self,
        message: str,
        *,
        title: str = "",
        code: str = "",
        gql_status: str = "",
        status: int = 0,
        position: Position | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.title = title
        self.code = code
        self.gql_status = gql_status
        self.status = status
        self.position = position

    @property
    def is_retryable(self) -> bool:
        """Whether the same work may succeed when it is done again from its beginning."""
        return self.kind == "transient"


class ConnectionFailedError(NexusError):
    """The server could not be reached, or the connection broke before the answer was complete."""

    kind = "connection"


class QueryTimeoutError(NexusError):
    """The time that was given has passed, on the server or while waiting for it."""

    kind = "timeout"


class AuthenticationError(NexusError):
    """User name or password are missing or wrong."""

    kind = "authentication"


class ForbiddenError(NexusError):
    """The user, the access mode or the database does not allow this."""

    kind = "forbidden"


class NotFoundError(NexusError):
    """There is no such database, session or transaction."""

    kind = "not_found"


class ConflictError(NexusError):
    """It exists already, or a constraint or the state of the database is against it."""

    kind = "conflict"


class TransientError(NexusError):
    """Another transaction was faster, or the server is busy: the same work may succeed later."""

    kind = "transient"


class QuerySyntaxError(NexusError):
    """The statement is not Cypher or names what does not exist; see ``position``."""

    kind = "syntax"


class StatementError(NexusError):
    """The statement or the request is understood and wrong: a type, an argument, a missing parameter."""

    kind = "statement"


class LimitError(NexusError):
    """A limit of the server, the database or the request was reached."""

    kind = "limit"


class NotImplementedByServerError(NexusError):
    """This server has not built that operation (yet)."""

    kind = "not_implemented"


class ServerError(NexusError):
    """The server failed."""

    kind = "server"


_NO_ROUTE = ("NotFound", "MethodNotAllowed")


def _class_of(status: int, title: str, code: str) -> type[NexusError]:
    # The order matters: the first that fits.
    if status == 501 or title in _NO_ROUTE:
        return NotImplementedByServerError
    if status == 401:
        return AuthenticationError
    if code.startswith("Neo.TransientError.") or status in (429, 503):
        return TransientError
    if status == 408:
        return QueryTimeoutError
    if status == 404:
        return NotFoundError
    if status == 403:
        return ForbiddenError
    if status == 400 and code.endswith("SyntaxError"):
        return QuerySyntaxError
    if status == 409:
        return ConflictError
    if status in (413, 507):
        return LimitError
    return StatementError if 400 <= status < 500 else ServerError


def error_of(problem: Mapping[str, Any], status: int) -> NexusError:
    """The error that a problem document (or a member of ``errors``) describes."""
    title, code = str(problem.get("title", "")), str(problem.get("code", ""))
    status = int(problem.get("status", status))
    message = str(problem.get("detail") or problem.get("message") or title or f"HTTP status {status}")
    where = problem.get("position")
    return _class_of(status, title, code)(
        message,
        title=title,
        code=code,
        gql_status=str(problem.get("gqlStatus", "")),
        status=status,
        position=Position(where["line"], where["column"], where["offset"]) if where else None,
    )
