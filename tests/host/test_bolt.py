"""`nexus serve --bolt-port` from outside: the listener, its limits, hostile clients, and the end of the process."""
import re
import signal
import socket
import struct
import time

from support import Case, eventually, open_descriptors

MAGIC = b"\x60\x60\xb0\x17"
HELLO, GOODBYE, RESET, RUN, BEGIN, COMMIT, PULL, LOGON = 0x01, 0x02, 0x0F, 0x10, 0x11, 0x12, 0x3F, 0x6A
SUCCESS, RECORD, IGNORED, FAILURE = 0x70, 0x71, 0x7E, 0x7F
ENDLESS = "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b WITH a, b WHERE a < 0 RETURN count(*) AS n"


def packed(value):
    """Only what the messages below need."""
    if value is None:
        return b"\xc0"
    if isinstance(value, int):
        return b"\xcb" + struct.pack(">q", value)
    if isinstance(value, str):
        data = value.encode()
        return b"\xd2" + struct.pack(">I", len(data)) + data
    if isinstance(value, list):
        return b"\xd6" + struct.pack(">I", len(value)) + b"".join(map(packed, value))
    return b"\xda" + struct.pack(">I", len(value)) + b"".join(packed(k) + packed(v) for k, v in value.items())


def framed(payload):
    pieces = [payload[at:at + 0xFFFF] for at in range(0, len(payload), 0xFFFF)]
    return b"".join(struct.pack(">H", len(piece)) + piece for piece in pieces) + b"\0\0"


def message(tag, *fields):
    return framed(bytes([0xB0 + len(fields), tag]) + b"".join(map(packed, fields)))


class Bolt:
    """One connection at 5.8, logged on unless told otherwise."""

    def __init__(self, port, logon=True, tls=None):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_hostname="127.0.0.1", suppress_ragged_eofs=False)
        self.file = self.socket.makefile("rb")
        if logon:
            self.shake_hands()
            self.send(message(HELLO, {"user_agent": "host-suite/1"}) + message(LOGON, {"scheme": "none"}))
            assert self.tags(2) == [SUCCESS, SUCCESS]

    def shake_hands(self):
        self.send(MAGIC + b"\0\0\x08\x05" + bytes(12))
        assert self.file.read(4) == b"\0\0\x08\x05"

    def send(self, data):
        self.socket.sendall(data)

    def receive(self):
        """The next message's bytes; None when the connection has ended."""
        payload = b""
        while True:
            try:
                head = self.file.read(2)
            except ConnectionError:
                return None
            if len(head) < 2:
                return None
            size = struct.unpack(">H", head)[0]
            if size == 0 and payload:
                return payload
            payload += self.file.read(size)

    def tags(self, count):
        return [received[1] if (received := self.receive()) else None for _ in range(count)]

    def run(self, text, extra=None, rows=-1):
        self.send(message(RUN, text, {}, extra or {}) + message(PULL, {"n": rows}))

    def begin(self, text, extra=None):
        """Opens a transaction and runs a statement in it."""
        self.send(message(BEGIN, extra or {}) + message(RUN, text, {}, {}) + message(PULL, {"n": -1}))
        assert self.tags(3) == [SUCCESS] * 3

    def close(self):
        self.file.close()
        self.socket.close()


class BoltCase(Case):
    def serve_bolt(self, *words, environment=None):
        self.server = self.serve("--bolt-port", "0", *words, environment=environment)
        line = self.server.process.stdout.readline()
        self.port = int(re.search(r" at bolt(?:\+s)?://127\.0\.0\.1:(\d+)$", line.strip())[1])
        return self.server

    def bolt(self, logon=True, tls=None):
        client = Bolt(self.port, logon, tls)
        self.addCleanup(client.close)
        return client

    def assert_unread_rows_do_not_pile_up(self, connects):
        """`connects` open one connection each."""
        before = self.server.resident_bytes()
        for reader in [connect() for connect in connects]:
            reader.run("UNWIND range(1, 10000000) AS i RETURN i, 'some text ' + toString(i) AS s")
        time.sleep(0.5)
        self.assertEqual(self.server.client().rows("CREATE (:N) RETURN 1 AS one"), [[1]])
        self.assertLess(self.server.resident_bytes() - before, 200 << 20)

    def assert_unpulled_rows_hold_up_no_writer(self, connect):
        client = connect()
        client.run("UNWIND range(1, 5000) AS i CREATE (n:Unread {i: i}) RETURN n", rows=1)
        self.assertEqual(client.tags(3), [SUCCESS, RECORD, SUCCESS])
        transaction = connect()
        transaction.begin("CREATE (:Pending)")
        self.assertEqual(self.server.client().rows("CREATE (:Other) RETURN 1 AS one"), [[1]])
        self.assertEqual(self.server.client().rows("MATCH (n:Unread) RETURN count(n) AS n"), [[5_000]])
        transaction.send(message(COMMIT))
        self.assertEqual(transaction.tags(1), [SUCCESS])

    def assert_ends_well(self, seconds_max=60):
        self.assertEqual(self.server.process.wait(seconds_max), 0, "".join(self.server.log)[-2000:])
        self.assertTrue(eventually(lambda: "stopped" in "".join(self.server.log)))


