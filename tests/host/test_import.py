"""`nexus import`: CSV, JSON Lines and JSON, embedded and against a server."""
import json

from support import Case


class Both:
    def rows(self, text, *words):
        done = self.nexus("query", text, *self.target(), "-f", "jsonl", "-d", "loaded", *words)
        self.assertEqual(done.code, 0, done)
        return [list(json.loads(line).values()) for line in done.out.splitlines()]

    def load(self, kind, *words, code=0):
        done = self.nexus("import", kind, *self.target(), "-d", "loaded", "--create-database", *words)
        self.assertEqual(done.code, code, done)
        return done

    def write(self, name, text):
        path = self.scratch / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def test_csv(self):
        people = self.write("people.csv", 'id,name,age,tall,note\n1,Ada,36,true,"a ""quoted"", text"\n2,Bob,,false,"two\nlines"\n3,Çelik,7.5,,é🚀\n')
        knows = self.write("knows.csv", "a,b,since\n1,2,2020\n2,3,2021\n")
        done = self.load("csv", "--nodes", f"Person={people}", "--id-column", "id", "--relationships", f"KNOWS={knows}",
                         "--from", "Person.id=a", "--to", "Person.id=b")
        self.assertIn("3 nodes and 2 relationships", done.err)
        self.assertEqual(done.out, "")
        self.assertEqual(self.rows("MATCH (p:Person) RETURN p.name AS n, p.age AS a, p.tall AS t, p.note AS x ORDER BY p.id"),
                         [["Ada", 36.0, True, 'a "quoted", text'], ["Bob", None, False, "two\nlines"], ["Çelik", 7.5, None, "é🚀"]])
        self.assertEqual(self.rows("MATCH (a)-[k:KNOWS]->(b) RETURN a.name AS a, k.since AS s, b.name AS b ORDER BY s"),
                         [["Ada", 2020, "Bob"], ["Bob", 2021, "Çelik"]])

    def test_csv_settings(self):
        file = self.write("t.csv", "a;b;c\n01;2;x\n02;3;y\n")
        self.load("csv", "--nodes", f"T={file}", "--delimiter", ";", "--types", "a:string,b:float", "--batch", "1")
        self.assertEqual(self.rows("MATCH (t:T) RETURN t.a AS a, t.b AS b, t.c AS c ORDER BY a"), [["01", 2.0, "x"], ["02", 3.0, "y"]])

    def test_json_lines(self):
        people = self.write("people.jsonl", '{"id": 1, "name": "Ada", "tags": ["x", "y"]}\n\n{"id": 2, "name": "Bob", "big": 9007199254740993}\n')
        knows = self.write("knows.jsonl", '{"a": 1, "b": 2}\n')
        self.load("jsonl", "--nodes", f"Person={people}", "--id-column", "id", "--relationships", f"KNOWS={knows}",
                  "--from", "Person.id=a", "--to", "Person.id=b")
        self.assertEqual(self.rows("MATCH (p:Person) RETURN p.name AS n, p.tags AS t, p.big AS b ORDER BY n"),
                         [["Ada", ["x", "y"], None], ["Bob", None, 9007199254740993]])
        self.assertEqual(self.rows("MATCH (:Person)-[k:KNOWS]->(b) RETURN b.name AS n"), [["Bob"]])

    def test_json(self):
        file = self.write("graph.json", json.dumps({"deep": {"nodes": [{"i": 0}, {"i": 1}], "links": [{"s": 0, "t": 1}]}}))
        self.load("json", "--nodes", f"N={file}#/deep/nodes", "--id-column", "i", "--relationships", f"L={file}#/deep/links",
                  "--from", "N.i=s", "--to", "N.i=t")
        self.assertEqual(self.rows("MATCH (a:N)-[:L]->(b:N) RETURN a.i AS a, b.i AS b"), [[0, 1]])

    def test_rejects(self):
        people = self.write("people.csv", "id,name\n1,Ada\n1,Again\n2,Bob\n")
        knows = self.write("knows.csv", "a,b\n1,2\n1,99\n")
        rejects = self.scratch / "rejects"
        done = self.load("csv", "--nodes", f"Person={people}", "--id-column", "id", "--relationships", f"KNOWS={knows}", "--from",
                         "Person.id=a", "--to", "Person.id=b", "--rejects", rejects, code=1)
        self.assertIn("2 rejected", done.err)
        lines = rejects.read_text().splitlines()
        self.assertEqual(len(lines), 2)
        self.assertIn(f"{people}:3:", lines[0])
        self.assertIn(f"{knows}:3:", lines[1])
        self.assertEqual(self.rows("MATCH (p:Person) RETURN p.name AS n ORDER BY n"), [["Ada"], ["Bob"]])
        self.assertEqual(self.rows("MATCH ()-[k:KNOWS]->() RETURN count(k) AS n"), [[1]])

    def test_twice_adds_nothing(self):
        people = self.write("people.csv", "id\n1\n2\n")
        self.load("csv", "--nodes", f"Person={people}", "--id-column", "id")
        self.load("csv", "--nodes", f"Person={people}", "--id-column", "id", code=1)
        self.assertEqual(self.rows("MATCH (p:Person) RETURN count(p) AS n"), [[2]])

    def test_many_records(self):
        file = self.write("many.csv", "id,text\n" + "".join(f"{i},text {i}\n" for i in range(20_000)))
        links = self.write("links.csv", "a,b\n" + "".join(f"{i},{i * 7 % 20_000}\n" for i in range(20_000)))
        self.load("csv", "--nodes", f"N={file}", "--id-column", "id", "--relationships", f"R={links}", "--from", "N.id=a", "--to", "N.id=b")
        self.assertEqual(self.rows("MATCH (n:N) RETURN count(n) AS n, sum(n.id) AS s"), [[20_000, 199_990_000]])
        self.assertEqual(self.rows("MATCH (a:N)-[:R]->(b:N) WHERE b.id = a.id * 7 % 20000 RETURN count(*) AS n"), [[20_000]])

    def test_bad_files(self):
        missing = self.scratch / "missing.csv"
        self.assertEqual(self.load("csv", "--nodes", f"N={missing}", code=5).out, "")
        for name, text in (("unclosed.csv", 'a,b\n1,"x\n'), ("ragged.csv", "a,b\n1,2,3\n"), ("latin.csv", b"a\n\xe9\n")):
            file = self.write(name, text)
            done = self.load("csv", "--nodes", f"N={file}", code=1)
            self.assertIn(name, done.err, done)
        for name, text in (("broken.jsonl", '{"a": 1}\n{"a": \n'), ("list.jsonl", "[1]\n"), ("deep.jsonl", '{"a":' * 100_000 + "\n")):
            file = self.write(name, text)
            done = self.load("jsonl", "--nodes", f"N={file}", code=1)
            self.assertIn(name, done.err, done)
            self.assertLess(len(done.err), 4_000)
        file = self.write("doc.json", '{"nodes": {"a": 1}}')
        for pointer in ("#/nodes", "#/nowhere", "#nodes", ""):
            done = self.nexus("import", "json", *self.target(), "-d", "loaded", "--create-database", "--nodes", f"N={file}{pointer}")
            self.assertNotEqual(done.code, 0, done)

    def test_usage(self):
        file = self.write("t.csv", "a\n1\n")
        for words in ((), ("--nodes", "N"), ("--nodes", "N="), ("--nodes", f"={file}"), ("--relationships", f"R={file}"),
                      ("--nodes", f"N={file}", "--batch", "0"), ("--nodes", f"N={file}", "--types", "a:nothing")):
            done = self.nexus("import", "csv", *self.target(), *words)
            self.assertEqual(done.code, 2, (words, done))

    def test_without_creating_the_database(self):
        file = self.write("t.csv", "a\n1\n")
        done = self.nexus("import", "csv", *self.target(), "-d", "nowhere", "--nodes", f"N={file}")
        self.assertEqual(done.code, 5, done)


class Embedded(Both, Case):
    def target(self):
        return "--data", self.scratch / "data"


class Remote(Both, Case):
    def setUp(self):
        super().setUp()
        self.server = self.serve()

    def target(self):
        return "--uri", self.server.uri
