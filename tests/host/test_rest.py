"""The REST API: documents about the server, statements, sessions."""
import json
import re

from support import ServerCase

TYPED = {"Accept": "application/vnd.nexus.typed+json"}
LINES = {"Accept": "application/x-ndjson"}


class About(ServerCase):
    def test_health(self):
        self.assertEqual(self.client.request("GET", "/health/live").json, {"status": "live"})
        self.assertEqual(self.client.request("GET", "/health/ready").json, {"status": "ready"})

    def test_info(self):
        info = self.client.request("GET", "/api/v1/info").json
        self.assertEqual(info["name"], "Nexus")
        self.assertRegex(info["version"], r"^\d+\.\d+\.\d+$")
        self.assertEqual(info["defaultDatabase"], "neo4j")
        self.assertIs(info["authentication"], False)
        self.assertEqual(info["limits"]["bodyBytes"], 32 << 20)
        self.assertEqual(info["limits"]["queryTextBytes"], 1 << 20)

    def test_discovery(self):
        document = self.client.request("GET", "/").json
        for member in ("api", "openapi", "cypher", "databases"):
            self.assertIn(self.client.request("GET", document[member]).status, (200, 404, 405), member)

    def test_openapi_describes_what_is_there(self):
        document = self.client.request("GET", "/api/v1/openapi.json").json
        self.assertTrue(document["openapi"].startswith("3.1"))
        for path, operations in document["paths"].items():
            for method, operation in operations.items():
                if method not in ("get", "post", "put", "patch", "delete"):
                    continue
                body = {} if method in ("post", "put", "patch") else None
                answer = self.client.request(method.upper(), path.replace("{name}", "no-such-database"), body)
                self.assertIn(str(answer.status), operation["responses"], f"{method} {path}: {answer}")

    def test_metrics(self):
        answer = self.client.request("GET", "/metrics")
        self.assertTrue(answer.headers["content-type"].startswith("text/plain"))
        before = int(re.search(r"^nexus_statements_total (\d+)$", answer.body.decode(), re.M)[1])
        self.client.rows("RETURN 1 AS one")
        after = self.client.request("GET", "/metrics").body.decode()
        self.assertIn(f"nexus_statements_total {before + 1}\n", after)
        self.assertIn('nexus_databases{state="online"} 2', after)

    def test_answers_are_not_stored_nor_sniffed(self):
        answer = self.client.request("GET", "/api/v1/info")
        self.assertEqual(answer.headers["cache-control"], "no-store")
        self.assertEqual(answer.headers["x-content-type-options"], "nosniff")

    def test_head_has_no_body(self):
        answer = self.client.request("HEAD", "/health/live")
        self.assertEqual((answer.status, answer.body), (200, b""))
        self.assertEqual(self.client.request("GET", "/health/live").json, {"status": "live"}, "the connection is in step")

    def test_unknown_path(self):
        self.problem(self.client.request("GET", "/api/v1/nothing"), 404)
        self.problem(self.client.request("GET", "/api/v2/cypher"), 404)

    def test_wrong_method(self):
        for method, path, allowed in (("GET", "/api/v1/cypher", "POST"), ("POST", "/api/v1/info", "GET"),
                                      ("DELETE", "/api/v1/databases", "POST"), ("BREW", "/health/live", "GET")):
            answer = self.client.request(method, path)
            self.problem(answer, 405)
            self.assertIn(allowed, answer.headers["allow"])


