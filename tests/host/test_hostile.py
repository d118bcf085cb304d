"""Texts and documents that are too long, too deep, too big or plain wrong. The server stays."""
import json

from support import ServerCase

MILLION = 1_000_000


class Json(ServerCase):
    def post(self, body):
        return self.client.request("POST", "/api/v1/cypher", body if isinstance(body, bytes) else body.encode())

    def test_malformed(self):
        for body in ('{', '}', '{"query"', '{"query":', '{"query":"RETURN 1"', '{"query":"RETURN 1",}', "{'query':'RETURN 1'}",
                     '{"query":"RETURN 1"} x', '{"query":"RETURN 1"}{}', '{"query":"\x01"}', '{"query":"\\x"}', '{"query":"\\ud800"}',
                     '{"query":"RETURN 1","query":"RETURN 2"}', '{"query":NaN}', '{"query":01}', "[", "nul", '"', "\ufeff{}"):
            with self.subTest(body=body):
                self.problem(self.post(body), 400, "InvalidRequest")
        for body in (b'{"query":"\xff"}', b"\x00", b'{"query":"RETURN 1\x00"}', b"\xff\xfe{\x00}\x00", b"{\"query\":\"\xc0\xaf\"}"):
            with self.subTest(body=body):
                self.problem(self.post(body), 400, "InvalidRequest")

    def test_numbers(self):
        for text in ("9223372036854775808", "-9223372036854775809", "1e400", "1" * 10_000):
            self.problem(self.post('{"query":"RETURN $x AS x","parameters":{"x":%s}}' % text), 400, "InvalidRequest")

    def test_depth(self):
        def nested(depth):
            return '{"query":"RETURN size(toString($x IS NULL)) AS n","parameters":{"x":%s1%s}}' % ("[" * depth, "]" * depth)
        self.assertEqual(self.post(nested(50)).rows, [[5]])
        for depth in (10_000, MILLION):
            self.problem(self.post(nested(depth)), 400, "InvalidRequest")
            self.problem(self.post("[" * depth), 400, "InvalidRequest")
            self.problem(self.post('{"query":' * depth), 400, "InvalidRequest")

    def test_a_value_100_deep_comes_back_or_is_refused(self):
        value = 1
        for _ in range(100):
            value = [value]
        answer = self.client.cypher("RETURN $x AS x", {"x": value})
        if answer.status == 200:
            self.assertEqual(answer.rows, [[value]])
        else:
            self.problem(answer, 400, "InvalidRequest")

    def test_many_members(self):
        parameters = {f"p{i}": i for i in range(100_000)}
        self.assertEqual(self.client.rows("RETURN $p99999 AS x", parameters), [[99_999]])
        self.assertEqual(self.client.rows("UNWIND $x AS i RETURN count(i) AS n", {"x": list(range(200_000))}), [[200_000]])


