"""`nexus serve` as a process: addresses, authentication, signals, restarts, settings."""
import base64
import os
import signal
import socket
import subprocess
import threading

import support
from support import Case, Closed, clean_environment, eventually

PASSWORD = "correct horse"


def basic(user, password):
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


class Addresses(Case):
    def test_others_than_loopback_need_authentication(self):
        for address in ("0.0.0.0", "::", "192.0.2.1"):
            done = self.nexus("serve", "--data", self.scratch / "data", "--port", "0", "--listen", address)
            self.assertEqual(done.code, 2, done)
            self.assertIn("authentication is needed", done.err)
            self.assertFalse((self.scratch / "data").exists(), "nothing is made before the settings are right")

    def test_with_authentication_any_address(self):
        server = self.serve("--listen", "0.0.0.0", "--allow-plaintext", environment={"NEXUS_AUTH": f"ada/{PASSWORD}"})
        self.assertEqual(server.client().cypher("RETURN 1 AS x").status, 401)
        self.assertEqual(server.client(**basic("ada", PASSWORD)).rows("RETURN 1 AS x"), [[1]])
        self.assertTrue(eventually(lambda: "may be unencrypted" in "".join(server.log)))

    def test_bad_addresses_and_ports(self):
        for address in ("nowhere", "256.1.1.1", "127.0.0.1:80", ""):
            done = self.nexus("serve", "--data", self.scratch / "data", "--port", "0", "--listen", address)
            self.assertNotEqual(done.code, 0, done)
            self.assertTrue(done.err)
        done = self.nexus("serve", "--data", self.scratch / "data", "--port", "70000")
        self.assertEqual(done.code, 2, done)

    def test_a_port_in_use(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            done = self.nexus("serve", "--data", self.scratch / "data", "--port", taken.getsockname()[1])
        self.assertEqual(done.code, 3, done)
        self.assertIn("in use", done.err)

    def test_a_directory_in_use(self):
        self.serve()
        done = self.nexus("serve", "--data", self.scratch / "data", "--port", "0")
        self.assertEqual(done.code, 3, done)
        self.assertIn("FileLocked", done.err)
        done = self.nexus("query", "RETURN 1 AS x", "--data", self.scratch / "data")
        self.assertEqual(done.code, 3, done)

    def test_a_directory_that_cannot_be(self):
        (self.scratch / "file").write_text("")
        done = self.nexus("serve", "--data", self.scratch / "file", "--port", "0")
        self.assertNotEqual(done.code, 0, done)
        self.assertTrue(done.err.startswith("error: "), done)

    def test_the_data_is_private(self):
        server = self.serve()
        server.client().rows("CREATE (:N)")
        for folder, _, files in os.walk(self.scratch / "data"):
            self.assertEqual(os.stat(folder).st_mode & 0o077, 0, folder)
            for file in files:
                self.assertEqual(os.stat(os.path.join(folder, file)).st_mode & 0o077, 0, file)


class Authentication(Case):
    def setUp(self):
        super().setUp()
        secret = self.scratch / "secret"
        secret.write_text(PASSWORD + "\n")
        self.secret = secret
        self.server = self.serve("--auth-user", "ada", "--auth-password-file", secret)

    def test_what_needs_a_user(self):
        client = self.server.client()
        for method, path in (("GET", "/api/v1/info"), ("GET", "/api/v1/databases"), ("GET", "/metrics"), ("GET", "/api/v1/session"),
                             ("DELETE", "/api/v1/databases/neo4j")):
            answer = client.request(method, path)
            self.problem(answer, 401, "Unauthorized", "42NFC")
            self.assertTrue(answer.headers["www-authenticate"].startswith("Basic"))
        for path in ("/", "/health/live", "/health/ready", "/api/v1/openapi.json"):
            self.assertEqual(client.request("GET", path).status, 200, path)

    def test_who_is_let_in(self):
        self.assertEqual(self.server.client(**basic("ada", PASSWORD)).request("GET", "/api/v1/info").json["user"], "ada")
        wrong = [basic("ada", ""), basic("", ""), basic("Ada", PASSWORD), basic("bob", PASSWORD),
                 basic("ada", PASSWORD + "x"), basic("ada", PASSWORD[:-1]), {"Authorization": "Basic"},
                 {"Authorization": "Basic !!!!"}, {"Authorization": "Bearer " + PASSWORD}, {"Authorization": ""}]
        for headers in wrong:
            self.problem(self.server.client(**headers).cypher("CREATE (:Forbidden)"), 401, "Unauthorized")
        # After three wrong ones a name waits, but not the right password of an account.
        for headers in (basic("ada", "wrong"), basic("ada:", PASSWORD)):
            self.problem(self.server.client(**headers).cypher("CREATE (:Forbidden)"), 429, "TooManyLogins")
        self.assertEqual(self.server.client(**basic("ada", PASSWORD)).rows("MATCH (n) RETURN count(n) AS n"), [[0]])

    def test_the_password_is_nowhere(self):
        with open(f"/proc/{self.server.process.pid}/cmdline", "rb") as file:
            self.assertNotIn(PASSWORD.encode(), file.read())
        self.server.client(**basic("ada", PASSWORD)).rows("RETURN 1 AS x")
        self.server.client(**basic("ada", PASSWORD + "x")).cypher("RETURN 1 AS x")
        self.assertNotIn(PASSWORD, "".join(self.server.log))

    def test_a_session_alone_is_no_password(self):
        answer = self.server.client(**basic("ada", PASSWORD)).request("POST", "/api/v1/session", {})
        headers = {"Nexus-Session": answer.json["session"]}
        self.problem(self.server.client(**headers).cypher("RETURN 1 AS x"), 401, "Unauthorized")

    def test_the_command_line(self):
        words = ("query", "RETURN 1 AS x", "--uri", self.server.uri, "-f", "csv")
        done = self.nexus(*words, "-u", "ada", "--password-file", self.secret)
        self.assertEqual((done.code, done.out), (0, "x\n1\n"), done)
        done = self.nexus(*words, environment={"NEXUS_USER": "ada", "NEXUS_PASSWORD": PASSWORD})
        self.assertEqual((done.code, done.out), (0, "x\n1\n"), done)
        done = self.nexus(*words, environment={"NEXUS_USER": "ada", "NEXUS_PASSWORD_FILE": str(self.secret)})
        self.assertEqual((done.code, done.out), (0, "x\n1\n"), done)
        done = self.nexus(*words, environment={"NEXUS_USER": "ada", "NEXUS_PASSWORD": "wrong"})
        self.assertEqual((done.code, done.out), (4, ""), done)
        self.assertEqual(self.nexus(*words).code, 4)

    def test_settings_that_are_half(self):
        for words in (("--auth-user", "ada"), ("--auth-password-file", self.secret),
                      ("--auth-user", "ada", "--auth-password-file", self.scratch / "missing")):
            self.assertEqual(self.nexus("serve", "--data", self.scratch / "other", "--port", "0", *words).code, 2)
        (self.scratch / "short").write_text("short")
        done = self.nexus("serve", "--data", self.scratch / "other", "--port", "0", "--auth-user", "ada", "--auth-password-file",
                          self.scratch / "short")
        self.assertEqual(done.code, 2, done)
        self.assertIn("8 characters", done.err)


class Process(Case):
    def test_what_is_written_survives(self):
        with self.serve() as server:
            client = server.client()
            client.rows("CREATE DATABASE kept WAIT", database="system")
            client.rows("CREATE (:N {text: $t, list: $l})", {"t": "é🚀", "l": [1, 2]}, "kept")
            self.assertEqual(server.stop(), 0)
            self.assertTrue(eventually(lambda: "stopped" in "".join(server.log)))
        with self.serve() as server:
            self.assertEqual(server.client().rows("MATCH (n:N) RETURN n.text, n.list", database="kept"), [["é🚀", [1, 2]]])
            self.assertEqual(server.client().request("GET", "/api/v1/databases/kept").json["nodeCount"], 1)

    def test_counts_are_known_before_a_database_is_opened(self):
        with self.serve() as server:
            server.client().rows("CREATE (:N)-[:R]->(:N)")
            server.stop()
        with self.serve() as server:
            info = server.client().request("GET", "/api/v1/databases/neo4j").json
            self.assertEqual((info["nodeCount"], info["relationshipCount"]), (2, 1))

    def test_a_stop_at_the_moment_it_is_there(self):
        for _ in range(10):
            server = self.serve("--bolt-port", "0")
            self.assertEqual(server.stop(), 0, "".join(server.log)[-2000:])

    def test_running_requests_finish_when_it_is_told_to_stop(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with self.serve() as server:
                client, other = server.client(), server.client()
                other.rows("RETURN 1 AS x")
                answers = []
                query = "UNWIND range(1, 1500) AS a UNWIND range(1, 1500) AS b WITH count(*) AS n CREATE (:Late {n: n}) RETURN n"
                running = threading.Thread(target=lambda: answers.append(client.cypher(query)))
                running.start()
                started = eventually(lambda: b"nexus_statements_total 2" in server.client().request("GET", "/metrics").body)
                self.assertTrue(started)
                server.process.send_signal(number)
                running.join()
                self.assertEqual(answers[0].rows, [[2_250_000]])
                with self.assertRaises(Closed):
                    for _ in range(1_000):
                        server.client().request("GET", "/api/v1/info")
                self.assertEqual(server._ended(), 0)
            with self.serve() as server:
                self.assertEqual(server.client().rows("MATCH (l:Late) DELETE l RETURN count(*) AS n"), [[1]])
                server.stop()

    def test_idle_connections_do_not_delay_the_end(self):
        server = self.serve()
        idle = [server.client() for _ in range(20)]
        for client in idle:
            client.rows("RETURN 1 AS x")
        silent = socket.create_connection(("127.0.0.1", server.port))
        self.assertEqual(server.stop(), 0)
        silent.close()

    def test_a_second_signal_does_not_wait(self):
        server = self.serve()
        client = server.client()
        query = "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b RETURN count(*) AS n"

        def run():
            try:
                client.cypher(query)
            except Closed:
                pass
        running = threading.Thread(target=run)
        running.start()
        self.assertTrue(eventually(lambda: b"nexus_statements_total 1" in server.client().request("GET", "/metrics").body))
        server.process.send_signal(signal.SIGTERM)
        self.assertTrue(eventually(lambda: "stopping" in "".join(server.log)))
        server.process.send_signal(signal.SIGTERM)
        running.join()
        server.process.wait(30)

    def test_query_timeout_of_the_server(self):
        client = self.serve("--query-timeout-ms", "100").client()
        answer = client.cypher("UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b RETURN count(*) AS n")
        self.problem(answer, 408, "TransactionTimedOut")
        self.assertEqual(client.rows("RETURN 1 AS x"), [[1]])

    def test_log_lines_are_json_when_asked(self):
        import json
        server = self.serve("--log-format", "json")
        server.stop()
        self.assertTrue(server.log)
        for line in server.log:
            self.assertEqual(set(json.loads(line)), {"time", "level", "message"})

    def test_unknown_flags(self):
        for words in (["--surprise"], ["--port", "x"], ["--log-level", "loud"], ["extra"]):
            done = self.nexus("serve", *words)
            self.assertEqual(done.code, 2, done)

    def test_few_descriptors(self):
        """Out of descriptors the server waits instead of ending."""
        process = subprocess.Popen(["sh", "-c", f"ulimit -n 64; exec {support.binary} serve --data {self.scratch}/few --port 0"],
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=clean_environment())
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        port = int(process.stdout.readline().rsplit(":", 1)[1])
        held = []
        for _ in range(100):
            held.append(socket.create_connection(("127.0.0.1", port), timeout=20))
        for connection in held:
            connection.close()
        client = support.Client(port)
        self.assertEqual(client.rows("CREATE (n:N) RETURN 1 AS x"), [[1]])
        self.assertIsNone(process.poll())
