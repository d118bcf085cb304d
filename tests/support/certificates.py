"""Certificates of an authority made on the spot, by the `openssl` program."""
import pathlib
import ssl
import subprocess

SECONDS_MAX = 60


class Authority:
    """Signs certificates; everything lies in `folder`."""

    def __init__(self, folder, name="Test authority"):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.certificate = self.folder / "ca.pem"
        self._key = self.folder / "ca.key"
        _openssl("req", "-x509", *_new_key(self._key), "-subj", f"/CN={name}", "-days", "30", "-out", self.certificate,
                 "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign")

    def issue(self, name="server", hosts=("DNS:localhost", "IP:127.0.0.1"), days=30):
        """(certificate, key): two files; `days` may be negative."""
        certificate, key, request, details = (self.folder / f"{name}.{ending}" for ending in ("pem", "key", "csr", "cnf"))
        _openssl("req", *_new_key(key), "-subj", f"/CN={name}", "-out", request)
        details.write_text(f"subjectAltName={','.join(hosts)}\nextendedKeyUsage=serverAuth,clientAuth\n")
        _openssl("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self._key, "-CAcreateserial", "-days", str(days),
                 "-extfile", details, "-out", certificate)
        return certificate, key

    def trust(self):
        """What a client of Python's checks by; the end of a connection counts only where TLS says it."""
        return ssl.create_default_context(cafile=self.certificate)


def with_passphrase(key, passphrase):
    """A copy of the key that cannot be read without it."""
    locked = key.with_suffix(".locked")
    _openssl("pkey", "-in", key, "-aes256", "-passout", f"pass:{passphrase}", "-out", locked)
    return locked


def _new_key(path):
    return "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", path


def _openssl(*words):
    subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True, timeout=SECONDS_MAX)
