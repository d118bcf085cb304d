"""`nexus db`: list, info, create, switch, drop, stop, start, embedded and against a server."""
import json
import pathlib

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
        done = self.db("create", "flights")
        self.assertEqual((done.out, done.err), ("", "created 'flights'\n"))
        self.assertEqual(self.names(), ["flights", "neo4j", "system"])
        self.db("create", "flights", code=1)
        self.assertIn("nothing changed", self.db("create", "flights", "--if-not-exists").err)
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
        self.assertIn("'paused' is stopped", self.db("stop", "paused").err)
        self.assertEqual(json.loads(self.db("info", "paused", "-f", "json").out)[0]["currentStatus"], "offline")
        self.assertEqual(self.nexus("query", "RETURN 1 AS x", *self.target(), "-d", "paused").code, 1)
        self.db("start", "paused")
        self.assertEqual(self.count("-d", "paused"), 0)

    def file(self, name):
        return str(self.scratch / name)

    def test_copy_and_rename(self):
        self.db("create", "first")
        self.nexus("query", "CREATE (:N)", *self.target(), "-d", "first")
        self.db("copy", "first", "second")
        self.nexus("query", "CREATE (:N)", *self.target(), "-d", "second")
        self.assertEqual((self.count("-d", "first"), self.count("-d", "second")), (1, 2))
        self.db("switch", "second")
        self.db("rename", "second", "third")
        self.assertEqual(self.names(), ["first", "neo4j", "system", "third"])
        self.assertEqual(self.count(), 2, "the switch follows the new name")
        self.db("copy", "nowhere", "fourth", code=5)

    def test_drop_and_undrop(self):
        self.db("create", "gone")
        self.nexus("query", "CREATE (:N)", *self.target(), "-d", "gone")
        self.db("drop", "gone")
        self.db("undrop", "gone", "--as", "back")
        self.assertEqual(self.count("-d", "back"), 1)
        self.db("drop", "back", "--destroy-data")
        self.db("undrop", "back", code=5)

    def test_dump_and_restore(self):
        self.nexus("query", "UNWIND range(1, 500) AS i CREATE (:N {i: i})", *self.target(), "-d", "neo4j")
        self.db("dump", "neo4j", self.file("a.nexusdump"))
        self.db("restore", "again", self.file("a.nexusdump"))
        self.assertEqual(self.count("-d", "again"), 500)
        self.db("restore", "again", self.file("a.nexusdump"), code=1)
        whole = pathlib.Path(self.file("a.nexusdump")).read_bytes()
        pathlib.Path(self.file("b.nexusdump")).write_bytes(whole[:-5])
        done = self.nexus("db", "restore", "broken", self.file("b.nexusdump"), *self.target())
        self.assertNotEqual(done.code, 0)
        self.assertNotIn("broken", self.names())
        self.db("dump", "nowhere", self.file("c.nexusdump"), code=5)
        self.assertFalse(pathlib.Path(self.file("c.nexusdump")).exists())

    def test_production_asks_for_the_name(self):
        self.db("create", "live")
        self.nexus("query", "ALTER DATABASE live SET OPTION environment 'production'", *self.target())
        for words in (["drop", "live"], ["stop", "live"], ["rename", "live", "dead"], ["create", "live", "--or-replace"]):
            self.assertIn("production", self.db(*words, code=2).err)
        self.db("drop", "live", "--confirm", "other", code=2)
        self.assertIn("live", self.names())
        self.db("drop", "live", "--confirm", "live")
        self.assertNotIn("live", self.names())

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
