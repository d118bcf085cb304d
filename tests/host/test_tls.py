"""TLS on both ports: certificates, who may speak plaintext, Bolt and WebSockets inside it, and clients of it."""
import signal
import socket
import ssl
import struct
import tempfile
import time

import certificates
from support import Client, Closed, eventually, open_descriptors
from test_bolt import COMMIT, ENDLESS, FAILURE, HELLO, LOGON, MAGIC, PULL, RECORD, RESET, RUN, SUCCESS, Bolt, BoltCase, message
from test_serve import basic
from test_web_socket import WebSocket

HELLO_BYTE = b"\x16"


class TlsCase(BoltCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="nexus-tls-")
        cls.authority = certificates.Authority(cls.folder.name)
        cls.certificate, cls.key = cls.authority.issue()
        cls.trust = cls.authority.trust()

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def secure(self, *words, certificate=None, key=None, environment=None):
        return self.serve_bolt("--tls-cert", str(certificate or self.certificate), "--tls-key", str(key or self.key), *words,
                               environment=environment)

    def https(self, tls=None, **headers):
        client = self.server.client(tls or self.trust, **headers)
        self.addCleanup(client.close)
        return client

    def web_socket(self, port, **options):
        client = WebSocket(port, tls=self.trust, **options)
        self.addCleanup(client.close)
        return client

    def ports(self):
        return self.port, self.server.port

    def assert_still_answers(self):
        self.assertEqual(self.https().rows("RETURN 1 AS x"), [[1]])
        client = self.bolt(tls=self.trust)
        client.run("RETURN 1 AS x")
        self.assertEqual(client.tags(3), [SUCCESS, RECORD, SUCCESS])

    def refused_at_start(self, *words, environment=None):
        done = self.nexus("serve", "--data", self.scratch / "data", "--port", "0", *words, environment=environment)
        self.assertEqual(done.code, 2, done)
        self.assertFalse((self.scratch / "data").exists(), "nothing is made before the settings are right")
        return done.err


