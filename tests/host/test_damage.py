"""One database's files are damaged while the server is down: it says so, the others work."""
import random

from support import Case, folder_of, log_of


class Damage(Case):
    def setUp(self):
        super().setUp()
        with self.serve() as server:
            client = server.client()
            for name in ("victim", "neighbour"):
                client.rows(f"CREATE DATABASE {name} WAIT", database="system")
                for i in range(100):
                    client.rows("CREATE (a:N {i: $i, of: $of})-[:R]->(:M {i: $i, of: $of})", {"i": i, "of": name}, name)
            self.log = log_of(server, "victim")
            self.folder = folder_of(server, "victim")
            self.kill = server.kill()
        self.whole = self.log.read_bytes()

    def neighbours_work(self, client):
        self.assertEqual(client.rows("MATCH (n:N)-[:R]->(m:M {of: 'neighbour'}) RETURN count(*) AS n", database="neighbour"), [[100]])
        client.rows("CREATE (:Extra)", database="neighbour")
        client.rows("MATCH (e:Extra) DELETE e", database="neighbour")
        client.rows("CREATE DATABASE newcomer WAIT", database="system")
        client.rows("CREATE (:N)", database="newcomer")
        client.rows("DROP DATABASE newcomer WAIT", database="system")
        self.assertEqual(client.request("GET", "/health/ready").status, 200)

    def says_so(self, client):
        """A clear error, a status that explains, and no harm to anybody else."""
        body = self.problem(client.cypher("MATCH (n) RETURN count(n) AS n", database="victim"), 503, "DatabaseFailed", "51N40")
        self.assertIn("victim", body["detail"])
        again = self.problem(client.cypher("CREATE (:N)", database="victim"), 503, "DatabaseFailed")
        self.assertEqual(body["detail"], again["detail"])
        shown = client.rows("SHOW DATABASE victim YIELD currentStatus, statusMessage, requestedStatus", database="system")
        self.assertEqual([shown[0][0], shown[0][2]], ["dirty", "online"])
        self.assertTrue(shown[0][1])
        listed = client.request("GET", "/api/v1/databases/victim").json
        self.assertEqual((listed["currentStatus"], listed["statusMessage"]), ("dirty", shown[0][1]))
        self.assertEqual([d["name"] for d in client.request("GET", "/api/v1/databases?status=dirty").json["databases"]], ["victim"])
        self.neighbours_work(client)
        return body["detail"]

    def recovers(self, data, least=0):
        """The database opens, holds a prefix of the commits, each whole, and takes new ones."""
        self.log.write_bytes(data)
        with self.serve() as server:
            client = server.client()
            pairs = client.rows("MATCH (n:N)-[:R]->(m:M) WHERE n.i = m.i RETURN n.i AS i ORDER BY i", database="victim")
            self.assertEqual(pairs, [[i] for i in range(len(pairs))], "not a prefix of the commits")
            self.assertEqual(client.rows("MATCH (n) RETURN count(n) AS n", database="victim"), [[2 * len(pairs)]], "half a commit")
            self.assertGreaterEqual(len(pairs), least)
            client.rows("CREATE (:New)", database="victim")
            self.neighbours_work(client)
            server.kill()
        with self.serve() as server:
            self.assertEqual(server.client().rows("MATCH (n:New) RETURN count(n) AS n", database="victim"), [[1]])
        return len(pairs)

    def test_torn_tails_recover(self):
        for cut in (1, 7, 100):
            with self.subTest(cut=cut):
                self.assertIn(self.recovers(self.whole[:-cut], 95), range(95, 100))

    def test_garbage_after_the_end_is_cut_off(self):
        for tail in (b"\x00" * 4096, b"\xff" * 100, bytes(random.Random(1).randbytes(5_000)), self.whole[64:200]):
            with self.subTest(tail=tail[:4]):
                self.assertEqual(self.recovers(self.whole + tail), 100)

    def test_a_flipped_bit_in_what_was_synced(self):
        dice = random.Random(2)
        for _ in range(8):
            at = dice.randrange(64, len(self.whole) // 2)
            with self.subTest(at=at):
                damaged = bytearray(self.whole)
                damaged[at] ^= 1 << dice.randrange(8)
                self.log.write_bytes(damaged)
                with self.serve() as server:
                    self.says_so(server.client())
                    server.kill()
                self.assertEqual(self.log.read_bytes(), damaged, "a damaged file is evidence: it stays as it is")

    def test_other_damage(self):
        def of(path, change):
            before = path.read_bytes()
            path.write_bytes(change(before))
            return lambda: path.write_bytes(before)

        def remove(path):
            before = path.read_bytes()
            path.unlink()
            return lambda: path.write_bytes(before)
        manifest = self.folder / "MANIFEST"
        kinds = {
            "log header": lambda: of(self.log, lambda b: b"X" + b[1:]),
            "log of another version": lambda: of(self.log, lambda b: b[:8] + b"\x63" + b[9:]),
            "log is empty": lambda: of(self.log, lambda b: b""),
            "log is zeros": lambda: of(self.log, lambda b: bytes(len(b))),
            "log is half a header": lambda: of(self.log, lambda b: b[:32]),
            "log is gone": lambda: remove(self.log),
            "manifest is gone": lambda: remove(manifest),
            "manifest is empty": lambda: of(manifest, lambda b: b""),
            "manifest is cut": lambda: of(manifest, lambda b: b[:20]),
            "manifest bit": lambda: of(manifest, lambda b: b[:30] + bytes([b[30] ^ 1]) + b[31:]),
            "manifest names a path": lambda: of(manifest, lambda b: b.replace(b"log-", b"../x")),
        }
        details = set()
        for kind, damage in kinds.items():
            with self.subTest(kind=kind):
                repair = damage()
                with self.serve() as server:
                    details.add(self.says_so(server.client()))
                    server.kill()
                repair()
        self.assertGreater(len(details), 3, "the messages tell the kinds of damage apart")
        self.assertEqual(self.recovers(self.whole), 100)

    def test_another_databases_log_is_not_taken(self):
        with self.serve() as server:
            other = log_of(server, "neighbour").read_bytes()
            server.kill()
        self.log.write_bytes(other)
        with self.serve() as server:
            client = server.client()
            self.says_so(client)
            self.assertNotIn(b"neighbour", client.cypher("MATCH (n) RETURN n.of AS o", database="victim").body)

    def test_a_damaged_database_can_be_dropped_or_replaced(self):
        self.log.write_bytes(self.whole[:100] + b"\x00" * 200 + self.whole[300:])
        with self.serve() as server:
            client = server.client()
            self.says_so(client)
            self.assertEqual(client.request("POST", "/api/v1/databases", {"name": "victim", "orReplace": True}).status, 201)
            self.assertEqual(client.rows("MATCH (n) RETURN count(n) AS n", database="victim"), [[0]])
            client.rows("CREATE (:N)", database="victim")

    def test_a_repaired_file_is_opened_by_start(self):
        self.log.write_bytes(self.whole[:100] + b"\x00" * 200 + self.whole[300:])
        with self.serve() as server:
            client = server.client()
            self.says_so(client)
            self.log.write_bytes(self.whole)
            client.rows("STOP DATABASE victim WAIT", database="system")
            client.rows("START DATABASE victim WAIT", database="system")
            self.assertEqual(client.rows("MATCH (n) RETURN count(n) AS n", database="victim"), [[200]])

    def test_a_damaged_system_database_stops_the_start(self):
        system = next((self.scratch / "data" / "system").glob("log-*"))
        data = bytearray(system.read_bytes())
        data[90] ^= 4
        system.write_bytes(data)
        done = self.nexus("serve", "--data", self.scratch / "data", "--port", "0")
        self.assertEqual(done.code, 8, done)
        self.assertIn("Corruption", done.err)
        self.assertEqual(system.read_bytes(), data)

    def test_strange_files_beside_are_left_alone(self):
        (self.scratch / "data" / "db" / "notes.txt").write_text("mine")
        (self.folder / "notes.txt").write_text("mine")
        self.assertEqual(self.recovers(self.whole), 100)
        self.assertEqual((self.scratch / "data" / "db" / "notes.txt").read_text(), "mine")
        self.assertEqual((self.folder / "notes.txt").read_text(), "mine")

    def test_the_command_line_says_so_too(self):
        self.log.write_bytes(self.whole[:100] + b"\x00" * 200 + self.whole[300:])
        done = self.nexus("query", "RETURN 1 AS one", "--data", self.scratch / "data", "-d", "victim")
        self.assertEqual(done.code, 8, done)
        self.assertIn("DatabaseFailed", done.err)
        self.assertEqual(self.nexus("query", "RETURN 1 AS one", "--data", self.scratch / "data", "-d", "neighbour").code, 0)
