"""Runs a command against a server of its own: with_server.py NEXUS -- COMMAND…

The server has the account tester/contract-password, a fresh data directory, and speaks TLS and plaintext on one port. The
command finds them in NEXUS_TEST_URL, NEXUS_TEST_TLS_URL, NEXUS_TEST_CA, NEXUS_TEST_USER
and NEXUS_TEST_PASSWORD.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import certificates  # noqa: E402

USER, PASSWORD = "tester", "contract-password"


def main():
    at = sys.argv.index("--")
    binary, command = sys.argv[1], sys.argv[at + 1:]
    with tempfile.TemporaryDirectory() as folder:
        authority = certificates.Authority(folder)
        certificate, key = authority.issue()
        server = subprocess.Popen([binary, "serve", "--data", f"{folder}/data", "--port", "0", "--log-level", "warning",
                                   "--tls-cert", certificate, "--tls-key", key, "--allow-plaintext"],
                                  env={**os.environ, "NEXUS_AUTH": f"{USER}/{PASSWORD}"}, stdout=subprocess.PIPE, text=True)
        try:
            found = re.search(r"https://(\S+?):(\d+)", server.stdout.readline())
            if not found:
                sys.exit("the server did not start")
            environment = {**os.environ, "NEXUS_TEST_URL": f"http://{found[1]}:{found[2]}",
                           "NEXUS_TEST_TLS_URL": f"https://localhost:{found[2]}", "NEXUS_TEST_CA": str(authority.certificate),
                           "NEXUS_TEST_USER": USER, "NEXUS_TEST_PASSWORD": PASSWORD}
            code = subprocess.run(command, env=environment).returncode
        finally:
            server.terminate()
            server.wait(30)
    sys.exit(code)


if __name__ == "__main__":
    main()