class Statements(ServerCase):
    def test_parameters_of_every_kind(self):
        for value in (None, True, 0, -1, 2**53 + 1, 2**63 - 1, -2**63, 1.5, 1e300, "", "a\"b\\c\u0000\u2028é漢🚀", [], [1, [2]],
                      {}, {"a": {"b": [None]}}):
            self.assertEqual(self.client.rows("RETURN $x AS x", {"x": value}), [[value]])

    def test_summary(self):
        body = self.client.cypher("CREATE (a:P {n: 1})-[:R]->(b:P) SET b.n = 2 RETURN a.n AS n, b.n AS m").json
        self.assertEqual(body["columns"], ["n", "m"])
        self.assertEqual(body["rows"], [[1, 2]])
        self.assertEqual(body["database"], "neo4j")
        self.assertEqual(body["statementType"], "rw")
        self.assertGreaterEqual(body["elapsedUs"], 0)
        self.assertTrue(body["bookmark"])
        counters = body["counters"]
        self.assertEqual((counters["nodesCreated"], counters["relationshipsCreated"], counters["propertiesSet"]), (2, 1, 2))
        deleted = self.client.cypher("MATCH (p:P) DETACH DELETE p").json
        self.assertEqual(deleted["counters"]["nodesDeleted"], 2)
        self.assertEqual(deleted["counters"]["relationshipsDeleted"], 1)

    def test_typed_answers(self):
        answer = self.client.cypher("RETURN 9007199254740993 AS i, 1.0 AS f, date('2024-02-29') AS d, [1] AS l, null AS n", headers=TYPED)
        self.assertEqual(answer.headers["content-type"], "application/vnd.nexus.typed+json")
        self.assertEqual(answer.rows[0], [
            {"$type": "Integer", "_value": "9007199254740993"}, {"$type": "Float", "_value": "1.0"},
            {"$type": "Date", "_value": "2024-02-29"}, {"$type": "List", "_value": [{"$type": "Integer", "_value": "1"}]},
            {"$type": "Null", "_value": None}])

    def test_lines(self):
        answer = self.client.cypher("UNWIND range(1, 5000) AS i RETURN i", headers=LINES)
        self.assertEqual(answer.headers["content-type"], "application/x-ndjson")
        lines = [json.loads(line) for line in answer.body.splitlines()]
        self.assertEqual(lines[0], {"columns": ["i"]})
        self.assertEqual(lines[1:-1], [[i] for i in range(1, 5001)])
        self.assertEqual(lines[-1]["summary"]["database"], "neo4j")

    def test_a_failure_after_rows_is_the_last_line(self):
        answer = self.client.cypher("UNWIND range(3000, -1, -1) AS i RETURN 1 / i AS x", headers=LINES)
        lines = [json.loads(line) for line in answer.body.splitlines()]
        self.assertEqual(answer.status, 200)
        self.assertEqual(lines[0], {"columns": ["x"]})
        self.assertEqual(lines[-1]["error"]["title"], "DivisionByZero")

    def test_a_failed_statement_writes_nothing(self):
        self.problem(self.client.cypher("UNWIND [2, 1, 0] AS i CREATE (:Half {x: 1 / i})"), 400, "DivisionByZero", "22012")
        self.assertEqual(self.client.rows("MATCH (h:Half) RETURN count(h) AS n"), [[0]])

    def test_errors_name_code_and_place(self):
        for query, name, gql_status, line, column in (
                ("MATCH (n\n RETURN n", "UnexpectedSyntax", "42001", 2, 2),
                ("MATCH (n) RETURN m", "UndefinedVariable", "42N62", 1, 18),
                ("RETURN\n\n  nothing(1)", "UnknownFunction", "42N48", 3, 3),
                ("RETURN 99999999999999999999 AS x", "IntegerOverflow", "22003", 1, 8)):
            body = self.problem(self.client.cypher(query), 400, name, gql_status)
            self.assertEqual((body["position"]["line"], body["position"]["column"]), (line, column), body)
            lines = query.split("\n")
            offset = sum(len(before) + 1 for before in lines[:line - 1]) + column - 1
            self.assertEqual(body["position"]["offset"], offset, body)

    def test_position_counts_characters_not_bytes(self):
        body = self.problem(self.client.cypher("RETURN 'é漢🚀' AS a, m"), 400, "UndefinedVariable")
        self.assertEqual(body["position"]["column"], 20, body)

    def test_missing_parameter(self):
        self.problem(self.client.cypher("RETURN $missing AS x"), 400, "MissingParameter", "42N51")

    def test_constraint_of_a_connected_node(self):
        self.client.rows("CREATE (:Connected)-[:R]->(:Connected)")
        self.problem(self.client.cypher("MATCH (c:Connected) DELETE c"), 409, "DeleteConnectedNode")
        self.assertEqual(self.client.rows("MATCH (c:Connected) RETURN count(c) AS n"), [[2]])

    def test_unknown_database(self):
        self.problem(self.client.cypher("RETURN 1 AS x", database="no-such"), 404, "DatabaseNotFound")
        self.problem(self.client.cypher("USE nosuch RETURN 1 AS x"), 404, "GraphNotFound")
        self.assertNotIn("no-such", [row[0] for row in self.client.rows("SHOW DATABASES YIELD name")])

    def test_read_access(self):
        answer = self.client.cypher("CREATE (:Forbidden)", accessMode="READ")
        self.problem(answer, 403, "WriteInReadAccess", "42N02")
        self.assertEqual(self.client.cypher("RETURN 1 AS x", accessMode="READ").rows, [[1]])
        self.problem(self.client.cypher("RETURN 1 AS x", accessMode="read"), 400, "InvalidRequest")

    def test_timeout(self):
        answer = self.client.cypher("UNWIND range(1, 100000) AS i UNWIND range(1, 100000) AS j RETURN sum(i * j) AS s", timeoutMs=50)
        self.problem(answer, 408, "TransactionTimedOut")

    def test_max_rows(self):
        answer = self.client.cypher("UNWIND range(1, 100) AS i RETURN i", maxRows=10)
        self.assertIn(answer.status, (200, 413), answer)
        if answer.status == 200:
            self.assertEqual(len(answer.rows), 10)

    def test_members_of_the_body(self):
        for body in ({}, {"query": 1}, {"query": None}, {"query": "RETURN 1", "parameters": []},
                     {"query": "RETURN 1", "surprise": 1}, {"query": "RETURN 1", "timeoutMs": -1},
                     {"query": "RETURN 1", "database": 7}, [], "text", 7, None):
            answer = self.client.request("POST", "/api/v1/cypher", json.dumps(body).encode())
            self.problem(answer, 400, "InvalidRequest")
        self.problem(self.client.request("POST", "/api/v1/cypher"), 400)

    def test_empty_statement(self):
        for query in ("", "   ", "// only a comment", ";"):
            self.problem(self.client.cypher(query), 400)

    def test_two_statements_are_refused(self):
        self.problem(self.client.cypher("CREATE (:Twice); CREATE (:Twice)"), 400)
        self.assertEqual(self.client.rows("MATCH (t:Twice) RETURN count(t) AS n"), [[0]])

    def test_a_transaction_cannot_stay_open(self):
        self.problem(self.client.cypher("BEGIN"), 400)

    def test_content_type(self):
        body = json.dumps({"query": "RETURN 1 AS x"}).encode()
        for kind in ("text/plain", "application/x-www-form-urlencoded", "application/jsonx", None):
            self.problem(self.client.request("POST", "/api/v1/cypher", body, {"Content-Type": kind}), 415)
        for kind in ("application/json; charset=utf-8", "application/json;charset=utf-8"):
            self.assertEqual(self.client.request("POST", "/api/v1/cypher", body, {"Content-Type": kind}).rows, [[1]])


