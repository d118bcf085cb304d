"""The contract over plain HTTP, without a client library: what docs/rest.md says, said by hand."""
import base64
import http.client
import json
import os
from urllib.parse import quote, urlencode, urlsplit

import contract

TYPED = "application/vnd.nexus.typed+json"


def simple(value):
    """A typed value as the contract writes it: plain where plain is exact."""
    kind, inner = value["$type"], value["_value"]
    if kind in ("Null", "Boolean", "String"):
        return inner
    if kind == "Integer":
        return int(inner) if abs(int(inner)) < 2**53 else value
    if kind == "Float":
        return value if inner in ("NaN", "Infinity", "-Infinity") else float(inner)
    if kind == "List":
        return [simple(item) for item in inner]
    if kind == "Map":
        return {key: simple(member) for key, member in inner.items()}
    if kind == "Node":
        return {"$node": {"labels": sorted(inner["_labels"]), "properties": {k: simple(v) for k, v in inner["_properties"].items()}}}
    if kind == "Relationship":
        return {"$relationship": {"type": inner["_type"], "properties": {k: simple(v) for k, v in inner["_properties"].items()}}}
    if kind == "Path":
        return {"$path": [simple(part) for part in inner]}
    return value


def kind_of(problem, status):
    title, code = problem.get("title", ""), problem.get("code", "")
    rules = [(status == 501 or title in ("NotFound", "MethodNotAllowed"), "not_implemented"), (status == 401, "authentication"),
             (code.startswith("Neo.TransientError.") or status in (429, 503), "transient"), (status == 408, "timeout"),
             (status == 404, "not_found"), (status == 403, "forbidden"), (status == 400 and code.endswith("SyntaxError"), "syntax"),
             (status == 409, "conflict"), (status in (413, 507), "limit"), (400 <= status < 500, "statement")]
    return next((kind for fits, kind in rules if fits), "server")


