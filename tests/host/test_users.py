"""Users of the instance from outside: made with --data, let in by `nexus serve --auth`, over HTTP, Bolt and the command line."""
import re
import threading
import time

from support import Case, eventually
from test_bolt import BEGIN, FAILURE, HELLO, LOGON, RESET, SUCCESS, BoltCase, message
from test_serve import basic

PASSWORD = "secret123"
HOST_PASSWORD = "correct horse"
ROUTE = 0x66


class Users(BoltCase):
    """A data directory with three databases, `ada` who may use and read `red`, and `root`, an administrator."""

    def setUp(self):
        super().setUp()
        for command in ("CREATE DATABASE red WAIT", "CREATE DATABASE blue WAIT", "CREATE ROLE reds", "GRANT ACCESS ON DATABASE red TO reds",
                        "GRANT MATCH {*} ON GRAPH red TO reds",
                        f"CREATE USER ada SET PASSWORD '{PASSWORD}' CHANGE NOT REQUIRED", "GRANT ROLE reds TO ada",
                        f"CREATE USER root SET PASSWORD '{PASSWORD}' CHANGE NOT REQUIRED", "GRANT ROLE admin TO root"):
            self.embedded(command)
        self.embedded("CREATE (:Secret {text: 'of blue'})", "blue")
        self.embedded("CREATE (:N {text: 'of red'})", "red")

    def embedded(self, command, database="system"):
        done = self.nexus("query", "--data", self.scratch / "data", "-d", database, command, "-f", "csv")
        self.assertEqual(done.code, 0, f"{command}: {done}")
        return done.out

    def serve_users(self, *words, environment=None):
        return self.serve_bolt("--auth", *words, environment=environment)

    def client(self, user, password=PASSWORD):
        client = self.server.client(**basic(user, password))
        self.addCleanup(client.close)
        return client

    def log_on(self, user, password=PASSWORD):
        """A Bolt connection that has tried to log on, and the bytes of the answer."""
        bolt = self.bolt(logon=False)
        bolt.shake_hands()
        bolt.send(message(HELLO, {"user_agent": "host-suite/1"}) +
                  message(LOGON, {"scheme": "basic", "principal": user, "credentials": password}))
        self.assertEqual(bolt.tags(1), [SUCCESS])
        return bolt, bolt.receive()

    def bolt_run(self, bolt, text, database=None):
        """The first answer to a statement; the connection is ready again."""
        bolt.run(text, {"db": database} if database else {})
        first = bolt.receive()
        if first[1] == SUCCESS:
            while bolt.receive()[1] != SUCCESS:
                pass
        else:
            bolt.receive()
            bolt.send(message(RESET))
            self.assertEqual(bolt.tags(1), [SUCCESS])
        return first


