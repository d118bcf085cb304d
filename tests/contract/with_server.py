"""Runs a command against a server of its own: with_server.py NEXUS -- COMMAND…

The server has the account tester/contract-password, a fresh data directory and, in front of it, a TLS proxy with a
certificate of its own. The command finds them in NEXUS_TEST_URL, NEXUS_TEST_TLS_URL, NEXUS_TEST_CA, NEXUS_TEST_USER
and NEXUS_TEST_PASSWORD.
"""
import os
import re
import socket
import ssl
import subprocess
import sys
import tempfile
import threading

USER, PASSWORD = "tester", "contract-password"


def copy(source, target):
    try:
        while piece := source.recv(1 << 16):
            target.sendall(piece)
    except OSError:
        pass
    finally:
        for end in (source, target):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


def serve_tls(listener, context, port):
    def serve(plain):
        try:
            client = context.wrap_socket(plain, server_side=True)
            server = socket.create_connection(("127.0.0.1", port))
        except OSError:
            plain.close()
            return
        threading.Thread(target=copy, args=(server, client), daemon=True).start()
        copy(client, server)

    while True:
        plain, _ = listener.accept()
        threading.Thread(target=serve, args=(plain,), daemon=True).start()


def start_tls(folder, port):
    """A certificate for localhost that is its own authority, and a proxy that shows it."""
    certificate, key = f"{folder}/ca.pem", f"{folder}/key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-keyout", key, "-out", certificate, "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-addext", "basicConstraints=critical,CA:FALSE"],
        check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=serve_tls, args=(listener, context, port), daemon=True).start()
    return f"https://localhost:{listener.getsockname()[1]}", certificate


def main():
    at = sys.argv.index("--")
    binary, command = sys.argv[1], sys.argv[at + 1:]
    with tempfile.TemporaryDirectory() as folder:
        server = subprocess.Popen([binary, "serve", "--data", f"{folder}/data", "--port", "0", "--log-level", "warning"],
                                  env={**os.environ, "NEXUS_AUTH": f"{USER}/{PASSWORD}"}, stdout=subprocess.PIPE, text=True)
        try:
            found = re.search(r"http://\S+?:(\d+)", server.stdout.readline())
            if not found:
                sys.exit("the server did not start")
            tls_url, certificate = start_tls(folder, int(found[1]))
            environment = {**os.environ, "NEXUS_TEST_URL": found[0], "NEXUS_TEST_TLS_URL": tls_url, "NEXUS_TEST_CA": certificate,
                           "NEXUS_TEST_USER": USER, "NEXUS_TEST_PASSWORD": PASSWORD}
            code = subprocess.run(command, env=environment).returncode
        finally:
            server.terminate()
            server.wait(30)
    sys.exit(code)


if __name__ == "__main__":
    main()
