"""What Bolt costs, as ratios within one run and as processor time of the server.

  a point read's way there and back beside a bare echo of the same bytes, measured in turns;
  point reads a second over 32 connections, with 1, 8 and 32 statements under way on each;
  a million rows streamed, and by how much the server's resident memory grows meanwhile.

  python3 bench/bolt_bench.py --binary build/release/host-native/nexus --load build/release/bench/bolt_load

The load generator speaks the protocol's bytes itself, so that the figures are the server's and not a driver's.
"""
import argparse
import os
import pathlib
import subprocess
import sys
import tempfile
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tests/support"))
from nexus_process import Server  # noqa: E402

NODES = 100_000
ROWS = 1_000_000
READ = "MATCH (n) WHERE id(n) = $i RETURN n.i AS i"
STREAMS = {
    "integers": f"UNWIND range(1, {ROWS}) AS i RETURN i",
    "integers and texts": f"UNWIND range(1, {ROWS}) AS i RETURN i, 'row ' + toString(i) AS text",
    "nodes": "UNWIND range(1, 10) AS r MATCH (n:N) RETURN n",
}


class Bench:
    def __init__(self, arguments, server):
        self.arguments, self.server = arguments, server
        self.port = server.client().request("GET", "/").json["bolt_direct"].rsplit(":", 1)[1]

    def load(self, mode, *words):
        """The figures it prints, and the server's processor seconds meanwhile."""
        before = self.server.processor_seconds()
        done = subprocess.run([self.arguments.load, mode, self.port, *map(str, words)], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise AssertionError(done.stderr)
        return [float(word) for word in done.stdout.split()], self.server.processor_seconds() - before

    def turns(self):
        for name, statement in (("point read by id", READ), ("RETURN 1", "RETURN 1 AS x")):
            (echo, echo_late, read, read_late), used = self.load("turns", self.arguments.rounds, statement)
            print(f"{name}, there and back: median {read:.1f} us, 99 % {read_late:.1f} us; {read / echo:.2f} x a bare echo "
                  f"(median {echo:.1f} us, 99 % {echo_late:.1f} us); processor {used / self.arguments.rounds * 1e6:.1f} us each", flush=True)

    def reads(self):
        for depth in (1, 8, 32):
            (rate,), used = self.load("reads", 32, depth, self.arguments.seconds, READ)
            print(f"point reads, 32 connections, {depth:2} under way on each: {rate:9.0f} /s; "
                  f"processor {used / (rate * self.arguments.seconds) * 1e6:.1f} us each", flush=True)

    def streams(self):
        for name, statement in STREAMS.items():
            start = self.server.resident_bytes()
            peak, over = start, threading.Event()

            def watch():
                nonlocal peak
                while not over.wait(0.01):
                    peak = max(peak, self.server.resident_bytes())
            watcher = threading.Thread(target=watch)
            watcher.start()
            (rows, size, seconds), used = self.load("stream", statement)
            over.set()
            watcher.join()
            assert rows == ROWS, rows
            print(f"{rows:.0f} rows of {name}: {seconds:.2f} s, {size / seconds / 1e6:.0f} MB/s, processor {used / rows * 1e6:.2f} us a row; "
                  f"resident memory + {(peak - start) / 1e6:.1f} MB at most", flush=True)


def main(words):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", required=True)
    parser.add_argument("--load", default="build/release/bench/bolt_load", help="the load generator")
    parser.add_argument("--rounds", type=int, default=20_000, help="ways there and back")
    parser.add_argument("--seconds", type=float, default=3.0, help="of each measurement of rates")
    arguments = parser.parse_args(words)
    print(f"load of the machine before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    with tempfile.TemporaryDirectory(prefix="nexus-bench-") as directory:
        with Server(arguments.binary, directory, "--bolt-port", "0", "--log-level", "warning") as server:
            bench = Bench(arguments, server)
            server.client().rows(f"UNWIND range(0, {NODES - 1}) AS i CREATE (:N {{i: i}})")
            bench.turns()
            bench.reads()
            bench.streams()
            server.stop()
    print(f"load of the machine after: {os.getloadavg()[0]:.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
