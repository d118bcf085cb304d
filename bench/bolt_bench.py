"""Bolt's way there and back beside a bare TCP echo: python3 bench/bolt_bench.py HOST:PORT [ROUNDS]

Speaks the protocol's bytes itself, so that the figures are the server's and not a driver's. Both
are measured in turns, in one run, with the same number of bytes. Needs a server without authentication.
"""
import socket
import statistics
import struct
import sys
import threading
import time


def connect(host, port):
    connection = socket.create_connection((host, port))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def text(value):
    data = value.encode()
    return (bytes([0x80 + len(data)]) if len(data) < 16 else b"\xd0" + bytes([len(data)])) + data


def message(tag, *fields):
    payload = bytes([0xB0 + len(fields), tag]) + b"".join(fields)
    return struct.pack(">H", len(payload)) + payload + b"\0\0"


def read_messages(connection, count):
    """Reads whole messages; returns the last one's tag."""
    data, at, seen, tag = b"", 0, 0, 0
    while True:
        while len(data) - at >= 2:
            size = struct.unpack_from(">H", data, at)[0]
            if size == 0:
                at += 2
                seen += 1
                if seen == count:
                    return tag
                continue
            if len(data) - at < 2 + size:
                break
            tag = data[at + 3]
            at += 2 + size
        more = connection.recv(65536)
        if not more:
            raise SystemExit("the server hung up")
        data += more


def run_and_pull(statement, parameters=b"\xa0"):
    return message(0x10, text(statement), parameters, b"\xa0") + message(0x3F, b"\xa1" + text("n") + b"\xff")


def echo_server():
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        connection, _ = listener.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while data := connection.recv(65536):
            connection.sendall(data)
    threading.Thread(target=serve, daemon=True).start()
    return listener.getsockname()


def percentiles(samples):
    ordered = sorted(samples)
    return tuple(ordered[int(len(ordered) * share)] / 1000 for share in (0.5, 0.9, 0.99))


def main():
    host, port = sys.argv[1].rsplit(":", 1)
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5000
    bolt = connect(host, int(port))
    bolt.sendall(b"\x60\x60\xb0\x17" + b"\0\0\x08\x05" + b"\0" * 12)
    assert bolt.recv(4) == b"\0\0\x08\x05"
    bolt.sendall(message(0x01, b"\xa1" + text("user_agent") + text("bench/1")) + message(0x6A, b"\xa1" + text("scheme") + text("none")))
    assert read_messages(bolt, 2) == 0x70
    bolt.sendall(run_and_pull("MERGE (p:Bench {k: 1}) RETURN id(p)"))
    assert read_messages(bolt, 3) == 0x70
    bolt.sendall(run_and_pull("MATCH (p:Bench) RETURN id(p) AS id LIMIT 1"))
    assert read_messages(bolt, 3) == 0x70
    echo = connect(*echo_server())
    cases = {"RETURN 1": run_and_pull("RETURN 1 AS x"), "point read": run_and_pull("MATCH (p) WHERE id(p) = 0 RETURN p.k AS k")}
    samples = {name: [] for name in ["echo", *cases]}
    for _ in range(rounds):
        started = time.perf_counter_ns()
        echo.sendall(cases["point read"])
        left = len(cases["point read"])
        while left:
            left -= len(echo.recv(left))
        samples["echo"].append(time.perf_counter_ns() - started)
        for name, request in cases.items():
            started = time.perf_counter_ns()
            bolt.sendall(request)
            tag = read_messages(bolt, 3)
            samples[name].append(time.perf_counter_ns() - started)
            assert tag == 0x70, hex(tag)
    for name, values in samples.items():
        p50, p90, p99 = percentiles(values)
        print(f"{name:12} p50 {p50:7.1f} us  p90 {p90:7.1f} us  p99 {p99:7.1f} us  mean {statistics.fmean(values) / 1000:7.1f} us")


main()