class Settings(TlsCase):
    def test_files_that_cannot_be_used_are_named(self):
        other = certificates.Authority(self.scratch / "other").issue()
        nonsense = self.scratch / "nonsense.pem"
        nonsense.write_text("no certificate\n")
        locked = certificates.with_passphrase(self.key, "open sesame")
        for words, named, why in ((("--tls-cert", self.certificate), "--tls-key", "belong together"),
                                  (("--tls-key", self.key), "--tls-cert", "belong together"),
                                  (("--tls-client-ca", self.authority.certificate), "--tls-client-ca", "needs --tls-cert"),
                                  (("--tls-cert", "/nowhere.pem", "--tls-key", self.key), "/nowhere.pem", "No such file"),
                                  (("--tls-cert", nonsense, "--tls-key", self.key), str(nonsense), "as a certificate"),
                                  (("--tls-cert", self.certificate, "--tls-key", nonsense), str(nonsense), "as a private key"),
                                  (("--tls-cert", self.certificate, "--tls-key", other[1]), str(other[1]), "mismatch"),
                                  (("--tls-cert", self.certificate, "--tls-key", locked), str(locked), "has a passphrase"),
                                  (("--tls-cert", self.certificate, "--tls-key", self.key, "--tls-client-ca", nonsense),
                                   str(nonsense), "as a certificate")):
            error = self.refused_at_start(*words)
            self.assertIn(named, error)
            self.assertIn(why, error)

    def test_others_than_this_machine_need_encryption(self):
        account = {"NEXUS_AUTH": "ada/correct horse"}
        error = self.refused_at_start("--listen", "0.0.0.0", environment=account)
        self.assertIn("encryption is needed", error)
        self.server = self.serve("--listen", "0.0.0.0", "--tls-cert", self.certificate, "--tls-key", self.key, environment=account)
        self.assertEqual(self.https(**basic("ada", "correct horse")).rows("RETURN 1 AS x"), [[1]])
        self.assertNotIn("unencrypted", "".join(self.server.log))

    def test_from_the_environment(self):
        self.serve_bolt(environment={"NEXUS_TLS_CERT": str(self.certificate), "NEXUS_TLS_KEY": str(self.key)})
        self.assert_still_answers()

    def test_a_certificate_that_has_ended_is_served_with_a_warning(self):
        certificate, key = self.authority.issue("ended", days=-1)
        self.secure(certificate=certificate, key=key)
        self.assertTrue(eventually(lambda: "has expired" in "".join(self.server.log)))

    def test_only_modern_tls(self):
        self.secure()
        for version, wanted in ((ssl.TLSVersion.TLSv1_2, "TLSv1.2"), (ssl.TLSVersion.TLSv1_3, "TLSv1.3")):
            context = self.authority.trust()
            context.minimum_version = context.maximum_version = version
            for port in self.ports():
                with context.wrap_socket(socket.create_connection(("127.0.0.1", port), timeout=20), server_hostname="localhost") as one:
                    self.assertEqual(one.version(), wanted)
                    self.assertRegex(one.cipher()[0], "GCM|CHACHA20")
        old = self.authority.trust()
        old.minimum_version, old.maximum_version = ssl.TLSVersion.MINIMUM_SUPPORTED, ssl.TLSVersion.TLSv1_1
        old.set_ciphers("ALL:@SECLEVEL=0")
        for port in self.ports():
            with self.assertRaises(ssl.SSLError):
                old.wrap_socket(socket.create_connection(("127.0.0.1", port), timeout=20), server_hostname="localhost")

    def test_clients_show_certificates_where_they_must(self):
        self.secure("--tls-client-ca", str(self.authority.certificate))
        stranger, known = self.authority.trust(), self.authority.trust()
        known.load_cert_chain(*self.authority.issue("client"))
        stranger.load_cert_chain(*certificates.Authority(self.scratch / "elsewhere").issue("client"))
        for _ in range(2):  # The second time the session may be taken up again.
            self.assertEqual(self.https(known).rows("RETURN 1 AS x"), [[1]])
            self.assertEqual(Bolt(self.port, tls=known).close(), None)
        for refused in (self.trust, stranger):
            with self.assertRaises(Closed):
                self.https(refused).rows("RETURN 1 AS x")
            with self.assertRaises((OSError, AssertionError)):
                Bolt(self.port, tls=refused)

    def test_a_hangup_brings_the_new_certificate(self):
        certificate, key = (self.scratch / name for name in ("server.pem", "server.key"))

        def put(pair):
            certificate.write_bytes(pair[0].read_bytes())
            key.write_bytes(pair[1].read_bytes())

        def common_name(port):
            with self.trust.wrap_socket(socket.create_connection(("127.0.0.1", port), timeout=20), server_hostname="localhost") as one:
                return one.getpeercert()["subject"][0][0][1]

        put((self.certificate, self.key))
        self.secure(certificate=certificate, key=key)
        kept, kept_bolt = self.https(), self.bolt(tls=self.trust)
        self.assertEqual(kept.rows("RETURN 1 AS x"), [[1]])
        put(self.authority.issue("renewed"))
        self.server.process.send_signal(signal.SIGHUP)
        for port in self.ports():
            self.assertTrue(eventually(lambda: common_name(port) == "renewed"))
        key.write_text("nonsense")
        self.server.process.send_signal(signal.SIGHUP)
        self.assertTrue(eventually(lambda: "the certificate from before stays" in "".join(self.server.log)))
        self.assertEqual(common_name(self.port), "renewed")
        self.assertEqual(kept.rows("RETURN 2 AS x"), [[2]])
        kept_bolt.run("RETURN 1 AS x")
        self.assertEqual(kept_bolt.tags(3), [SUCCESS, RECORD, SUCCESS])


