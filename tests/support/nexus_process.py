"""A nexus server as a child process, and a client for one connection to it.

Only the standard library. The client is a plain socket, because suites that count requests
must not spend their time in the client, and suites that break HTTP need the bytes.
"""
import json
import os
import re
import signal
import socket
import subprocess
import threading
import time
import urllib.parse

START_SECONDS_MAX = 30
ANSWER_SECONDS_MAX = 60


class Closed(Exception):
    """The server went away before the answer was complete."""


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def rows(self):
        return self.json["rows"]

    def __repr__(self):
        return f"{self.status} {self.body[:400]!r}"


class Client:
    """One keep-alive connection. Threads: one at a time."""

    def __init__(self, port, headers=None, host="127.0.0.1", tls=None):
        """`tls`: the ssl.SSLContext for a connection inside TLS."""
        self.address = (host, port)
        self.tls = tls
        self.headers = dict(headers or {})
        self.socket = None
        self.buffer = b""

    def connect(self):
        if self.socket is None:
            try:
                self.socket = socket.create_connection(self.address, timeout=ANSWER_SECONDS_MAX)
                if self.tls:
                    self.socket = self.tls.wrap_socket(self.socket, server_hostname=self.address[0], suppress_ragged_eofs=False)
            except OSError as error:
                raise Closed(str(error)) from None
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.buffer = b""
        return self

    def close(self):
        if self.socket is not None:
            self.socket.close()
            self.socket = None

    def send(self, data):
        self.connect()
        try:
            self.socket.sendall(data)
        except OSError as error:
            self.close()
            raise Closed(str(error)) from None

    def receive(self, is_head=False):
        """The next answer on the connection."""
        while b"\r\n\r\n" not in self.buffer:
            self._more()
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        lines = head.decode("latin-1").split("\r\n")
        status = int(lines[0].split(" ")[1])
        headers = {}
        for line in lines[1:]:
            name, value = line.split(":", 1)
            headers[name.lower()] = value.strip()
        body = b""
        if status >= 200 and status not in (204, 304) and not is_head:
            body = self._chunks() if headers.get("transfer-encoding") == "chunked" else self._exactly(
                int(headers.get("content-length", 0)))
        if headers.get("connection", "").lower() == "close":
            self.close()
        return self.receive(is_head) if status == 100 else Answer(status, headers, body)

    def request(self, method, path, body=None, headers=None):
        data = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        wanted = {"Host": "localhost", **self.headers}
        if body is not None:
            wanted["Content-Type"] = "application/json"
            wanted["Content-Length"] = len(data)
        wanted.update(headers or {})
        head = "".join(f"{name}: {value}\r\n" for name, value in wanted.items() if value is not None)
        self.send(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode("latin-1") + data)
        return self.receive(method == "HEAD")

    def cypher(self, query, parameters=None, database=None, headers=None, **more):
        body = {"query": query, **more}
        if parameters:
            body["parameters"] = parameters
        if database:
            body["database"] = database
        return self.request("POST", "/api/v1/cypher", body, headers)

    def rows(self, query, parameters=None, database=None):
        """The rows of a statement that must succeed."""
        answer = self.cypher(query, parameters, database)
        if answer.status != 200:
            raise AssertionError(f"{query[:200]!r} on {database}: {answer}")
        return answer.rows

    def _more(self):
        try:
            piece = self.socket.recv(1 << 16) if self.socket is not None else b""
        except socket.timeout:
            raise AssertionError(f"no answer within {ANSWER_SECONDS_MAX} s") from None
        except OSError as error:
            self.close()
            raise Closed(str(error)) from None
        if not piece:
            self.close()
            raise Closed("the connection ended")
        self.buffer += piece

    def _exactly(self, count):
        while len(self.buffer) < count:
            self._more()
        data, self.buffer = self.buffer[:count], self.buffer[count:]
        return data

    def _chunks(self):
        body = b""
        while True:
            while b"\r\n" not in self.buffer:
                self._more()
            size, self.buffer = self.buffer.split(b"\r\n", 1)
            size = int(size.split(b";")[0], 16)
            body += self._exactly(size)
            self._exactly(2)
            if size == 0:
                return body


def quoted(name):
    """As a segment of a path."""
    return urllib.parse.quote(name, safe="")


class Server:
    """`nexus serve` on a data directory. Ready when the constructor returns."""

    def __init__(self, binary, data, *arguments, environment=None, wait=True):
        self.binary, self.data = str(binary), str(data)
        self.started = time.monotonic()
        self.log = []
        self.port = None
        self.process = subprocess.Popen(
            [self.binary, "serve", "--data", self.data, "--port", "0", *arguments],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace",
            env={**clean_environment(), **(environment or {})})
        self._reader = threading.Thread(target=lambda: self.log.extend(self.process.stderr), daemon=True)
        self._reader.start()
        if wait:
            self.await_ready()

    def await_ready(self):
        watchdog = threading.Timer(START_SECONDS_MAX, self.process.kill)
        watchdog.start()
        line = self.process.stdout.readline()
        watchdog.cancel()
        found = re.search(r" at (https?)://\S*:(\d+)$", line.strip())
        if not found:
            self.process.wait()
            self._reader.join(5)
            raise AssertionError(f"the server did not start: {line!r} {''.join(self.log)[-2000:]}")
        self.scheme, self.port = found[1], int(found[2])
        self.ready_seconds = time.monotonic() - self.started

    @property
    def uri(self):
        return f"{self.scheme}://127.0.0.1:{self.port}"

    def client(self, tls=None, **headers):
        return Client(self.port, headers, tls=tls)

    def is_running(self):
        return self.process.poll() is None

    def resident_bytes(self):
        with open(f"/proc/{self.process.pid}/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def processor_seconds(self):
        """Of all threads that still live, in user and kernel mode: what a busy machine does not blur."""
        total = 0
        for task in os.listdir(f"/proc/{self.process.pid}/task"):
            with open(f"/proc/{self.process.pid}/task/{task}/schedstat", encoding="ascii") as file:
                total += int(file.read().split()[0])
        return total / 1e9

    def kill(self):
        """SIGKILL: nothing more is written."""
        self.process.send_signal(signal.SIGKILL)
        return self._ended()

    def stop(self):
        """SIGTERM; answers the exit code."""
        if self.is_running():
            self.process.send_signal(signal.SIGTERM)
        return self._ended()

    def _ended(self):
        code = self.process.wait(30)
        self._reader.join(5)
        self.process.stdout.close()
        self.process.stderr.close()
        return code

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.is_running():
            self.kill()


def clean_environment():
    """Without settings of the person who runs the suite."""
    return {name: value for name, value in os.environ.items() if not name.startswith("NEXUS_")}
