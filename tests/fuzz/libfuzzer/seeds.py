"""seeds.py DIRECTORY: every statement of tests/query as a file of DIRECTORY/statement, for libFuzzer to begin with."""
import hashlib
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]


def statements(text):
    for block in re.split(r"\n\s*\n", text):
        lines = [line for line in block.split("\n") if not line.startswith(("#", "case ", "skip ", "only ", "params ", "as ", "use "))]
        if lines and lines[0].startswith("expr"):
            for line in lines[1:]:
                yield "RETURN " + line.rsplit("=>", 1)[0].strip() + " AS value"
        elif lines and lines[0].split(" ")[0] in ("do", "query", "error", "plan"):
            body = []
            for line in lines[1:]:
                if line in ("----", "do", "query", "query ordered") or line.startswith("error "):
                    break
                body.append(line)
            yield "\n".join(body)


def main():
    folder = pathlib.Path(sys.argv[1]) / "statement"
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted((ROOT / "tests/query").glob("*.cyt")):
        for statement in statements(path.read_text(encoding="utf-8")):
            if 0 < len(statement.encode()) <= 4096:
                (folder / hashlib.sha1(statement.encode()).hexdigest()[:16]).write_text(statement, encoding="utf-8")
    for name in ("value", "log", "pack", "json"):
        (folder.parent / name).mkdir(exist_ok=True)


main()