class Listener(BoltCase):
    def test_no_port_no_bolt(self):
        server = self.serve()
        self.assertFalse([name for name in server.client().request("GET", "/").json if "bolt" in name])
        with socket.create_connection(("127.0.0.1", server.port), timeout=20) as other:
            other.sendall(MAGIC + b"\0\0\x08\x05" + bytes(12))
            self.assertNotEqual(other.recv(4), b"\0\0\x08\x05")

    def test_a_port_in_use(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            done = self.nexus("serve", "--data", self.scratch / "data", "--port", "0", "--bolt-port", taken.getsockname()[1])
        self.assertEqual(done.code, 3, done)
        self.assertIn("listen for Bolt", done.err)

    def test_accounts_are_those_of_the_server(self):
        self.serve_bolt(environment={"NEXUS_AUTH": "ada/correct horse"})
        for scheme, user, password, wanted in (("basic", "ada", "correct horse", SUCCESS), ("basic", "ada", "wrong", FAILURE),
                                               ("basic", "bob", "correct horse", FAILURE), ("none", "", "", FAILURE)):
            client = self.bolt(logon=False)
            client.shake_hands()
            client.send(message(HELLO, {"user_agent": "host-suite/1"}) +
                        message(LOGON, {"scheme": scheme, "principal": user, "credentials": password}))
            self.assertEqual(client.tags(2), [SUCCESS, wanted], (scheme, user))
            if wanted == FAILURE:
                self.assertIsNone(client.receive(), "the connection goes on without a user")

    def test_three_databases_over_one_connection(self):
        server = self.serve_bolt()
        client = self.bolt()
        for name in ("red", "green", "blue"):
            server.client().rows(f"CREATE DATABASE {name} WAIT", database="system")
            client.run(f"CREATE (:Here {{name: '{name}'}})", {"db": name})
            self.assertEqual(client.tags(2), [SUCCESS, SUCCESS])
        for name in ("red", "green", "blue"):
            self.assertEqual(server.client().rows("MATCH (h:Here) RETURN h.name", database=name), [[name]])


class Hostile(BoltCase):
    def test_connections_have_a_limit_and_come_back(self):
        self.serve_bolt("--connections-max", "10")
        held = [self.bolt() for _ in range(10)]
        refused = self.bolt(logon=False)
        self.assertIsNone(refused.receive())
        for client in held:
            client.close()

        def is_free():
            client = Bolt(self.port, logon=False)
            try:
                client.shake_hands()
                return True
            except (AssertionError, OSError):
                return False
            finally:
                client.close()
        self.assertTrue(eventually(is_free), "freed connections are used again")

    def test_garbage(self):
        self.serve_bolt()
        for first in (b"GET / HTTP/1.1\r\n\r\n", bytes(20), MAGIC + bytes(16), b"\x16\x03\x01" + bytes(40)):
            client = self.bolt(logon=False)
            client.send(first)
            client.receive()
            self.assertEqual(client.file.read(), b"", first)
        for bad in (framed(b"\xb1"), framed(b"\xb0\x44"), framed(b"\xb3\x10\x81"), framed(b"\xb1\x3f" + b"\x91" * 60_000)):
            client = self.bolt()
            client.send(bad)
            self.assertEqual(client.tags(2), [FAILURE, None], bad[:10])
        self.assertEqual(self.bolt().tags(0), [])

    def test_long_messages_end_the_connection_and_take_no_memory(self):
        server = self.serve_bolt()
        before = server.resident_bytes()
        chunk = b"\xff\xff" + b"x" * 0xFFFF
        for logon in (False, True):
            client = self.bolt(logon)
            if not logon:
                client.shake_hands()
            try:
                for _ in range(400):
                    client.send(chunk)
            except OSError:
                pass
            tags = client.tags(2)
            self.assertIn(tags, ([FAILURE, None], [None, None]))
            client.close()
        # A list that announces as much as the message has, again and again.
        client = self.bolt()
        client.send(framed(b"\xb3\x10\x81x" + b"\xa1\x81x" + b"\xd6\x00\x3d\x00\x00" * 150 + b"\x01" * 4_100_000))
        self.assertEqual(client.tags(2), [FAILURE, None])
        self.assertLess(server.resident_bytes() - before, 120 << 20)

    def test_rows_that_nobody_reads_do_not_pile_up(self):
        self.serve_bolt()
        self.assert_unread_rows_do_not_pile_up([self.bolt] * 20)

    def test_rows_that_nobody_pulls_hold_up_no_writer(self):
        self.serve_bolt()
        self.assert_unpulled_rows_hold_up_no_writer(self.bolt)

    def test_a_client_that_hangs_up_stops_its_statement(self):
        server = self.serve_bolt()
        quiet = open_descriptors(server.process.pid)
        for _ in range(30):
            client = self.bolt()
            client.run(ENDLESS)
            client.close()
        self.assertTrue(eventually(lambda: open_descriptors(server.process.pid) <= quiet + 1), "connections stay")
        self.assertEqual(server.client().rows("RETURN 1 AS one"), [[1]])

    def test_a_reset_stops_a_running_statement(self):
        self.serve_bolt()
        client = self.bolt()
        client.run(ENDLESS)
        client.send(message(RESET))
        tags = client.tags(3)
        self.assertEqual((tags[0] in (SUCCESS, IGNORED), tags[1:]), (True, [IGNORED, SUCCESS]), tags)
        client.run("RETURN 1 AS x")
        self.assertEqual(client.tags(3), [SUCCESS, RECORD, SUCCESS])


    def test_long_statements_do_not_keep_short_ones_waiting(self):
        server = self.serve_bolt()
        client = self.bolt()
        for running in [self.bolt() for _ in range(40)]:
            running.run(ENDLESS)
        for late in (client, self.bolt()):
            late.run("RETURN 1 AS x")
            self.assertEqual(late.tags(3), [SUCCESS, RECORD, SUCCESS])
        self.assertTrue(server.is_running())


class End(BoltCase):
    """SIGTERM with connections open."""

    def test_who_holds_nothing_does_not_delay_it(self):
        self.serve_bolt()
        idle = [self.bolt() for _ in range(20)]
        silent, half = self.bolt(logon=False), self.bolt(logon=False)
        half.send(MAGIC[:2])
        failed = self.bolt()
        failed.run("RETURN")
        self.assertEqual(failed.tags(2), [FAILURE, IGNORED])
        self.server.process.send_signal(signal.SIGTERM)
        for client in [*idle, silent, half, failed]:
            self.assertIsNone(client.receive())
            client.close()
        self.assert_ends_well()

    def test_an_open_transaction_may_commit(self):
        self.serve_bolt()
        writer, late = self.bolt(), self.bolt()
        writer.begin("CREATE (:Kept)")
        late.begin("CREATE (:Lost)")
        self.server.process.send_signal(signal.SIGTERM)
        self.assertTrue(eventually(lambda: "stopping" in "".join(self.server.log)))
        writer.send(message(COMMIT))
        self.assertEqual(writer.tags(2), [SUCCESS, None])
        writer.close()
        late.close()
        self.assert_ends_well()
        with self.serve() as server:
            self.assertEqual(server.client().rows("MATCH (n) RETURN labels(n)"), [[["Kept"]]])

    def test_a_second_signal_does_not_wait(self):
        """For transactions, results that nobody reads or pulls, and statements that run."""
        self.serve_bolt()
        clients = [self.bolt() for _ in range(24)]
        running = clients.pop()
        running.begin("CREATE (:Lost)")
        clients.pop().begin("CREATE (:Lost)")
        clients.pop().run("UNWIND range(1, 10000000) AS i RETURN i", rows=1)
        clients.pop().run("UNWIND range(1, 10000000) AS i RETURN i, 'some text ' + toString(i) AS s")
        running.send(message(RUN, ENDLESS, {}, {}))
        for client in clients:  # More than run at the same time.
            client.run(ENDLESS)
        self.server.process.send_signal(signal.SIGTERM)
        self.assertTrue(eventually(lambda: "stopping" in "".join(self.server.log)))
        self.server.process.send_signal(signal.SIGTERM)
        self.assert_ends_well()
        with self.serve() as server:
            self.assertEqual(server.client().rows("MATCH (n) RETURN count(n) AS n"), [[0]])

    def test_clients_that_come_and_go_meanwhile(self):
        self.serve_bolt()
        clients = [self.bolt() for _ in range(30)]
        for number, client in enumerate(clients):
            client.run(f"UNWIND range(1, 20000) AS i CREATE (:N {{i: i, by: {number}}}) RETURN i")
            if number % 3 == 0:
                client.close()
        self.server.process.send_signal(signal.SIGTERM)
        for number, client in enumerate(clients):
            if number % 3 == 1:
                client.close()
            elif number % 3 == 2:
                while client.receive() is not None:
                    pass
                client.close()
        self.assert_ends_well()