class Sessions(ServerCase):
    def setUp(self):
        super().setUp()
        self.client.rows("CREATE DATABASE other IF NOT EXISTS WAIT", database="system")

    def open(self, **body):
        answer = self.client.request("POST", "/api/v1/session", body)
        self.assertEqual(answer.status, 201, answer)
        self.assertEqual(answer.headers["nexus-session"], answer.json["session"])
        self.assertIn("HttpOnly", answer.headers["set-cookie"])
        self.assertIn("SameSite=Strict", answer.headers["set-cookie"])
        return answer.json

    def database(self, **headers):
        return self.client.cypher("RETURN 1 AS x", headers=headers).json["database"]

    def test_life(self):
        session = self.open()
        self.assertEqual(session["database"], "neo4j")
        self.assertEqual(len(session["session"]), 32)
        header = {"Nexus-Session": session["session"]}
        self.assertEqual(self.client.request("GET", "/api/v1/session", headers=header).json["session"], session["session"])
        self.assertEqual(self.client.request("DELETE", "/api/v1/session", headers=header).status, 204)
        self.problem(self.client.request("GET", "/api/v1/session", headers=header), 404, "SessionNotFound")
        self.problem(self.client.request("DELETE", "/api/v1/session", headers=header), 404, "SessionNotFound")

    def test_switching(self):
        header = {"Nexus-Session": self.open()["session"]}
        answer = self.client.request("PUT", "/api/v1/session/database", {"name": "OTHER"}, header)
        self.assertEqual(answer.json, {"database": "other"})
        self.assertEqual(self.client.request("GET", "/api/v1/session/database", headers=header).json, {"database": "other"})
        self.assertEqual(self.database(**header), "other")
        self.assertEqual(self.database(), "neo4j", "only the session was switched")
        self.assertEqual(self.client.cypher("RETURN 1 AS x", database="neo4j", headers=header).json["database"], "neo4j")
        self.problem(self.client.request("PUT", "/api/v1/session/database", {"name": "no-such"}, header), 404)
        self.assertEqual(self.database(**header), "other", "a failed switch changes nothing")

    def test_a_session_is_made_by_switching(self):
        answer = self.client.request("PUT", "/api/v1/session/database", {"name": "other"})
        self.assertEqual(answer.json, {"database": "other"})
        self.assertEqual(self.database(**{"Nexus-Session": answer.headers["nexus-session"]}), "other")

    def test_by_cookie(self):
        token = self.open(database="other")["session"]
        self.assertEqual(self.database(Cookie=f"a=b; nexus_session={token}; c=d"), "other")

    def test_use_as_statement(self):
        header = {"Nexus-Session": self.open()["session"]}
        self.assertEqual(self.client.cypher(":USE other", headers=header).status, 200)
        self.assertEqual(self.database(**header), "other")
        body = self.problem(self.client.cypher(":USE other"), 404, "SessionNotFound")
        self.assertIn("POST /api/v1/session", body["detail"])

    def test_an_unknown_session_never_runs_a_statement(self):
        """It would run on the default database, which is not the one the client means."""
        for header in ({"Nexus-Session": "0" * 32}, {"Nexus-Session": "x"}, {"Cookie": "nexus_session=" + "0" * 32}):
            self.problem(self.client.cypher("CREATE (:Lost)", headers=header), 404, "SessionNotFound")
        session = {"Nexus-Session": self.open(database="other")["session"]}
        self.client.request("DELETE", "/api/v1/session", headers=session)
        self.problem(self.client.cypher("CREATE (:Lost)", headers=session), 404, "SessionNotFound")
        self.assertEqual(self.client.rows("MATCH (l:Lost) RETURN count(l) AS n"), [[0]])
        # Who names the database needs no session.
        self.assertEqual(self.client.cypher("RETURN 1 AS x", database="other", headers=session).json["database"], "other")

    def test_unknown_database(self):
        self.problem(self.client.request("POST", "/api/v1/session", {"database": "no-such"}), 404, "DatabaseNotFound")
        self.problem(self.client.request("PUT", "/api/v1/session/database", {}), 400, "InvalidRequest")
        self.problem(self.client.request("GET", "/api/v1/session/database"), 404, "SessionNotFound")

    def test_a_dropped_database_is_said(self):
        self.client.rows("CREATE DATABASE fleeting WAIT", database="system")
        header = {"Nexus-Session": self.open(database="fleeting")["session"]}
        self.client.rows("DROP DATABASE fleeting WAIT", database="system")
        self.problem(self.client.cypher("CREATE (:Lost)", headers=header), 404, "DatabaseNotFound")
