"""The asyncio client: ``_client.py`` with ``await``. Streams, sessions and transactions open in ``async with``."""

from __future__ import annotations

import asyncio
import ssl
from types import TracebackType
from typing import AsyncIterator, Awaitable, BinaryIO, Callable, Iterable, TypeVar

import httpx

from . import _protocol as protocol
from ._errors import NexusError, NotFoundError
from ._protocol import Access, Call, Parameters, Retry
from ._results import Alias, DatabaseInfo, DatabasePage, Result, Row, ServerInfo, Summary

T = TypeVar("T")


class AsyncClient:
    """A server and its databases. Keeps a pool of connections; tasks may share it. Close it, or use ``async with``.

    Cancelling a task ends its call and, in a stream, its statement.

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
        self._http = httpx.AsyncClient(**protocol.httpx_options(url, auth, verify, connections, connect_timeout))
        self._timeout = timeout
        self._retry = retry
        self.database = database
        self.databases = AsyncDatabases(self)

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Ends every connection. Running streams break."""
        await self._http.aclose()

    async def query(
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
        return await self._call(
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
    ) -> AsyncStream:
        """Runs one statement and hands out its rows as they come; memory stays flat. Use ``async with`` around it."""
        return self._stream(
            protocol.statement(query, parameters, database or self.database, access, timeout, max_rows, None, True)
        )

    def session(self, database: str | None = None) -> AsyncSession:
        """A session on the server: it remembers its current database, also after ``:USE name``."""
        return AsyncSession(self, database or self.database)

    def transaction(
        self, *, database: str | None = None, access: Access = "write", timeout: float | None = None
    ) -> AsyncTransaction:
        """A transaction; with ``async with`` it commits at the end and rolls back on an exception."""
        return AsyncTransaction(self, database, access, timeout)

    async def execute_read(
        self, work: Callable[[AsyncTransaction], Awaitable[T]], *, database: str | None = None, timeout: float | None = None
    ) -> T:
        """Does ``work`` in a transaction that may not write; see execute_write."""
        return await self._execute(work, database, "read", timeout)

    async def execute_write(
        self, work: Callable[[AsyncTransaction], Awaitable[T]], *, database: str | None = None, timeout: float | None = None
    ) -> T:
        """Does ``work`` in a transaction and commits; on a transient error, such as a conflict, does it all again.

        So ``work`` may run several times and should have no other effects.
        """
        return await self._execute(work, database, "write", timeout)

    async def info(self) -> ServerInfo:
        return await self._call(protocol.info())

    async def is_ready(self) -> bool:
        """Whether the server can be reached and serves statements."""
        try:
            await self._call(protocol.is_ready())
            return True
        except NexusError:
            return False

    async def _call(self, call: Call[T]) -> T:
        try:
            response = await self._http.request(**call.arguments(self._timeout))
        except httpx.HTTPError as error:
            raise protocol.failure_of(error) from error
        protocol.check(response)
        return call.read(response)

    async def _open(self, request: httpx.Request) -> httpx.Response:
        try:
            response = await self._http.send(request, stream=True)
            if not response.is_success:
                await response.aread()
                await response.aclose()
        except httpx.HTTPError as error:
            raise protocol.failure_of(error) from error
        protocol.check(response)
        return response

    def _stream(self, call: Call[Result]) -> AsyncStream:
        return AsyncStream(self, self._http.build_request(**call.arguments(self._timeout)))

    async def _execute(
        self,
        work: Callable[[AsyncTransaction], Awaitable[T]],
        database: str | None,
        access: Access,
        timeout: float | None,
    ) -> T:
        attempt = 1
        while True:
            try:
                async with self.transaction(database=database, access=access, timeout=timeout) as transaction:
                    return await work(transaction)
            except NexusError as error:
                if not self._retry.wants_another(error, attempt):
                    raise
                await asyncio.sleep(self._retry.pause(attempt))
                attempt += 1


class AsyncStream:
    """Rows as they come, in ``async with``. Leaving it early ends the statement on the server."""

    def __init__(self, client: AsyncClient, request: httpx.Request) -> None:
        self._client = client
        self._request = request
        self._response: httpx.Response | None = None
        self._reader = protocol.LineReader()

    @property
    def columns(self) -> tuple[str, ...]:
        return self._reader.columns

    @property
    def summary(self) -> Summary:
        """Known after the last row."""
        if self._reader.summary is None:
            raise ValueError("the summary comes after the last row")
        return self._reader.summary

    async def _line(self) -> str | None:
        try:
            return await anext(self._lines, None)
        except httpx.HTTPError as error:
            raise protocol.failure_of(error) from error

    async def __aiter__(self) -> AsyncIterator[Row]:
        try:
            while self._reader.summary is None:
                line = await self._line()
                row = None if line is None else self._reader.row(line)
                if row is None:
                    break
                yield row
            self._reader.finish()
        finally:
            await self.close()

    async def __aenter__(self) -> AsyncStream:
        self._response = await self._client._open(self._request)
        self._lines = self._response.aiter_lines()
        try:
            self._reader.start(await self._line() or "")
        except BaseException:
            await self.close()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        if self._response is not None:
            await self._response.aclose()


class AsyncTransaction:
    """An open transaction. A failed statement ends it; so does a minute of silence."""

    def __init__(self, client: AsyncClient, database: str | None, access: Access, timeout: float | None) -> None:
        self._client = client
        self._access: Access = access
        self._token = ""
        self._timeout = timeout
        self.database = database or client.database or ""
        self.is_open = False
        self.bookmark: str | None = None

    async def begin(self) -> AsyncTransaction:
        """What ``async with`` does at its beginning."""
        if not self.database:
            self.database = (await self._client.info()).default_database
        call = protocol.transaction("POST", self.database, access=self._access, timeout=self._timeout)
        self._token = (await self._client._call(call)).transaction or ""
        self.is_open = True
        return self

    async def query(self, query: str, parameters: Parameters | None = None) -> Result:
        return (await self._request("POST", f"/{self._token}", query, parameters)).result

    async def commit(self) -> None:
        answer = await self._request("POST", f"/{self._token}/commit")
        self.bookmark = answer.result.summary.bookmark
        self.is_open = False

    async def rollback(self) -> None:
        """Does nothing when the transaction has ended already."""
        if not self.is_open:
            return
        self.is_open = False
        try:
            await self._client._call(protocol.transaction("DELETE", self.database, f"/{self._token}"))
        except NotFoundError:
            pass  # It has timed out: rolled back already.

    async def _request(
        self, method: str, path: str, query: str | None = None, parameters: Parameters | None = None
    ) -> protocol.Answer:
        if not self.is_open:
            raise NotFoundError("the transaction has ended", title="TransactionNotFound")
        call = protocol.transaction(method, self.database, path, query, parameters, timeout=self._timeout)
        try:
            answer = await self._client._call(call)
        except NexusError as error:
            if error.status:  # The server has rolled it back.
                self.is_open = False
            raise
        self.is_open = answer.transaction is not None
        return answer

    async def __aenter__(self) -> AsyncTransaction:
        return await self.begin()

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is None:
            if self.is_open:
                await self.commit()
            return
        try:
            await self.rollback()
        except NexusError:
            pass  # The exception on its way says more.


class AsyncSession:
    """A session on the server, ended by ``close`` or by half an hour of silence."""

    def __init__(self, client: AsyncClient, database: str | None) -> None:
        self._client = client
        self._start = database
        self._token = ""

    async def open(self) -> AsyncSession:
        """What ``async with`` does at its beginning."""
        self._token = (await self._client._call(protocol.open_session(self._start))).token
        return self

    @property
    def token(self) -> str:
        """What the ``Nexus-Session`` header carries."""
        return self._token

    async def database(self) -> str:
        """The current database, asked from the server."""
        return await self._client._call(protocol.session_database(self._token))

    async def use(self, database: str) -> str:
        """Switches the current database."""
        return await self._client._call(protocol.use_database(self._token, database))

    async def query(
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
        return await self._client._call(
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
    ) -> AsyncStream:
        return self._client._stream(
            protocol.statement(query, parameters, database, access, timeout, max_rows, self._token, True)
        )

    async def execute_read(self, work: Callable[[AsyncTransaction], Awaitable[T]], *, timeout: float | None = None) -> T:
        return await self._client._execute(work, await self.database(), "read", timeout)

    async def execute_write(self, work: Callable[[AsyncTransaction], Awaitable[T]], *, timeout: float | None = None) -> T:
        return await self._client._execute(work, await self.database(), "write", timeout)

    async def close(self) -> None:
        await self._client._call(protocol.close_session(self._token))

    async def __aenter__(self) -> AsyncSession:
        return await self.open()

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        try:
            await self.close()
        except NexusError:
            if kind is None:
                raise


class AsyncDatabases:
    """``client.databases``: all there is to do with whole databases. Iterates over all of them, page by page."""

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def list(
        self,
        *,
        prefix: str | None = None,
        status: str | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> DatabasePage:
        """One page, sorted by name; ``after=page.next`` asks for the one behind it."""
        return await self._client._call(protocol.list_databases(prefix, status, limit, after))

    async def __aiter__(self) -> AsyncIterator[DatabaseInfo]:
        after: str | None = None
        while True:
            page = await self.list(after=after)
            for database in page.databases:
                yield database
            after = page.next
            if after is None:
                return

    async def get(self, name: str) -> DatabaseInfo:
        return await self._client._call(protocol.show_database(name))

    async def create(
        self,
        name: str,
        *,
        if_not_exists: bool = False,
        or_replace: bool = False,
        temporary: bool = False,
        ttl_seconds: int | None = None,
    ) -> DatabaseInfo:
        """Creates an empty database, ready when this returns."""
        return await self._client._call(
            protocol.create_database(
                name,
                ifNotExists=if_not_exists or None,
                orReplace=or_replace or None,
                temporary=temporary or None,
                ttlSeconds=ttl_seconds,
            )
        )

    async def copy(self, source: str, name: str) -> DatabaseInfo:
        """Creates ``name`` as an independent copy of ``source`` as it is now."""
        return await self._client._call(protocol.create_database(name, copyOf=source))

    async def rename(self, name: str, new_name: str) -> DatabaseInfo:
        return await self._client._call(protocol.change_database(name, name=new_name))

    async def start(self, name: str) -> DatabaseInfo:
        return await self._client._call(protocol.change_database(name, requestedStatus="online"))

    async def stop(self, name: str) -> DatabaseInfo:
        return await self._client._call(protocol.change_database(name, requestedStatus="offline"))

    async def set_access(self, name: str, access: str) -> DatabaseInfo:
        """``access`` is "read-only" or "read-write"."""
        return await self._client._call(protocol.change_database(name, access=access))

    async def drop(self, name: str, *, if_exists: bool = False, cascade_aliases: bool = False) -> None:
        """Drops a database with its data."""
        await self._client._call(protocol.drop_database(name, if_exists, cascade_aliases))

    async def aliases(self) -> Iterable[Alias]:
        return await self._client._call(protocol.list_aliases())

    async def set_alias(self, alias: str, target: str) -> None:
        """Makes or moves an alias."""
        await self._client._call(protocol.put_alias(alias, target))

    async def drop_alias(self, alias: str) -> None:
        await self._client._call(protocol.drop_alias(alias))

    async def dump(self, name: str, file: BinaryIO) -> int:
        """Writes the database's dump into ``file``; answers the number of bytes."""
        response = await self._client._open(self._client._http.build_request("GET", protocol.dump_path(name)))
        count = 0
        try:
            async for piece in response.aiter_bytes():
                count += file.write(piece)
        except httpx.HTTPError as error:
            raise protocol.failure_of(error) from error
        finally:
            await response.aclose()
        return count

    async def restore(self, name: str, file: BinaryIO) -> DatabaseInfo:
        """Makes the new database ``name`` from a dump."""
        async def pieces() -> AsyncIterator[bytes]:
            while piece := file.read(1 << 16):
                yield piece

        request = self._client._http.build_request(
            "PUT", protocol.dump_path(name), content=pieces(), headers={"Content-Type": protocol.DUMP_TYPE}
        )
        response = await self._client._open(request)
        try:
            await response.aread()
        finally:
            await response.aclose()
        return await self.get(name)
