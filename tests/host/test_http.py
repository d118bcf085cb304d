"""HTTP itself: framing, hosts and origins, limits, slow and rude clients."""
import json
import socket
import threading
import time

from support import Case, Client, Closed, ServerCase, eventually, open_descriptors

ONE = json.dumps({"query": "RETURN 1 AS one"}).encode()


def post(body=ONE, headers="", path="/api/v1/cypher"):
    return (f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{headers}"
            f"Content-Length: {len(body)}\r\n\r\n").encode() + body


def chunk(data):
    return b"%x\r\n%s\r\n" % (len(data), data)


class Framing(ServerCase):
    def raw(self, data):
        """The answer to these bytes, or None when the server only closes."""
        client = Client(self.server.port)
        self.addCleanup(client.close)
        try:
            client.send(data)
            return client.receive()
        except Closed:
            return None

    def refused(self, data, *statuses):
        client = Client(self.server.port)
        self.addCleanup(client.close)
        client.send(data)
        answer = client.receive()
        self.assertIn(answer.status, statuses, answer)
        self.assertEqual(answer.headers["connection"], "close", "after bad framing nothing on the connection is trusted")
        self.assertTrue(answer.json["title"])

    def test_smuggling(self):
        hidden = b"GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n"
        head = b"POST /api/v1/cypher HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        self.refused(head + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden, 400)
        self.refused(head + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + hidden, 400)
        self.refused(head + b"Transfer-Encoding: xchunked\r\n\r\n" + hidden, 400, 501)
        self.refused(head + b"Transfer-Encoding: chunked, identity\r\n\r\n" + hidden, 400, 501)
        self.refused(head + b"Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello" + hidden, 400)
        self.refused(head + b"Content-Length: 5, 5\r\n\r\nhello" + hidden, 400)
        self.refused(head + b"Content-Length: +5\r\n\r\nhello" + hidden, 400)
        self.refused(head + b"Content-Length: -1\r\n\r\n" + hidden, 400)
        self.refused(head + b"X: a\r\n folded\r\n\r\n" + hidden, 400)
        self.refused(head + b"X : a\r\n\r\n" + hidden, 400)
        self.refused(b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc" + hidden, 400)
        self.refused(b"GET http://localhost/ HTTP/1.1\r\nHost: localhost\r\n\r\n", 400)

    def test_garbage(self):
        for data in (b"\x00" * 100 + b"\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\r\n\r\n", b"hello\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n",
                     b"GET / HTTP/1.1\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", b"\r\n\r\n",
                     b"GET /%00 HTTP/1.1\r\nHost: localhost\r\n\r\n", b"GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n",
                     b"GET /\xff HTTP/1.1\r\nHost: localhost\r\n\r\n"):
            self.refused(data, 400, 505)

    def test_big_heads(self):
        self.refused(b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 20_000 + b"\r\n\r\n", 431)
        self.refused(b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X: a\r\n" * 200 + b"\r\n", 431)
        self.refused(b"GET /" + b"a" * 9_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", 414)
        self.refused(b"A" * 40_000, 431)

    def test_chunked_body(self):
        head = (b"POST /api/v1/cypher HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                b"Transfer-Encoding: chunked\r\n\r\n")
        self.assertEqual(self.raw(head + chunk(ONE[:7]) + chunk(ONE[7:]) + b"0\r\n\r\n").rows, [[1]])
        for bad in (b"0x5\r\nhello\r\n0\r\n\r\n", b"-5\r\nhello\r\n", b"fffffffffffffffff\r\n", b"5\r\nhelloX\r\n0\r\n\r\n",
                    b"zz\r\n"):
            self.refused(head + bad, 400, 413)
        self.refused(head + chunk(b" " * (1 << 20)) * 33 + b"0\r\n\r\n", 413)

    def test_body_too_large(self):
        client = Client(self.server.port)
        client.send(b"POST /api/v1/cypher HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    b"Content-Length: 99999999999\r\n\r\n")
        answer = client.receive()
        self.assertEqual(answer.status, 413, "refused before it is sent")
        client.close()
        body = b'{"query": "RETURN 1", "parameters": {"x": "' + b"a" * (33 << 20) + b'"}}'
        answer = self.raw(post(body))  # Who sends on after the refusal is cut off.
        self.assertTrue(answer is None or answer.status == 413, answer)

    def test_large_body_within_the_limit(self):
        text = "é" * 5_000_000
        self.assertEqual(self.client.rows("RETURN size($x) AS n", {"x": text}), [[5_000_000]])

    def test_expect_continue(self):
        client = Client(self.server.port)
        client.send(f"POST /api/v1/cypher HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    f"Content-Length: {len(ONE)}\r\nExpect: 100-continue\r\n\r\n".encode())
        client.connect().socket.settimeout(20)
        self.assertTrue(client.socket.recv(100).startswith(b"HTTP/1.1 100"))
        client.send(ONE)
        self.assertEqual(client.receive().rows, [[1]])
        client.close()

    def test_keep_alive_and_close(self):
        for _ in range(100):
            self.assertEqual(self.client.rows("RETURN 1 AS one"), [[1]])
        answer = self.client.request("GET", "/health/live", headers={"Connection": "close"})
        self.assertEqual(answer.headers["connection"], "close")
        old = Client(self.server.port)
        old.send(b"GET /health/live HTTP/1.0\r\nHost: localhost\r\n\r\n")
        self.assertEqual(old.receive().status, 200)
        with self.assertRaises(Closed):
            old.receive()

    def test_pipelined_requests_are_answered_in_order(self):
        client = Client(self.server.port)
        bodies = [json.dumps({"query": f"RETURN {i} AS i"}).encode() for i in range(20)]
        client.send(b"".join(post(body) for body in bodies))
        self.assertEqual([client.receive().rows for _ in bodies], [[[i]] for i in range(20)])
        client.close()

    def test_truncated_requests(self):
        whole = post()
        before = open_descriptors(self.server.process.pid)
        for cut in range(0, len(whole), 3):
            client = Client(self.server.port)
            client.send(whole[:cut])
            client.close()
            half = socket.create_connection(("127.0.0.1", self.server.port), timeout=20)
            half.sendall(whole[:cut])
            half.shutdown(socket.SHUT_WR)
            half.recv(1000)
            half.close()
        self.assertTrue(eventually(lambda: open_descriptors(self.server.process.pid) <= before + 2), "connections leak")
        self.assertEqual(self.client.rows("MATCH (n) RETURN count(n) AS n"), [[0]])

    def test_a_truncated_write_does_nothing(self):
        body = json.dumps({"query": "CREATE (:Truncated)"}).encode()
        client = Client(self.server.port)
        client.send(post(body)[:-1])
        client.close()
        self.assertEqual(self.client.rows("MATCH (t:Truncated) RETURN count(t) AS n"), [[0]])

    def test_a_client_that_leaves_during_its_answer(self):
        for _ in range(5):
            client = Client(self.server.port)
            client.send(post(json.dumps({"query": "UNWIND range(1, 300000) AS i RETURN i, toString(i) AS s"}).encode(),
                             "Accept: application/x-ndjson\r\n"))
            client.connect().socket.recv(1000)
            client.close()
        self.assertEqual(self.client.rows("RETURN 1 AS one"), [[1]])


class HostsAndOrigins(ServerCase):
    def test_hosts(self):
        for host in ("localhost", "localhost:7474", "127.0.0.1", "127.0.0.1:1", "[::1]:7474", "LOCALHOST", "a.localhost"):
            self.assertEqual(self.client.request("GET", "/api/v1/info", headers={"Host": host}).status, 200, host)
        for host in ("evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "127.evil.example", "192.168.0.1",
                     "evillocalhost", "0.0.0.0"):
            self.problem(self.client.request("GET", "/api/v1/info", headers={"Host": host}), 403, "ForbiddenHost")
            self.problem(self.client.request("GET", "/", headers={"Host": host}), 403, "ForbiddenHost")

    def test_origins(self):
        for origin in ("http://localhost:5173", "http://127.0.0.1", "http://[::1]:7474"):
            self.assertEqual(self.client.request("GET", "/api/v1/info", headers={"Origin": origin}).status, 200, origin)
        for origin in ("http://evil.example", "null", "https://localhost.evil.example", "http://localhost@evil.example",
                       "file://", "evil"):
            answer = self.client.cypher("CREATE (:FromAPage)", headers={"Origin": origin})
            self.problem(answer, 403, "ForbiddenOrigin")
        self.assertEqual(self.client.rows("MATCH (f:FromAPage) RETURN count(f) AS n"), [[0]])

    def test_no_page_elsewhere_may_read(self):
        answer = self.client.request("GET", "/api/v1/info", headers={"Origin": "http://localhost:5173"})
        self.assertNotEqual(answer.headers.get("access-control-allow-origin"), "*")

    def test_an_allowed_host(self):
        server = self.serve("--allowed-host", "graph.example")
        client = server.client()
        self.assertEqual(client.request("GET", "/health/live", headers={"Host": "graph.example:7474"}).status, 200)
        self.assertEqual(client.request("GET", "/health/live", headers={"Host": "other.example"}).status, 403)


class Connections(Case):
    def test_slow_heads_have_a_deadline(self):
        server = self.serve()
        slow = socket.create_connection(("127.0.0.1", server.port), timeout=60)
        self.addCleanup(slow.close)
        slow.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
        ended = False
        for _ in range(120):  # Each byte would start the time anew, were there not one deadline.
            try:
                slow.sendall(b"X")
                slow.settimeout(0.5)
                ended = slow.recv(100) == b""
            except socket.timeout:
                continue
            except OSError:
                ended = True
            if ended:
                break
        self.assertTrue(ended, "a head may trickle in for ever")
        self.assertEqual(server.client().rows("RETURN 1 AS one"), [[1]])

    def test_connections_have_a_limit(self):
        server = self.serve("--connections-max", "20")
        idle = [socket.create_connection(("127.0.0.1", server.port), timeout=20) for _ in range(20)]
        # They count once they are accepted.
        answered = []

        def is_busy():
            client = Client(server.port)
            try:
                answered.append(client.request("GET", "/health/live").status)
            except Closed:
                answered.append(503)  # The refusal came and went while we wrote.
            client.close()
            return answered[-1] == 503
        self.assertTrue(eventually(is_busy))
        for connection in idle:
            connection.close()
        self.assertTrue(eventually(lambda: not is_busy()), "freed connections are used again")

    def test_many_idle_connections(self):
        server = self.serve()
        idle = [socket.create_connection(("127.0.0.1", server.port), timeout=20) for _ in range(500)]
        self.assertEqual(server.client().rows("RETURN 1 AS one"), [[1]])
        for connection in idle:
            connection.close()
        self.assertTrue(eventually(lambda: open_descriptors(server.process.pid) < 100), "descriptors stay")

    def test_slow_readers_do_not_stop_others(self):
        server = self.serve()
        readers = []
        for _ in range(40):
            reader = Client(server.port)
            reader.send(post(json.dumps({"query": "UNWIND range(1, 1000000) AS i RETURN i, toString(i) AS s"}).encode(),
                             "Accept: application/x-ndjson\r\n"))
            readers.append(reader)
        self.assertEqual(server.client().rows("RETURN 1 AS one"), [[1]])
        before = server.resident_bytes()
        time.sleep(0.5)
        self.assertLess(server.resident_bytes() - before, 200 << 20, "answers that nobody reads pile up")
        for reader in readers:
            reader.close()

    def test_more_statements_than_can_wait(self):
        """Beyond the queue a request is told to come back; everything else is answered."""
        server = self.serve()
        body = json.dumps({"query": "UNWIND range(1, 300) AS a UNWIND range(1, 300) AS b RETURN count(*) AS n"}).encode()
        clients = [Client(server.port) for _ in range(600)]
        for client in clients:
            client.send(post(body))
        answers = [client.receive() for client in clients]
        for answer in answers:
            if answer.status == 200:
                self.assertEqual(answer.rows, [[90_000]])
            else:
                self.problem(answer, 503)
                self.assertTrue(answer.headers["retry-after"])
        self.assertIn(200, {answer.status for answer in answers})
        for client in clients:
            client.close()
        self.assertEqual(server.client().rows("RETURN 1 AS one"), [[1]])

    def test_sessions_have_a_limit(self):
        server = self.serve()
        client = server.client()
        for count in range(200_000):
            answer = client.request("POST", "/api/v1/session", {})
            if answer.status != 201:
                break
        self.problem(answer, 429)
        self.assertGreater(count, 100)
        self.assertLess(server.resident_bytes(), 200 << 20)
        self.assertEqual(client.rows("RETURN 1 AS one"), [[1]])

    def test_many_clients_at_once(self):
        server = self.serve()
        failures = []

        def work(number):
            try:
                client = server.client()
                for i in range(50):
                    rows = client.rows("CREATE (n:Many {w: $w, i: $i}) RETURN n.w, n.i", {"w": number, "i": i})
                    if rows != [[number, i]]:
                        failures.append(rows)
            except Exception as error:
                failures.append(error)
        threads = [threading.Thread(target=work, args=(number,)) for number in range(32)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(failures, [])
        self.assertEqual(server.client().rows("MATCH (n:Many) RETURN count(n) AS n"), [[32 * 50]])
