"""`nexus shell` at a terminal: completion, paging, transactions, output below each other."""
import os
import signal
import time

import support
from support import Case, clean_environment
from terminal import Terminal


class Shell:
    """The tests; run once on a directory and once on a server."""

    def setUp(self):
        super().setUp()
        self.prepare()
        self.seed("neo4j", "CREATE (:OnlyHere {nickname: 'x'})-[:KNOWS_HERE]->(:OnlyThat)")
        self.seed("elsewhere", "CREATE (:OnlyThere {`odd key`: 1})")

    def seed(self, database, text):
        self.nexus("db", "create", "elsewhere", "--if-not-exists", *self.target())
        done = self.nexus("query", text, "-d", database, *self.target())
        self.assertEqual(done.code, 0, done)

    def environment(self, **more):
        return {**clean_environment(), "HOME": str(self.scratch), "XDG_CONFIG_HOME": str(self.scratch), "XDG_STATE_HOME": str(self.scratch),
                "TERM": "xterm", "NEXUS_PAGER": "sed s/^/PAGED:/", **more}

    def shell(self, *words, rows=24, columns=100, **environment):
        terminal = Terminal(self, [support.binary, "shell", *self.target(), *words], self.environment(**environment), rows, columns)
        terminal.until("@neo4j> ")
        return terminal

    def leave(self, terminal):
        terminal.type("\x15")  # Forget what is typed.
        terminal.type(":exit\n")
        self.assertEqual(terminal.ended(), 0)

    def test_tab_completes_labels_of_the_database_in_use(self):
        terminal = self.shell()
        terminal.tab("MATCH (n:OnlyH", "ere")
        self.assertIn("│   1 │", terminal.ask(") RETURN count(n) AS one;", "@neo4j> "))
        terminal.tab("MATCH (n:O", "nly")
        listed = terminal.tab("", "@neo4j> ")
        self.assertIn("OnlyHere", listed)
        self.assertIn("OnlyThat", listed)
        self.assertNotIn("OnlyThere", listed)
        terminal.type("\x15")
        terminal.tab(":use el", "sewhere")
        terminal.ask("", "@elsewhere> ")
        terminal.tab("MATCH (n:OnlyT", "here")
        self.leave(terminal)

    def test_tab_completes_everything_else(self):
        terminal = self.shell()
        (self.scratch / "a file.cypher").write_text("RETURN 77 AS x;\n")
        for typed, shown in (("mat", "ch"), ("MATCH ()-[:KN", "OWS_HERE"), ("MATCH (n) RETURN n.nic", "kname"), ("RETURN toUpp", "er("),
                             ("CALL db.lab", "els("), ("USE elsew", "here"), (":roll", "back"), (":set out", "put"), (":set output ver", "tical"),
                             ("MATCH (naïve) RETURN naï", "ve"), ("MATCH (n:Person) WHERE n.nickname STA", "RTS WITH")):
            with self.subTest(typed):
                terminal.tab(typed, shown)
                terminal.type("\x15")
                terminal.type(";\n")
                terminal.until("@neo4j> ")
        terminal.tab(f":source {self.scratch}/a f", "ile.cypher")
        self.assertIn("77", terminal.ask("", "@neo4j> "))
        terminal.ask(":param answer => 42", "@neo4j> ")
        terminal.tab("RETURN $ans", "wer")
        self.assertIn("42", terminal.ask(" AS x;", "@neo4j> "))
        terminal.ask("MATCH (n)", "| ")
        terminal.tab("WHE", "RE")
        terminal.type("\x03")  # Forgets all of it, whatever the editor was doing.
        terminal.until("@neo4j> ")
        self.leave(terminal)

    def test_a_tab_in_pasted_text_is_a_blank(self):
        terminal = self.shell()
        terminal.type("MATCH (n)\n\tRETURN\tcount(n) AS\tn;\n")
        self.assertIn("│ 2 │", terminal.until("@neo4j> "))
        self.leave(terminal)

    def test_history_keeps_statements_as_one_line(self):
        terminal = self.shell()
        terminal.ask("RETURN 40 + // forty", "| ")
        terminal.ask("2 AS answer\\G", "@neo4j> ")
        terminal.type("\x10\n")  # The line before.
        self.assertIn("answer │ 42", terminal.until("@neo4j> "))
        terminal.ask("CREATE USER ada SET PASSWORD 'secret word';", "@neo4j> ")
        self.leave(terminal)
        history = "".join(path.read_text() for path in self.scratch.rglob("history"))
        self.assertIn("answer", history)
        self.assertNotIn("secret", history)

    def test_control_c_forgets_what_is_typed(self):
        terminal = self.shell()
        for _ in range(20):
            terminal.type("MATCH (n")
            terminal.until("MATCH (n")
            terminal.type("\x03")
            terminal.until("@neo4j> ")
        self.assertIn("│ 1 │", terminal.ask("RETURN 1 AS x;", "@neo4j> "))
        self.leave(terminal)

    def test_long_results_are_paged(self):
        terminal = self.shell()
        paged = terminal.ask("UNWIND range(1, 60) AS i RETURN i;", "@neo4j> ")
        self.assertIn("PAGED:│ 60 │", paged)
        self.assertNotIn("PAGED", terminal.ask("UNWIND range(1, 3) AS i RETURN i;", "@neo4j> "))
        self.assertIn("PAGED:", terminal.ask("UNWIND range(1, 30) AS i RETURN i\\G", "@neo4j> "))
        terminal.ask(":set pager off", "@neo4j> ")
        self.assertNotIn("PAGED", terminal.ask("UNWIND range(1, 60) AS i RETURN i;", "@neo4j> "))
        terminal.ask(":set pager sed s/^/OTHER:/", "@neo4j> ")
        self.assertIn("OTHER:│ 60 │", terminal.ask("UNWIND range(1, 60) AS i RETURN i;", "@neo4j> "))
        self.leave(terminal)

    def test_a_pager_that_is_left(self):
        terminal = self.shell(NEXUS_PAGER="head -n 2")
        self.assertIn("the pager was left", terminal.ask("UNWIND range(1, 3000000) AS i RETURN i;", "@neo4j> "))
        self.assertIn("│ 1 │", terminal.ask("RETURN 1 AS x;", "@neo4j> "))
        terminal.ask(":begin", "@neo4j# ")
        terminal.ask("CREATE (:Kept);", "@neo4j# ")
        terminal.ask("UNWIND range(1, 100000) AS i RETURN i;", "@neo4j# ")
        self.assertIn("committed", terminal.ask(":commit", "@neo4j> "))
        self.assertIn("│ 1 │", terminal.ask("MATCH (k:Kept) RETURN count(k) AS n;", "@neo4j> "))
        self.leave(terminal)

    def test_transactions(self):
        terminal = self.shell()
        terminal.ask("begin;", "@neo4j# ")
        terminal.ask("CREATE (:Tx);", "@neo4j# ")
        self.assertIn("TransactionAlreadyOpen", terminal.ask(":use elsewhere", "@neo4j# "))
        self.assertIn("the transaction is rolled back", terminal.ask("RETURN 1 / 0;", "@neo4j> "))
        terminal.ask(":BEGIN", "@neo4j# ")
        terminal.ask("CREATE (:Tx);", "@neo4j# ")
        self.assertIn("rolled back", terminal.ask("rollback;", "@neo4j> "))
        terminal.ask(":begin", "@neo4j# ")
        terminal.ask("CREATE (:Tx);", "@neo4j# ")
        terminal.type("exit\n")
        terminal.until("the open transaction is rolled back")
        self.assertEqual(terminal.ended(), 0)

    def test_rows_below_each_other(self):
        terminal = self.shell(columns=40)
        wide = "x" * 60
        self.assertIn("…", terminal.ask(f"RETURN '{wide}' AS text;", "@neo4j> "))
        self.assertIn(f"text │ '{wide}'".replace(" ", ""), terminal.ask(f"RETURN '{wide}' AS text\\G", "@neo4j> ").replace(" ", ""))
        terminal.ask(":set output vertical", "@neo4j> ")
        self.assertIn("── row 1 ──", terminal.ask("RETURN 1 AS x;", "@neo4j> "))
        terminal.ask(":set output table", "@neo4j> ")
        terminal.ask(":set width off", "@neo4j> ")
        self.assertNotIn("…", terminal.ask(f"RETURN '{wide}' AS text;", "@neo4j> "))
        self.leave(terminal)

    def test_settings(self):
        terminal = self.shell()
        self.assertIn(" ms", terminal.ask("RETURN 1 AS x;", "@neo4j> "))
        terminal.ask(":set timing off", "@neo4j> ")
        without = terminal.ask("RETURN 1 AS x;", "@neo4j> ")
        self.assertIn("1 row", without)
        self.assertNotIn(" ms", without)
        terminal.ask(":set footer off", "@neo4j> ")
        self.assertNotIn("1 row", terminal.ask("RETURN 1 AS x;", "@neo4j> "))
        listed = terminal.ask(":set", "@neo4j> ")
        for word in ("timing", "off", "pager", "sed s/^/PAGED:/", "on-error", "stop"):
            self.assertIn(word, listed)
        self.assertIn("is one of on|off", terminal.ask(":set timing maybe", "@neo4j> "))
        self.assertIn("no setting", terminal.ask(":set nonsense on", "@neo4j> "))
        self.leave(terminal)


