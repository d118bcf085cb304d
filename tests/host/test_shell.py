"""`nexus query` and `nexus shell`, embedded and against a server: the same words, the same output."""
import csv
import io
import json
import os
import pty
import select
import signal
import subprocess
import time

import support
from support import Case, clean_environment, eventually


class Both:
    """The tests; run once on a directory and once on a server."""

    def target(self):
        raise NotImplementedError

    def query(self, text, *words, **more):
        return self.nexus("query", text, *self.target(), *words, **more)

    def shell(self, text, *words, **more):
        return self.nexus("shell", *self.target(), *words, text=text, **more)

    def out(self, done, code=0):
        self.assertEqual(done.code, code, done)
        return done.out

    def test_formats(self):
        text = "UNWIND [1, 2] AS i RETURN i, 'a,\"b\"' AS s, null AS z, [1.5, true] AS l, date('2024-02-29') AS d"
        self.assertEqual(list(csv.reader(io.StringIO(self.out(self.query(text, "-f", "csv"))))),
                         [["i", "s", "z", "l", "d"]] + [[str(i), 'a,"b"', "", "[1.5, true]", "2024-02-29"] for i in (1, 2)])
        rows = [{"i": i, "s": 'a,"b"', "z": None, "l": [1.5, True], "d": "2024-02-29"} for i in (1, 2)]
        self.assertEqual(json.loads(self.out(self.query(text, "-f", "json"))), rows)
        self.assertEqual([json.loads(line) for line in self.out(self.query(text, "-f", "jsonl")).splitlines()], rows)
        self.assertEqual(self.out(self.query(text, "-f", "tsv")).splitlines()[1], '1\ta,"b"\t\t[1.5, true]\t2024-02-29')
        table = self.out(self.query(text)).splitlines()
        self.assertEqual(len({len(line) for line in table}), 1, "lines of a table are equally wide")
        self.assertIn("│ i │ s       │    z │ l           │ d            │", table)
        self.assertEqual(len(table), 6)

    def test_no_rows(self):
        self.assertEqual(self.out(self.query("UNWIND [] AS i RETURN i", "-f", "csv")).strip(), "i")
        self.assertEqual(json.loads(self.out(self.query("UNWIND [] AS i RETURN i", "-f", "json"))), [])
        self.assertEqual(self.out(self.query("UNWIND [] AS i RETURN i", "-f", "jsonl")), "")
        self.assertEqual(self.out(self.query("CREATE (:Silent)", "-f", "csv")), "")

    def test_only_data_goes_to_standard_output(self):
        done = self.query("RETURN 1 AS x", "-f", "csv")
        self.assertEqual((done.out.split(), done.err), (["x", "1"], ""))
        done = self.query("CREATE (:Footer)")
        self.assertEqual(done.out, "")
        self.assertIn("created 1 node", done.err)
        self.assertEqual(self.query("CREATE (:Footer)", "-q").err, "")

    def test_values_of_a_graph(self):
        self.out(self.query("CREATE (a:P:Q {n: 1, s: 'x'})-[:KNOWS {since: 2020}]->(b:R)"))
        out = self.out(self.query("MATCH p = (a:P)-[r]->(b) RETURN a, r, p", "-f", "plain"))
        self.assertIn("(:P:Q {n: 1, s: 'x'})", out)
        self.assertIn("[:KNOWS {since: 2020}]", out)
        self.assertIn("(:P:Q {n: 1, s: 'x'})-[:KNOWS {since: 2020}]->(:R)", out)
        value = json.loads(self.out(self.query("MATCH (a:P) RETURN a", "-f", "json")))[0]["a"]
        self.assertIn("P", json.dumps(value))

    def test_parameters(self):
        out = self.out(self.query("RETURN $a AS a, $b AS b", "-f", "jsonl", "-P", "a=[1, {\"k\": null}]", "-P", 'b="é"'))
        self.assertEqual(json.loads(out), {"a": [1, {"k": None}], "b": "é"})
        for words in (("-P", "a"), ("-P", "=1"), ("-P", "a=text"), ("-P", "a={")):
            done = self.query("RETURN $a AS a", *words)
            self.assertEqual(done.code, 2, done)
            self.assertTrue(done.err.startswith("error: "), done)

    def test_exit_codes(self):
        for text, words, code, name in (
                ("RETURN", (), 1, "UnexpectedSyntax"), ("RETURN 1 / 0 AS x", (), 1, "DivisionByZero"),
                ("RETURN 1 AS x", ("-d", "nowhere"), 5, "DatabaseNotFound"), ("USE nowhere RETURN 1 AS x", (), 5, "GraphNotFound"),
                ("CREATE (a:C)-[:R]->(b:C) WITH a DELETE a", (), 7, "DeleteConnectedNode"),
                ("RETURN $missing AS x", (), 1, "MissingParameter")):
            done = self.query(text, *words)
            self.assertEqual(done.code, code, done)
            self.assertIn(name, done.err)
            self.assertEqual(done.out, "")

    def test_errors_point_at_their_place(self):
        done = self.query("MATCH (n)\nRETURN m")
        self.assertIn("at line 2, column 8", done.err)
        self.assertIn("RETURN m\n       ^", done.err)
        done = self.shell("RETURN 1 AS x;\n\nMATCH (n)\nRETURN m;\n", "-f", "csv")
        self.assertEqual(done.code, 1)
        self.assertIn("line 4", done.err, "the line of the input")

    def test_statements_over_lines(self):
        out = self.out(self.shell("RETURN\n  1\n  AS x;RETURN 2 AS x; RETURN ';' AS x; // ;\n/* ; */ RETURN '\n' AS y;\nRETURN 3 AS x",
                                  "-f", "jsonl"))
        self.assertEqual([json.loads(line) for line in out.splitlines()], [{"x": 1}, {"x": 2}, {"x": ";"}, {"y": "\n"}, {"x": 3}])

    def test_use(self):
        self.out(self.nexus("db", "create", "elsewhere", *self.target()))
        out = self.out(self.shell(":use elsewhere\nCREATE (:Here);\nMATCH (n) RETURN count(n) AS n;\n:use\nMATCH (h:Here) RETURN count(h) AS n;\n"
                                  ":use `elsewhere`\nMATCH (h:Here) RETURN count(h) AS n;", "-f", "jsonl"))
        self.assertEqual([json.loads(line)["n"] for line in out.splitlines()], [1, 0, 1])
        done = self.shell(":use nowhere\nRETURN 1 AS x;", "-f", "csv")
        self.assertEqual((done.code, done.out), (5, ""), done)
        done = self.shell(":use nowhere\nRETURN 1 AS x;", "-f", "csv", "--fail-at-end")
        self.assertEqual((done.code, done.out.split()), (5, ["x", "1"]), done)
        out = self.out(self.shell("USE elsewhere MATCH (h:Here) RETURN count(h) AS n;\nMATCH (h:Here) RETURN count(h) AS n;", "-f", "jsonl"))
        self.assertEqual([json.loads(line)["n"] for line in out.splitlines()], [1, 0], "USE is for one statement")

    def test_param(self):
        out = self.out(self.shell(":param x => 1 + 2\n:param y: {a: [$x]}\n:param $z => 'é'\nRETURN $x AS x, $y AS y, $z AS z;\n", "-f", "jsonl"))
        self.assertEqual(json.loads(out), {"x": 3, "y": {"a": [3]}, "z": "é"})
        self.assertEqual(self.out(self.shell(":param x => 1\n:params\n:params clear\n:params\n")), "x => 1\n")
        self.assertEqual(self.shell(":param x\n").code, 2)
        self.assertEqual(self.shell(":param x => nothing(1)\n").code, 1)

    def test_help_and_unknown_commands(self):
        done = self.shell(":help\n")
        self.assertEqual(done.code, 0)
        for word in (":use", ":param", ":begin", ":source", ":exit"):
            self.assertIn(word, done.err)
        self.assertEqual(self.shell(":nonsense\n").code, 2)

    def test_format_and_exit(self):
        out = self.out(self.shell(":format csv\nRETURN 1 AS x;\n:format jsonl\nRETURN 2 AS x;\n:exit\nRETURN 3 AS x;\n"))
        self.assertEqual(out.split(), ["x", "1", '{"x":2}'])
        self.assertEqual(self.shell(":format nonsense\n").code, 2)

    def test_files(self):
        one = self.scratch / "one.cypher"
        one.write_text("RETURN 1 AS x;\nRETURN 2 AS x;\n")
        self.assertEqual(self.out(self.shell("", "-f", "jsonl", "--file", one)).split(), ['{"x":1}', '{"x":2}'])
        self.assertEqual(self.out(self.shell(f":source {one}\nRETURN 3 AS x;", "-f", "jsonl")).split(), ['{"x":1}', '{"x":2}', '{"x":3}'])
        self.assertEqual(self.shell(f":source {self.scratch}/missing\n").code, 5)
        again = self.scratch / "again.cypher"
        again.write_text(f":source {again}\n")
        done = self.shell(f":source {again}\n")
        self.assertNotEqual(done.code, 0)
        self.assertIn("too deep", done.err)

    def test_errors_in_files_say_where(self):
        inner = self.scratch / "inner.cypher"
        inner.write_text("RETURN 1 AS x;\n\nRETURN\n  1 / 0 AS x;\nRETURN 2 AS x;\n")
        outer = self.scratch / "outer.cypher"
        outer.write_text(f"RETURN 0 AS x;\n:source {inner}\nRETURN 3 AS x;\n")
        done = self.shell(f":source {outer}\nRETURN 4 AS x;", "-f", "jsonl")
        self.assertEqual((done.code, done.out.split()), (1, ['{"x":0}', '{"x":1}']), done)
        self.assertIn(f"in {inner}, line ", done.err)
        self.assertIn(f"in {outer}, line 2", done.err)
        done = self.shell(f":set on-error continue\n:source {outer}\nRETURN 4 AS x;", "-f", "jsonl")
        self.assertEqual((done.code, done.out.split()), (1, [f'{{"x":{i}}}' for i in (0, 1, 2, 3, 4)]), done)
        inner.write_text("RETURN 1 AS\n x y;\n")
        self.assertIn(f"in {inner}, line 2, column ", self.shell(f":source {inner}").err)
        inner.write_text("\n:nonsense\n")
        done = self.shell(f":source {inner}")
        self.assertEqual(done.code, 2, done)
        self.assertIn(f"in {inner}, line 2", done.err)
        self.assertEqual(self.shell(f":source {self.scratch}").code, 5, "a folder is no file")
        self.assertEqual(self.shell(":source\n").code, 2)

    def test_rows_below_each_other(self):
        out = self.out(self.shell("RETURN 1 AS one, 'b' AS other\\G\nRETURN 2 AS x;", "-q"))
        self.assertEqual(out.splitlines()[1:3], ["one   │ 1", "other │ 'b'"])
        self.assertIn("│ 2 │", out)
        self.assertEqual(self.out(self.query("RETURN 1 AS x", "-f", "vertical")).splitlines()[1:], ["x │ 1"])

    def test_settings(self):
        done = self.shell(":set output csv\nRETURN 1 AS x;\n:set pager on\n:set timing off\n:set\n")
        self.assertEqual(done.out.split()[:2], ["x", "1"], done)
        self.assertIn("pager     off", done.out, "output that is no terminal has no pager")
        self.assertEqual(self.shell(":set output nonsense\n").code, 2)
        self.assertEqual(self.shell(":set width -1\n").code, 2)
        self.assertEqual(self.shell(":begin now\n").code, 2)

    def test_a_transaction_that_fails_takes_nothing_more(self):
        done = self.shell(":begin\nCREATE (:Part);\nRETURN 1 / 0;\nCREATE (:Part);\n:commit\nMATCH (p:Part) RETURN count(p) AS n;",
                          "-f", "jsonl", "--fail-at-end")
        self.assertEqual((done.code, done.out.split()), (1, ['{"n":0}']), done)
        self.assertIn("the transaction is rolled back", done.err)
        done = self.shell("BEGIN;\nRETURN 1 / 0;\nROLLBACK;\nBEGIN TRANSACTION;\nCREATE (:Part);\nCOMMIT;\nMATCH (p:Part) RETURN count(p) AS n;",
                          "-f", "jsonl", "--fail-at-end")
        self.assertEqual((done.code, done.out.split()), (1, ['{"n":1}']), done)

    def test_the_first_failure_ends_a_script(self):
        done = self.shell("CREATE (:A);\nRETURN 1 / 0 AS x;\nCREATE (:B);\n")
        self.assertEqual(done.code, 1)
        out = self.out(self.query("MATCH (n) WHERE n:A OR n:B RETURN labels(n)[0] AS l", "-f", "jsonl"))
        self.assertEqual(out.split(), ['{"l":"A"}'])

    def test_transactions(self):
        out = self.out(self.shell(":begin\nCREATE (:T);\n:rollback\nMATCH (t:T) RETURN count(t) AS n;\n:begin\nCREATE (:T);\n:commit\n"
                                  "MATCH (t:T) RETURN count(t) AS n;", "-f", "jsonl"))
        self.assertEqual(out.split(), ['{"n":0}', '{"n":1}'])
        self.assertEqual(self.shell(":commit\n").code, 1)

    def test_names_of_databases(self):
        for name in ("../x", "system2", "a" * 64, "🚀🚀🚀", ""):
            done = self.nexus("db", "create", name, *self.target())
            self.assertNotEqual(done.code, 0, done)
            self.assertEqual(done.out, "")

    def test_show_databases(self):
        out = self.out(self.query("SHOW DATABASES YIELD name, currentStatus", "-f", "csv"))
        self.assertIn(["neo4j", "online"], list(csv.reader(io.StringIO(out))))

    def test_many_rows(self):
        out = self.out(self.query("UNWIND range(1, 50000) AS i RETURN i", "-f", "tsv")).split("\n")
        self.assertEqual(out[:3] + out[-2:], ["i", "1", "2", "50000", ""])
        table = self.out(self.query("UNWIND range(1, 5000) AS i RETURN i")).splitlines()
        self.assertEqual(len(table), 5_004)

    def test_hostile_statements(self):
        for text in ("RETURN " + "(" * 10_000 + "1" + ")" * 10_000, "(" * 100_000, "\x01", "é" * 1_000, "RETURN '"):
            done = self.query(text)
            self.assertEqual(done.code, 1, done)
            self.assertLess(len(done.err), 4_000, "an error stays readable")

    def test_a_pipe_that_closes(self):
        process = subprocess.Popen([support.binary, "query", "UNWIND range(1, 200000) AS i RETURN i", *map(str, self.target()), "-f", "csv"],
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=self.environment())
        process.stdout.read(10)
        process.stdout.close()
        self.assertIsNotNone(process.wait(60))

    def test_interrupt(self):
        process = subprocess.Popen([support.binary, "query", "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b RETURN count(*) AS n",
                                    *map(str, self.target())], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=self.environment())
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        self.assertEqual((process.returncode, out), (130, b""), err)

    def environment(self):
        return {**clean_environment(), "HOME": str(self.scratch), "XDG_CONFIG_HOME": str(self.scratch), "XDG_STATE_HOME": str(self.scratch),
                "TERM": "xterm"}

    def test_at_a_terminal(self):
        main, other = pty.openpty()
        process = subprocess.Popen([support.binary, "shell", *map(str, self.target())], stdin=other, stdout=other, stderr=other,
                                   env=self.environment(), start_new_session=True)
        os.close(other)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        seen = b""

        def until(text):
            nonlocal seen
            end = time.monotonic() + 30
            while text not in seen:
                if select.select([main], [], [], 0.1)[0]:
                    seen += os.read(main, 4096)
                self.assertLess(time.monotonic(), end, f"{text!r} is not in {seen!r}")
        # Each line is typed at a prompt: between prompts the terminal itself edits.
        for typed, shown in ((None, b"@neo4j> "), (b"RETURN 40 +\n", b"| "), (b"2 AS answer;\n", b"42"), (None, b"@neo4j> "),
                             (b":use nowhere\n", b"DatabaseNotFound"), (None, b"@neo4j> "), (b"RETURN 6 * 7 AS x;\n", b"42"),
                             (None, b"@neo4j> "), (b"\x04", b"")):
            if typed is not None:
                os.write(main, typed)
            until(shown)
            seen = seen[seen.index(shown) + len(shown):]
        # Typed again: what comes while the line editor takes the terminal over may be thrown away.
        ended = eventually(lambda: process.poll() is not None or os.write(main, b"\x04") == 0)
        self.assertTrue(ended)
        self.assertEqual(process.returncode, 0)
        os.close(main)


