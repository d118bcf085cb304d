"""Neo4j's older transactional HTTP API from outside: /db/{database}/tx."""
import urllib.parse

from support import ServerCase


class Transactional(ServerCase):
    def post(self, path, *statements, status=200, **headers):
        answer = self.client.request("POST", path, {"statements": list(statements)},
                                     {name.replace("_", "-"): value for name, value in headers.items()})
        self.assertEqual(answer.status, status, answer)
        self.assertEqual(answer.headers["content-type"], "application/json")
        return answer

    def count(self):
        return self.client.rows("MATCH (n:Tx) RETURN count(n) AS c")[0][0]

    def setUp(self):
        super().setUp()
        self.client.rows("MATCH (n:Tx) DELETE n")

    def test_discovery_names_it(self):
        document = self.client.request("GET", "/").json
        path = urllib.parse.urlsplit(document["transaction"]).path.replace("{databaseName}", "neo4j")
        answer = self.post(path + "/commit", {"statement": "RETURN $x AS x", "parameters": {"x": [1, {"a": None}]}}).json
        self.assertEqual(answer["results"], [{"columns": ["x"], "data": [{"row": [[1, {"a": None}]], "meta": [[None, None]]}]}])
        self.assertEqual(answer["errors"], [])

    def test_open_run_commit(self):
        opened = self.post("/db/neo4j/tx", {"statement": "CREATE (:Tx)"}, status=201)
        commit = opened.json["commit"]
        self.assertEqual(opened.headers["location"] + "/commit", commit)
        path = urllib.parse.urlsplit(opened.headers["location"]).path
        self.assertEqual(self.count(), 0)
        self.assertRegex(self.post(path).json["transaction"]["expires"], r"^\w{3}, \d{1,2} \w{3} \d{4} \d\d:\d\d:\d\d GMT$")
        closed = self.post(urllib.parse.urlsplit(commit).path, {"statement": "CREATE (:Tx)", "includeStats": True}).json
        self.assertEqual(closed["results"][0]["stats"]["nodes_created"], 1)
        self.assertTrue(closed["lastBookmarks"])
        self.assertEqual(self.count(), 2)
        self.post(path, status=404)
        self.post("/db/neo4j/tx/commit", {"statement": "RETURN 1"}, Bookmarks=f'["{closed["lastBookmarks"][0]}"]')

    def test_failures_are_in_the_body(self):
        answer = self.post("/db/neo4j/tx/commit", {"statement": "CREATE (:Tx)"}, {"statement": "RETRUN"}).json
        self.assertEqual(answer["errors"][0]["code"], "Neo.ClientError.Statement.SyntaxError")
        self.assertEqual(len(answer["results"]), 1)
        self.assertEqual(self.count(), 0)
        path = urllib.parse.urlsplit(self.post("/db/neo4j/tx", {"statement": "CREATE (:Tx)"}, status=201).json["commit"]).path
        self.assertEqual(self.client.request("DELETE", path.removesuffix("/commit")).json, {"results": [], "errors": []})
        self.assertEqual(self.count(), 0)
