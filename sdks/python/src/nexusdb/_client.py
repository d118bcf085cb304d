"""The blocking client. ``_async_client.py`` is the same with ``await``."""

from __future__ import annotations

import ssl
import time
from types import TracebackType
from typing import BinaryIO, Callable, Iterable, Iterator, TypeVar

import httpx

from . import _protocol as protocol
from ._errors import NexusError, NotFoundError
from ._protocol import Access, Call, Parameters, Retry
from ._results import Alias, DatabaseInfo, DatabasePage, Result, Row, ServerInfo, Summary

T = TypeVar("T")


class Client:
    """A server and its databases. Keeps a pool of connections; threads may share it. Close it, or use ``with``.

    ``database`` answers where no call names one; without it the server's default does. ``timeout`` is in seconds and
    holds for every call that has none of its own. ``verify`` is for https: a path of a CA file, an SSLContext, or True.
    """

    def __init__(
        self,
        url: str = "http://127.0.0.1:7474",
        *,
        auth: tuple[str, str] | None = None,
        database: str | None = None,
        timeout: float | None = None,
        retry: Retry = Retry(),
        verify: bool | str | ssl.SSLContext = True,
        connections: int = 20,
        connect_timeout: float = 10.0,
    ) -> None:
        if isinstance(verify, str):
            verify = ssl.create_default_context(cafile=verify)
        self._http = httpx.Client(**protocol.httpx_options(url, auth, verify, connections, connect_timeout))
        self._timeout = timeout
        self._retry = retry
        self.database = database
        self.databases = Databases(self)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends every connection. Running streams break."""
        self._http.close()

    def query(
        self,
        query: str,
        parameters: Parameters | None = None,
        *,
        database: str | None = None,
        access: Access = "write",
        timeout: float | None = None,
        max_rows: int | None = None,
    ) -> Result:
        """Runs one statement in a transaction of its own and reads the whole answer."""
        return self._call(
            protocol.statement(query, parameters, database or self.database, access, timeout, max_rows, None, False)
        )

    def stream(
        self,
        query: str,
        parameters: Parameters | None = None,
        *,
        database: str | None = None,
        access: Access = "write",
        timeout: float | None = None,
        max_rows: int | None = None,
    ) -> Stream:
        """Runs one statement and hands out its rows as they come; memory stays flat. Use ``with`` around it."""
        return self._stream(
            protocol.statement(query, parameters, database or self.database, access, timeout, max_rows, None, True)
        )

    def session(self, database: str | None = None) -> Session:
        """A session on the server: it remembers its current database, also after ``:USE name``."""
        return Session(self, self._call(protocol.open_session(database or self.database)))

    def transaction(
        self, *, database: str | None = None, access: Access = "write", timeout: float | None = None
    ) -> Transaction:
        """Opens a transaction; with ``with`` it commits at the end and rolls back on an exception."""
        name = database or self.database or self.info().default_database
        answer = self._call(protocol.transaction("POST", name, access=access, timeout=timeout))
        return Transaction(self, name, answer.transaction or "", timeout)

    def execute_read(
        self, work: Callable[[Transaction], T], *, database: str | None = None, timeout: float | None = None
    ) -> T:
        """Does ``work`` in a transaction that may not write; see execute_write."""
        return self._execute(work, database, "read", timeout)

    def execute_write(
        self, work: Callable[[Transaction], T], *, database: str | None = None, timeout: float | None = None
    ) -> T:
        """Does ``work`` in a transaction and commits; on a transient error, such as a conflict, does it all again.

        So ``work`` may run several times and should have no other effects.
        """
        return self._execute(work, database, "write", timeout)

    def info(self) -> ServerInfo:
        return self._call(protocol.info())

    def is_ready(self) -> bool:
        """Whether the server can be reached and serves statements."""
        try:
            self._call(protocol.is_ready())
            return True
        except NexusError:
            return False

    def _call(self, call: Call[T]) -> T:
        try:
            response = self._http.request(**call.arguments(self._timeout))
        except httpx.HTTPError as error:
            raise protocol.failure_of(error) from error
        protocol.check(response)
        return call.read(response)

    def _open(self, request: httpx.Request) -> httpx.Response:
        try:
            response = self._http.send(request, stream=True)
            if not response.is_success:
                response.read()
                response.close()
        except httpx.HTTPError as error:
            raise protocol.failure_of(error) from error
        protocol.check(response)
        return response

    def _stream(self, call: Call[Result]) -> Stream:
        return Stream(self._open(self._http.build_request(**call.arguments(self._timeout))))

    def _execute(self, work: Callable[[Transaction], T], database: str | None, access: Access, timeout: float | None) -> T:
        attempt = 1
        while True:
            try:
                with self.transaction(database=database, access=access, timeout=timeout) as transaction:
                    return work(transaction)
            except NexusError as error:
                if not self._retry.wants_another(error, attempt):
                    raise
                time.sleep(self._retry.pause(attempt))
                attempt += 1


class Stream:
    """Rows as they come. Leaving ``with`` early ends the statement on the server."""

    def __init__(self, response: httpx.Response) -> None:
        self._response = response
        self._reader = protocol.LineReader()
        self._lines = response.iter_lines()
        self._started = False
        try:
            self._reader.start(self._line() or "")
        except BaseException:
            response.close()
            raise

    @property
    def columns(self) -> tuple[str, ...]:
        return self._reader.columns

    @property
    def summary(self) -> Summary:
        """Known after the last row."""
        if self._reader.summary is None:
            raise ValueError("the summary comes after the last row")
        return self._reader.summary

    def _line(self) -> str | None:
        try:
            return next(self._lines, None)
        except httpx.HTTPError as error:
            raise protocol.failure_of(error) from error

    def __iter__(self) -> Iterator[Row]:
        try:
            while self._reader.summary is None:
                line = self._line()
                row = None if line is None else self._reader.row(line)
                if row is None:
                    break
                yield row
            self._reader.finish()
        finally:
            self.close()

    def __enter__(self) -> Stream:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._response.close()


class Transaction:
    """An open transaction. A failed statement ends it; so does a minute of silence."""

    def __init__(self, client: Client, database: str, token: str, timeout: float | None) -> None:
        self._client = client
        self._token = token
        self._timeout = timeout
        self.database = database
        self.is_open = True
        self.bookmark: str | None = None

    def query(self, query: str, parameters: Parameters | None = None) -> Result:
        return self._request("POST", f"/{self._token}", query, parameters).result

    def commit(self) -> None:
        answer = self._request("POST", f"/{self._token}/commit")
        self.bookmark = answer.result.summary.bookmark
        self.is_open = False

    def rollback(self) -> None:
        """Does nothing when the transaction has ended already."""
        if not self.is_open:
            return
        self.is_open = False
        try:
            self._client._call(protocol.transaction("DELETE", self.database, f"/{self._token}"))
        except NotFoundError:
            pass  # It has timed out: rolled back already.

    def _request(
        self, method: str, path: str, query: str | None = None, parameters: Parameters | None = None
    ) -> protocol.Answer:
        if not self.is_open:
            raise NotFoundError("the transaction has ended", title="TransactionNotFound")
        call = protocol.transaction(method, self.database, path, query, parameters, timeout=self._timeout)
        try:
            answer = self._client._call(call)
        except NexusError as error:
            if error.status:  # The server has rolled it back.
                self.is_open = False
            raise
        self.is_open = answer.transaction is not None
        return answer

    def __enter__(self) -> Transaction:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is None:
            if self.is_open:
                self.commit()
            return
        try:
            self.rollback()
        except NexusError:
            pass  # The exception on its way says more.


class Session:
    """A session on the server, ended by ``close`` or by half an hour of silence."""

    def __init__(self, client: Client, state: protocol.SessionState) -> None:
        self._client = client
        self._token = state.token

    @property
    def token(self) -> str:
        """What the ``Nexus-Session`` header carries."""
        return self._token

    def database(self) -> str:
        """The current database, asked from the server."""
        return self._client._call(protocol.session_database(self._token))

    def use(self, database: str) -> str:
        """Switches the current database."""
        return self._client._call(protocol.use_database(self._token, database))

    def query(
        self,
        query: str,
        parameters: Parameters | None = None,
        *,
        database: str | None = None,
        access: Access = "write",
        timeout: float | None = None,
        max_rows: int | None = None,
    ) -> Result:
        """As Client.query, on the session's database; ``:USE name`` switches it."""
        return self._client._call(
            protocol.statement(query, parameters, database, access, timeout, max_rows, self._token, False)
        )

    def stream(
        self,
        query: str,
        parameters: Parameters | None = None,
        *,
        database: str | None = None,
        access: Access = "write",
        timeout: float | None = None,
        max_rows: int | None = None,
    ) -> Stream:
        return self._client._stream(
            protocol.statement(query, parameters, database, access, timeout, max_rows, self._token, True)
        )

    def execute_read(self, work: Callable[[Transaction], T], *, timeout: float | None = None) -> T:
        return self._client._execute(work, self.database(), "read", timeout)

    def execute_write(self, work: Callable[[Transaction], T], *, timeout: float | None = None) -> T:
        return self._client._execute(work, self.database(), "write", timeout)

    def close(self) -> None:
        self._client._call(protocol.close_session(self._token))

    def __enter__(self) -> Session:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        try:
            self.close()
        except NexusError:
            if kind is None:
                raise


