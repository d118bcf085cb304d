from __future__ import annotations

import os
import pathlib
import re
import socket
import threading
from concurrent.futures import ThreadPoolExecutor

import nexusdb
import pytest
from conftest import account, url

LONG = "UNWIND range(1, 10000) AS a UNWIND range(1, 10000) AS b UNWIND range(1, 10000) AS c RETURN count(*) AS n"


def test_the_account_is_checked() -> None:
    for auth in (None, ("tester", "wrong-password")):
        with nexusdb.Client(url(), auth=auth) as client:
            assert client.is_ready()
            with pytest.raises(nexusdb.AuthenticationError) as caught:
                client.query("RETURN 1")
            assert caught.value.status == 401


def test_tls() -> None:
    secure = os.environ["NEXUS_TEST_TLS_URL"]
    with nexusdb.Client(secure, auth=account(), verify=os.environ["NEXUS_TEST_CA"]) as client:
        assert client.query("RETURN 1 AS x").scalar() == 1
    with nexusdb.Client(secure, auth=account()) as client:
        with pytest.raises(nexusdb.ConnectionFailedError, match="certificate"):
            client.query("RETURN 1 AS x")


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with nexusdb.Client(f"http://127.0.0.1:{port}") as client:
        assert not client.is_ready()
        with pytest.raises(nexusdb.ConnectionFailedError):
            client.query("RETURN 1")


def test_a_server_that_says_nothing_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        with nexusdb.Client(f"http://127.0.0.1:{silent.getsockname()[1]}", timeout=0.05) as client:
            with pytest.raises(nexusdb.QueryTimeoutError):
                client.info()


def test_a_broken_answer_is_no_short_answer() -> None:
    def answer_half(server: socket.socket) -> None:
        connection, _ = server.accept()
        with connection:
            connection.recv(65536)
            line = b'{"columns":["x"]}\n'
            head = b"HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nConnection: close\r\n\r\n"
            connection.sendall(head + line + b'[{"$type":"Integer","_value":"1"}]\n')

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=answer_half, args=(server,))
        thread.start()
        with nexusdb.Client(f"http://127.0.0.1:{server.getsockname()[1]}") as client:
            with client.stream("RETURN 1 AS x") as rows, pytest.raises(nexusdb.ConnectionFailedError):
                list(rows)
        thread.join()


def test_threads_share_the_pool() -> None:
    with nexusdb.Client(url(), auth=account(), connections=2) as client:
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda x: client.query("RETURN $x AS x", {"x": x}).scalar(), range(50)))
    assert answers == list(range(50))


def test_an_exception_rolls_back(client: nexusdb.Client, database: str) -> None:
    with pytest.raises(RuntimeError):
        with client.transaction() as transaction:
            transaction.query("CREATE (:N)")
            raise RuntimeError
    assert not transaction.is_open
    with client.transaction() as transaction:
        transaction.query("CREATE (:N)")
    assert transaction.bookmark
    assert client.query("MATCH (n) RETURN count(n) AS n").scalar() == 1


def test_retries_have_an_end(database: str) -> None:
    retry = nexusdb.Retry(attempts=3, first_pause=0.001)
    attempts = 0
    with nexusdb.Client(url(), auth=account(), database=database, retry=retry) as client:
        client.query("CREATE (:Counter {n: 0})")

        def work(transaction: nexusdb.Transaction) -> None:
            nonlocal attempts
            attempts += 1
            transaction.query("MATCH (c:Counter) RETURN c.n")
            client.query("MATCH (c:Counter) SET c.n = c.n + 1")
            transaction.query("MATCH (c:Counter) SET c.n = c.n + 1")

        with pytest.raises(nexusdb.TransientError):
            client.execute_write(work)
    assert attempts == 3


def test_what_is_wrong_is_not_tried_again(client: nexusdb.Client, database: str) -> None:
    attempts = 0

    def work(transaction: nexusdb.Transaction) -> None:
        nonlocal attempts
        attempts += 1
        transaction.query("CREATE (:N)")

    with pytest.raises(nexusdb.ForbiddenError):
        client.execute_read(work)
    assert attempts == 1


def test_iterating_over_databases(client: nexusdb.Client, database: str) -> None:
    names = [one.name for one in client.databases]
    assert database in names and "system" in names and names == sorted(names)


def test_the_summary_comes_last(client: nexusdb.Client) -> None:
    with client.stream("UNWIND range(1, 100000) AS x RETURN x") as rows:
        assert rows.columns == ("x",)
        with pytest.raises(ValueError):
            rows.summary
        assert sum(row["x"] for row in rows) == 5000050000
        assert rows.summary.statement_type == "r"


def test_a_statement_can_be_given_up(client: nexusdb.Client) -> None:
    with pytest.raises(nexusdb.QueryTimeoutError) as caught:
        client.query(LONG, timeout=0.05)
    assert caught.value.title == "TransactionTimedOut"


def test_sessions_run_transactions_on_their_database(client: nexusdb.Client, database: str) -> None:
    with client.session(database) as session:
        session.execute_write(lambda transaction: transaction.query("CREATE (:N)"))
        assert session.execute_read(lambda t: t.query("MATCH (n) RETURN count(n) AS n").scalar()) == 1
        with session.stream("MATCH (n) RETURN count(n) AS n") as rows:
            assert [row["n"] for row in rows] == [1]
    with pytest.raises(nexusdb.NotFoundError):
        session.database()


def test_the_readme() -> None:
    text = (pathlib.Path(__file__).parents[1] / "README.md").read_text()
    assert text.count("\n") <= 120
    blocks = re.findall(r"```python\n(.*?)```", text, re.S)
    assert len(blocks) >= 6
    code = "\n".join(blocks).replace("http://127.0.0.1:7474", url()).replace('("ada", "secret-password")', repr(account()))
    exec(compile(code, "README.md", "exec"), {"__name__": "readme"})
