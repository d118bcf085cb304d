"""What the REST API costs, as ratios within one run.

  durable commits a second with 1 and 64 clients, against a bare append and fdatasync loop on
  the same file system, measured in turns with it;
  point reads a second over 1 and 32 connections, against GET /health/live over as many.

  python3 bench/rest_bench.py --binary build/release/host-native/nexus --load build/release/bench/rest_load
"""
import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tests/support"))
from nexus_process import Server  # noqa: E402

NODES = 100_000
TURNS = 6
WORKERS = 16
RECORD_BYTES = 128  # About what such a commit appends.
CYPHER = "/api/v1/cypher"


def syncs(directory, seconds):
    """Milliseconds of each append and fdatasync of a bare loop, and the loop's rate.

    Its threads take turns as the server's workers do. Why: on a busy machine one thread that only
    syncs waits for the scheduler's tick after each, which would flatter everything compared with it.
    """
    path = directory / "bare"
    descriptor = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    turns = [threading.Semaphore(0) for _ in range(WORKERS)]
    taken, started = [], time.perf_counter()

    def work(mine, next_one):
        while True:
            mine.acquire()
            if time.perf_counter() > started + seconds:
                next_one.release()
                return
            begun = time.perf_counter()
            os.write(descriptor, b"x" * RECORD_BYTES)
            os.fdatasync(descriptor)
            taken.append((time.perf_counter() - begun) * 1e3)
            next_one.release()
    threads = [threading.Thread(target=work, args=(turns[i], turns[(i + 1) % WORKERS])) for i in range(WORKERS)]
    for thread in threads:
        thread.start()
    turns[0].release()
    for thread in threads:
        thread.join()
    elapsed = time.perf_counter() - started
    os.close(descriptor)
    path.unlink()
    return taken, len(taken) / elapsed


class Bench:
    def __init__(self, arguments, server):
        self.arguments, self.server, self.seconds = arguments, server, arguments.seconds

    def load(self, connections, target, query=None, parameters=None, seconds=None):
        """(requests a second, 10 %, median, 99 %, longest in microseconds, server's processor time in microseconds a request)"""
        seconds = seconds or self.seconds
        words = [self.arguments.load, self.server.port, connections, seconds, target]
        if query:
            words.append(json.dumps({"query": query, "parameters": parameters or {}}).replace('"#"', "#"))
        before = self.server.processor_seconds()
        done = subprocess.run(list(map(str, words)), capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise AssertionError(done.stderr)
        rate, *times = map(float, done.stdout.split())
        return rate, *times, (self.server.processor_seconds() - before) / (rate * seconds) * 1e6

    def commits(self, directory):
        """In turns with the bare loop, as the disk's speed changes with what others do."""
        for clients in (1, 64):
            bare, bare_rates, rates, quick, medians, used = [], [], [], [], [], []
            for _ in range(TURNS):
                taken, rate = syncs(directory, self.seconds / TURNS)
                bare += taken
                bare_rates.append(rate)
                rate, tenth, median, _, _, processor = self.load(clients, CYPHER, "CREATE (:Commit {i: $i})", {"i": "#"}, self.seconds / TURNS)
                rates.append(rate)
                quick.append(tenth)
                medians.append(median)
                used.append(processor)
            rate, syncs_a_second = statistics.mean(rates), statistics.mean(bare_rates)
            tenth = sorted(bare)[len(bare) // 10]
            print(f"durable commits, {clients:2} clients  {rate:9.0f} /s   {rate / syncs_a_second:6.2f} x bare append + fdatasync "
                  f"({syncs_a_second:.0f} /s)   processor {statistics.median(used):.0f} us each\n"
                  f"    a commit: 10 % {statistics.median(quick) / 1e3:.2f} ms, median {statistics.median(medians) / 1e3:.2f} ms;   "
                  f"a bare sync: 10 % {tenth:.2f} ms, median {statistics.median(bare):.2f} ms", flush=True)

    def reads(self):
        for connections in (1, 32):
            bare, *_, bare_used = self.load(connections, "/health/live")
            print(f"GET /health/live, {connections:2} conn.  {bare:9.0f} /s   processor {bare_used:.0f} us each", flush=True)
            for name, query in (("point read by id", "MATCH (n) WHERE id(n) = $i RETURN n.i AS i"),
                                ("RETURN a parameter", "RETURN $i AS i")):
                rate, _, median, late, _, used = self.load(connections, CYPHER, query, {"i": "#"})
                print(f"{name}, {connections:2} conn.  {rate:9.0f} /s   {rate / bare:6.2f} x GET /health/live"
                      f"   median {median:.0f} us, 99 % {late:.0f} us, processor {used:.0f} us each, {used / bare_used:.2f} x",
                      flush=True)


def main(words):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", required=True)
    parser.add_argument("--load", default="build/release/bench/rest_load", help="the load generator")
    parser.add_argument("--seconds", type=float, default=3.0, help="of each measurement")
    parser.add_argument("--directory", default=None, help="where the data directory is made")
    arguments = parser.parse_args(words)
    directory = pathlib.Path(tempfile.mkdtemp(prefix="nexus-bench-", dir=arguments.directory))
    try:
        with Server(arguments.binary, directory / "data", "--log-level", "warning") as server:
            bench = Bench(arguments, server)
            bench.commits(directory)
            client = server.client()
            client.rows("MATCH (n) DELETE n")
            client.rows(f"UNWIND range(0, {NODES - 1}) AS i CREATE (:N {{i: i}})")
            bench.reads()
            server.stop()
    finally:
        shutil.rmtree(directory, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