class Embedded(Both, Case):
    def target(self):
        return "--data", self.scratch / "data"

    def test_a_directory_from_the_environment(self):
        self.out(self.query("CREATE (:FromHere)"))
        done = self.nexus("query", "MATCH (f:FromHere) RETURN count(f) AS n", "-f", "csv", environment={"NEXUS_DATA": str(self.scratch / "data")})
        self.assertEqual((done.code, done.out.split()), (0, ["n", "1"]), done)


class Remote(Both, Case):
    def setUp(self):
        super().setUp()
        self.server = self.serve()

    def target(self):
        return "--uri", self.server.uri

    def tearDown(self):
        self.assertEqual(self.server.client().rows("RETURN 1 AS x"), [[1]])

    def test_no_server(self):
        self.server.stop()
        done = self.query("RETURN 1 AS x")
        self.assertEqual(done.code, 3, done)
        self.assertIn("cannot connect", done.err)
        self.server = self.serve()

    def test_an_address_that_is_none(self):
        for uri in ("nonsense", "https://127.0.0.1", "http://", "http://127.0.0.1:x", "http://no.such.host.invalid:1"):
            done = self.nexus("query", "RETURN 1 AS x", "--uri", uri)
            self.assertIn(done.code, (2, 3), done)

    def test_the_server_goes_away(self):
        process = subprocess.Popen([support.binary, "shell", *map(str, self.target()), "-f", "csv", "--fail-at-end"], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=self.environment())
        process.stdin.write("RETURN 1 AS x;\n")
        process.stdin.flush()
        self.assertEqual([process.stdout.readline().strip() for _ in range(2)], ["x", "1"])
        self.server.stop()
        out, err = process.communicate("RETURN 2 AS x;\n", timeout=60)
        self.assertEqual((process.returncode, out.split()), (3, []), err)
        self.server = self.serve()

    def test_data_and_uri_exclude_each_other(self):
        self.assertEqual(self.query("RETURN 1 AS x", "--data", self.scratch / "data").code, 2)
