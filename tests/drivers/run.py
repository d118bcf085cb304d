"""The official drivers against a server: python3 tests/drivers/run.py build/release/host-native/nexus [SUITE…]

Fetches each driver with its own package manager into build/drivers/, starts one server, which
speaks TLS and plaintext, and runs the suites against it, one line each. A suite whose tools or packages cannot be had is
skipped, loudly: the last line counts the skipped ones.
"""
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import certificates  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CACHE = ROOT / "build" / "drivers"
USER, PASSWORD = "nexus", "driver-tests"
SECONDS_MAX = 590  # For everything; what does not begin in time is skipped.
BEGAN = time.monotonic()


class Skipped(Exception):
    """What is needed cannot be had."""


class Failed(Exception):
    """What is there does not work."""


def seconds_left():
    return max(SECONDS_MAX - (time.monotonic() - BEGAN), 1)


def fetch(command, **options):
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds_left(), **options)
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise Skipped(f"{command[0]}: {problem}") from problem
    if done.returncode != 0:
        raise Skipped(f"{' '.join(map(str, command))}: {(done.stderr or done.stdout).strip()[-300:]}")


def build(command, **options):
    try:
        fetch(command, **options)
    except Skipped as problem:
        raise Failed(str(problem)) from problem


def python_suite(folder, requirement, suite):
    venv = CACHE / folder
    python = venv / "bin" / "python"
    if not (venv / "ready").exists():
        fetch([sys.executable, "-m", "venv", str(venv)])
        fetch([str(python), "-m", "pip", "install", "-q", requirement])
        (venv / "ready").touch()
    return [str(python), str(HERE / "python" / suite)]


def prepare_python():
    return python_suite("python", "neo4j==6.*", "suite.py")


def prepare_old_python():
    return python_suite("python-4.4", "neo4j==4.4.*", "suite_4_4.py")


def prepare_langchain():
    return python_suite("langchain", "langchain-neo4j==0.11.*", "suite_langchain.py")


def node_suite(folder, suite, *packages):
    folder = CACHE / folder
    if not (folder / "ready").exists():
        folder.mkdir(exist_ok=True)
        (folder / "package.json").write_text('{"private": true}\n')
        fetch(["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", *packages], cwd=folder)
        (folder / "ready").touch()
    return ["node", str(HERE / "javascript" / suite)]


def prepare_javascript():
    return node_suite("javascript", "suite.mjs", "neo4j-driver@6")