class Embedded(Shell, Case):
    def prepare(self):
        pass

    def target(self):
        return "--data", self.scratch / "data"


class Remote(Shell, Case):
    def prepare(self):
        self.server = self.serve()

    def target(self):
        return "--uri", self.server.uri

    def test_tab_does_not_hang_on_a_server_that_does(self):
        terminal = self.shell()
        os.kill(self.server.process.pid, signal.SIGSTOP)
        try:
            terminal.type("MATCH (n:OnlyH")
            terminal.until("OnlyH")
            terminal.type("\t")
            time.sleep(0.2)
            terminal.type("this was typed later")
            terminal.until("this was typed later")
            self.assertNotIn("OnlyHere", terminal.seen)
            terminal.type("\x15:exit\n")
            self.assertEqual(terminal.ended(), 0)
        finally:
            os.kill(self.server.process.pid, signal.SIGCONT)

    def test_tab_on_a_server_that_is_gone_is_silent(self):
        terminal = self.shell()
        self.server.stop()
        terminal.type("MATCH (n:OnlyH")
        terminal.until("OnlyH")
        terminal.type("\t")
        time.sleep(0.2)
        terminal.type(") later")
        self.assertNotIn("error", terminal.until(") later"))
        self.leave(terminal)
        self.server = self.serve()
