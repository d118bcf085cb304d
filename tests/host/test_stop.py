"""Stopping and dropping a database that 32 clients are using: each hears of it, nobody hangs, a neighbour hears nothing."""
import threading
import time

from support import ServerCase

CLIENTS = 32
ENDED = {"DatabaseUnavailable", "TransactionTerminated"}
ENDLESS = "UNWIND range(1, 1000000) AS i UNWIND range(1, 1000000) AS k WITH k WHERE k < 0 RETURN count(k) AS n"


class StopUnderLoad(ServerCase):
    arguments = ("--stop-grace-ms", "500")

    def setUp(self):
        super().setUp()
        self.client.rows("CREATE OR REPLACE DATABASE busy", database="system")
        self.client.rows("CREATE DATABASE quiet IF NOT EXISTS", database="system")
        self.client.rows("MERGE (:Calm {n: 1})", database="quiet")
        self.acknowledged, self.answers, self.disturbed = [0] * CLIENTS, [None] * CLIENTS, []
        self.over = threading.Event()

    def use(self, number):
        """Until it is refused: short writes, short reads, or a read that would never end."""
        client = self.server.client()
        statement = ["CREATE (:N)", "MATCH (n:N) RETURN count(n) AS n", "CREATE (:N)", ENDLESS][number % 4]
        answer = client.cypher(statement, database="busy")
        while answer.status == 200:
            self.acknowledged[number] += statement.startswith("CREATE")
            answer = client.cypher(statement, database="busy")
        self.answers[number] = answer.json["title"]

    def live_next_door(self):
        client = self.server.client()
        while not self.over.is_set():
            answer = client.cypher("MATCH (c:Calm) RETURN c.n AS n", database="quiet")
            if answer.status != 200 or answer.rows != [[1]]:
                self.disturbed.append(answer)
                return

    def end(self, command):
        users = [threading.Thread(target=self.use, args=(number,), daemon=True) for number in range(CLIENTS)]
        neighbour = threading.Thread(target=self.live_next_door, daemon=True)
        for thread in [neighbour, *users]:
            thread.start()
        deadline = time.monotonic() + 30
        while sum(self.acknowledged) < 50 and time.monotonic() < deadline:
            time.sleep(0.01)
        self.client.rows(command, database="system")
        for thread in users:
            thread.join(60)
            self.assertFalse(thread.is_alive(), "a client hangs")
        self.over.set()
        neighbour.join(60)
        self.assertEqual(self.disturbed, [])
        self.assertGreaterEqual(sum(self.acknowledged), 50)

    def test_stop(self):
        self.end("STOP DATABASE busy")
        self.assertEqual(set(self.answers) - ENDED, set())
        self.client.rows("START DATABASE busy", database="system")
        [[count]] = self.client.rows("MATCH (n:N) RETURN count(n) AS n", database="busy")
        # One that was told that its transaction ended may have been told too late.
        self.assertGreaterEqual(count, sum(self.acknowledged))
        self.assertLessEqual(count, sum(self.acknowledged) + CLIENTS)

    def test_drop(self):
        self.end("DROP DATABASE busy DESTROY DATA")
        self.assertEqual(set(self.answers) - ENDED - {"DatabaseNotFound"}, set())
        self.assertNotIn("busy", [name for [name] in self.client.rows("SHOW DATABASES YIELD name", database="system")])


class Crowded(ServerCase):
    """More endless statements than there are threads for statements: others are still heard, and can end them."""

    def test_the_endless_are_ended(self):
        ended = []

        def ask():
            ended.append(self.server.client().cypher(ENDLESS).json["title"])

        threads = [threading.Thread(target=ask, daemon=True) for _ in range(40)]
        for thread in threads:
            thread.start()
        show = "SHOW TRANSACTIONS YIELD transactionId AS id, currentQuery AS text WHERE text STARTS WITH 'UNWIND' RETURN id"
        deadline = time.monotonic() + 60
        while len(self.client.rows(show, database="system")) < 40 and time.monotonic() < deadline:
            time.sleep(0.1)
        ids = [row[0] for row in self.client.rows(show, database="system")]
        self.assertEqual(len(ids), 40)
        told = self.client.rows("TERMINATE TRANSACTIONS $ids YIELD message RETURN DISTINCT message", {"ids": ids}, "system")
        self.assertEqual(len(told), 1, told)
        for thread in threads:
            thread.join(60)
            self.assertFalse(thread.is_alive(), "a client hangs")
        self.assertEqual(set(ended), {"TransactionTerminated"})
