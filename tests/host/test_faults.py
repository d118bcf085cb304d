"""Calls to the system that fail while the server runs: disks that are full or broken.

The faults are injected by strace into the shipped program; without strace the module is skipped.
"""
import shutil
import signal
import subprocess
import unittest

from support import Case, eventually

COUNT = "MATCH (n:N) RETURN count(n) AS n"


@unittest.skipUnless(shutil.which("strace"), "strace is not installed")
class Faults(Case):
    def setUp(self):
        super().setUp()
        self.server = self.serve()
        self.client = self.server.client()
        for name in ("victim", "neighbour"):
            self.client.rows(f"CREATE DATABASE {name} WAIT", database="system")
            self.client.rows("CREATE (:N {i: 0})", database=name)

    def inject(self, *faults):
        """From now on these calls fail, until the answer is called."""
        words = ["strace", "-f", "-qq", "-o", str(self.scratch / "trace"), "-p", str(self.server.process.pid)]
        calls = ",".join(fault.split(":")[0] for fault in faults)
        words += ["-e", f"trace={calls}"] + [word for fault in faults for word in ("-e", f"inject={fault}")]
        tracer = subprocess.Popen(words, stderr=subprocess.PIPE, text=True)

        def is_traced():
            with open(f"/proc/{self.server.process.pid}/status", encoding="ascii") as file:
                return "TracerPid:\t0\n" not in file.read()
        if not eventually(lambda: is_traced() or tracer.poll() is not None) or tracer.poll() is not None:
            raise unittest.SkipTest("strace may not trace here: " + tracer.stderr.read()[-200:])

        def stop():
            if tracer.poll() is None:
                tracer.send_signal(signal.SIGINT)
                tracer.wait(30)
            tracer.stderr.close()
        self.addCleanup(stop)
        return stop

    def reads_go_on(self):
        self.assertEqual(self.client.rows(COUNT, database="neighbour"), [[1]])
        self.assertEqual(self.client.request("GET", "/health/live").status, 200)
        self.assertTrue(self.server.is_running())

    def after_a_restart(self, least, most):
        """The acknowledged is there; what failed is there whole or not at all."""
        self.server.kill()
        with self.serve() as server:
            client = server.client()
            count = client.rows(COUNT, database="victim")[0][0]
            self.assertIn(count, range(least, most + 1))
            client.rows("CREATE (:N)", database="victim")
            self.assertEqual(client.rows(COUNT, database="victim"), [[count + 1]])
            self.assertEqual(client.rows(COUNT, database="neighbour"), [[1]])

    def test_a_sync_that_fails(self):
        """Nothing may be acknowledged after it: what the disk kept is unknown."""
        stop = self.inject("fdatasync:error=EIO")
        answer = self.client.cypher("CREATE (:N)", database="victim")
        self.assertEqual(self.problem(answer, 500)["title"], "CommitOutcomeUnknown", answer)
        stop()
        # The disk works again, and still: only opening the file anew tells what is on it.
        self.assertGreaterEqual(self.client.cypher("CREATE (:N)", database="victim").status, 500)
        status = self.client.rows("SHOW DATABASE victim YIELD currentStatus, statusMessage", database="system")[0]
        self.assertNotEqual(status[0], "online", status)
        self.assertTrue(status[1], status)
        self.reads_go_on()
        self.client.rows("CREATE (:M)", database="neighbour")
        self.after_a_restart(1, 2)

    def test_a_full_disk(self):
        stop = self.inject("write:error=ENOSPC", "pwrite64:error=ENOSPC")
        for _ in range(3):
            answer = self.client.cypher("CREATE (:N)", database="victim")
            self.assertGreaterEqual(answer.status, 500, answer)
            self.problem(answer, answer.status)
        self.reads_go_on()
        self.assertEqual(self.client.cypher(COUNT, database="victim").status, 200, "reads need no space")
        stop()
        # With space again the database is opened anew, without a restart of the server.
        self.client.rows("STOP DATABASE victim WAIT", database="system")
        self.client.rows("START DATABASE victim WAIT", database="system")
        self.assertEqual(self.client.rows(COUNT, database="victim"), [[1]])
        self.client.rows("CREATE (:N)", database="victim")
        self.after_a_restart(2, 2)

    def test_a_new_database_on_a_full_disk(self):
        stop = self.inject("write:error=ENOSPC", "mkdirat:error=ENOSPC")
        answer = self.client.cypher("CREATE DATABASE newcomer WAIT", database="system")
        self.problem(answer, answer.status)
        self.reads_go_on()
        stop()
        self.after_a_restart(1, 1)

    def test_reads_that_fail(self):
        self.server.kill()
        self.server = self.serve()
        self.client = self.server.client()
        stop = self.inject("pread64:error=EIO")
        answer = self.client.cypher(COUNT, database="victim")
        self.problem(answer, 503, "DatabaseFailed")
        stop()
        self.client.rows("STOP DATABASE victim WAIT", database="system")
        self.client.rows("START DATABASE victim WAIT", database="system")
        self.assertEqual(self.client.rows(COUNT, database="victim"), [[1]])
        self.reads_go_on()

    def test_interrupted_and_short_calls_are_no_failures(self):
        stop = self.inject("fdatasync:error=EINTR:when=1+3", "write:error=EINTR:when=1+4", "pread64:error=EINTR:when=1+2")
        for i in range(20):
            self.client.rows("CREATE (:N)", database="victim")
        stop()
        self.after_a_restart(21, 21)

    def test_no_descriptors(self):
        stop = self.inject("openat:error=EMFILE")
        answer = self.client.cypher("CREATE DATABASE newcomer WAIT", database="system")
        self.assertIn(answer.status, (200, 500, 503), answer)
        self.reads_go_on()
        stop()
        self.assertEqual(self.client.rows("RETURN 1 AS x"), [[1]])
        self.after_a_restart(1, 1)

    def test_health_tells_that_nothing_can_be_written(self):
        stop = self.inject("fdatasync:error=EIO")
        self.problem(self.client.request("GET", "/health/ready"), 503)
        self.assertEqual(self.client.request("GET", "/health/live").status, 200)
        stop()
        self.after_a_restart(1, 1)
