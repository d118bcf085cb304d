"""A program at a terminal: what is typed, and what is seen."""
import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time

SECONDS_MAX = 30
CONTROLS = re.compile(rb"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|\x1b\][^\x07]*\x07|[\x07\r]")


class Terminal:
    def __init__(self, case, words, environment, rows=24, columns=100):
        self.case = case
        self.main, other = pty.openpty()
        fcntl.ioctl(other, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

        def take():
            os.setsid()
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)
        self.process = subprocess.Popen([*map(str, words)], stdin=other, stdout=other, stderr=other, env=environment, preexec_fn=take)
        os.close(other)
        self.raw = b""
        case.addCleanup(os.close, self.main)
        case.addCleanup(self.process.wait)
        case.addCleanup(self.process.kill)

    @property
    def seen(self):
        """Without what moves the cursor and sets colors."""
        return CONTROLS.sub(b"", self.raw).decode("utf-8", "replace")

    def read(self, seconds):
        if select.select([self.main], [], [], seconds)[0]:
            try:
                self.raw += os.read(self.main, 65536)
            except OSError:  # The other end is closed.
                time.sleep(seconds)

    def type(self, text):
        os.write(self.main, text.encode() if isinstance(text, str) else text)

    def until(self, text):
        """Waits for it, and answers what came before it and itself; that is forgotten."""
        end = time.monotonic() + SECONDS_MAX
        while text not in self.seen:
            self.read(0.1)
            self.case.assertLess(time.monotonic(), end, f"{text!r} is not in {self.seen!r}")
        seen = self.seen
        at = seen.index(text) + len(text)
        self.raw = seen[at:].encode()
        return seen[:at]

    def tab(self, text, shown):
        """Types the text and, once it is there, Tab: one that comes together with other keys is taken for pasted text."""
        self.type(text)
        if text:
            self.until(text)
        self.type("\t")
        return self.until(shown)

    def ask(self, text, prompt):
        """Types a line and answers all that comes until the prompt."""
        self.type(text + "\n")
        return self.until(prompt)

    def ended(self):
        """The exit code, once it has ended."""
        end = time.monotonic() + SECONDS_MAX
        while self.process.poll() is None:
            self.read(0.05)
            self.case.assertLess(time.monotonic(), end, f"it runs on: {self.seen!r}")
        return self.process.returncode
