"""The Python driver: every value both ways, databases, transactions, bookmarks, routing, errors, streams."""
import threading
import uuid

import neo4j
import pytz
from neo4j import GraphDatabase, READ_ACCESS, time as t
from neo4j.exceptions import AuthError, ClientError, CypherSyntaxError, Neo4jError, ResultConsumedError
from neo4j.graph import Node, Path, Relationship
from neo4j.spatial import CartesianPoint, WGS84Point
from neo4j.time import Date, DateTime, Duration, Time
from neo4j.vector import Vector

from harness import ADDRESS, AUTH, code_of, run, same

DATABASES = ("red", "green", "blue")
TESTS = []


def test(function):
    TESTS.append(function)
    return function


def echo(driver, value):
    return driver.execute_query("RETURN $x AS x", x=value, database_="neo4j").records[0]["x"]


@test
def plain_values_come_back_as_they_were(driver):
    values = [None, True, False, 0, 1, -1, -16, -17, 127, 128, -128, -129, 32767, -32769, 2**31, -2**31 - 1, 2**63 - 1,
              -2**63, 0.0, -0.5, 1e300, float("inf"), "", "a", "ä€😀" * 30, "x" * 70000, [], [1, "two", None, [3.0]],
              {}, {"a": {"b": [1, {"c": None}]}}, list(range(40000)), {str(i): i for i in range(300)}]
    for value in values:
        same(echo(driver, value), value)
    nan = echo(driver, float("nan"))
    assert nan != nan


@test
def temporal_values_come_back_as_they_were(driver):
    plus_two = pytz.FixedOffset(120)
    stockholm = pytz.timezone("Europe/Stockholm")  # zoneinfo reads only the datetime of Python itself.
    values = [Date(2024, 2, 29), Date(1, 1, 1), Time(23, 59, 59, 999999999), Time(1, 2, 3, 4, tzinfo=plus_two),
              DateTime(2024, 2, 29, 12, 30, 15, 123456789), DateTime(1969, 12, 31, 23, 59, 59, 1),
              DateTime(2024, 7, 1, 12, 0, 0, 5, tzinfo=plus_two), Duration(months=14, days=-3, seconds=5, nanoseconds=7),
              Duration(seconds=-1, nanoseconds=-500000000)]
    for value in values:
        same(echo(driver, value), value)
    zoned = stockholm.localize(DateTime(2024, 7, 1, 12, 0, 0, 5))
    found = echo(driver, zoned)
    same(found.to_native(), zoned.to_native())
    same(found.iso_format(), "2024-07-01T12:00:00.000000005+02:00")
    row = driver.execute_query("RETURN datetime('2024-01-01T00:00:00[Europe/Stockholm]') AS d, "
                               "duration('P1Y2M3DT4H5M6.7S') AS u, time('10:00+01:00') AS t, localtime('10:00') AS l, "
                               "date('2020-02-02') AS a, localdatetime('2020-02-02T10:00') AS b").records[0]
    same(row["d"].iso_format(), "2024-01-01T00:00:00.000000000+01:00")
    same(row["u"], Duration(years=1, months=2, days=3, hours=4, minutes=5, seconds=6, milliseconds=700))
    same((row["t"].hour, row["l"].hour, row["a"], row["b"]), (10, 10, t.Date(2020, 2, 2), DateTime(2020, 2, 2, 10)))


@test
def points_come_back_as_they_were(driver):
    for value in (CartesianPoint((1.5, -2)), CartesianPoint((1, 2, 3)), WGS84Point((12.5, 55.7)), WGS84Point((1, 2, 3))):
        found = echo(driver, value)
        same((found, found.srid), (value, value.srid))


@test
def vectors_come_back_as_they_were(driver):
    def told(vector):
        return isinstance(vector, Vector), vector.dtype.value, vector.to_native()

    for dtype, numbers in (("i8", [-128, 127]), ("i16", [-300, 300]), ("i32", [70000]), ("i64", [2**63 - 1, -(2**63)]),
                           ("f32", [1.5, -0.25]), ("f64", [0.1, 1e300])):
        same(told(echo(driver, Vector(numbers, dtype))), (True, dtype, numbers))
    row = driver.execute_query("CREATE (n {v: vector([1.5, 2], 2, FLOAT32)}) RETURN n, valueType($v) AS type, [$v] AS list",
                               v=Vector([1, 2, 3], "i8"), database_="red").records[0]
    same((told(row["n"]["v"]), row["type"], told(row["list"][0])),
         ((True, "f32", [1.5, 2.0]), "VECTOR<INTEGER8 NOT NULL>(3) NOT NULL", (True, "i8", [1, 2, 3])))
    for numbers in ([], [float("nan")], [1.0] * 4097):
        same(code_of(lambda numbers=numbers: echo(driver, Vector(numbers, "f64"))), "Neo.ClientError.Statement.ArgumentError")


