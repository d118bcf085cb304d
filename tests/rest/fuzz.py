"""Holds the REST API to its own OpenAPI document: schemathesis against a live server.

Usage: fuzz.py BINARY [--examples N] [--seed S]. Schemathesis is installed into a virtual
environment below build/; where it cannot be had, the suite says so and passes.
"""
import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import venv

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
from nexus_process import Server  # noqa: E402

ENVIRONMENT = HERE.parents[1] / "build" / "venv-rest"
VERSION = "schemathesis==4.32.5"


def tool() -> pathlib.Path | None:
    program = ENVIRONMENT / "bin" / "schemathesis"
    if not program.exists():
        venv.create(ENVIRONMENT, with_pip=True)
        pip = [ENVIRONMENT / "bin" / "pip", "install", "-q", "--disable-pip-version-check", VERSION]
        if subprocess.run(pip, check=False).returncode != 0:
            return None
    return program


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("binary")
    parser.add_argument("--examples", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    program = tool()
    if program is None:
        print("rest: SKIPPED: schemathesis cannot be installed here")
        return 0
    with tempfile.TemporaryDirectory() as data:
        server = Server(options.binary, data)
        try:
            result = subprocess.run(
                [program, "--config-file", HERE / "schemathesis.toml", "run", f"{server.uri}/api/v1/openapi.json", "--no-color",
                 "--max-examples", str(options.examples), "--seed", str(options.seed)],
                check=False, capture_output=True, text=True, cwd=data, env={**os.environ, "NO_COLOR": "1"})
            alive = server.is_running()
        finally:
            server.stop()
    cases = re.search(r"(\d+) generated", result.stdout)
    if result.returncode != 0 or not alive:
        print(result.stdout)
        print(result.stderr)
    print(f"rest: {cases.group(1) if cases else 0} generated requests, "
          f"{'every answer as documented' if result.returncode == 0 else 'answers differ from the document'}"
          f"{'' if alive else ', the server died'}")
    return 0 if result.returncode == 0 and alive and cases else 1


if __name__ == "__main__":
    sys.exit(main())