class Databases:
    """``client.databases``: all there is to do with whole databases. Iterates over all of them, page by page."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def list(
        self,
        *,
        prefix: str | None = None,
        status: str | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> DatabasePage:
        """One page, sorted by name; ``after=page.next`` asks for the one behind it."""
        return self._client._call(protocol.list_databases(prefix, status, limit, after))

    def __iter__(self) -> Iterator[DatabaseInfo]:
        after: str | None = None
        while True:
            page = self.list(after=after)
            yield from page.databases
            after = page.next
            if after is None:
                return

    def get(self, name: str) -> DatabaseInfo:
        return self._client._call(protocol.show_database(name))

    def create(
        self,
        name: str,
        *,
        if_not_exists: bool = False,
        or_replace: bool = False,
        temporary: bool = False,
        ttl_seconds: int | None = None,
    ) -> DatabaseInfo:
        """Creates an empty database, ready when this returns."""
        return self._client._call(
            protocol.create_database(
                name,
                ifNotExists=if_not_exists or None,
                orReplace=or_replace or None,
                temporary=temporary or None,
                ttlSeconds=ttl_seconds,
            )
        )

    def copy(self, source: str, name: str) -> DatabaseInfo:
        """Creates ``name`` as an independent copy of ``source`` as it is now."""
        return self._client._call(protocol.create_database(name, copyOf=source))

    def rename(self, name: str, new_name: str) -> DatabaseInfo:
        return self._client._call(protocol.change_database(name, name=new_name))

    def start(self, name: str) -> DatabaseInfo:
        return self._client._call(protocol.change_database(name, requestedStatus="online"))

    def stop(self, name: str) -> DatabaseInfo:
        return self._client._call(protocol.change_database(name, requestedStatus="offline"))

    def set_access(self, name: str, access: str) -> DatabaseInfo:
        """``access`` is "read-only" or "read-write"."""
        return self._client._call(protocol.change_database(name, access=access))

    def drop(self, name: str, *, if_exists: bool = False, cascade_aliases: bool = False) -> None:
        """Drops a database with its data."""
        self._client._call(protocol.drop_database(name, if_exists, cascade_aliases))

    def aliases(self) -> Iterable[Alias]:
        return self._client._call(protocol.list_aliases())

    def set_alias(self, alias: str, target: str) -> None:
        """Makes or moves an alias."""
        self._client._call(protocol.put_alias(alias, target))

    def drop_alias(self, alias: str) -> None:
        self._client._call(protocol.drop_alias(alias))

    def dump(self, name: str, file: BinaryIO) -> int:
        """Writes the database's dump into ``file``; answers the number of bytes."""
        response = self._client._open(self._client._http.build_request("GET", protocol.dump_path(name)))
        count = 0
        try:
            for piece in response.iter_bytes():
                count += file.write(piece)
        except httpx.HTTPError as error:
            raise protocol.failure_of(error) from error
        finally:
            response.close()
        return count

    def restore(self, name: str, file: BinaryIO) -> DatabaseInfo:
        """Makes the new database ``name`` from a dump."""
        request = self._client._http.build_request(
            "PUT", protocol.dump_path(name), content=file, headers={"Content-Type": protocol.DUMP_TYPE}
        )
        response = self._client._open(request)
        try:
            response.read()
        finally:
            response.close()
        return self.get(name)