@test
def entities_and_paths(driver):
    with driver.session(database="red") as session:
        record = session.run("CREATE p = (a:A:B {name: 'a'})-[r:KNOWS {since: 1}]->(b)<-[:LIKES]-(c {n: [1, 2]}) "
                             "RETURN p, a, r, labels(b) AS none").single()
        path, a, r = record["p"], record["a"], record["r"]
        assert isinstance(path, Path) and isinstance(a, Node) and isinstance(r, Relationship)
        same((set(a.labels), dict(a), r.type, dict(r)), ({"A", "B"}, {"name": "a"}, "KNOWS", {"since": 1}))
        same((len(path), path.start_node, path.nodes[0]), (2, a, a))
        same([x.type for x in path.relationships], ["KNOWS", "LIKES"])
        same(path.relationships[1].end_node, path.nodes[1])
        same((r.start_node, r.end_node), (path.nodes[0], path.nodes[1]))
        assert a.element_id and a.element_id != r.element_id
        found = session.run("MATCH (n) WHERE elementId(n) = $id RETURN n", id=a.element_id).single()["n"]
        same((found.element_id, dict(found)), (a.element_id, dict(a)))
        single = session.run("MATCH p = (n:A) RETURN p").single()["p"]
        same((len(single), single.nodes[0].element_id), (0, a.element_id))
        walk = session.run("MATCH p = (a:A)-[:KNOWS]->(b) MATCH q = (b)<-[:KNOWS]-(a) RETURN q").single()["q"]
        same((walk.nodes[1].element_id, walk.relationships[0].start_node.element_id), (a.element_id, a.element_id))
        same(code_of(lambda: session.run("RETURN $b", b=b"bytes").consume()),
             "Neo.ClientError.Statement.UnsupportedOperationError")


@test
def three_databases_are_three_worlds(driver):
    for index, name in enumerate(DATABASES):
        driver.execute_query("CREATE (:Here {name: $name, index: $index})", name=name, index=index, database_=name)
    for name in DATABASES:
        result = driver.execute_query("MATCH (h:Here) RETURN collect(h.name) AS names", database_=name)
        same((result.records[0]["names"], result.summary.database), ([name], name))
    same(driver.execute_query("MATCH (h:Here) RETURN count(h) AS c").records[0]["c"], 0)
    sessions = [driver.session(database=name) for name in DATABASES]
    transactions = [session.begin_transaction() for session in sessions]
    for name, transaction in zip(DATABASES, transactions):
        transaction.run("CREATE (:There {name: $name})", name=name)
    transactions[0].commit()
    transactions[1].rollback()
    transactions[2].commit()
    for session in sessions:
        session.close()
    counts = [driver.execute_query("MATCH (x:There) RETURN count(x) AS c", database_=name).records[0]["c"] for name in DATABASES]
    same(counts, [1, 0, 1])
    shown = driver.execute_query("SHOW DATABASES YIELD name, currentStatus", database_="system")
    assert {"red", "green", "blue", "neo4j", "system"} <= {record["name"] for record in shown.records}
    with driver.session() as session:
        same(session.run("USE blue MATCH (h:Here) RETURN h.index AS i").single()["i"], 2)


@test
def databases_are_administered(driver):
    counters = driver.execute_query("CREATE DATABASE `brief` WAIT", database_="system").summary.counters
    same((counters.system_updates, counters.contains_system_updates), (1, True))
    driver.execute_query("STOP DATABASE brief", database_="system")
    with driver.session(database="brief") as session:
        try:  # With neo4j:// the driver finds no router and says no more.
            session.run("RETURN 1").consume()
            raise AssertionError("a stopped database answered")
        except neo4j.exceptions.ServiceUnavailable:
            pass
        except Neo4jError as error:
            same(error.code, "Neo.TransientError.General.DatabaseUnavailable")
    driver.execute_query("DROP DATABASE `brief` IF EXISTS WAIT", database_="system")
    with driver.session(database="brief") as session:
        same(code_of(lambda: session.run("RETURN 1").consume()), "Neo.ClientError.Database.DatabaseNotFound")


