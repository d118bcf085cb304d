"""The command line as command shells and readers see it: completion scripts and manual pages, also as they are installed."""
import pathlib
import re
import shutil
import subprocess

import support
from support import Case, clean_environment
from terminal import Terminal

COMMANDS = ("serve", "shell", "query", "db", "import", "completion", "manual")


def plain(roff):
    """A page's source as the text that it stands for."""
    for escape, text in ((r"\(aq", "'"), (r"\(ga", "`"), (r"\(ha", "^"), (r"\(ti", "~"), (r"\(dq", '"'), (r"\-", "-"), (r"\&", "")):
        roff = roff.replace(escape, text)
    return re.sub(r"\\f[A-Z]", "", roff).replace("\\e", "\\")


class Manual(Case):
    def page(self, *words):
        done = self.nexus("manual", *words)
        self.assertEqual((done.code, done.err), (0, ""), done)
        return done.out

    def test_every_option_of_help_is_in_the_page(self):
        helps = {command: [[command]] for command in COMMANDS}
        helps[""] = [[]]
        helps["db"] += [["db", name] for name in ("list", "info", "create", "switch", "copy", "rename", "drop", "alias", "undrop", "stop",
                                                  "start", "dump", "restore")]
        helps["import"] += [["import", name] for name in ("csv", "jsonl", "json")]
        for command, calls in helps.items():
            page = plain(self.page(*([command] if command else [])))
            for call in calls:
                done = self.nexus(*call, "--help")
                self.assertEqual(done.code, 0, done)
                options = re.findall(r"^  (?:-\w,)?(--[a-z-]+)", done.out, re.M)
                self.assertTrue(options, done)
                for option in options:
                    self.assertIn(option, page, call)
                for name in re.findall(r"^  ([a-z]+) {2,}", done.out, re.M):
                    self.assertIn(name, page, call)

    def test_pages_are_well_formed(self):
        directory = self.scratch / "man1"
        directory.mkdir()
        self.page("--directory", directory)
        pages = sorted(path.name for path in directory.iterdir())
        self.assertEqual(pages, sorted(["nexus.1", *(f"nexus-{command}.1" for command in COMMANDS)]))
        tools = {"groff": ["groff", "-ww", "-man", "-Tutf8", "-Kutf8", "-z"], "man": ["man", "--warnings=w", "-l"],
                 "mandoc": ["mandoc", "-T", "lint", "-W", "error"], "lexgrog": ["lexgrog"]}
        for tool, words in tools.items():
            with self.subTest(tool):
                if shutil.which(tool) is None:
                    self.skipTest(f"{tool} is not installed")
                for name in pages:
                    done = subprocess.run([*words, directory / name], capture_output=True, text=True, timeout=60,
                                          env={**clean_environment(), "LC_ALL": "C.UTF-8", "MANPAGER": "cat", "PAGER": "cat"})
                    self.assertEqual((done.returncode, done.stderr), (0, ""), f"{tool} {name}: {done}")

    def test_a_command_that_is_none(self):
        self.assertEqual(self.nexus("manual", "nonsense").code, 2)

    def test_what_is_installed(self):
        build = pathlib.Path(support.binary).parents[1]
        if shutil.which("cmake") is None or not (build / "host-native" / "extras" / "man1" / "nexus.1").exists():
            self.skipTest("the program is not in a complete build directory")
        prefix = self.scratch / "usr"
        subprocess.run(["cmake", "--install", build, "--prefix", prefix], check=True, capture_output=True, timeout=120)
        there = {str(path.relative_to(prefix)) for path in prefix.rglob("*") if path.is_file()}
        wanted = {"bin/nexus", "share/man/man1/nexus.1", "share/man/man1/nexus-db.1", "share/bash-completion/completions/nexus",
                  "share/fish/vendor_completions.d/nexus.fish"}
        self.assertEqual(wanted - there, set())
        self.assertTrue({"share/zsh/site-functions/_nexus", "share/zsh/vendor-completions/_nexus"} & there)
        self.assertEqual((prefix / "share/man/man1/nexus-db.1").read_text(), self.page("db"))


