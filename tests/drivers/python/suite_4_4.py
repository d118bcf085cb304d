"""The Python driver of the 4.4 line, which speaks Bolt 4.4: values as that version writes them, databases, transactions, errors."""
import pytz
from neo4j import GraphDatabase
from neo4j.exceptions import AuthError
from neo4j.graph import Node
from neo4j.spatial import WGS84Point
from neo4j.time import Date, DateTime, Duration, Time

from harness import ADDRESS, AUTH, code_of, run, same

DATABASES = ("north", "south", "west")


def rows(driver, text, database="north", **parameters):
    with driver.session(database=database) as session:
        return [record.values() for record in session.run(text, parameters)]


def values_come_back_as_they_were(driver):
    stockholm = pytz.timezone("Europe/Stockholm")
    values = [None, True, -129, 2**63 - 1, 1.5, "ä€😀", [1, ["two"]], {"a": {"b": 1}}, Date(2024, 2, 29),
              Time(1, 2, 3, 4, tzinfo=pytz.FixedOffset(120)), DateTime(1969, 12, 31, 23, 59, 59, 1),
              DateTime(2024, 7, 1, 12, 0, 0, 5, tzinfo=pytz.FixedOffset(120)), Duration(months=14, days=-3, seconds=5),
              WGS84Point((12.5, 55.7)), stockholm.localize(DateTime(2024, 7, 1, 12, 0, 0, 5))]
    for value in values:
        same(rows(driver, "RETURN $x AS x", x=value), [[value]])
    [[text]] = rows(driver, "RETURN toString($x) AS x", x=values[-1])
    same(text, "2024-07-01T12:00:00.000000005+02:00[Europe/Stockholm]")


def entities_and_paths(driver):
    [[path, node]] = rows(driver, "CREATE p = (a:A {n: 1})-[:R]->(b)<-[:S]-(c) RETURN p, a")
    assert isinstance(node, Node)
    same((len(path), path.start_node, dict(node)), (2, node, {"n": 1}))
    same(path.relationships[1].end_node, path.nodes[1])
    same(rows(driver, "MATCH (n) WHERE id(n) = $id RETURN n.n", id=node.id), [[1]])


def three_databases_are_three_worlds(driver):
    for name in DATABASES:
        rows(driver, "CREATE (:Here {name: $name})", name, name=name)
    for name in DATABASES:
        same(rows(driver, "MATCH (h:Here) RETURN h.name", name), [[name]])


def transactions(driver):
    with driver.session(database="south") as session:
        session.write_transaction(lambda tx: tx.run("CREATE (:Kept)").consume())
        transaction = session.begin_transaction()
        transaction.run("CREATE (:Lost)")
        transaction.rollback()
        same(session.read_transaction(lambda tx: tx.run("MATCH (n:Lost) RETURN count(n) AS c").single()["c"]), 0)
        same(session.read_transaction(lambda tx: tx.run("MATCH (n:Kept) RETURN count(n) AS c").single()["c"]), 1)
        assert session.last_bookmark()


def errors_have_their_codes(driver):
    for text, wanted in (("RETURN", "Statement.SyntaxError"), ("RETURN 1/0", "Statement.ArithmeticError"),
                         ("RETURN $x", "Statement.ParameterMissing")):
        same(code_of(lambda text=text: rows(driver, text)), "Neo.ClientError." + wanted)
    same(code_of(lambda: rows(driver, "RETURN 1", "nowhere")), "Neo.ClientError.Database.DatabaseNotFound")
    with GraphDatabase.driver(f"bolt://{ADDRESS}", auth=(AUTH[0], "wrong")) as other:
        same(code_of(other.verify_connectivity, AuthError), "Neo.ClientError.Security.Unauthorized")


def long_streams(driver):
    same(sum(row[0] for row in rows(driver, "UNWIND range(1, 20000) AS i RETURN i")), 200010000)


TESTS = (values_come_back_as_they_were, entities_and_paths, three_databases_are_three_worlds, transactions,
         errors_have_their_codes, long_streams)


run(DATABASES, TESTS)