@test
def managed_transactions_and_counters(driver):
    with driver.session(database="green") as session:
        summary = session.execute_write(lambda tx: tx.run("CREATE (:N {a: 1})-[:R]->(:N) ").consume())
        counters = summary.counters
        same((counters.nodes_created, counters.relationships_created, counters.labels_added, counters.properties_set),
             (2, 1, 2, 1))
        same((summary.query_type, summary.database, counters.contains_updates), ("w", "green", True))
        same(session.execute_read(lambda tx: tx.run("MATCH (n:N) RETURN count(n) AS c").single()["c"]), 2)
        same(code_of(lambda: session.execute_read(lambda tx: tx.run("CREATE (:N)").consume())),
             "Neo.ClientError.Statement.AccessMode")
        tries = []

        def flaky(tx):
            tries.append(1)
            tx.run("CREATE (:Flaky)").consume()
            if len(tries) < 3:
                raise neo4j.exceptions.TransientError()
        session.execute_write(flaky)
        same((len(tries), session.run("MATCH (f:Flaky) RETURN count(f) AS c").single()["c"]), (3, 1))


@test
def conflicting_writers_retry(driver):
    driver.execute_query("CREATE (:Counter {n: 0})", database_="blue")

    def add(tx):
        n = tx.run("MATCH (c:Counter) RETURN c.n AS n").single()["n"]
        tx.run("MATCH (c:Counter) SET c.n = $n", n=n + 1).consume()

    def work():
        with driver.session(database="blue") as session:
            for _ in range(2):
                session.execute_write(add)
    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    same(driver.execute_query("MATCH (c:Counter) RETURN c.n AS n", database_="blue").records[0]["n"], 6)


@test
def transactions_by_hand(driver):
    with driver.session(database="red") as session:
        transaction = session.begin_transaction(metadata={"app": "suite"}, timeout=30)
        same(transaction.run("CALL tx.getMetaData()").single()["metadata"], {"app": "suite"})
        first = transaction.run("UNWIND range(1, 3000) AS i RETURN i")
        second = transaction.run("UNWIND range(1, 3000) AS i RETURN -i AS i")
        same([next(second)["i"], next(first)["i"], next(second)["i"]], [-1, 1, -2])
        same((sum(r["i"] for r in first), sum(r["i"] for r in second)), (4501499, -4501497))
        transaction.run("CREATE (:Lost)")
        transaction.rollback()
        same(session.run("MATCH (x:Lost) RETURN count(x) AS c").single()["c"], 0)
        with session.begin_transaction() as transaction:
            transaction.run("CREATE (:Kept)")
            transaction.commit()
        same(session.run("MATCH (x:Kept) RETURN count(x) AS c").single()["c"], 1)
        transaction = session.begin_transaction()
        same(code_of(lambda: transaction.run("RETURN 1/0 AS x").consume()), "Neo.ClientError.Statement.ArithmeticError")
        transaction.close()
        for text in ("BEGIN", "COMMIT", ":USE green"):
            same(code_of(lambda text=text: session.run(text).consume()), "Neo.ClientError.Transaction.ForbiddenDueToTransactionType")
        same(session.run("RETURN 1 AS x").single()["x"], 1)


@test
def bookmarks_chain_sessions(driver):
    bookmarks = None
    seen = set()
    for number in range(3):
        with driver.session(database="green", bookmarks=bookmarks) as session:
            session.execute_write(lambda tx: tx.run("CREATE (:Step {n: $n})", n=number).consume())
            bookmarks = session.last_bookmarks()
            seen |= set(bookmarks.raw_values)
    same(len(seen), 3)
    with driver.session(database="red", bookmarks=bookmarks) as session:
        same(session.run("RETURN 1 AS x").single()["x"], 1)
    with driver.session(database="red", bookmarks=neo4j.Bookmarks.from_raw_values(["nonsense"])) as session:
        same(code_of(lambda: session.run("RETURN 1").consume()), "Neo.ClientError.Transaction.InvalidBookmark")


@test
def errors_have_their_codes(driver):
    with driver.session() as session:
        for statement, wanted in (("RETURN", "Statement.SyntaxError"), ("RETURN $missing", "Statement.ParameterMissing"),
                                  ("RETURN 1/0", "Statement.ArithmeticError"), ("CALL no.such()", "Procedure.ProcedureNotFound"),
                                  ("MATCH (a) RETURN b", "Statement.SyntaxError")):
            same(code_of(lambda s=statement: session.run(s).consume()), "Neo.ClientError." + wanted)
        try:
            session.run("RETURN\n  nothing").consume()
        except CypherSyntaxError as error:
            same((error.gql_status, error.diagnostic_record["_position"]["line"]), ("42N62", 2))
            assert error.gql_status_description.startswith("error: syntax error or access rule violation"), error.gql_status_description
        result = session.run("UNWIND range(3000, 0, -1) AS i RETURN 1/i AS x")
        same(code_of(lambda: list(result)), "Neo.ClientError.Statement.ArithmeticError")
        same(session.run("RETURN 1 AS x").single()["x"], 1)
    with driver.session(impersonated_user="somebody", database="red") as session:
        same(code_of(lambda: session.run("RETURN 1").consume()), "Neo.ClientError.Security.Forbidden")
    with driver.session(database="nowhere") as session:
        same(code_of(lambda: session.run("RETURN 1").consume()), "Neo.ClientError.Database.DatabaseNotFound")
    with driver.session() as session:
        slow = neo4j.Query("UNWIND range(1, 100000) AS i UNWIND range(1, 100000) AS j WITH i, j WHERE i < 0 RETURN i", timeout=0.2)
        same(code_of(lambda: session.run(slow).consume()), "Neo.ClientError.Transaction.TransactionTimedOut")