class Words(Case):
    def complete(self, *words):
        done = self.nexus("complete", "--", *words)
        self.assertEqual((done.code, done.err), (0, ""), done)
        return [line.split("\t")[0] for line in done.out.splitlines()]

    def test_words(self):
        self.assertEqual(self.complete("s"), ["serve", "shell"])
        self.assertEqual(self.complete("query", "--format=j"), ["--format=json", "--format=jsonl"])
        self.assertEqual(self.complete("serve", "--data", ""), [":directories"])
        self.assertEqual(self.complete("shell", "--help", "--version", "\x01", "é", ""), [])
        self.assertEqual(self.complete(), [])

    def test_databases_of_a_server_and_of_a_directory(self):
        server = self.serve()
        for name in ("flights", "flowers"):
            self.assertEqual(self.nexus("db", "create", name, "--uri", server.uri).code, 0)
        self.assertEqual(self.complete("db", "drop", "--uri", server.uri, "fl"), ["flights", "flowers"])
        self.assertEqual(self.complete("shell", f"--uri={server.uri}", "-d", "flo"), ["flowers"])
        self.assertEqual(self.complete("shell", "--data", self.scratch / "data", "-d", "fl"), [], "the directory is in use")
        server.stop()
        self.assertEqual(self.complete("db", "drop", "--uri", server.uri, "fl"), [])
        self.assertEqual(self.complete("shell", "--data", self.scratch / "data", "-d", "fl"), ["flights", "flowers"])

    def test_a_tab_makes_no_data_directory(self):
        self.assertEqual(self.complete("shell", "--data", self.scratch / "none", "-d", ""), [])
        self.assertFalse((self.scratch / "none").exists())

    def at_shell(self, name, words, ready, source, **environment):
        if shutil.which(name) is None:
            self.skipTest(f"{name} is not installed")
        folder = self.scratch / "bin"
        folder.mkdir()
        (folder / "nexus").symlink_to(support.binary)
        terminal = Terminal(self, [name, *words], {**clean_environment(), "HOME": str(self.scratch), "XDG_CONFIG_HOME": str(self.scratch),
                                                   "TERM": "xterm", "LC_ALL": "C.UTF-8",
                                                   "PATH": f"{folder}:{clean_environment()['PATH']}", **environment})
        terminal.until(ready)
        for line in source:
            terminal.ask(line, ready)
        return terminal

    def check(self, terminal, server):
        for typed, shown in (("nexus db dr", "op "), ("nexus query --fo", "rmat"), ("nexus query -f vert", "ical "), ("nexus completion fi", "sh "),
                             (f"nexus db drop --uri {server.uri} flo", "wers"), (f"nexus shell --uri {server.uri} -d flo", "wers"),
                             (f"nexus shell --file {self.scratch}/some", "file.cypher"), (f"nexus serve --gui {self.scratch}/bi", "n/")):
            with self.subTest(typed):
                terminal.tab(typed, shown)
                terminal.type("\x15\n")
                terminal.until("$> ")

    def prepare(self):
        server = self.serve()
        self.assertEqual(self.nexus("db", "create", "flowers", "--uri", server.uri).code, 0)
        (self.scratch / "somefile.cypher").write_text("")
        return server

    def test_bash(self):
        server = self.prepare()
        terminal = self.at_shell("bash", ["--norc", "--noprofile", "-i"], "$> ", ["source <(nexus completion bash)"], PS1="$> ")
        self.check(terminal, server)
        for typed, shown in (("nexus query --format=vert", "ical "), ("nexus import csv --nodes Some=" + str(self.scratch) + "/some", "file.cypher")):
            with self.subTest(typed):
                terminal.tab(typed, shown)
                terminal.type("\x15\n")
                terminal.until("$> ")

    def test_zsh(self):
        server = self.prepare()
        terminal = self.at_shell("zsh", ["-f", "-i"], "$> ", ["autoload -U compinit; compinit -u -D", "source <(nexus completion zsh)"], PS1="$> ",
                                 PROMPT="$> ")
        self.check(terminal, server)

    def test_fish(self):
        server = self.prepare()
        config = self.scratch / "fish"
        config.mkdir()
        (config / "config.fish").write_text("function fish_prompt; echo -n '$> '; end\nfunction fish_greeting; end\n"
                                            "set -g fish_autosuggestion_enabled 0\n")
        terminal = self.at_shell("fish", ["-i"], "$> ", ["nexus completion fish | source"])
        self.check(terminal, server)