class Https(TlsCase):
    def test_addresses_in_answers_and_the_cookie_are_those_of_tls(self):
        self.secure()
        client = self.https()
        found = client.request("GET", "/").json
        self.assertEqual(found["query"], "https://localhost/db/{databaseName}/query/v2")
        self.assertEqual(found["bolt_direct"], f"bolt+s://127.0.0.1:{self.port}")
        self.assertEqual(found["bolt_routing"], f"neo4j+s://127.0.0.1:{self.port}")
        self.assertTrue(client.request("POST", "/db/neo4j/tx", {"statements": []}).headers["location"].startswith("https://localhost/db/"))
        self.assertIn("; Secure", client.request("POST", "/api/v1/session", {}).headers["set-cookie"])

    def test_long_bodies_both_ways(self):
        self.secure()
        client = self.https()
        text = "x" * 3_000_000
        self.assertEqual(client.rows("RETURN size($t) AS n, $t AS t", {"t": text}), [[len(text), text]])
        lines = client.cypher("UNWIND range(1, 200000) AS i RETURN i", headers={"Accept": "application/x-ndjson"})
        self.assertEqual(lines.body.count(b"\n"), 200_002)
        client.rows("UNWIND range(1, 20000) AS i CREATE (:Row {i: i, text: 'row ' + i})")
        dump = client.request("GET", "/api/v1/databases/neo4j/dump")
        self.assertEqual(dump.status, 200, dump)
        restored = client.request("PUT", "/api/v1/databases/twin/dump", dump.body, {"Content-Type": "application/vnd.nexus.dump"})
        self.assertEqual(restored.status, 201, restored)
        self.assertEqual(client.rows("MATCH (r:Row) RETURN count(r) AS n", database="twin"), [[20_000]])

    def test_a_body_that_ends_with_its_connection_is_told_to_have_ended(self):
        self.secure()
        with self.trust.wrap_socket(socket.create_connection(("127.0.0.1", self.server.port), timeout=20), server_hostname="localhost",
                                    suppress_ragged_eofs=False) as client:
            body = b'{"query": "UNWIND range(1, 5000) AS i RETURN i"}'
            client.sendall(b"POST /api/v1/cypher HTTP/1.0\r\nHost: localhost\r\nAccept: application/x-ndjson\r\n"
                           b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
            answer = b""
            while piece := client.recv(1 << 16):  # A cut raises SSLEOFError.
                answer += piece
        self.assertEqual(answer.split(b"\r\n\r\n", 1)[1].count(b"\n"), 5_002)

    def test_a_refusal_reaches_a_client_that_is_still_sending(self):
        self.secure()
        client = self.https()
        client.send(b"POST /api/v1/cypher HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n\r\n" + b"x" * 200_000)
        self.assertEqual(client.receive().status, 413)
        self.assert_still_answers()

    def test_plaintext_is_refused_in_words(self):
        self.secure()
        answer = Client(self.server.port).request("GET", "/api/v1/info")
        self.problem(answer, 400)
        self.assertIn("https://", answer.json["detail"])
        for origin in ("http://localhost:3000", None):
            refused = WebSocket(self.port, logon=False, origin=origin)
            self.assertEqual(refused.status, 400)
            refused.close()
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as bolt:
            bolt.sendall(MAGIC + b"\0\0\x08\x05" + bytes(12))
            self.assertEqual(bolt.recv(4), b"")
        self.assert_still_answers()

    def test_both_on_one_port_where_that_is_allowed(self):
        self.secure("--allow-plaintext")
        self.assertEqual(Client(self.server.port).rows("RETURN 1 AS x"), [[1]])
        self.assertEqual(Client(self.server.port).request("GET", "/").json["bolt_direct"], f"bolt://127.0.0.1:{self.port}")
        plain = self.bolt()
        plain.run("RETURN 1 AS x")
        self.assertEqual(plain.tags(3), [SUCCESS, RECORD, SUCCESS])
        self.assert_still_answers()

    def test_tls_to_a_server_without_it(self):
        self.serve_bolt()
        for port in self.ports():
            with self.assertRaises((ssl.SSLError, ConnectionError)):
                self.trust.wrap_socket(socket.create_connection(("127.0.0.1", port), timeout=20), server_hostname="localhost")
        self.assertEqual(self.server.client().rows("RETURN 1 AS x"), [[1]])


class SecureBolt(TlsCase):
    def test_rows_transactions_and_a_reset(self):
        self.secure()
        client = self.bolt(tls=self.trust)
        client.run("UNWIND range(1, 50000) AS i RETURN i, 'row ' + toString(i) AS text")
        self.assertEqual(client.tags(50_002), [SUCCESS] + [RECORD] * 50_000 + [SUCCESS])
        client.run("RETURN '" + "x" * 300_000 + "' AS x")
        self.assertEqual(client.tags(3), [SUCCESS, RECORD, SUCCESS])
        client.begin("CREATE (:Kept)")
        client.send(message(COMMIT))
        self.assertEqual(client.tags(1), [SUCCESS])
        client.send(message(RUN, ENDLESS, {}, {}) + message(PULL, {"n": -1}))
        time.sleep(0.2)
        client.send(message(RESET))
        self.assertEqual(client.tags(3)[-1], SUCCESS)
        client.run("MATCH (n:Kept) RETURN n")
        self.assertEqual(client.tags(3), [SUCCESS, RECORD, SUCCESS])

    def test_bytes_arrive_as_they_like(self):
        self.secure()
        client = self.bolt(logon=False, tls=self.trust)
        data = MAGIC + b"\0\0\x08\x05" + bytes(12)
        for at in range(len(data)):
            client.send(data[at:at + 1])
        self.assertEqual(client.file.read(4), b"\0\0\x08\x05")

    def test_web_sockets_on_both_ports(self):
        self.secure()
        for port in self.ports():
            client = self.web_socket(port, origin="https://localhost:3000")
            client.run("UNWIND range(1, 20000) AS i RETURN i, 'row ' + toString(i) AS text")
            self.assertEqual(client.tags(20_002), [SUCCESS] + [RECORD] * 20_000 + [SUCCESS])
            refused = self.web_socket(port, logon=False, origin="https://evil.example")
            self.assertEqual(refused.status, 403)

    def test_unread_rows_do_not_pile_up(self):
        self.secure("--allow-plaintext")
        self.assert_unread_rows_do_not_pile_up([lambda: self.bolt(tls=self.trust)] * 3 +
                                               [lambda port=port: self.web_socket(port) for port in self.ports()])

    def test_unpulled_rows_hold_up_no_writer(self):
        self.secure("--allow-plaintext")
        self.assert_unpulled_rows_hold_up_no_writer(lambda: self.bolt(tls=self.trust))

    def test_goodbye_and_wrong_passwords_end_tls_properly(self):
        self.secure(environment={"NEXUS_AUTH": "ada/correct horse"})
        client = self.bolt(logon=False, tls=self.trust)
        client.shake_hands()
        client.send(message(HELLO, {"user_agent": "host-suite/1"}) +
                    message(LOGON, {"scheme": "basic", "principal": "ada", "credentials": "wrong"}))
        self.assertEqual(client.tags(2), [SUCCESS, FAILURE])
        self.assertEqual(client.file.read(), b"")  # A cut raises SSLEOFError.

    def test_hostile_beginnings(self):
        self.secure()
        before = open_descriptors(self.server.process.pid)
        beginnings = (HELLO_BYTE, HELLO_BYTE + b"\x03\x01\xff\xff" + b"\0" * 70_000, HELLO_BYTE * 5_000,
                      HELLO_BYTE + b"\x03\x01\0\x05hello" + MAGIC, HELLO_BYTE + struct.pack(">HH", 0x0303, 4) + b"\x01\0\0\0")
        for port in self.ports():
            for beginning in beginnings:
                with socket.create_connection(("127.0.0.1", port), timeout=20) as one:
                    try:
                        one.sendall(beginning)
                    except ConnectionError:
                        pass  # It was refused before it was all sent.
        self.assertTrue(eventually(lambda: open_descriptors(self.server.process.pid) <= before))
        self.assert_still_answers()

    def test_who_says_hello_and_no_more_is_hung_up_on(self):
        self.secure()
        waiting = [socket.create_connection(("127.0.0.1", port), timeout=40) for port in self.ports()]
        for one in waiting:
            one.sendall(HELLO_BYTE + b"\x03\x01\x02\0")
        for one in waiting:
            with one:
                try:
                    self.assertEqual(one.recv(1), b"")
                except ConnectionResetError:
                    pass  # As hung up as can be.

    def test_a_cut_in_mid_stream(self):
        self.secure()
        before = open_descriptors(self.server.process.pid)
        for make in (lambda: self.bolt(tls=self.trust), *(lambda port=port: self.web_socket(port) for port in self.ports())):
            client = make()
            client.run("UNWIND range(1, 10000000) AS i RETURN i, 'some text ' + toString(i) AS s")
            self.assertEqual(client.tags(1), [SUCCESS])
            client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            client.close()
        self.assertTrue(eventually(lambda: open_descriptors(self.server.process.pid) <= before))
        self.assert_still_answers()

    def test_a_stop_waits_for_transactions_and_tells_the_others(self):
        self.secure()
        idle = self.web_socket(self.server.port)
        busy = [self.bolt(tls=self.trust), *(self.web_socket(port) for port in self.ports())]
        for client in busy:
            client.begin("CREATE (:Late)")
            client.send(message(COMMIT)) if client is busy[-1] else None
        self.assertEqual(busy.pop().tags(1), [SUCCESS])
        self.server.process.send_signal(signal.SIGTERM)
        self.assertEqual(idle.closing_code(), 1001)
        for client in busy:
            client.send(message(COMMIT))
            self.assertEqual(client.tags(1), [SUCCESS])
        self.assert_ends_well()

    def test_a_second_signal_ends_them_all(self):
        self.secure()
        clients = [self.bolt(tls=self.trust), *(self.web_socket(port) for port in self.ports())]
        for client in clients:
            client.begin("CREATE (:Lost)")
        self.server.process.send_signal(signal.SIGTERM)
        self.assertTrue(eventually(lambda: "stopping" in "".join(self.server.log)))
        self.server.process.send_signal(signal.SIGTERM)
        self.assert_ends_well()


class CommandLine(TlsCase):
    def test_a_server_that_is_vouched_for(self):
        server = self.secure()
        ask = ("query", "--uri", server.uri, "RETURN 1 + 1 AS two", "--format", "csv")
        done = self.nexus(*ask, "--tls-ca", self.authority.certificate)
        self.assertEqual(done.out, "two\n2\n", done)
        done = self.nexus(*ask, environment={"NEXUS_TLS_CA": str(self.authority.certificate)})
        self.assertEqual(done.out, "two\n2\n", done)
        self.assertEqual(self.nexus(*ask, "--tls-unchecked").out, "two\n2\n")
        dump = self.scratch / "dump"
        done = self.nexus("db", "dump", "neo4j", dump, "--uri", server.uri, "--tls-ca", self.authority.certificate)
        self.assertEqual(done.code, 0, done)
        done = self.nexus("db", "restore", "twin", dump, "--uri", server.uri, "--tls-ca", self.authority.certificate)
        self.assertEqual(done.code, 0, done)

    def test_a_server_that_is_not(self):
        server = self.secure(certificate=self.authority.issue("elsewhere", hosts=("DNS:elsewhere.example",))[0],
                             key=self.authority.folder / "elsewhere.key")
        ask = ("query", "--uri", server.uri, "RETURN 1 AS x")
        done = self.nexus(*ask)
        self.assertEqual(done.code, 3, done)
        self.assertIn("unable to get local issuer certificate", done.err)
        done = self.nexus(*ask, "--tls-ca", self.authority.certificate)
        self.assertEqual(done.code, 3, done)
        self.assertIn("certificate", done.err)
        done = self.nexus(*ask, "--tls-ca", "/nowhere.pem")
        self.assertEqual(done.code, 2, done)
        self.assertIn("/nowhere.pem", done.err)
        self.assertEqual(self.nexus(*ask, "--tls-unchecked").code, 0)

    def test_the_wrong_scheme(self):
        server = self.secure()
        done = self.nexus("query", "--uri", server.uri.replace("https", "http"), "RETURN 1 AS x")
        self.assertNotEqual(done.code, 0)
        self.assertIn("https://", done.err)
        plain = self.serve(data=self.scratch / "plain")
        done = self.nexus("query", "--uri", plain.uri.replace("http", "https"), "RETURN 1 AS x", "--tls-unchecked")
        self.assertEqual(done.code, 3, done)
        self.assertIn("cannot speak TLS with https://", done.err)