@test
def wrong_passwords_are_refused(driver):
    nobody = f"nobody-{uuid.uuid4()}"  # A name that failed too often would be told so instead.
    for auth in ((AUTH[0], "wrong"), (nobody, AUTH[1]), None):
        with GraphDatabase.driver(f"bolt://{ADDRESS}", auth=auth) as other:
            same(code_of(other.verify_connectivity, AuthError), "Neo.ClientError.Security.Unauthorized")
    same(driver.verify_authentication(AUTH), True)
    same(driver.verify_authentication((nobody, "wrong")), False)


@test
def long_streams(driver):
    with driver.session(database="red", fetch_size=1000) as session:
        result = session.run("UNWIND range(1, 100000) AS i RETURN i, 'row ' + toString(i) AS text")
        total = 0
        for record in result:
            total += record["i"]
        same(total, 5000050000)
        same(result.consume().database, "red")
        result = session.run("UNWIND range(1, 100000) AS i RETURN i")
        same([next(result)["i"], next(result)["i"]], [1, 2])
        result.consume()
        try:
            next(result)
            raise AssertionError("a consumed result went on")
        except ResultConsumedError:
            pass
    with driver.session(database="red", fetch_size=-1) as session:
        same(sum(1 for _ in session.run("UNWIND range(1, 100000) AS i RETURN i")), 100000)
        same(session.run("UNWIND range(1, 2000) AS i CREATE (:Bulk {i: i}) RETURN count(*) AS c").single()["c"], 2000)


@test
def sessions_at_the_same_time(driver):
    failures = []

    def work(number):
        try:
            name = DATABASES[number % 3]
            with driver.session(database=name) as session:
                for i in range(10):
                    session.run("CREATE (:Busy {worker: $w, i: $i})", w=number, i=i).consume()
                count = session.run("MATCH (b:Busy {worker: $w}) RETURN count(b) AS c", w=number).single()["c"]
                same(count, 10)
        except Exception as problem:  # pylint: disable=broad-except
            failures.append(problem)
    threads = [threading.Thread(target=work, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    same(failures, [])


@test
def a_result_nobody_reads_holds_up_nobody(driver):
    with driver.session(database="green", fetch_size=10) as idle, driver.session(database="green") as busy:
        unread = idle.run("UNWIND range(1, 5000) AS i CREATE (n:Unread {i: i}) RETURN n")
        next(unread)
        transaction = busy.begin_transaction()
        transaction.run("CREATE (:Pending)").consume()
        same(driver.execute_query("CREATE (:Other) RETURN 1 AS x", database_="green").records[0]["x"], 1)
        transaction.commit()
        same(sum(1 for _ in unread), 4999)


@test
def plans_and_notes(driver):
    summary = driver.execute_query("EXPLAIN MATCH (n:N) WHERE n.x > 1 RETURN n.x AS x", database_="green").summary
    names = []

    def walk(plan):
        names.append(plan["operatorType"])
        for child in plan["children"]:
            walk(child)
    walk(summary.plan)
    assert "LabelScan" in names and "Filter" in names, names
    profile = driver.execute_query("PROFILE UNWIND [1, 2, 3] AS x RETURN x", database_="green").summary.profile
    same(profile["rows"], 3)
    same(driver.execute_query("RETURN 1 AS x").summary.gql_status_objects[0].gql_status, "00000")
    same(driver.execute_query("UNWIND [] AS x RETURN x").summary.gql_status_objects[0].gql_status, "02000")
    same(driver.execute_query("CREATE (:N)").summary.gql_status_objects[0].gql_status, "00001")


@test
def routing_says_where_a_database_is(driver):
    with driver.session(database="nowhere", default_access_mode=READ_ACCESS) as session:
        same(code_of(lambda: session.run("RETURN 1").consume(), ClientError), "Neo.ClientError.Database.DatabaseNotFound")
    same(driver.get_server_info().agent.split("/")[0], "Neo4j")
    same(driver.get_server_info().protocol_version, (6, 0))


run(DATABASES, TESTS)
