"""Reads the conversations and compares answers; the runners in Python share it."""
import json
import pathlib
import re
import sys
import traceback

FOLDER = pathlib.Path(__file__).resolve().parent / "conversations"


class Failed(Exception):
    """An error that the other side answered, as the contract writes it."""

    def __init__(self, error):
        super().__init__(error)
        self.error = error


def conversations():
    """(name, [(line number, verb, optional, arguments, sign, expected)…])"""
    for path in sorted(FOLDER.glob("*.txt")):
        lines = [(number, line) for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
                 if line.strip() and not line.startswith("#")]
        name, steps = None, []
        at = 0
        while at < len(lines):
            number, line = lines[at]
            if line.startswith("conversation "):
                if name:
                    yield name, steps
                name, steps = f"{path.stem}: {line[13:]}", []
                at += 1
                continue
            verb, arguments = line.split(" ", 1)
            expectation = lines[at + 1][1]
            steps.append((f"{path.name}:{number}", verb.rstrip("?"), verb.endswith("?"), arguments, expectation[0], expectation[2:]))
            at += 2
        if name:
            yield name, steps


def difference(expected, actual, where="answer"):
    """None when it matches, else a sentence."""
    if expected == "*":
        return None
    if isinstance(expected, dict):
        if not isinstance(actual, dict):
            return f"{where} is {actual!r}, not an object"
        if "$type" in expected and expected != actual:
            return f"{where} is {actual!r}, not {expected!r}"
        for key, value in expected.items():
            found = difference(value, actual.get(key), f"{where}.{key}")
            if found:
                return found
        return None
    if isinstance(expected, list):
        if not isinstance(actual, list) or len(actual) != len(expected):
            return f"{where} is {actual!r}, not {expected!r}"
        return next(filter(None, (difference(e, a, f"{where}[{at}]") for at, (e, a) in enumerate(zip(expected, actual)))), None)
    same = expected == actual and isinstance(expected, bool) == isinstance(actual, bool)
    return None if same else f"{where} is {actual!r}, not {expected!r}"


def run_step(client, step, names):
    """True when the conversation goes on."""
    where, verb, optional, arguments, sign, expected = step
    put = lambda text: re.sub(r"@(db|new)\b", lambda found: names[found[1]], text)
    try:
        answer, error = client.run(verb, json.loads(put(arguments))), None
    except Failed as failed:
        answer, error = None, failed.error
    if error and optional and error["kind"] == "not_implemented":
        return False
    if (sign == "!") != (error is not None):
        raise AssertionError(f"{where}: {verb} answered {error or answer!r}")
    found = difference(json.loads(put(expected)), error if error else answer or {})
    if found:
        raise AssertionError(f"{where}: {verb}: {found}")
    return True


def run_all(label, make_client):
    passed = failed = 0
    for number, (name, steps) in enumerate(conversations()):
        names = {"db": f"{label}-c{number}", "new": f"{label}-c{number}-new"}
        client = make_client()
        try:
            client.run("databases.create", {"name": names["db"], "orReplace": True})
            client.database = names["db"]
            for step in steps:
                if not run_step(client, step, names):
                    break
            passed += 1
        except Exception as error:
            failed += 1
            print(f"FAILED {name}: {error if isinstance(error, AssertionError) else traceback.format_exc()}")
        finally:
            for one in names.values():
                client.run("databases.drop", {"name": one, "ifExists": True})
            client.close()
    print(f"contract ({label}): {passed} passed, {failed} failed")
    sys.exit(1 if failed or not passed else 0)
