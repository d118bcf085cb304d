from __future__ import annotations

import asyncio
import io
from typing import Any, Awaitable, Callable

import nexusdb
import pytest
from conftest import account, url
from test_client import LONG


def run(work: Callable[[nexusdb.AsyncClient], Awaitable[Any]]) -> Any:
    async def main() -> Any:
        async with nexusdb.AsyncClient(url(), auth=account(), database="pytest") as client:
            await client.databases.create("pytest", or_replace=True)
            try:
                return await work(client)
            finally:
                await client.databases.drop("pytest", if_exists=True)

    return asyncio.run(main())


def test_queries_and_streams() -> None:
    async def work(client: nexusdb.AsyncClient) -> None:
        assert (await client.query("RETURN $x AS x", {"x": 2**62})).scalar() == 2**62
        async with client.stream("UNWIND range(1, 5) AS x RETURN x") as rows:
            assert rows.columns == ("x",)
            assert [row["x"] async for row in rows] == [1, 2, 3, 4, 5]
            assert rows.summary.database == "pytest"
        with pytest.raises(nexusdb.StatementError):
            async with client.stream("UNWIND [1, 0] AS x RETURN 1 / x AS y") as rows:
                async for _ in rows:
                    pass
        answers = await asyncio.gather(*(client.query("RETURN $x AS x", {"x": x}) for x in range(50)))
        assert [answer.scalar() for answer in answers] == list(range(50))
        assert (await client.info()).user == account()[0] and await client.is_ready()

    run(work)


def test_transactions_and_sessions() -> None:
    async def work(client: nexusdb.AsyncClient) -> None:
        await client.query("CREATE (:Counter {n: 0})")
        attempts = 0

        async def count(transaction: nexusdb.AsyncTransaction) -> Any:
            nonlocal attempts
            attempts += 1
            await transaction.query("MATCH (c:Counter) RETURN c.n")
            if attempts == 1:
                await client.query("MATCH (c:Counter) SET c.n = c.n + 1")
            return (await transaction.query("MATCH (c:Counter) SET c.n = c.n + 1 RETURN c.n AS n")).scalar()

        assert await client.execute_write(count) == 2
        assert attempts == 2
        with pytest.raises(RuntimeError):
            async with client.transaction() as transaction:
                await transaction.query("CREATE (:N)")
                raise RuntimeError
        async with client.session() as session:
            assert await session.database() == "pytest"
            assert (await session.query("MATCH (n:N) RETURN count(n) AS n")).scalar() == 0
            await session.use("system")
            assert await session.database() == "system"

    run(work)


def test_databases() -> None:
    async def work(client: nexusdb.AsyncClient) -> None:
        assert "pytest" in [one.name async for one in client.databases]
        assert (await client.databases.stop("pytest")).current_status == "offline"
        assert (await client.databases.start("pytest")).current_status == "online"
        assert (await client.databases.set_access("pytest", "read-only")).access == "read-only"
        assert (await client.databases.get("pytest")).name == "pytest"
        for call in (
            lambda: client.databases.copy("pytest", "pytest-copy"),
            lambda: client.databases.dump("pytest", io.BytesIO()),
            lambda: client.databases.aliases(),
        ):
            try:
                await call()
            except nexusdb.NotImplementedByServerError as error:
                assert error.message
        await client.databases.drop("pytest-copy", if_exists=True)

    run(work)


def test_cancelling() -> None:
    async def work(client: nexusdb.AsyncClient) -> None:
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(client.query(LONG, timeout=0.5), 0.05)
        async with client.stream("UNWIND range(1, 1000000) AS x RETURN x") as rows:
            async for row in rows:
                if row["x"] == 3:
                    break
        assert (await client.query("RETURN 1 AS x")).scalar() == 1

    run(work)
