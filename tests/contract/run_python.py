"""The contract through the Python client."""
import io
import math
import os

import contract
import nexusdb

SAFE = 2**53


def simple(value):
    """A value of the client as the contract writes it."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= SAFE:
        return {"$type": "Integer", "_value": str(value)}
    if isinstance(value, float) and not math.isfinite(value):
        return {"$type": "Float", "_value": "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"}
    if isinstance(value, list):
        return [simple(item) for item in value]
    if isinstance(value, dict):
        return {key: simple(member) for key, member in value.items()}
    if isinstance(value, nexusdb.DateTime):
        return {"$type": "ZonedDateTime" if value.zone else "OffsetDateTime", "_value": str(value)}
    if isinstance(value, (nexusdb.Temporal, nexusdb.Duration, nexusdb.Point)):
        return {"$type": type(value).__name__, "_value": str(value)}
    if isinstance(value, nexusdb.Vector):
        return {"$type": "Vector", "_value": value.to_typed()}
    if isinstance(value, nexusdb.Node):
        return {"$node": {"labels": sorted(value.labels), "properties": simple(dict(value.properties))}}
    if isinstance(value, nexusdb.Relationship):
        return {"$relationship": {"type": value.type, "properties": simple(dict(value.properties))}}
    if isinstance(value, nexusdb.Path):
        return {"$path": [simple(part) for part in value]}
    return value


TYPES = {"Integer": int, "Float": float, "Date": nexusdb.Date, "LocalTime": nexusdb.LocalTime, "Time": nexusdb.Time,
         "LocalDateTime": nexusdb.LocalDateTime, "OffsetDateTime": nexusdb.DateTime, "ZonedDateTime": nexusdb.DateTime,
         "Duration": nexusdb.Duration.parse, "Point": nexusdb.Point.parse, "Vector": nexusdb.Vector.from_typed}


def native(value):
    """A value of the contract as one of the client."""
    if isinstance(value, list):
        return [native(item) for item in value]
    if isinstance(value, dict) and "$type" in value:
        return TYPES[value["$type"]](value["_value"])
    if isinstance(value, dict):
        return {key: native(member) for key, member in value.items()}
    return value


def camel(counters):
    words = {name: name.split("_") for name in vars(counters)}
    return {first + "".join(word.capitalize() for word in rest): getattr(counters, name) for name, (first, *rest) in words.items()}


def described(info):
    return {"name": info.name, "currentStatus": info.current_status, "requestedStatus": info.requested_status,
            "access": info.access, "nodeCount": info.node_count}


class Runner:
    def __init__(self):
        self.client = nexusdb.Client(os.environ["NEXUS_TEST_URL"],
                                     auth=(os.environ["NEXUS_TEST_USER"], os.environ["NEXUS_TEST_PASSWORD"]))
        self.session = self.transaction = None
        self.dump = io.BytesIO()

    def close(self):
        self.client.close()

    @property
    def database(self):
        return self.client.database

    @database.setter
    def database(self, name):
        self.client.database = name

    def run(self, verb, given):
        try:
            return getattr(self, "do_" + verb.replace(".", "_"))(**given)
        except nexusdb.NexusError as error:
            where = error.position
            raise contract.Failed({"kind": error.kind, "title": error.title, "code": error.code, "gqlStatus": error.gql_status,
                                   "status": error.status, "position": where and vars(where)}) from error

    @staticmethod
    def options(given):
        given = {"parameters": native(given.pop("parameters", None)), **given}
        if "timeoutMs" in given:
            given["timeout"] = given.pop("timeoutMs") / 1000
        if "maxRows" in given:
            given["max_rows"] = given.pop("maxRows")
        return given

    @staticmethod
    def answer(columns, rows, summary):
        return {"columns": list(columns), "rows": [[simple(value) for value in row] for row in rows],
                "counters": camel(summary.counters), "database": summary.database}

    def do_query(self, **given):
        result = self.client.query(**self.options(given))
        return self.answer(result.columns, result.rows, result.summary)

    def do_stream(self, **given):
        with self.client.stream(**self.options(given)) as stream:
            rows = list(stream)
            return self.answer(stream.columns, rows, stream.summary)

    def do_stream_take(self, take, **given):
        with self.client.stream(**self.options(given)) as stream:
            return {"rows": [[simple(value) for value in row] for row, _ in zip(stream, range(take))]}

    def do_session_open(self, database=None):
        self.session = self.client.session(database)
        return {"database": self.session.database()}

    def do_session_query(self, **given):
        result = self.session.query(**self.options(given))
        return self.answer(result.columns, result.rows, result.summary)

    def do_session_use(self, name):
        return {"database": self.session.use(name)}

    def do_session_database(self):
        return {"database": self.session.database()}

    def do_session_close(self):
        self.session.close()

    def do_tx_begin(self, **given):
        self.transaction = self.client.transaction(**given)

    def do_tx_query(self, **given):
        result = self.transaction.query(**self.options(given))
        return self.answer(result.columns, result.rows, result.summary)

    def do_tx_commit(self):
        self.transaction.commit()

    def do_tx_rollback(self):
        self.transaction.rollback()

    def do_retry(self, conflicts):
        attempts = 0

        def work(transaction):
            nonlocal attempts
            attempts += 1
            transaction.query("MATCH (c:Counter) RETURN c.n")
            if attempts <= conflicts:
                self.client.query("MATCH (c:Counter) SET c.n = c.n + 1")
            return transaction.query("MATCH (c:Counter) SET c.n = c.n + 1 RETURN c.n AS n").scalar()

        return {"value": self.client.execute_write(work), "attempts": attempts}

    def do_databases_list(self, **given):
        page = self.client.databases.list(**given)
        return {"names": [one.name for one in page.databases], "next": page.next, "default": page.default}

    def do_databases_get(self, name):
        return described(self.client.databases.get(name))

    def do_databases_create(self, name, ifNotExists=False, orReplace=False):
        return described(self.client.databases.create(name, if_not_exists=ifNotExists, or_replace=orReplace))

    def do_databases_copy(self, source, name):
        return described(self.client.databases.copy(source, name))

    def do_databases_rename(self, name, newName):
        return described(self.client.databases.rename(name, newName))

    def do_databases_start(self, name):
        return described(self.client.databases.start(name))

    def do_databases_stop(self, name):
        return described(self.client.databases.stop(name))

    def do_databases_access(self, name, access):
        return described(self.client.databases.set_access(name, access))

    def do_databases_drop(self, name, ifExists=False):
        self.client.databases.drop(name, if_exists=ifExists)

    def do_aliases_list(self):
        return {"names": [alias.name for alias in self.client.databases.aliases()]}

    def do_aliases_put(self, name, target):
        self.client.databases.set_alias(name, target)

    def do_aliases_drop(self, name):
        self.client.databases.drop_alias(name)

    def do_dump(self, name):
        self.client.databases.dump(name, self.dump)

    def do_restore(self, name):
        self.dump.seek(0)
        return described(self.client.databases.restore(name, self.dump))

    def do_info(self):
        info = self.client.info()
        return {"version": info.version, "defaultDatabase": info.default_database, "user": info.user}


if __name__ == "__main__":
    contract.run_all("python", Runner)
