"""Dumps over HTTP: bodies of any length, fed to the database as they arrive."""
import pathlib
import socket
import time

from support import Client, ServerCase, eventually, open_descriptors

TYPE = {"Content-Type": "application/vnd.nexus.dump"}


def chunked(data, size):
    pieces = [data[at:at + size] for at in range(0, len(data), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def head(name, *fields):
    lines = [f"PUT /api/v1/databases/{name}/dump HTTP/1.1", "Host: localhost", f"Content-Type: {TYPE['Content-Type']}", *fields]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


class Dumps(ServerCase):
    arguments = ("--body-bytes-max", "100000")  # Which a dump may exceed.

    def setUp(self):
        super().setUp()
        if not self.names() & {"source"}:
            self.client.rows("CREATE DATABASE source", database="system")
            self.client.rows("UNWIND range(1, 200) AS i CREATE (:N {i: i, s: reduce(s = 'x', k IN range(1, 13) | s + s)})",
                             database="source")
        self.dump = self.client.request("GET", "/api/v1/databases/source/dump").body
        self.assertGreater(len(self.dump), 1_500_000)

    def names(self):
        return {row[0] for row in self.client.rows("SHOW DATABASES YIELD name", database="system")}

    def count(self, name):
        return self.client.rows("MATCH (n:N) WHERE size(n.s) = 8192 RETURN count(n) AS n", database=name)[0][0]

    def test_longer_than_any_other_body_may_be(self):
        for name, body, fields in (("counted", self.dump, [f"Content-Length: {len(self.dump)}"]),
                                   ("large-chunks", chunked(self.dump, 500_000), ["Transfer-Encoding: chunked"]),
                                   ("small-chunks", chunked(self.dump, 777), ["Transfer-Encoding: chunked"])):
            client = Client(self.server.port)
            client.send(head(name, *fields))
            client.send(body)
            self.assertEqual(client.receive().status, 201, name)
            self.assertEqual(client.rows("RETURN 1 AS one"), [[1]], "the connection is of use for the next request")
            self.assertEqual(self.count(name), 200)
            client.close()

    def test_the_command_line_holds_no_file_in_memory(self):
        self.client.rows("CREATE DATABASE large", database="system")
        self.client.rows("UNWIND range(1, 300) AS i CREATE (:N {s: reduce(s = 'x', k IN range(1, 17) | s + s)})", database="large")
        file = self.scratch / "large.nexusdump"
        uri = ("--uri", f"http://127.0.0.1:{self.server.port}")
        self.assertEqual(self.nexus("db", "dump", "large", file, *uri).code, 0)
        self.assertGreater(file.stat().st_size, 39_000_000)
        self.assertEqual(self.nexus("db", "restore", "large-again", file, *uri).code, 0)
        self.assertEqual(self.client.rows("MATCH (n:N) RETURN count(n) AS n, max(size(n.s)) AS s", database="large-again"),
                         [[300, 131_072]])
        taken = self.nexus("db", "restore", "large-again", file, *uri)
        self.assertNotEqual(taken.code, 0)
        self.assertIn("exists", taken.err)

    def test_others_may_not(self):
        body = b'{"query":"RETURN 1"}' + b" " * 100_000
        self.problem(self.client.request("POST", "/api/v1/cypher", body), 413)

    def test_expect_continue(self):
        client = Client(self.server.port)
        client.send(head("patient", f"Content-Length: {len(self.dump)}", "Expect: 100-continue"))
        self.assertEqual(client.socket.recv(100), b"HTTP/1.1 100 Continue\r\n\r\n")
        client.send(self.dump)
        self.assertEqual(client.receive().status, 201)
        client.close()

    def test_the_next_request_right_behind(self):
        client = Client(self.server.port)
        client.send(head("followed", f"Content-Length: {len(self.dump)}") + self.dump +
                    b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
        self.assertEqual(client.receive().status, 201)
        self.assertEqual(client.receive().status, 200)
        client.close()

    def test_refused_before_it_is_read(self):
        for name, extra, status in (("source", [], 409), ("system", [], None), ("bad", ["Origin: https://evil.example"], 403)):
            client = Client(self.server.port)
            client.send(head(name, f"Content-Length: {len(self.dump)}", *extra))
            try:
                client.socket.sendall(self.dump)
            except OSError:
                pass  # The answer is there all the same.
            answer = client.receive()
            self.assertGreaterEqual(answer.status, 400, name)
            if status:
                self.assertEqual(answer.status, status)
            client.close()
        self.assertEqual(self.count("source"), 200)
        self.assertNotIn("bad", self.names())

    def test_cut_and_damaged_ones_leave_nothing(self):
        before = self.names()
        descriptors = open_descriptors(self.server.process.pid)
        folder = pathlib.Path(self.server.data) / "db"
        folders = len(list(folder.iterdir()))
        for cut in (0, 1, 79, 80, 5_000, 300_000, len(self.dump) - 1):
            half = socket.create_connection(("127.0.0.1", self.server.port), timeout=20)
            half.sendall(head("half", f"Content-Length: {len(self.dump)}") + self.dump[:cut])
            half.close()
            client = Client(self.server.port)
            client.send(head("short", f"Content-Length: {cut}") + self.dump[:cut])
            self.assertIn(client.receive().status, (400, 415, 422))
            client.close()
        damaged = bytearray(self.dump)
        damaged[len(damaged) // 2] ^= 4
        self.problem(self.client.request("PUT", "/api/v1/databases/damaged/dump", bytes(damaged), headers=TYPE), 422)
        client = Client(self.server.port)
        client.send(head("bad-chunks", "Transfer-Encoding: chunked") + b"100\r\n" + self.dump[:256] + b"\r\nzz\r\n")
        self.assertEqual(client.receive().status, 400)
        client.close()
        self.assertEqual(self.names(), before)
        self.assertTrue(eventually(lambda: len(list(folder.iterdir())) == folders), "files of what was not restored are left")
        self.assertTrue(eventually(lambda: open_descriptors(self.server.process.pid) <= descriptors + 2), "connections leak")

    def test_slow_ones_keep_nobody_waiting(self):
        slow = [Client(self.server.port) for _ in range(40)]  # More than there are workers.
        for index, client in enumerate(slow):
            client.send(head(f"slow{index}", f"Content-Length: {len(self.dump)}") + self.dump[:100_000])
        began = time.monotonic()
        self.assertEqual(self.client.rows("RETURN 1 AS one"), [[1]])
        self.assertLess(time.monotonic() - began, 20)
        slow[0].send(self.dump[100_000:])
        self.assertEqual(slow[0].receive().status, 201)
        for client in slow:
            client.close()
        self.assertTrue(eventually(lambda: not any(name.startswith("slow") and name != "slow0" for name in self.names())))
