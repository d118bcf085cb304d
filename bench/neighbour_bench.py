"""What a neighbour notices when a database that 32 clients use is stopped, started and dropped.

One client reads a node of its own database over and over; another process has 32 clients that read and
write in a second database, paced so that they leave processor time. In turns: nobody else; the 32; the 32
while their database is stopped, started, dropped and made anew all the time.

  python3 bench/neighbour_bench.py --binary build/release/host-native/nexus
"""
import argparse
import multiprocessing
import pathlib
import shutil
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tests/support"))
from nexus_process import Client, Closed, Server  # noqa: E402

CLIENTS = 32
PACE = 0.05  # Seconds between two statements of one client.
TARGET = 2.0


def use(port, until, results):
    """32 clients in one process; what they were told, counted."""
    told, lock = {}, threading.Lock()

    def work(number):
        client = Client(port)
        statement = "CREATE (:N)" if number % 2 else "MATCH (n:N) RETURN count(n) AS n"
        while not until.is_set():
            try:
                answer = client.cypher(statement, database="busy")
                name = "ok" if answer.status == 200 else answer.json["title"]
            except (Closed, OSError):
                client, name = Client(port), "lost"
            with lock:
                told[name] = told.get(name, 0) + 1
            time.sleep(PACE)
    threads = [threading.Thread(target=work, args=(number,), daemon=True) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    hangs = 0
    for thread in threads:
        until.wait()
        thread.join(30)
        hangs += thread.is_alive()
    results.put((told, hangs))


def reads(client, seconds):
    taken, end = [], time.perf_counter() + seconds
    while time.perf_counter() < end:
        started = time.perf_counter()
        rows = client.rows("MATCH (c:Calm) RETURN c.n AS n", database="quiet")
        taken.append((time.perf_counter() - started) * 1e3)
        if rows != [[1]]:
            raise AssertionError(rows)
        time.sleep(0.0005)
    return sorted(taken)


def administer(server, until, counted):
    client = server.client()
    while not until.is_set():
        for statement in ("STOP DATABASE busy", "START DATABASE busy", "DROP DATABASE busy DESTROY DATA", "CREATE DATABASE busy"):
            client.rows(statement, database="system")
            counted.append(statement)
            time.sleep(0.05)


def measure(server, seconds, with_clients, with_changes):
    until, results, counted = multiprocessing.Event(), multiprocessing.Queue(), []
    process = multiprocessing.Process(target=use, args=(server.port, until, results), daemon=True)
    admin = threading.Thread(target=administer, args=(server, until, counted), daemon=True)
    if with_clients:
        process.start()
        time.sleep(0.5)
    if with_changes:
        admin.start()
    taken = reads(server.client(), seconds)
    until.set()
    told, hangs = results.get(timeout=120) if with_clients else ({}, 0)
    if with_changes:
        admin.join(30)
    return taken, told, hangs, len(counted)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", required=True)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--turns", type=int, default=3)
    options = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="nexus-neighbour-"))
    ratios = []
    try:
        with Server(options.binary, folder / "data", "--log-level", "warning", "--stop-grace-ms", "200") as server:
            client = server.client()
            for name in ("busy", "quiet"):
                client.rows(f"CREATE DATABASE {name}", database="system")
            client.rows("CREATE (:Calm {n: 1})", database="quiet")
            for _ in range(options.turns):
                p99 = {}
                for what, clients, changes in (("nobody else", False, False), ("32 clients next door", True, False),
                                               ("32 clients, stops and drops", True, True)):
                    taken, told, hangs, changed = measure(server, options.seconds, clients, changes)
                    p99[what] = taken[int(len(taken) * 0.99)]
                    print(f"{what:<28} {len(taken):6} reads  median {taken[len(taken) // 2]:6.2f} ms  99 % {p99[what]:6.2f} ms"
                          f"  longest {taken[-1]:6.2f} ms  {changed} changes  {told}{f'  {hangs} HANG' if hangs else ''}", flush=True)
                ratios.append(p99["32 clients, stops and drops"] / p99["nobody else"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    ratio = sorted(ratios)[len(ratios) // 2]
    print(f"99 % during stops and drops: {ratio:.2f} x nobody else   target {TARGET:g} x: {'met' if ratio <= TARGET else 'MISSED'}")


if __name__ == "__main__":
    main()