def prepare_browser():
    places = [f"/usr/bin/{name}" for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")]
    chromium = os.environ.get("NEXUS_CHROMIUM") or next(filter(os.path.exists, places), None)
    if not chromium:
        raise Skipped("there is no Chromium: NEXUS_CHROMIUM names one")
    return ["env", f"NEXUS_CHROMIUM={chromium}", *node_suite("browser", "browser.mjs", "neo4j-driver@6", "playwright-core@1")]


def newest(folder, *suffixes):
    return max(path.stat().st_mtime for path in folder.rglob("*") if path.suffix in suffixes)


def prepare_go():
    sources, folder = HERE / "go", CACHE / "go"
    binary = folder / "suite"
    if not binary.exists() or binary.stat().st_mtime < newest(sources, ".go", ".mod", ".sum"):
        go = shutil.which("go") or shutil.which("go", path="/usr/local/go/bin") or "go"
        # Why local: another toolchain is never fetched; the module is for Go 1.18 and later.
        environment = {**os.environ, "GOMODCACHE": str(folder / "modules"), "GOCACHE": str(folder / "cache"), "GOTOOLCHAIN": "local"}
        fetch([go, "mod", "download"], cwd=sources, env=environment)
        build([go, "build", "-mod=readonly", "-modcacherw", "-o", str(binary), "."], cwd=sources, env=environment)
    return [str(binary)]


def prepare_java():
    sources, folder = HERE / "java", CACHE / "java"
    ready, libraries = folder / "ready", str(folder / "libraries" / "*")
    if not ready.exists() or ready.stat().st_mtime < newest(sources, ".java", ".xml"):
        fetch(["mvn", "-q", "-B", f"-Dmaven.repo.local={folder / 'repository'}", f"-Dnexus.build={folder}",
               "dependency:copy-dependencies"], cwd=sources)
        files = [str(path) for path in sources.rglob("*.java")]
        build(["javac", "-Xlint:all", "-encoding", "UTF-8", "--release", "17", "-cp", libraries, "-d", str(folder / "classes"), *files])
        ready.touch()
    # A short run: the first compiler is enough.
    return ["java", f"-Djavax.net.ssl.trustStore={java_trust_store()}", "-Djavax.net.ssl.trustStorePassword=changeit",
            "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", f"{folder / 'classes'}{os.pathsep}{libraries}", "drivers.Suite"]


# What each language's own machinery for TLS trusts in a suite.
AUTHORITY = certificates.Authority(tempfile.mkdtemp(prefix="nexus-authority-"))


def java_trust_store():
    store = AUTHORITY.folder / "trust.p12"
    if not store.exists():
        fetch(["keytool", "-importcert", "-noprompt", "-alias", "authority", "-file", str(AUTHORITY.certificate), "-keystore", str(store),
               "-storetype", "PKCS12", "-storepass", "changeit"])
    return store


SUITES = {"python": prepare_python, "python-4.4": prepare_old_python, "javascript": prepare_javascript,
          "javascript-browser": prepare_browser, "go": prepare_go, "java": prepare_java, "langchain": prepare_langchain}


class Server:
    """nexus serve on a fresh directory and free ports, with authentication."""

    def __init__(self, binary, data):
        environment = {**os.environ, "NEXUS_AUTH": f"{USER}/{PASSWORD}"}
        certificate, key = AUTHORITY.issue()
        command = [binary, "serve", "--data", data, "--port", "0", "--bolt-port", "0", "--log-level", "warning",
                   "--tls-cert", str(certificate), "--tls-key", str(key), "--allow-plaintext"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        self.http = self._line(r" at (https://\S+)")
        self.bolt = self._line(r" at bolt\+s://(\S+)")

    def _line(self, pattern):
        line = self.process.stdout.readline()
        found = re.search(pattern, line)
        if not found:
            raise SystemExit(f"the server did not start: {line!r}")
        return found[1]

    def environment(self):
        trusted = str(AUTHORITY.certificate)
        return {**os.environ, "NEXUS_BOLT": self.bolt, "NEXUS_HTTP": self.http, "NEXUS_USER": USER,
                "NEXUS_PASSWORD": PASSWORD, "SSL_CERT_FILE": trusted, "NODE_EXTRA_CA_CERTS": trusted}

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=30)


def run_suite(name, server):
    started = time.monotonic()
    try:
        if seconds_left() < 10:
            raise Skipped("no time is left; name the suite to run it alone")
        command = SUITES[name]()
    except Skipped as why:
        print(f"SKIPPED {name}: {why}")
        return "skipped"
    except Failed as why:
        print(f"FAILED {name}: {why}")
        return "failed"
    try:
        done = subprocess.run(command, env=server.environment(), timeout=seconds_left(), cwd=CACHE)
        passed = done.returncode == 0
        if done.returncode < 0:
            print(f"{name}: ended by signal {-done.returncode}")
    except subprocess.TimeoutExpired:
        print(f"{name}: no end in time")
        passed = False
    print(f"{'PASSED' if passed else 'FAILED'} {name} ({time.monotonic() - started:.1f} s)", flush=True)
    return "passed" if passed else "failed"


def main():
    binary, names = os.path.abspath(sys.argv[1]), sys.argv[2:] or list(SUITES)
    CACHE.mkdir(parents=True, exist_ok=True)
    data = tempfile.mkdtemp(prefix="nexus-drivers-")
    server = Server(binary, data)
    try:
        outcomes = [run_suite(name, server) for name in names]
    finally:
        code = server.stop()
        shutil.rmtree(data, ignore_errors=True)
        shutil.rmtree(AUTHORITY.folder, ignore_errors=True)
    if code != 0:
        print(f"FAILED the server ended with {code}")
    counts = {word: outcomes.count(word) for word in ("passed", "failed", "skipped")}
    print("drivers: " + ", ".join(f"{count} {word}" for word, count in counts.items()))
    sys.exit(1 if counts["failed"] or code != 0 else 0)


if __name__ == "__main__":
    main()
