"""What the modules of the host suite share: the binary, scratch folders, a server per class."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from nexus_process import Client, Closed, Server, clean_environment, quoted  # noqa: E402, F401

ROOT = pathlib.Path(__file__).resolve().parents[2]
binary = None  # Set by run.py.


class Output:
    def __init__(self, done):
        self.code, self.out, self.err = done.returncode, done.stdout, done.stderr

    def __repr__(self):
        return f"exit code {self.code}\n{self.out[:1000]}\n{self.err[:1000]}"


class Case(unittest.TestCase):
    """Has a scratch folder, which is also where the command line keeps what it remembers."""

    def setUp(self):
        self.scratch = pathlib.Path(tempfile.mkdtemp(prefix="nexus-host-"))
        self.addCleanup(shutil.rmtree, self.scratch, ignore_errors=True)

    def nexus(self, *words, text="", environment=None):
        """Runs a command to its end."""
        done = subprocess.run([binary, *map(str, words)], input=text, capture_output=True, text=True, timeout=120,
                              env={**clean_environment(), "HOME": str(self.scratch), "XDG_CONFIG_HOME": str(self.scratch),
                                   **(environment or {})})
        return Output(done)

    def serve(self, *words, data=None, environment=None):
        server = Server(binary, data or self.scratch / "data", *words, environment=environment)
        self.addCleanup(server.__exit__)
        return server

    def problem(self, answer, status, name=None, gql_status=None):
        """An RFC 9457 document, complete."""
        self.assertEqual(answer.status, status, answer)
        self.assertEqual(answer.headers.get("content-type"), "application/problem+json", answer)
        body = answer.json
        for member in ("type", "title", "detail", "code", "gqlStatus"):
            self.assertTrue(body[member], f"{member} is empty: {answer}")
        self.assertEqual(body["status"], status)
        self.assertTrue(body["code"].startswith("Neo."), body)
        self.assertEqual(len(body["gqlStatus"]), 5, body)
        self.assertNotIn("/db/", body["detail"], "a path of the server is shown")
        self.assertNotIn(str(self.scratch), answer.body.decode(), "a path of the server is shown")
        if name:
            self.assertEqual(body["title"], name, body)
        if gql_status:
            self.assertEqual(body["gqlStatus"], gql_status, body)
        return body


class ServerCase(Case):
    """One server for all tests of the class; after each it must still answer."""

    arguments = ()

    @classmethod
    def setUpClass(cls):
        cls.shared = pathlib.Path(tempfile.mkdtemp(prefix="nexus-host-"))
        cls.server = Server(binary, cls.shared / "data", *cls.arguments)

    @classmethod
    def tearDownClass(cls):
        code = cls.server.stop()
        shutil.rmtree(cls.shared, ignore_errors=True)
        assert code == 0, f"the server ended with {code}: {''.join(cls.server.log)[-2000:]}"

    def setUp(self):
        super().setUp()
        self.client = self.server.client()
        self.addCleanup(self.client.close)

    def tearDown(self):
        self.assertTrue(self.server.is_running(), f"the server died: {''.join(self.server.log)[-2000:]}")
        fresh = Client(self.server.port)
        self.assertEqual(fresh.request("GET", "/health/live").status, 200)
        self.assertEqual(fresh.request("GET", "/health/ready").status, 200)
        self.assertEqual(fresh.rows("RETURN 1 AS one"), [[1]])
        fresh.close()


def folder_of(server, name):
    """The folder of a database on the server's disk."""
    uuid = server.client().request("GET", f"/api/v1/databases/{quoted(name)}").json["databaseId"]
    return pathlib.Path(server.data) / "db" / uuid


def log_of(server, name):
    logs = [path for path in folder_of(server, name).iterdir() if path.name.startswith("log-")]
    assert len(logs) == 1, logs
    return logs[0]


def open_descriptors(process_id):
    return len(os.listdir(f"/proc/{process_id}/fd"))


def eventually(is_true, seconds_max=20):
    """Whether it becomes true; for what happens in the background."""
    end = time.monotonic() + seconds_max
    while not is_true():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True
