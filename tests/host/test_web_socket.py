"""Bolt in a WebSocket, as browsers speak it: on the Bolt port and on the HTTP port."""
import base64
import hashlib
import signal
import socket
import struct
import time

from support import eventually, open_descriptors
from test_bolt import (BEGIN, COMMIT, ENDLESS, FAILURE, HELLO, IGNORED, LOGON, MAGIC, PULL, RECORD, RESET, RUN, SUCCESS, Bolt, BoltCase,
                       framed, message)

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
KEY = base64.b64encode(b"sixteen bytes ok").decode()
ACCEPT = base64.b64encode(hashlib.sha1((KEY + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()).decode()
LOCAL = "http://localhost:3000"


def request(path="/", host="localhost", origin=LOCAL, upgrade=True, key=KEY, version="13"):
    lines = [f"GET {path} HTTP/1.1", f"Host: {host}"]
    lines += [f"Origin: {origin}"] if origin is not None else []
    lines += ["Connection: keep-alive, Upgrade", "Upgrade: websocket"] if upgrade else []
    lines += [f"Sec-WebSocket-Key: {key}"] if key else []
    lines += [f"Sec-WebSocket-Version: {version}"] if version else []
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def frame(payload, opcode=BINARY, is_last=True, is_masked=True, announced=None):
    size = len(payload) if announced is None else announced
    short = size if size < 126 else 126 if size < 65536 else 127
    head = bytes([opcode | (0x80 if is_last else 0), short | (0x80 if is_masked else 0)])
    head += b"" if short < 126 else struct.pack(">H" if short == 126 else ">Q", size)
    if not is_masked:
        return head + payload
    mask = b"\x11\x22\x33\x44"
    return head + mask + bytes(byte ^ mask[at % 4] for at, byte in enumerate(payload))


class Frames:
    """Reads the bytes inside the binary frames of a server; what else comes is kept."""

    def __init__(self, file):
        self.file, self.bytes, self.pongs, self.close_code = file, b"", [], None

    def next(self):
        """The next frame's kind; None when the connection has ended."""
        try:
            head = self.file.read(2)
            if len(head) < 2:
                return None
            size = head[1]
            assert size < 128, "a server's frames have no mask"
            if size > 125:
                size = int.from_bytes(self.file.read(2 if size == 126 else 8), "big")
            payload = self.file.read(size)
        except ConnectionError:
            return None
        opcode = head[0] & 0x0F
        if opcode == CLOSE:
            self.close_code = struct.unpack(">H", payload[:2])[0]
        elif opcode == PONG:
            self.pongs.append(payload)
        else:
            assert opcode in (BINARY, CONTINUATION), opcode
            self.bytes += payload
        return opcode

    def read(self, size=None):
        while self.close_code is None and (size is None or len(self.bytes) < size):
            if self.next() is None:
                break
        data, self.bytes = self.bytes[:size], self.bytes[len(self.bytes) if size is None else size:]
        return data

    def close(self):
        self.file.close()


class WebSocket(Bolt):
    """`status` is the answer to the request; on 101 what follows is Bolt."""

    def __init__(self, port, logon=True, tls=None, **wanted):
        super().__init__(port, logon=False, tls=tls)
        self.ask(request(**wanted))
        if logon:
            self.log_on()

    def ask(self, data):
        self.socket.sendall(data)
        self.read_answer()

    def read_answer(self):
        line = self.file.readline()
        self.status = int(line.split()[1]) if line else None
        self.headers = {}
        while field := self.file.readline().strip():
            name, value = field.decode().split(":", 1)
            before = self.headers.get(name.lower())
            self.headers[name.lower()] = f"{before}, {value.strip()}" if before else value.strip()
        if self.status == 101:
            self.file = Frames(self.file)

    def log_on(self):
        self.shake_hands()
        self.send(message(HELLO, {"user_agent": "host-suite/1"}) + message(LOGON, {"scheme": "none"}))
        assert self.tags(2) == [SUCCESS, SUCCESS]

    def send(self, data, **how):
        self.socket.sendall(frame(data, **how))

    def closing_code(self):
        """Of the server's close frame; None without one."""
        self.file.read()
        return self.file.close_code


class RawHead(WebSocket):
    """Sends the bytes of a head as they are."""

    def __init__(self, port, *pieces):
        Bolt.__init__(self, port, logon=False)
        for piece in pieces:
            self.socket.sendall(piece)
        self.read_answer()


class WebSocketCase(BoltCase):
    def web_socket(self, port=None, **options):
        client = WebSocket(port or self.port, **options)
        self.addCleanup(client.close)
        return client

    def raw(self, port, *pieces):
        client = RawHead(port, *pieces)
        self.addCleanup(client.close)
        return client

    def ports(self):
        return (self.port, self.server.port)

    def assert_still_answers(self):
        client = self.web_socket()
        client.run("RETURN 1 AS x")
        self.assertEqual(client.tags(3), [SUCCESS, RECORD, SUCCESS])


class Streams(WebSocketCase):
    def test_the_same_bytes_in_frames(self):
        self.serve_bolt()
        for port in self.ports():
            client = self.web_socket(port)
            self.assertEqual(client.headers["sec-websocket-accept"], ACCEPT)
            client.run("UNWIND range(1, 50000) AS i RETURN i, 'row ' + toString(i) AS text")
            self.assertEqual(client.tags(50_002), [SUCCESS] + [RECORD] * 50_000 + [SUCCESS])
            client.run("RETURN '" + "x" * 300_000 + "' AS x")
            self.assertEqual(client.tags(3), [SUCCESS, RECORD, SUCCESS])

    def test_frames_and_messages_begin_and_end_where_they_like(self):
        self.serve_bolt()
        client = self.web_socket(logon=False)
        for at in range(20):
            client.send((MAGIC + b"\0\0\x08\x05" + bytes(12))[at:at + 1])
        self.assertEqual(client.file.read(4), b"\0\0\x08\x05")
        client.send(message(HELLO, {"user_agent": "host-suite/1"}) + message(LOGON, {"scheme": "none"}) +
                    message(RUN, "RETURN 1 AS x", {}, {}) + message(PULL, {"n": -1})[:5])
        client.send(b"")
        client.send(message(PULL, {"n": -1})[5:], is_last=False)
        client.send(message(RUN, "RETURN 2 AS x", {}, {})[:7], opcode=CONTINUATION, is_last=False)
        client.send(b"between fragments", opcode=PING)
        client.send(message(RUN, "RETURN 2 AS x", {}, {})[7:] + message(PULL, {"n": -1}), opcode=CONTINUATION)
        self.assertEqual(client.tags(8), [SUCCESS] * 3 + [RECORD] + [SUCCESS] * 2 + [RECORD, SUCCESS])
        self.assertEqual(client.file.pongs, [b"between fragments"])

    def test_the_request_may_come_in_pieces(self):
        self.serve_bolt()
        head = request()
        for port in self.ports():
            client = self.raw(port, *(head[at:at + 1] for at in range(len(head))))
            self.assertEqual(client.status, 101)
            client.log_on()

    def test_clients_that_are_no_browsers_name_no_origin(self):
        self.serve_bolt()
        for port in self.ports():
            self.assertEqual(self.web_socket(port, origin=None).status, 101)

    def test_accounts_are_those_of_the_server(self):
        self.serve_bolt(environment={"NEXUS_AUTH": "ada/correct horse"})
        for port in self.ports():
            for password, wanted in (("correct horse", SUCCESS), ("wrong", FAILURE)):
                client = self.web_socket(port, logon=False)
                client.shake_hands()
                client.send(message(HELLO, {"user_agent": "host-suite/1"}) +
                            message(LOGON, {"scheme": "basic", "principal": "ada", "credentials": password}))
                self.assertEqual(client.tags(2), [SUCCESS, wanted])
                if wanted == FAILURE:
                    self.assertEqual(client.closing_code(), 1000)

    def test_transactions_on_three_databases(self):
        server = self.serve_bolt()
        for port, names in zip(self.ports(), (("red", "green", "blue"), ("cyan", "pink", "grey"))):
            client = self.web_socket(port)
            for name in names:
                server.client().rows(f"CREATE DATABASE {name} WAIT", database="system")
                client.begin(f"CREATE (:Here {{name: '{name}'}})", {"db": name})
                client.send(message(COMMIT))
                self.assertEqual(client.tags(1), [SUCCESS])
                client.begin("CREATE (:Lost)", {"db": name})
                client.send(message(RESET))
                self.assertEqual(client.tags(1), [SUCCESS])
            for name in names:
                self.assertEqual(server.client().rows("MATCH (h) RETURN h.name", database=name), [[name]])

    def test_pings_are_answered_while_a_statement_runs(self):
        self.serve_bolt()
        client = self.web_socket()
        client.run(ENDLESS)
        client.send(b"still there?", opcode=PING)
        self.assertEqual(client.file.next(), PONG)
        self.assertEqual(client.file.pongs, [b"still there?"])
        client.send(message(RESET))
        self.assertEqual(client.tags(3)[1:], [IGNORED, SUCCESS])

    def test_who_says_goodbye_hears_it(self):
        self.serve_bolt()
        client = self.web_socket()
        client.send(struct.pack(">H", 1000), opcode=CLOSE)
        self.assertEqual(client.closing_code(), 1000)
        self.assertIsNone(client.file.next())


class Refusals(WebSocketCase):
    def test_pages_of_other_origins(self):
        self.serve_bolt()
        for port in self.ports():
            for wanted in ({"origin": "http://evil.example"}, {"origin": "null"}, {"origin": "http://localhost.evil.example"},
                           {"host": "evil.example"}, {"host": "evil.example", "path": "/else"},
                           {"origin": "http://evil.example", "key": None}):
                client = self.web_socket(port, logon=False, **wanted)
                self.assertEqual((client.status, client.headers["content-type"]), (403, "application/problem+json"), wanted)
        # Whoever asks for something else is not told more.
        self.assertEqual(self.raw(self.port, request(origin="http://evil.example", upgrade=False)).status, 403)

    def test_hosts_that_are_allowed(self):
        self.serve_bolt("--allowed-host", "app.example")
        for port in self.ports():
            self.assertEqual(self.web_socket(port, origin="https://app.example", host="app.example:7687").status, 101)
            self.assertEqual(self.web_socket(port, logon=False, origin="https://app.example.evil").status, 403)

    def test_requests_for_something_else(self):
        self.serve_bolt()
        plain = self.raw(self.port, request(upgrade=False))
        self.assertEqual((plain.status, plain.headers["upgrade"], plain.headers["connection"]), (426, "websocket", "Upgrade, close"))
        self.assertEqual(self.server.client().request("GET", "/").status, 200)
        for port in self.ports():
            self.assertEqual(self.web_socket(port, logon=False, path="/api/v1/databases").status, 404)
            self.assertEqual(self.web_socket(port, logon=False, key=None).status, 400)
            self.assertEqual(self.web_socket(port, logon=False, version="12").status, 426)
            self.assertEqual(self.raw(port, request() + frame(MAGIC)).status, 400)
        self.assert_still_answers()

    def test_heads_that_are_none(self):
        self.serve_bolt()
        for head, wanted in ((b"GET / HTTP/1.1\r\n\r\n", 400), (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
                             (b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n", 505), (b"GET \r\n\r\n", 400),
                             (b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello", 400),
                             (b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 20_000, 431)):
            client = self.raw(self.port, head)
            self.assertEqual(client.status, wanted, head[:60])
        # Neither HTTP nor Bolt.
        for first in (b"GETTING", b"POST / HTTP/1.1\r\nHost: localhost\r\n\r\n", b"G" * 40):
            client = self.bolt(logon=False)
            client.send(first)
            client.receive()
            self.assertEqual(client.file.read(), b"", first)
        self.assert_still_answers()

    def test_half_a_request(self):
        server = self.serve_bolt()
        quiet = open_descriptors(server.process.pid)
        for port in self.ports():
            for part in (b"G", b"GET ", request()[:-2]):
                client = self.bolt(logon=False) if port == self.port else Bolt(port, logon=False)
                client.send(part)
                client.close()
        self.assertTrue(eventually(lambda: open_descriptors(server.process.pid) <= quiet), "connections stay")
        self.assert_still_answers()

    def test_without_bolt_there_is_none(self):
        server = self.serve()
        client = self.raw(server.port, request())
        self.assertEqual((client.status, "upgrade" in client.headers), (200, False))

    def test_frames_that_break_the_rules(self):
        server = self.serve_bolt()
        before = server.resident_bytes()
        for port in self.ports():
            for logon in (False, True):
                for bad, code in ((frame(b"text", opcode=TEXT), 1003), (frame(MAGIC, opcode=TEXT), 1007), (frame(b"", announced=1 << 40), 1009),
                                  (frame(MAGIC, is_masked=False), 1002), (frame(b"", opcode=3), 1002),
                                  (frame(MAGIC, opcode=CONTINUATION), 1002), (frame(b"x" * 126, opcode=PING), 1002)):
                    client = self.web_socket(port, logon=logon)
                    client.socket.sendall(bad)
                    self.assertEqual(client.closing_code(), code, (bad[:10], logon))
        self.assertLess(server.resident_bytes() - before, 50 << 20)
        self.assert_still_answers()

    def test_messages_that_break_the_rules(self):
        self.serve_bolt()
        silent = self.web_socket(logon=False)
        silent.send(bytes(20))
        silent.file.read()
        self.assertEqual(silent.closing_code(), 1000)
        for bad in (framed(b"\xb1"), framed(b"\xb0\x44"), framed(b"\xb1\x3f" + b"\x91" * 60_000)):
            client = self.web_socket()
            client.send(bad)
            self.assertEqual(client.tags(2), [FAILURE, None], bad[:10])
            self.assertEqual(client.closing_code(), 1000)

    def test_long_messages_take_no_memory(self):
        server = self.serve_bolt()
        before = server.resident_bytes()
        data = frame(b"\xff\xff" + b"x" * 0xFFFF)
        for logon in (False, True):
            client = self.web_socket(logon=logon)
            if not logon:
                client.shake_hands()
            try:
                for _ in range(400):
                    client.socket.sendall(data)
            except OSError:
                pass
            self.assertIn(client.tags(2), ([FAILURE, None], [None, None]))
        self.assertLess(server.resident_bytes() - before, 120 << 20)

    def test_connections_are_counted_together(self):
        self.serve_bolt("--connections-max", "6")
        held = [self.bolt(), self.bolt(), *(self.web_socket(port) for port in self.ports() * 2)]
        self.assertIsNone(self.bolt(logon=False).receive())
        self.assertEqual(self.web_socket(self.server.port, logon=False).status, 503)
        for client in held:
            client.close()

        def is_free():
            client = WebSocket(self.server.port, logon=False)
            client.close()
            return client.status == 101
        self.assertTrue(eventually(is_free), "freed connections are used again")


class Pressure(WebSocketCase):
    def test_rows_that_nobody_reads_do_not_pile_up(self):
        self.serve_bolt()
        self.assert_unread_rows_do_not_pile_up([self.web_socket, lambda: self.web_socket(self.server.port)] * 10)

    def test_rows_that_nobody_pulls_hold_up_no_writer(self):
        self.serve_bolt()
        self.assert_unpulled_rows_hold_up_no_writer(self.web_socket)

    def test_pings_that_nobody_reads_the_answers_to(self):
        server = self.serve_bolt()
        before = server.resident_bytes()
        client = self.web_socket()
        client.socket.settimeout(1)
        data = frame(b"x" * 125, opcode=PING) * 500
        try:
            for _ in range(2_000):
                client.socket.sendall(data)
        except OSError:
            pass
        self.assertLess(server.resident_bytes() - before, 50 << 20)
        self.assert_still_answers()

    def test_a_client_that_says_goodbye_and_stays_is_cut_off(self):
        server = self.serve_bolt()
        quiet = open_descriptors(server.process.pid)
        goodbyes = (frame(struct.pack(">H", 1000), opcode=CLOSE), frame(b"", announced=1 << 40), frame(b"text", opcode=TEXT))
        staying = [self.web_socket(port) for port in self.ports() for _ in goodbyes]
        for client, goodbye in zip(staying, goodbyes * 2):
            client.begin("CREATE (:Lost)")
            client.run(ENDLESS)
            client.socket.sendall(goodbye)
        self.assertTrue(eventually(lambda: open_descriptors(server.process.pid) <= quiet + 1, 60), "connections stay")
        self.assertEqual(server.client().rows("MATCH (n) RETURN count(n) AS n"), [[0]])

    def test_a_client_that_hangs_up_stops_its_statement(self):
        server = self.serve_bolt()
        quiet = open_descriptors(server.process.pid)
        for number in range(30):
            client = self.web_socket(self.ports()[number % 2])
            client.run(ENDLESS)
            if number % 3 == 0:
                client.send(struct.pack(">H", 1001), opcode=CLOSE)
            client.close()
        self.assertTrue(eventually(lambda: open_descriptors(server.process.pid) <= quiet + 1), "connections stay")
        self.assert_still_answers()


class End(WebSocketCase):
    """SIGTERM with connections open."""

    def stop(self):
        self.server.process.send_signal(signal.SIGTERM)
        self.assertTrue(eventually(lambda: "stopping" in "".join(self.server.log)))

    def test_who_holds_nothing_is_told_to_go(self):
        self.serve_bolt()
        idle = [self.web_socket(port) for port in self.ports() * 5]
        silent = [self.web_socket(port, logon=False) for port in self.ports()]
        half = self.bolt(logon=False)
        half.send(request()[:30])
        self.stop()
        for client in [*idle, *silent]:
            self.assertEqual(client.closing_code(), 1001)
            client.send(struct.pack(">H", 1001), opcode=CLOSE)
            client.close()
        self.assertIsNone(half.receive())
        half.close()
        self.assert_ends_well()

    def test_an_open_transaction_may_commit(self):
        self.serve_bolt()
        writer = self.web_socket()
        writer.begin("CREATE (:Kept)")
        self.stop()
        writer.send(message(COMMIT))
        self.assertEqual(writer.tags(1), [SUCCESS])
        self.assertEqual(writer.closing_code(), 1001)
        writer.close()
        self.assert_ends_well()
        with self.serve() as server:
            self.assertEqual(server.client().rows("MATCH (n) RETURN labels(n)"), [[["Kept"]]])

    def test_who_does_not_answer_delays_nothing(self):
        self.serve_bolt()
        mute = [self.web_socket(port) for port in self.ports()]
        self.stop()
        self.assert_ends_well()
        self.assertEqual([client.closing_code() for client in mute], [1001, 1001])

    def test_clients_that_leave_while_the_server_does(self):
        self.serve_bolt()
        clients = [self.web_socket(port) for port in self.ports() * 8]
        for client in clients:
            client.run("UNWIND range(1, 3000000) AS i RETURN i")
        self.server.process.send_signal(signal.SIGTERM)
        for number, client in enumerate(clients):
            if number % 3 == 1:
                client.close()
            elif number % 3 == 2:
                client.socket.shutdown(socket.SHUT_RDWR)
        self.server.process.send_signal(signal.SIGTERM)
        self.assert_ends_well()
