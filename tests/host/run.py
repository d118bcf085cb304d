"""The end-to-end suite of the native program: `python3 tests/host/run.py BINARY [PATTERN…]`.

Everything is done from outside: processes, sockets, files. A pattern picks tests by a part
of their name.
"""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import support  # noqa: E402

MODULES = ("test_rest", "test_transactional", "test_databases", "test_dumps", "test_stop", "test_http", "test_hostile", "test_damage",
           "test_faults", "test_serve", "test_users", "test_bolt", "test_web_socket", "test_tls", "test_shell", "test_terminal", "test_words",
           "test_db", "test_import", "test_samples")


def main(words):
    if not words or words[0].startswith("-"):
        print(__doc__, file=sys.stderr)
        return 2
    support.binary = str(pathlib.Path(words[0]).resolve())
    loader = unittest.TestLoader()
    if words[1:]:
        loader.testNamePatterns = [f"*{word}*" for word in words[1:]]
    suite = unittest.TestSuite(loader.loadTestsFromName(name) for name in MODULES)
    result = unittest.TextTestRunner(verbosity=2, stream=sys.stdout).run(suite)
    failed = len(result.failures) + len(result.errors)
    skipped = f", {len(result.skipped)} skipped" if result.skipped else ""
    print(f"host: {result.testsRun - failed - len(result.skipped)} passed, {failed} failed{skipped}")
    return 1 if failed or result.testsRun == 0 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