class Cypher(ServerCase):
    def refused(self, query, *names):
        body = self.problem(self.client.cypher(query), 400)
        self.assertIn(body["title"], names, body)
        self.assertLess(len(body["detail"]), 1_000, "the error repeats the text")
        return body

    def test_ten_megabytes(self):
        self.refused("RETURN '" + "a" * (10 << 20) + "' AS x", "QueryTooLong")
        self.refused(" " * (10 << 20) + "RETURN 1", "QueryTooLong")
        self.refused("(" * (10 << 20), "QueryTooLong")

    def test_close_to_the_limit(self):
        text = "a" * ((1 << 20) - 100)
        self.assertEqual(self.client.rows(f"RETURN size('{text}') AS n"), [[len(text)]])

    def test_depth(self):
        shapes = {
            "parentheses": lambda n: "RETURN " + "(" * n + "1" + ")" * n + " AS x",
            "lists": lambda n: "RETURN size(toString(" + "[" * n + "1" + "]" * n + " IS NULL)) AS x",
            "maps": lambda n: "RETURN size(toString(" + "{a: " * n + "1" + "}" * n + " IS NULL)) AS x",
            "not": lambda n: "RETURN " + "NOT " * n + "true AS x",
            "minus": lambda n: "RETURN " + "- " * n + "1 AS x",
            "calls": lambda n: "RETURN " + "abs(" * n + "1" + ")" * n + " AS x",
            "case": lambda n: "RETURN " + "CASE WHEN true THEN " * n + "1" + " END" * n + " AS x",
            "comprehensions": lambda n: "RETURN size(" + "[x IN " * n + "[1]" + "]" * n + ") AS x",
            "index": lambda n: "RETURN [1]" + "[0]" * n + " AS x",
            "properties": lambda n: "RETURN {a: 1}" + ".a" * n + " AS x",
            "subqueries": lambda n: "CALL { " * n + "RETURN 1 AS x" + " } RETURN x" * n,
            "exists": lambda n: "MATCH (n) WHERE " + "EXISTS { MATCH (n) WHERE " * n + "true" + " }" * n + " RETURN n",
        }
        for name, shape in shapes.items():
            depth = 40 if name in ("subqueries", "exists") else 100
            with self.subTest(shape=name, depth=depth):
                answer = self.client.cypher(shape(depth))
                if answer.status != 200:  # Wrong types and what is not built are errors of their own.
                    body = self.problem(answer, answer.status)
                    self.assertNotIn(body["title"], ("NestingTooDeep", "Internal"), body)
            for depth in (10_000, 100_000):
                with self.subTest(shape=name, depth=depth):
                    answer = self.client.cypher(shape(depth))
                    if answer.status != 200:
                        self.assertLess(answer.status, 502)
                        self.assertNotEqual(self.problem(answer, answer.status)["title"], "Internal")
                    else:
                        self.assertIn(name, ("index", "properties", "minus", "not"), "this deep it must be refused")

    def test_brackets_too_deep_say_where(self):
        body = self.refused("RETURN " + "(" * 10_000 + "1" + ")" * 10_000 + " AS x", "NestingTooDeep")
        self.assertGreater(body["position"]["column"], 100)

    def test_unclosed(self):
        for text in ("(", "[", "{", "'", '"', "`", "/*", "RETURN [", "MATCH (a)-[", "MATCH (a)-", "RETURN {", "CASE", "$", "$`"):
            for times in (1, 1_000):
                with self.subTest(text=text, times=times):
                    self.problem(self.client.cypher(text * times), 400)

    def test_wide(self):
        for query, rows in (("RETURN " + " + ".join(["1"] * 10_000) + " AS x", [[10_000]]),
                            ("RETURN " + " OR ".join(["false"] * 10_000) + " AS x", [[False]]),
                            ("RETURN size([" + ",".join(["1"] * 50_000) + "]) AS x", [[50_000]])):
            answer = self.client.cypher(query)
            if answer.status == 200:
                self.assertEqual(answer.rows, rows)
            else:
                self.assertIn(self.problem(answer, 400)["title"], ("NestingTooDeep", "LimitExceeded", "QueryTooLong"))

    def test_bombs(self):
        bombs = ("UNWIND range(1, 9223372036854775807) AS i RETURN collect(i) AS x",
                 "RETURN range(1, 9223372036854775807) AS x",
                 "RETURN reduce(s = 'aaaaaaaa', i IN range(1, 100) | s + s) AS x",
                 "RETURN reduce(s = [1], i IN range(1, 100) | s + s) AS x",
                 "WITH range(1, 10000000) AS l RETURN [a IN l | [b IN l | b]] AS x")
        for query in bombs:
            with self.subTest(query=query):
                answer = self.client.cypher(query, timeoutMs=20_000)
                self.assertIn(answer.status, (400, 408, 413, 507), answer)
                self.problem(answer, answer.status)
        self.assertTrue(self.server.is_running())

    def test_cartesian_products_end_at_their_time(self):
        self.client.rows("UNWIND range(1, 1000) AS i CREATE (:Product)")
        answer = self.client.cypher("MATCH (a:Product), (b:Product), (c:Product), (d:Product) RETURN count(*) AS n", timeoutMs=200)
        self.problem(answer, 408, "TransactionTimedOut")
        self.client.rows("MATCH (p:Product) DELETE p")

    def test_evil_patterns(self):
        for pattern in ("(a+)+b", "(a|a)*b", "(.*)*x", "(a{1,50}){1,50}b", "^(([a-z])+.)+[A-Z]([a-z])+$"):
            answer = self.client.cypher("RETURN $text =~ $pattern AS x", {"text": "a" * 5_000, "pattern": pattern}, timeoutMs=20_000)
            if answer.status == 200:
                self.assertEqual(answer.rows, [[False]], pattern)
            else:
                self.problem(answer, 400)

    def test_names_from_every_corner_of_unicode(self):
        for name in ("naïve", "漢字", "🚀", "a b", "``", "a\u202eb", "x" * 10_000, "'", "\\"):
            quoted = "`" + name.replace("`", "``") + "`"
            answer = self.client.cypher(f"CREATE (n:{quoted} {{{quoted}: 1}}) RETURN labels(n) AS l, keys(n) AS k")
            if answer.status == 200:
                self.assertEqual(answer.rows, [[[name], [name]]])
            else:
                self.problem(answer, 400)
        self.client.rows("MATCH (n) DELETE n")

    def test_injection_stays_data(self):
        value = "x'}) DETACH DELETE n //"
        self.client.rows("CREATE (:Data {value: $v})", {"v": value})
        self.assertEqual(self.client.rows("MATCH (d:Data {value: $v}) RETURN d.value AS v", {"v": value}), [[value]])

    def test_random_texts(self):
        import random
        dice = random.Random(20_240_229)
        words = ("MATCH", "RETURN", "(", ")", "[", "]", "{", "}", "-", ">", "<", ":", "n", "1", "'a'", ",", "WHERE", "WITH", "AS",
                 "CREATE", "$p", "*", "..", "=", "NOT", "CASE", "END", "USE", "CALL", "UNION", "\n", "`x`", "é", "0x", "1e", "/*", "|")
        for _ in range(1_500):
            query = " ".join(dice.choice(words) for _ in range(dice.randrange(1, 30)))
            answer = self.client.cypher(query, {"p": 1}, accessMode="READ")
            self.assertLess(answer.status, 500 if b"NotImplemented" not in answer.body else 502, f"{query!r} {answer}")

    def test_random_bytes_as_body(self):
        import random
        dice = random.Random(7)
        whole = json.dumps({"query": "RETURN $x AS x", "parameters": {"x": [1, "a", None, {"b": 2.5}]}}).encode()
        for _ in range(500):
            body = bytearray(whole)
            for _ in range(dice.randrange(1, 4)):
                body[dice.randrange(len(body))] = dice.randrange(256)
            answer = self.client.request("POST", "/api/v1/cypher", bytes(body))
            self.assertLess(answer.status, 500, f"{bytes(body)!r} {answer}")
