"""The sample databases, loaded as a user would, and the same question by every way in."""
import json
import subprocess
import unittest

import support
from support import Case, ROOT, clean_environment

JFK = "MATCH (a:Airport {iata: 'JFK'})-[r:FLIES_TO]->(b) RETURN b.iata AS airport, r.count AS flights ORDER BY r.count DESC LIMIT 5"
ANSWER = [["LAX", 8078], ["BOS", 7513], ["SFO", 6591], ["MCO", 5373], ["FLL", 4696]]
LINES = "".join(f'{{"airport":"{airport}","flights":{flights}}}\n' for airport, flights in ANSWER)


class Samples(Case):
    def load(self, *target):
        done = subprocess.run([str(ROOT / "scripts/samples"), "--nexus", support.binary, *map(str, target)], capture_output=True,
                              text=True, timeout=300, env=clean_environment(), check=False)
        if done.returncode != 0 and not list((ROOT / "build/samples").glob("*/data/miserables.json")):
            raise unittest.SkipTest("the sample files are not here and cannot be fetched: " + done.stderr[-200:])
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_into_a_server(self):
        server = self.serve()
        self.load("--uri", server.uri)
        self.ask_server(server)
        self.ask_command_line("--uri", server.uri)
        server.stop()
        self.ask_command_line("--data", server.data)

    def test_into_a_directory(self):
        data = self.scratch / "embedded"
        self.load("--data", data)
        self.ask_command_line("--data", data)
        self.ask_server(self.serve(data=data))

    def ask_server(self, server):
        client = server.client()
        self.assertEqual(client.rows(JFK, database="flights"), ANSWER)
        self.assertEqual(client.rows(JFK, database="miserables"), [])
        self.assertEqual(client.rows("USE flights " + JFK), ANSWER)
        self.assertEqual(client.rows("USE miserables " + JFK), [])
        session = client.request("PUT", "/api/v1/session/database", {"name": "flights"}).headers["nexus-session"]
        self.assertEqual(client.cypher(JFK, headers={"Nexus-Session": session}).rows, ANSWER)
        client.request("PUT", "/api/v1/session/database", {"name": "miserables"}, {"Nexus-Session": session})
        self.assertEqual(client.cypher(JFK, headers={"Nexus-Session": session}).rows, [])
        for name, counts in (("flights", [3_376, 5_366]), ("miserables", [77, 254])):
            self.assertEqual(client.rows("MATCH (n) OPTIONAL MATCH (n)-[r]->() RETURN count(DISTINCT n) AS n, count(r) AS r",
                                         database=name), [counts])
            info = client.request("GET", f"/api/v1/databases/{name}").json
            self.assertEqual([info["nodeCount"], info["relationshipCount"]], counts)

    def ask_command_line(self, *target):
        done = self.nexus("query", JFK, *target, "-d", "flights", "-f", "jsonl")
        self.assertEqual((done.code, done.out), (0, LINES), done)
        done = self.nexus("query", JFK, *target, "-d", "miserables", "-f", "jsonl")
        self.assertEqual((done.code, done.out), (0, ""), done)
        done = self.nexus("shell", *target, "-f", "jsonl", text=f":use flights\n{JFK};\n:use miserables\n{JFK};\n")
        self.assertEqual((done.code, done.out), (0, LINES), done)
        self.nexus("db", "switch", "flights", *target)
        done = self.nexus("query", JFK, *target, "-f", "json")
        self.assertEqual([list(row.values()) for row in json.loads(done.out)], ANSWER)
