"""`nexus db`: list, info, create, switch, drop, stop, start, embedded and against a server."""
import json

from support import Case


class Both:
    def db(self, *words, code=0, **more):
        done = self.nexus("db", *words, *self.target(), **more)
        self.assertEqual(done.code, code, done)
        return done

    def count(self, *words):
        done = self.nexus("query", "MATCH (n) RETURN count(n) AS n", *self.target(), "-f", "jsonl", *words)
        self.assertEqual(done.code, 0, done)
        return json.loads(done.out)["n"]

    def names(self):
        return [row["name"] for row in json.loads(self.db("list", "-f", "json").out)]

    def test_life(self):
        self.assertEqual(self.names(), ["neo4j", "system"])
        self.db("create", "flights")
        self.assertEqual(self.names(), ["flights", "neo4j", "system"])
        self.db("create", "flights", code=1)
        self.db("create", "flights", "--if-not-exists")
        self.db("drop", "flights")
        self.db("drop", "flights", code=5)
        self.db("drop", "flights", "--if-exists")
        self.assertEqual(self.names(), ["neo4j", "system"])

    def test_switch_is_remembered(self):
        self.db("create", "chosen")
        self.assertIn("chosen", self.db("switch", "chosen").err)
        self.nexus("query", "CREATE (:N)", *self.target())
        self.assertEqual(self.count(), 1)
        self.assertEqual(self.count("-d", "neo4j"), 0)
        self.assertEqual(self.count("-d", "chosen"), 1)
        self.db("switch", "nowhere", code=5)
        self.assertEqual(self.count(), 1, "a failed switch changes nothing")
        self.db("list")

    def test_a_dropped_database_is_not_remembered(self):
        self.db("create", "chosen")
        self.db("switch", "chosen")
        self.db("drop", "chosen")
        self.assertEqual(self.count(), 0)

    def test_info(self):
        self.db("create", "told")
        self.nexus("query", "CREATE (:N)-[:R]->(:N)", *self.target(), "-d", "told")
        row = json.loads(self.db("info", "told", "-f", "json").out)[0]
        self.assertEqual((row["name"], row["currentStatus"], row["access"], row["default"]), ("told", "online", "read-write", False))
        self.assertEqual((row["nodeCount"], row["relationshipCount"], row["statusMessage"]), (2, 1, ""))
        self.assertGreater(row["storeBytes"], 0)
        done = self.db("info", "nowhere", code=5)
        self.assertEqual(done.out, "")
        self.assertIn("DatabaseNotFound", done.err)

    def test_stop_and_start(self):
        self.db("create", "paused")
        self.db("stop", "paused")
        self.assertEqual(json.loads(self.db("info", "paused", "-f", "json").out)[0]["currentStatus"], "offline")
        self.assertEqual(self.nexus("query", "RETURN 1 AS x", *self.target(), "-d", "paused").code, 1)
        self.db("start", "paused")
        self.assertEqual(self.count("-d", "paused"), 0)

    def test_replace(self):
        self.db("create", "fresh")
        self.nexus("query", "CREATE (:N)", *self.target(), "-d", "fresh")
        self.db("create", "fresh", "--or-replace")
        self.assertEqual(self.count("-d", "fresh"), 0)

    def test_the_default_stays(self):
        self.db("drop", "neo4j", code=1)
        self.db("drop", "system", code=1)

    def test_usage(self):
        for words in (("db",), ("db", "create"), ("db", "nonsense"), ("db", "list", "extra"), ("db", "drop")):
            self.assertEqual(self.nexus(*words).code, 2, words)
        self.assertEqual(self.nexus("db", "--help").code, 0)


class Embedded(Both, Case):
    def target(self):
        return "--data", self.scratch / "data"


class Remote(Both, Case):
    def setUp(self):
        super().setUp()
        self.server = self.serve()

    def target(self):
        return "--uri", self.server.uri