class LogIns(Users):
    def test_who_is_let_in(self):
        self.serve_users()
        self.assertEqual(self.client("ada").request("GET", "/api/v1/info").json["user"], "ada")
        self.assertEqual(self.client("root").rows("RETURN 1 AS x"), [[1]])
        for client in (self.server.client(), self.client("ada", "wrong"), self.client("nobody"), self.client("", ""),
                       self.server.client(Authorization="Basic !!!!"), self.server.client(Authorization="Bearer " + PASSWORD)):
            answer = client.cypher("CREATE (:Forbidden)")
            self.problem(answer, 401, "Unauthorized", "42NFC")
            self.assertTrue(answer.headers["www-authenticate"].startswith("Basic"))
        bolt, answer = self.log_on("ada")
        self.assertEqual(answer[1], SUCCESS)
        self.assertEqual(self.bolt_run(bolt, "RETURN 1 AS x", "red")[1], SUCCESS)
        bolt, answer = self.log_on("ada", "wrong")
        self.assertEqual(answer[1], FAILURE)
        self.assertIn(b"Neo.ClientError.Security.Unauthorized", answer)
        self.assertIsNone(bolt.receive(), "the connection ends")

    def test_three_wrong_passwords_and_five_seconds(self):
        self.serve_users()
        for _ in range(3):
            self.problem(self.client("ada", "wrong").cypher("RETURN 1"), 401, "Unauthorized")
        answer = self.client("ada").cypher("RETURN 1")
        refused_at = time.monotonic()
        self.problem(answer, 429, "TooManyLogins")
        self.assertEqual(answer.headers["retry-after"], "5")
        _, refused = self.log_on("ada")
        self.assertIn(b"Neo.ClientError.Security.AuthenticationRateLimit", refused)
        done = self.nexus("query", "RETURN 1 AS x", "--uri", self.server.uri, "-u", "ada", environment={"NEXUS_PASSWORD": PASSWORD})
        self.assertEqual(done.code, 4, done)
        self.assertIn("(TooManyLogins)", done.err)
        self.assertEqual(self.client("root").rows("RETURN 1 AS x"), [[1]], "others are not refused")
        time.sleep(max(0, refused_at + 5.2 - time.monotonic()))
        self.assertEqual(self.client("ada").rows("RETURN 1 AS x"), [[1]])
        self.assertEqual(self.client("ada", "wrong").cypher("RETURN 1").status, 401)
        self.assertEqual(self.client("ada").rows("RETURN 1 AS x"), [[1]])

    def test_one_who_logs_in_on_many_connections_at_once(self):
        """As a driver's pool does right after the server has started."""
        self.serve_users()
        statuses = []

        def log_in():
            client = self.server.client(**basic("ada", PASSWORD))
            statuses.append(client.cypher("RETURN 1 AS x").status)
            client.close()
        threads = [threading.Thread(target=log_in) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(statuses, [200] * 6)

    def test_a_suspended_user_and_one_who_is_dropped(self):
        self.serve_users()
        root = self.client("root")
        session = self.client("ada").request("POST", "/api/v1/session", {"database": "red"}).json["session"]
        begun = self.client("ada").request("POST", "/db/red/query/v2/tx").json["transaction"]["id"]
        bolt, _ = self.log_on("ada")

        def outcomes():
            client = self.client("ada")
            return [client.cypher("RETURN 1", headers={"Nexus-Session": session}).status,
                    client.request("POST", f"/db/red/query/v2/tx/{begun}", {"statement": "RETURN 1"}).status,
                    self.bolt_run(bolt, "RETURN 1", "red")[1]]
        self.assertEqual(outcomes(), [200, 202, SUCCESS])
        root.rows("ALTER USER ada SET STATUS SUSPENDED", database="system")
        self.assertEqual(outcomes(), [401, 401, FAILURE])
        self.assertIn(b"Unauthorized", self.log_on("ada")[1])
        root.rows("DROP USER ada", database="system")
        for command in (f"CREATE USER ada SET PASSWORD '{PASSWORD}' CHANGE NOT REQUIRED", "GRANT ROLE reds TO ada"):
            root.rows(command, database="system")
        # The new one has the name and the password, and nothing else of the old one.
        self.assertEqual(self.client("ada").cypher("RETURN 1", database="red").status, 200)
        self.assertEqual(outcomes(), [404, 404, FAILURE])

    def test_a_password_that_must_change(self):
        self.embedded(f"CREATE USER eve SET PASSWORD '{PASSWORD}'")
        self.embedded("GRANT ROLE admin TO eve")
        self.serve_users()
        eve = self.client("eve")
        self.problem(eve.cypher("MATCH (n) RETURN n"), 403, "CredentialsExpired", "42NFD")
        self.problem(eve.cypher("SHOW USERS", database="system"), 403, "CredentialsExpired")
        self.problem(eve.request("DELETE", "/api/v1/databases/red"), 403, "CredentialsExpired")
        bolt, answer = self.log_on("eve")
        self.assertEqual(answer[1], SUCCESS)
        self.assertIn(b"credentials_expired\xc3", answer)
        self.assertIn(b"Neo.ClientError.Security.CredentialsExpired", self.bolt_run(bolt, "RETURN 1"))
        words = ("query", "--uri", self.server.uri, "-u", "eve")
        done = self.nexus(*words, "RETURN 1 AS x", environment={"NEXUS_PASSWORD": PASSWORD})
        self.assertEqual(done.code, 4, done)
        self.assertIn("ALTER CURRENT USER", done.err)
        self.assertIn("(CredentialsExpired)", done.err)
        done = self.nexus(*words, "RETURN 1 AS x", "-d", "red", environment={"NEXUS_PASSWORD": PASSWORD})
        self.assertEqual(done.code, 4, done)
        done = self.nexus(*words, "-d", "system", f"ALTER CURRENT USER SET PASSWORD FROM '{PASSWORD}' TO 'secret456'",
                          environment={"NEXUS_PASSWORD": PASSWORD})
        self.assertEqual(done.code, 0, done)
        self.assertEqual(self.client("eve").cypher("RETURN 1").status, 401)
        self.assertEqual(self.client("eve", "secret456").rows("RETURN 1 AS x"), [[1]])
        self.assertEqual(self.bolt_run(bolt, "RETURN 1")[1], SUCCESS)

    def test_a_password_that_neo4j_has_exported(self):
        exported = ("1,6d57a5e0b3317055454e455f96c98c750c77fb371f3f0634a1b8ff2a55c5b825,"
                    "190ae47c661e0668a0c8be8a21ff78a4a34cdf918cae3c407e907b73932bd16c")
        self.embedded(f"CREATE USER moved SET ENCRYPTED PASSWORD '{exported}' CHANGE NOT REQUIRED")
        done = self.nexus("query", "--data", self.scratch / "data", "-d", "system",
                          "CREATE USER other SET ENCRYPTED PASSWORD '1,abc,def' CHANGE NOT REQUIRED")
        self.assertEqual(done.code, 1, done)
        self.serve_users()
        self.assertEqual(self.client("moved", "neo4j").rows("RETURN 1 AS x"), [[1]])
        self.assertEqual(self.client("moved", "neo4k").cypher("RETURN 1").status, 401)

    def test_an_account_of_the_host_beside_them(self):
        secret = self.scratch / "secret"
        secret.write_text(HOST_PASSWORD + "\n")
        self.serve_users("--auth-user", "ada", "--auth-password-file", secret)
        vouched, user = self.client("ada", HOST_PASSWORD), self.client("ada")
        names = {"neo4j", "system", "red", "blue"}
        self.assertEqual({row[0] for row in vouched.rows("SHOW DATABASES YIELD name", database="system")}, names)
        self.assertNotIn(["blue"], user.rows("SHOW DATABASES YIELD name", database="system"))
        session = vouched.request("POST", "/api/v1/session", {"database": "blue"}).json["session"]
        self.assertEqual(vouched.request("GET", "/api/v1/session", headers={"Nexus-Session": session}).status, 200)
        self.problem(user.request("GET", "/api/v1/session", headers={"Nexus-Session": session}), 404, "SessionNotFound")

    def test_passwords_and_hashes_are_nowhere(self):
        self.serve_users("--log-level", "debug")
        root = self.client("root")
        for command in ("CREATE USER eve SET PASSWORD 'hidden-word-1' CHANGE NOT REQUIRED", "ALTER USER eve SET PASSWORD 'hidden-word-2'",
                        "CREATE USER eve SET PASSWORD 'hidden-word-3'", "CREATE USER x SET PASSWORD 'hidden-word-4' NONSENSE"):
            answer = root.cypher(command, database="system")
            self.assertNotIn(b"hidden-word", answer.body)
        self.client("eve", "hidden-word-5").cypher("RETURN 1")
        for text in ("SHOW USERS", "SHOW USERS YIELD *", "SHOW TRANSACTIONS"):
            body = root.cypher(text, database="system").body
            self.assertNotIn(b"scrypt$", body)
            self.assertNotIn(b"hidden-word", body)
        self.server.stop()
        for secret in ("hidden-word", "scrypt$", PASSWORD):
            self.assertNotIn(secret, "".join(self.server.log))
        for path in (self.scratch / "data").rglob("*"):
            if path.is_file():
                self.assertNotIn(b"hidden-word", path.read_bytes(), path)


class Isolation(Users):
    def setUp(self):
        super().setUp()
        self.serve_users(environment={"NEXUS_AUTH": f"boss/{HOST_PASSWORD}"})

    def test_whoever_may_use_one_database_finds_nothing_of_another(self):
        ada = self.client("ada")
        self.assertEqual(ada.rows("MATCH (n) RETURN n.text", database="red"), [["of red"]])
        for answer in (ada.request("GET", "/api/v1/databases"), ada.cypher("SHOW DATABASES", database="system"),
                       ada.cypher("SHOW ALIASES FOR DATABASE", database="system"), ada.request("GET", "/api/v1/dropped"),
                       ada.cypher("SHOW TRANSACTIONS", database="system")):
            self.assertNotIn(b"blue", answer.body)
        bolt, _ = self.log_on("ada")
        seen = {}
        for name in ("blue", "nowhere"):
            answers = [ada.request("GET", f"/api/v1/databases/{name}"), ada.request("GET", f"/api/v1/databases/{name}/dump"),
                       ada.request("DELETE", f"/api/v1/databases/{name}"), ada.request("POST", f"/api/v1/databases/{name}/undrop", {}),
                       ada.cypher("RETURN 1", database=name), ada.cypher(f"USE {name} MATCH (n) RETURN n"),
                       ada.request("POST", f"/db/{name}/query/v2", {"statement": "RETURN 1"}),
                       ada.request("POST", f"/db/{name}/tx/commit", {"statements": []}),
                       ada.request("POST", "/api/v1/session", {"database": name}),
                       *(ada.cypher(text, database="system") for text in (
                           f"DROP DATABASE {name}", f"STOP DATABASE {name}", f"ALTER DATABASE {name} SET ACCESS READ ONLY",
                           f"CREATE DATABASE copy AS COPY OF {name}", f"CREATE ALIAS other FOR DATABASE {name}"))]
            for answer in answers:
                self.assertTrue(b'"Forbidden"' in answer.body or b'NotFound"' in answer.body, answer)
            seen[name] = [answer.body.replace(name.encode(), b"?") for answer in answers]
            seen[name].append(self.bolt_run(bolt, "MATCH (n) RETURN n", name))
            for request in (message(ROUTE, {}, [], {"db": name}), message(BEGIN, {"db": name})):
                bolt.send(request)
                seen[name].append(bolt.receive())
                bolt.send(message(RESET))
                self.assertEqual(bolt.tags(1), [SUCCESS])
            for answer in seen[name][-3:]:
                self.assertEqual(answer[1], FAILURE, answer)
            # A text's length stands before it, so the name is taken out of the code alone.
            seen[name][-3:] = [re.findall(rb"Neo\.[A-Za-z.]+", answer) for answer in seen[name][-3:]]
        self.assertEqual(seen["blue"], seen["nowhere"], "nobody learns which names there are")
        bolt.send(message(ROUTE, {}, [], {"db": "red"}))
        self.assertEqual(bolt.tags(1), [SUCCESS])
        words = ("--uri", self.server.uri, "-u", "ada")
        for command in (("query", "RETURN 1 AS x", "-d", "blue"), ("db", "info", "blue")):
            done = self.nexus(*command, *words, environment={"NEXUS_PASSWORD": PASSWORD})
            self.assertEqual(done.code, 5, done)

    def test_an_account_of_the_host_and_an_administrator_see_all(self):
        for client in (self.client("boss", HOST_PASSWORD), self.client("root")):
            self.assertEqual(client.rows("MATCH (n) RETURN n.text", database="blue"), [["of blue"]])
            self.assertEqual(client.request("GET", "/api/v1/databases/blue/dump").status, 200)
            self.assertEqual({row["name"] for row in client.request("GET", "/api/v1/databases").json["databases"]},
                             {"neo4j", "system", "red", "blue"})

    def test_dumps_come_back_to_whoever_may_create(self):
        dump = self.client("root").request("GET", "/api/v1/databases/blue/dump").body
        kind = {"Content-Type": "application/vnd.nexus.dump"}
        self.problem(self.client("ada").request("PUT", "/api/v1/databases/copy/dump", dump, kind), 403, "Forbidden")
        self.assertEqual(self.client("root").request("PUT", "/api/v1/databases/copy/dump", dump, kind).status, 201)
        self.assertEqual(self.client("ada").cypher("RETURN 1", database="copy").status, 403)

    def test_what_reading_allows_and_writing_does_not(self):
        ada = self.client("ada")
        self.problem(ada.cypher("CREATE (:N)", database="red"), 403, "Forbidden")
        self.problem(ada.cypher("CREATE INDEX FOR (n:N) ON (n.text)", database="red"), 403, "Forbidden")
        self.client("root").rows("GRANT WRITE ON GRAPH red TO reds", database="system")
        self.client("root").rows("MATCH (n) SET n:N", database="red")  # Of names that are there.
        self.assertEqual(ada.cypher("CREATE (:N)", database="red").status, 200)
        self.problem(ada.cypher("CREATE (:N)", database="blue"), 403, "Forbidden")


class Starts(Case):
    def test_on_an_address_that_others_can_reach(self):
        for words, environment in ((("--auth",), None), ((), {"NEXUS_AUTH": "users"})):
            server = self.serve("--listen", "0.0.0.0", "--allow-plaintext", *words, environment=environment)
            self.problem(server.client().cypher("RETURN 1"), 401, "Unauthorized")
            self.assertTrue(eventually(lambda: "nobody can log in" in "".join(server.log)), server.log)
            self.assertNotIn("authentication is off", "".join(server.log))
            server.stop()

    def test_the_first_user_is_made_while_no_server_runs(self):
        done = self.nexus("query", "--data", self.scratch / "data", "-d", "system",
                          f"CREATE USER ada SET PASSWORD '{PASSWORD}' CHANGE NOT REQUIRED")
        self.assertEqual(done.code, 0, done)
        server = self.serve("--auth")
        self.assertEqual(server.client(**basic("ada", PASSWORD)).rows("RETURN 1 AS x"), [[1]])
        self.assertNotIn("nobody can log in", "".join(server.log))

    def test_settings_that_make_no_sense(self):
        done = self.nexus("serve", "--data", self.scratch / "data", "--port", "0", environment={"NEXUS_AUTH": "user"})
        self.assertEqual(done.code, 2, done)
        self.assertIn("users or none", done.err)
        done = self.nexus("serve", "--data", self.scratch / "data", "--port", "0", "--auth", "--auth-user", "ada")
        self.assertEqual(done.code, 2, done)

    def test_without_it_everybody_may_still_do_everything(self):
        server = self.serve()
        self.assertEqual(server.client(**basic("anyone", "wrong")).rows("RETURN 1 AS x"), [[1]])
        self.assertTrue(eventually(lambda: "authentication is off" in "".join(server.log)))
        answer = server.client().cypher(f"CREATE USER ada SET PASSWORD '{PASSWORD}'", database="system")
        self.assertEqual(answer.status, 200, answer)