class Client:
    def __init__(self):
        self.database, self.session, self.transaction, self.dump = None, None, None, b""
        url = urlsplit(os.environ["NEXUS_TEST_URL"])
        self.connection = http.client.HTTPConnection(url.hostname, url.port, timeout=60)
        account = f'{os.environ["NEXUS_TEST_USER"]}:{os.environ["NEXUS_TEST_PASSWORD"]}'
        self.headers = {"Authorization": "Basic " + base64.b64encode(account.encode()).decode()}

    def close(self):
        self.connection.close()

    def send(self, method, path, body=None, **headers):
        headers = {**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        if body is not None and not isinstance(body, bytes):
            headers["Content-Type"], body = "application/json", json.dumps(body).encode()
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        text = response.read()
        if response.status >= 400:
            problem = json.loads(text)
            self.fail(problem["errors"][0] if "errors" in problem else problem)
        return text

    def fail(self, problem):
        problem = {key: problem.get(key) for key in ("title", "code", "gqlStatus", "status", "position")}
        raise contract.Failed({**problem, "kind": kind_of(problem, problem["status"])})

    def run(self, verb, given):
        return getattr(self, "do_" + verb.replace(".", "_"))(given) or {}

    # Statements.

    def body(self, given, database):
        body = {"query": given["query"], "parameters": given.get("parameters"), "database": given.get("database", database),
                "accessMode": given.get("access", "write").upper(), "timeoutMs": given.get("timeoutMs"), "maxRows": given.get("maxRows")}
        return {key: value for key, value in body.items() if value is not None}

    def answer(self, columns, rows, summary):
        return {"columns": columns, "rows": [[simple(value) for value in row] for row in rows],
                "counters": summary.get("counters", {}), "database": summary.get("database")}

    def do_query(self, given):
        body = json.loads(self.send("POST", "/api/v1/cypher", self.body(given, self.database), Accept=TYPED))
        return self.answer(body["columns"], body["rows"], body)

    def do_stream(self, given):
        text = self.send("POST", "/api/v1/cypher", self.body(given, self.database), Accept=f"application/x-ndjson, {TYPED}")
        lines = [json.loads(line) for line in text.splitlines()]
        if "error" in lines[-1]:
            self.fail(lines[-1]["error"])
        return self.answer(lines[0]["columns"], lines[1:-1], lines[-1]["summary"])

    def do_stream_take(self, given):
        body = json.dumps(self.body(given, self.database))
        self.connection.request("POST", "/api/v1/cypher", body, {**self.headers, "Content-Type": "application/json",
                                                                "Accept": f"application/x-ndjson, {TYPED}"})
        response = self.connection.getresponse()
        response.readline()
        rows = [json.loads(response.readline()) for _ in range(given["take"])]
        self.connection.close()  # The next request opens another.
        return {"rows": [[simple(value) for value in row] for row in rows]}

    # Sessions.

    def do_session_open(self, given):
        body = json.loads(self.send("POST", "/api/v1/session", given))
        self.session = body["session"]
        return body

    def do_session_query(self, given):
        text = self.send("POST", "/api/v1/cypher", self.body(given, None), Accept=TYPED, Nexus_Session=self.session)
        body = json.loads(text)
        return self.answer(body["columns"], body["rows"], body)

    def do_session_use(self, given):
        return json.loads(self.send("PUT", "/api/v1/session/database", given, Nexus_Session=self.session))

    def do_session_database(self, given):
        return json.loads(self.send("GET", "/api/v1/session/database", Nexus_Session=self.session))

    def do_session_close(self, given):
        self.send("DELETE", "/api/v1/session", Nexus_Session=self.session)

    # Transactions.

    def transact(self, path, given, method="POST"):
        body = {"statement": given.get("query"), "parameters": given.get("parameters"), "includeCounters": True,
                "accessMode": given.get("access")} if method == "POST" else None
        return json.loads(self.send(method, path, body, Accept="application/vnd.neo4j.query"))

    def do_tx_begin(self, given):
        path = f'/db/{given.get("database", self.database)}/query/v2/tx'
        self.transaction = f'{path}/{self.transact(path, given)["transaction"]["id"]}'

    def do_tx_query(self, given):
        body = self.transact(self.transaction, given)
        return self.answer(body["data"]["fields"], body["data"]["values"], body)

    def do_tx_commit(self, given):
        self.transact(self.transaction + "/commit", {})

    def do_tx_rollback(self, given):
        self.transact(self.transaction, {}, "DELETE")

    def do_retry(self, given):
        for attempt in range(1, 10):
            try:
                self.do_tx_begin({})
                self.do_tx_query({"query": "MATCH (c:Counter) RETURN c.n"})
                if attempt <= given["conflicts"]:
                    self.do_query({"query": "MATCH (c:Counter) SET c.n = c.n + 1"})
                answer = self.do_tx_query({"query": "MATCH (c:Counter) SET c.n = c.n + 1 RETURN c.n AS n"})
                self.do_tx_commit({})
                return {"attempts": attempt, "value": answer["rows"][0][0]}
            except contract.Failed as failed:
                if failed.error["kind"] != "transient":
                    raise

    # Databases.

    def database_path(self, name):
        return f'/api/v1/databases/{quote(name, safe="")}'

    def patch(self, given, **members):
        return json.loads(self.send("PATCH", self.database_path(given["name"]), members))

    def do_databases_list(self, given):
        body = json.loads(self.send("GET", "/api/v1/databases?" + urlencode(given)))
        return {**body, "names": [one["name"] for one in body["databases"]]}

    def do_databases_get(self, given):
        return json.loads(self.send("GET", self.database_path(given["name"])))

    def do_databases_create(self, given):
        return json.loads(self.send("POST", "/api/v1/databases", given))

    def do_databases_copy(self, given):
        return self.do_databases_create({"name": given["name"], "copyOf": given["source"]})

    def do_databases_rename(self, given):
        return self.patch(given, name=given["newName"])

    def do_databases_start(self, given):
        return self.patch(given, requestedStatus="online")

    def do_databases_stop(self, given):
        return self.patch(given, requestedStatus="offline")

    def do_databases_access(self, given):
        return self.patch(given, access=given["access"])

    def do_databases_drop(self, given):
        self.send("DELETE", self.database_path(given["name"]) + ("?ifExists=true" if given.get("ifExists") else ""))

    def do_aliases_list(self, given):
        return {"names": [one["name"] for one in json.loads(self.send("GET", "/api/v1/aliases"))["aliases"]]}

    def do_aliases_put(self, given):
        self.send("PUT", f'/api/v1/aliases/{given["name"]}', {"target": given["target"]})

    def do_aliases_drop(self, given):
        self.send("DELETE", f'/api/v1/aliases/{given["name"]}')

    def do_dump(self, given):
        self.dump = self.send("GET", self.database_path(given["name"]) + "/dump")

    def do_restore(self, given):
        self.send("PUT", self.database_path(given["name"]) + "/dump", self.dump, Content_Type="application/octet-stream")
        return self.do_databases_get(given)

    def do_info(self, given):
        return json.loads(self.send("GET", "/api/v1/info"))


if __name__ == "__main__":
    contract.run_all("http", Client)
