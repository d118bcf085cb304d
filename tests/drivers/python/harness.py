"""What the suites of the Python drivers share: where the server is, comparing, and running each case over all schemes."""
import os
import traceback

import neo4j
from neo4j import GraphDatabase
from neo4j.exceptions import Neo4jError

ADDRESS = os.environ["NEXUS_BOLT"]
AUTH = (os.environ["NEXUS_USER"], os.environ["NEXUS_PASSWORD"])


def same(found, wanted):
    assert found == wanted, f"found {found!r}, wanted {wanted!r}"


def code_of(action, kind=Neo4jError):
    try:
        action()
    except kind as error:
        return error.code
    raise AssertionError(f"no {kind.__name__}")


def execute(driver, text, database):
    with driver.session(database=database) as session:
        session.run(text).consume()


def run(databases, cases):
    """Empty databases for each scheme; ends the process, with 1 when a case failed."""
    with GraphDatabase.driver(f"bolt://{ADDRESS}", auth=AUTH) as driver:
        for name in databases:
            execute(driver, f"CREATE OR REPLACE DATABASE {name} WAIT", "system")
    failed = count = 0
    for scheme in ("bolt+s", "bolt+ssc", "neo4j+ssc"):
        with GraphDatabase.driver(f"{scheme}://{ADDRESS}", auth=AUTH) as driver:
            driver.verify_connectivity()
    for scheme in ("bolt", "neo4j", "neo4j+s"):
        with GraphDatabase.driver(f"{scheme}://{ADDRESS}", auth=AUTH) as driver:
            driver.verify_connectivity()
            for name in databases:
                execute(driver, "MATCH (n) DETACH DELETE n", name)
            for case in cases:
                count += 1
                try:
                    case(driver)
                except Exception:  # pylint: disable=broad-except
                    failed += 1
                    print(f"python {neo4j.__version__} {scheme}:// {case.__name__} FAILED")
                    traceback.print_exc()
    print(f"python {neo4j.__version__}: {count - failed} passed, {failed} failed")
    raise SystemExit(1 if failed else 0)
