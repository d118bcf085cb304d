"""Runs the commands of docs/guides/*.md against a server and compares what they print.

Usage: run_guides.py BINARY [GUIDE…]. In a ```console block a line "$ command" is run by bash with
`nexus` on the PATH and NEXUS_URI set; the lines below it are its standard output. Each guide gets
a server of its own on an empty data directory.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))
from nexus_process import Server  # noqa: E402



def steps(text: str):
    """(command, expected lines) of each console block, in order."""
    for block in re.findall(r"^```console\n(.*?)^```$", text, re.M | re.S):
        command, expected = None, []
        for line in block.splitlines():
            if line.startswith("$ "):
                if command is not None:
                    yield command, expected
                command, expected = line[2:], []
            else:
                expected.append(line)
        if command is not None:
            yield command, expected


def run_guide(binary: pathlib.Path, guide: pathlib.Path) -> tuple[int, int]:
    passed = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        server = Server(binary, f"{folder}/data")
        try:
            environment = {**os.environ, "NEXUS_URI": server.uri, "HOME": folder, "PATH": f"{binary.parent}:{os.environ['PATH']}"}
            for command, expected in steps(guide.read_text()):
                result = subprocess.run(["bash", "-c", command], check=False, capture_output=True,
                                        text=True, env=environment, timeout=60)
                if result.returncode == 0 and result.stdout.splitlines() == expected:
                    passed += 1
                    continue
                failed += 1
                print(f"{guide.name}: $ {command}\n  exit code {result.returncode}, printed:\n{result.stdout}{result.stderr}"
                      f"  expected:\n" + "\n".join(expected))
        finally:
            server.stop()
    return passed, failed


def main() -> int:
    binary = pathlib.Path(sys.argv[1]).resolve()
    guides = [pathlib.Path(name) for name in sys.argv[2:]] or sorted((ROOT / "docs" / "guides").glob("*.md"))
    results = [run_guide(binary, guide) for guide in guides]
    passed, failed = (sum(column) for column in zip(*results))
    print(f"guides: {passed} passed, {failed} failed")
    return 0 if failed == 0 and passed > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
