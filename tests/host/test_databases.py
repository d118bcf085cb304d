"""Databases over REST: create, list, change, drop, names, isolation."""
from support import ServerCase, eventually, folder_of, quoted

BAD_NAMES = ["../x", "..", ".", "/", "a/b", "..\\x", "a\\b", "system2", "system", "System", "_private", "", "ab", "a" * 64, "🚀🚀🚀",
             "naïve", "db\u0000x", "db\n", " db", "db ", "trailing.", "trailing-", "-leading", ".leading", "a_b", "a b", "a*b",
             "%2e%2e", "c:\\x", "con?", "`quoted`", "a;b", "'a'", "x" * 100_000]
GOOD_NAMES = ["abc", "a" * 63, "0digit", "with.dot", "with-dash", "MixedCase", "a--b", "a..b", "123"]


class Databases(ServerCase):
    def create(self, name, status=201, **more):
        answer = self.client.request("POST", "/api/v1/databases", {"name": name, **more})
        self.assertEqual(answer.status, status, answer)
        return answer

    def drop(self, name, status=204, query=""):
        answer = self.client.request("DELETE", f"/api/v1/databases/{quoted(name)}{query}")
        self.assertEqual(answer.status, status, answer)
        return answer

    def get(self, name):
        return self.client.request("GET", f"/api/v1/databases/{quoted(name)}")

    def test_life(self):
        created = self.create("life")
        self.assertEqual(created.headers["location"], "/api/v1/databases/life")
        self.assertEqual(created.json["name"], "life")
        self.assertEqual(created.json["currentStatus"], "online")
        self.assertEqual(self.get("LIFE").json["databaseId"], created.json["databaseId"])
        self.client.rows("CREATE (:N)-[:R]->(:N)", database="life")
        info = self.get("life").json
        self.assertEqual((info["nodeCount"], info["relationshipCount"]), (2, 1))
        self.assertGreater(info["storeBytes"], 0)
        self.drop("life")
        self.problem(self.get("life"), 404, "DatabaseNotFound")
        self.problem(self.client.cypher("RETURN 1 AS x", database="life"), 404, "DatabaseNotFound")

    def test_create_twice(self):
        first = self.create("twice").json
        self.problem(self.create("Twice", 409), 409, "DatabaseExists")
        self.assertEqual(self.create("twice", 200, ifNotExists=True).json["databaseId"], first["databaseId"])
        self.client.rows("CREATE (:Old)", database="twice")
        replaced = self.create("twice", 201, orReplace=True).json
        self.assertNotEqual(replaced["databaseId"], first["databaseId"])
        self.assertEqual(self.client.rows("MATCH (n) RETURN count(n) AS n", database="twice"), [[0]])
        self.create("twice", 400, orReplace=True, ifNotExists=True)
        self.drop("twice")

    def test_drop_missing(self):
        self.problem(self.drop("missing", 404), 404, "NoSuchDatabase", "42N00")
        self.drop("missing", 204, "?ifExists=true")
        self.problem(self.drop("missing", 400, "?ifExists=maybe"), 400)

    def test_drop_removes_the_folder(self):
        self.create("folder")
        self.client.rows("CREATE (:N)", database="folder")
        folder = folder_of(self.server, "folder")
        self.assertTrue(folder.is_dir())
        self.drop("folder")
        self.assertTrue(folder.is_dir(), "kept for UNDROP DATABASE")
        self.assertIn("folder", [row["name"] for row in self.client.request("GET", "/api/v1/dropped").json["databases"]])
        self.assertEqual(self.client.request("POST", "/api/v1/databases/folder/undrop").status, 200)
        self.assertEqual(self.client.rows("MATCH (n) RETURN count(n) AS n", database="folder"), [[1]])
        self.drop("folder", 204, "?destroyData=true")
        self.assertTrue(eventually(lambda: not folder.exists()), f"{list(folder.rglob('*'))} stay")

    def test_the_default_and_the_system_database_stay(self):
        self.problem(self.drop("neo4j", 409), 409, "DefaultDatabaseImmutable")
        self.problem(self.drop("system", 409), 409, "SystemDatabaseImmutable")
        self.problem(self.client.request("PATCH", "/api/v1/databases/system", {"requestedStatus": "offline"}), 409)
        self.problem(self.client.cypher("CREATE (:N)", database="system"), 400, "NotAllowedOnSystemDatabase")

    def test_bad_names(self):
        before = {database["name"] for database in self.client.request("GET", "/api/v1/databases").json["databases"]}
        for name in BAD_NAMES:
            with self.subTest(name=name[:40]):
                self.problem(self.create(name, 422), 422, "InvalidDatabaseName")
                quoted_name = "`" + name.replace("`", "``") + "`"
                answer = self.client.cypher(f"CREATE DATABASE {quoted_name} WAIT", database="system")
                self.assertGreaterEqual(answer.status, 400, answer)
                self.problem(self.client.cypher("CREATE DATABASE $name WAIT", {"name": name}, "system"), 422, "InvalidDatabaseName")
        after = {database["name"] for database in self.client.request("GET", "/api/v1/databases").json["databases"]}
        self.assertEqual(before, after)

    def test_bad_names_lead_nowhere(self):
        for name in BAD_NAMES:
            if name.lower() == "system" or not name or len(name) > 1000:
                continue
            with self.subTest(name=name):
                self.assertIn(self.get(name).status, (400, 404))
                answer = self.client.cypher("RETURN 1 AS x", database=name)
                self.problem(answer, 404, "DatabaseNotFound")
                self.problem(self.client.request("PUT", "/api/v1/session/database", {"name": name}), 404)

    def test_names_that_are_no_text(self):
        for name in (None, 7, True, [], {}):
            self.problem(self.create(name, 400), 400, "InvalidRequest")

    def test_good_names(self):
        for name in GOOD_NAMES:
            with self.subTest(name=name):
                self.assertEqual(self.create(name).json["name"], name.lower())
                self.client.rows("CREATE (:N)", database=name)
                self.assertEqual(self.client.rows("MATCH (n) RETURN count(n) AS n", database=name.upper()), [[1]])
                self.drop(name)

    def test_list_is_paged(self):
        names = [f"page-{i:02}" for i in range(7)]
        for name in names:
            self.create(name)
        seen, after = [], ""
        while True:
            page = self.client.request("GET", f"/api/v1/databases?prefix=page-&limit=3&after={after}").json
            seen += [database["name"] for database in page["databases"]]
            self.assertLessEqual(len(page["databases"]), 3)
            after = page["next"]
            if after is None:
                break
        self.assertEqual(seen, names)
        for query in ("limit=0", "limit=10001", "limit=x", "limit=-1", "surprise=1", "limit=1&limit=2"):
            self.problem(self.client.request("GET", f"/api/v1/databases?{query}"), 400)
        for name in names:
            self.drop(name)

    def test_stop_start_and_access(self):
        self.create("changed")
        self.client.rows("CREATE (:N)", database="changed")
        change = lambda **body: self.client.request("PATCH", "/api/v1/databases/changed", body)  # noqa: E731
        self.assertEqual(change(requestedStatus="offline").json["currentStatus"], "offline")
        self.problem(self.client.cypher("RETURN 1 AS x", database="changed"), 503, "DatabaseUnavailable")
        self.assertIn("changed", [d["name"] for d in self.client.request("GET", "/api/v1/databases?status=offline").json["databases"]])
        self.assertEqual(change(requestedStatus="online").json["currentStatus"], "online")
        self.assertEqual(change(access="read-only").json["access"], "read-only")
        self.problem(self.client.cypher("CREATE (:N)", database="changed"), 403, "WriteOnReadOnlyDatabase")
        self.assertEqual(self.client.rows("MATCH (n) RETURN count(n) AS n", database="changed"), [[1]])
        change(access="read-write")
        self.client.rows("CREATE (:N)", database="changed")
        for body in ({}, {"access": "none"}, {"requestedStatus": "paused"}, {"surprise": 1}):
            self.assertIn(change(**body).status, (400, 422))
        self.problem(self.client.request("PATCH", "/api/v1/databases/missing", {"access": "read-only"}), 404)
        self.drop("changed")

    def test_a_new_database_of_an_old_name_is_empty(self):
        self.create("again")
        self.client.rows("CREATE (:Old {secret: 1})", database="again")
        self.drop("again")
        self.create("again")
        self.assertEqual(self.client.rows("MATCH (n) RETURN n", database="again"), [])
        self.assertEqual(self.client.rows("CALL db.labels() YIELD label RETURN label", database="again"), [])
        self.drop("again")

    def test_databases_do_not_see_each_other(self):
        for name in ("red", "blue"):
            self.create(name)
            self.client.rows("CREATE (:Secret {owner: $o})", {"o": name}, name)
        for name in ("red", "blue"):
            self.assertEqual(self.client.rows("MATCH (s:Secret) RETURN s.owner AS o", database=name), [[name]])
            self.assertEqual(self.client.rows(f"USE {name} MATCH (s) RETURN s.owner AS o"), [[name]])
        element_id = self.client.rows("MATCH (s) RETURN elementId(s) AS id", database="red")[0][0]
        found = self.client.cypher("MATCH (s) WHERE elementId(s) = $id RETURN s", {"id": element_id}, "blue")
        self.assertTrue(found.status != 200 or found.rows == [], found)
        self.drop("red")
        self.drop("blue")
