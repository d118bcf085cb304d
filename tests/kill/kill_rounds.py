"""Kills a busy server again and again, and checks that no acknowledged write is lost.

A round: start `nexus serve` on a data directory that lives as long as the run, check
everything against the journal, let writers work on it, SIGKILL it at a random moment.

The journal is what the client knows: every acknowledged commit, and the one of each writer
whose answer never came. After the kill the first kind must be there exactly once; of the
second kind all or nothing, and what was seen once stays true in all later rounds.
Every node carries the name of its database, so that a node in the wrong one is seen.

  python3 tests/kill/kill_rounds.py --binary build/release/host-native/nexus --rounds 10
"""
import argparse
import pathlib
import random
import shutil
import signal
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from nexus_process import Closed, Server  # noqa: E402

CLEAR_EVERY_ROUNDS = 20
EXTRA_DATABASES = 6
READS_PER_WRITE = 0.2
TRANSACTIONS = 0.1  # The part of the writes that are explicit ones.
ROLLBACKS = 0.3  # Of those.

CREATE = ("UNWIND range(1, $parts) AS part CREATE (n:Kill {database: $database, tag: $tag, part: part}) "
          "WITH collect(n) AS nodes UNWIND range(1, size(nodes) - 1) AS i "
          "WITH nodes[i - 1] AS a, nodes[i] AS b CREATE (a)-[:NEXT {database: $database}]->(b)")
# The same in an explicit transaction over several requests.
CREATE_NODES = "UNWIND range(1, $parts) AS part CREATE (n:Kill {database: $database, tag: $tag, part: part})"
CREATE_LINKS = ("MATCH (a:Kill {tag: $tag}) WITH collect(a) AS nodes UNWIND nodes AS a UNWIND nodes AS b "
                "WITH a, b WHERE b.part = a.part + 1 CREATE (a)-[:NEXT {database: $database}]->(b)")
DELETE = "MATCH (n:Kill {tag: $tag}) DETACH DELETE n"
SET = ("MERGE (c:Counter {database: $database, writer: $writer}) "
       "SET c.value = $value WITH c MERGE (d:Twin {database: $database, writer: $writer}) SET d.value = $value")
GROW = SET + " SET c.text = $text"  # Fills the log, so that it is rewritten under load.
GROW_CHARACTERS = 200_000
READ_KILL = ("MATCH (n:Kill) OPTIONAL MATCH (n)-[r:NEXT]->() RETURN n.tag AS tag, count(DISTINCT n) AS nodes, "
             "sum(n.part) AS parts, count(r) AS links, collect(DISTINCT n.database) AS databases, "
             "collect(DISTINCT split(elementId(n), ':')[1]) AS uuids")
READ_COUNTERS = ("MATCH (c:Counter) OPTIONAL MATCH (d:Twin {writer: c.writer}) "
                 "RETURN c.writer, c.value, d.value, c.text IS NULL OR split(c.text, ' ')[0] = toString(c.value), "
                 "c.database, d.database")


class Lost(Exception):
    """What was acknowledged and what is there differ."""


class Journal:
    """What one database must hold. Threads: under `lock`."""

    def __init__(self, name):
        self.name = name
        self.lock = threading.Lock()
        self.tags = {}      # tag → nodes of an acknowledged creation
        self.counters = {}  # writer → acknowledged value
        self.unknown = []   # ("create", tag, parts) | ("delete", tag) | ("set", writer, value)

    def clear(self):
        self.tags, self.counters, self.unknown = {}, {}, []

    def check(self, client, uuid):
        """Compares with the server and settles what was unknown; answers how much of that happened."""
        seen = {}
        for tag, nodes, parts, links, databases, uuids in client.rows(READ_KILL, database=self.name):
            if databases != [self.name] or uuids != [uuid]:
                raise Lost(f"cross-database: {self.name} ({uuid}) holds {tag} of {databases} with ids of {uuids}")
            if parts != nodes * (nodes + 1) // 2 or links != nodes - 1:
                raise Lost(f"{self.name}: commit {tag} is torn: {nodes} nodes, sum {parts}, {links} relationships")
            seen[tag] = nodes
        counters = {}
        for writer, value, twin, text_fits, *databases in client.rows(READ_COUNTERS, database=self.name):
            if value != twin or not text_fits or databases != [self.name] * 2:
                raise Lost(f"{self.name}: counter of {writer} is torn: {value} and {twin} of {databases}")
            if writer in counters:
                raise Lost(f"{self.name}: counter of {writer} is there twice")
            counters[writer] = value
        happened = self._settle(seen, counters)
        if seen != self.tags:
            missing = {tag: n for tag, n in self.tags.items() if seen.get(tag) != n}
            surplus = {tag: n for tag, n in seen.items() if self.tags.get(tag) != n}
            raise Lost(f"{self.name}: acknowledged but not there {missing}; there but never acknowledged {surplus}")
        if counters != self.counters:
            raise Lost(f"{self.name}: counters are {counters}, acknowledged were {self.counters}")
        return happened

    def _settle(self, seen, counters):
        """The number of those that happened."""
        happened = 0
        for kind, key, *rest in self.unknown:
            if kind == "create" and key in seen:
                self.tags[key] = rest[0]
            elif kind == "delete" and key not in seen:
                self.tags.pop(key, None)
            elif kind == "set" and counters.get(key) == rest[0]:
                self.counters[key] = rest[0]
            else:
                continue
            happened += 1
        self.unknown = []
        return happened


class Load:
    """Writers against one server, until it dies."""

    def __init__(self, run, server, number):
        self.run, self.server, self.number = run, server, number
        self.errors = []
        self.acknowledged = 0
        self.reads = 0
        self.lock = threading.Lock()

    def guard(self, work, *arguments):
        acknowledged = [0, 0]
        try:
            work(*arguments, acknowledged)
        except Closed:
            pass
        except Exception as error:  # Whatever it is, the round fails with it.
            self.errors.append(error)
        with self.lock:
            self.acknowledged += acknowledged[0]
            self.reads += acknowledged[1]

    def must(self, answer, what, status=200):
        if answer.status != status:
            raise Lost(f"{what} was answered {answer}")

    def write(self, writer, journals, dice, acknowledged):
        """One writer. It alone writes the tags that carry its number; databases are shared."""
        client = self.server.client()
        count = 0
        while True:
            journal = dice.choice(journals)
            count += 1
            tag = f"{journal.name}/r{self.number}w{writer}c{count}"
            if dice.random() < TRANSACTIONS:
                acknowledged[0] += self.transact(client, journal, tag, dice)
            else:
                self.commit(client, journal, tag, writer, count, dice)
                acknowledged[0] += 1
            if dice.random() < READS_PER_WRITE:
                self.read(client, dice.choice(journals), dice)
                acknowledged[1] += 1

    def commit(self, client, journal, tag, writer, count, dice):
        parameters = {"database": journal.name, "tag": tag}
        mine = [old for old in journal.tags if f"/r{self.number}w{writer}c" in old]
        choice = dice.random()
        if choice < 0.15 and mine:
            entry = ("delete", dice.choice(mine))
            statement, parameters["tag"] = DELETE, entry[1]
        elif choice < 0.35:
            entry = ("set", str(writer), self.number * 100_000 + count)
            statement = SET
            parameters.update(writer=str(writer), value=entry[2])
        else:
            entry = ("create", tag, dice.randint(2, 5))
            statement = CREATE
            parameters["parts"] = entry[2]
        self.run_entry(client, journal, entry, statement, parameters)

    def run_entry(self, client, journal, entry, statement, parameters):
        with journal.lock:
            journal.unknown.append(entry)
        self.must(client.cypher(statement, parameters, journal.name), f"{entry} on {journal.name}")
        with journal.lock:
            journal.unknown.remove(entry)
            if entry[0] == "delete":
                del journal.tags[entry[1]]
            else:
                (journal.tags if entry[0] == "create" else journal.counters)[entry[1]] = entry[2]

    def transact(self, client, journal, tag, dice):
        """Until its commit is sent nothing of it may ever be seen, and nothing at all of a rollback."""
        path = f"/db/{journal.name}/query/v2/tx"
        parameters = {"database": journal.name, "tag": tag, "parts": dice.randint(2, 5)}
        opened = client.request("POST", path, {"statement": CREATE_NODES, "parameters": parameters})
        self.must(opened, f"beginning {tag}", 202)
        path += "/" + opened.json["transaction"]["id"]
        self.must(client.request("POST", path, {"statement": CREATE_LINKS, "parameters": parameters}), f"going on with {tag}", 202)
        if dice.random() < ROLLBACKS:
            self.must(client.request("DELETE", path), f"rolling back {tag}")
            return 0
        entry = ("create", tag, parameters["parts"])
        with journal.lock:
            journal.unknown.append(entry)
        self.must(client.request("POST", path + "/commit"), f"committing {tag}", 202)
        with journal.lock:
            journal.unknown.remove(entry)
            journal.tags[tag] = entry[2]
        return 1

    def read(self, client, journal, dice):
        """A commit that was acknowledged before is seen whole, and never in another database."""
        with journal.lock:
            tags = [tag for tag in journal.tags if ("delete", tag) not in journal.unknown]
            tag = dice.choice(tags) if tags else None
            wanted = [[journal.name, journal.tags[tag]]] if tag else []
        other = dice.choice(self.run.journals)
        answer = client.cypher("MATCH (n:Kill {tag: $tag}) RETURN n.database AS database, count(*) AS nodes",
                               {"tag": tag}, other.name)
        self.must(answer, f"reading {tag}")
        if other is not journal and answer.rows:
            raise Lost(f"cross-database: {other.name} answers {answer.rows} for {tag}")
        with journal.lock:  # Its own writer may have deleted it since.
            stays = tag in journal.tags and ("delete", tag) not in journal.unknown
        if other is journal and answer.rows != wanted and (stays or answer.rows):
            raise Lost(f"{journal.name} answers {answer.rows} for {tag}, acknowledged were {wanted}")

    def grow(self, journal, acknowledged):
        """Sets a big property again and again: nearly all of the log is soon obsolete."""
        client = self.server.client()
        count = 0
        while True:
            count += 1
            value = self.number * 100_000 + count
            text = f"{value} ".ljust(GROW_CHARACTERS, "x")
            self.run_entry(client, journal, ("set", "grow", value), GROW,
                           {"database": journal.name, "writer": "grow", "value": value, "text": text})
            acknowledged[0] += 1
            time.sleep(0.005)

    def administer(self, dice, acknowledged):
        """Creates, replaces and drops databases, and writes into them."""
        client = self.server.client()
        count = 0
        while True:
            count += 1
            name = f"extra-{dice.randrange(EXTRA_DATABASES)}"
            journal = self.run.extras.get(name)
            if journal is None:
                self.change(client, name, f"CREATE DATABASE `{name}` WAIT", Journal(name))
            elif dice.random() < 0.3:
                self.change(client, name, f"DROP DATABASE `{name}` WAIT", None)
            elif dice.random() < 0.2:
                self.change(client, name, f"CREATE OR REPLACE DATABASE `{name}` WAIT", Journal(name))
            else:
                self.commit(client, journal, f"{name}/r{self.number}wac{count}", "a", count, dice)
            acknowledged[0] += 1

    def change(self, client, name, statement, after):
        self.run.extra_unknown = (name, after)
        self.must(client.cypher(statement, database="system"), statement)
        self.run.extra_unknown = None
        self.run.set_extra(name, after)


class Run:
    def __init__(self, arguments):
        self.arguments = arguments
        self.dice = random.Random(arguments.seed)
        self.data = pathlib.Path(tempfile.mkdtemp(prefix="nexus-kill-", dir=arguments.directory))
        self.journals = [Journal(f"kill-{i}") for i in range(arguments.databases)]
        self.extras = {}          # name → Journal of what exists
        self.extra_unknown = None  # (name, Journal or None) whose change was not answered
        self.acknowledged = self.reads = self.unknown = self.happened = 0

    def set_extra(self, name, journal):
        if journal is None:
            self.extras.pop(name, None)
        else:
            self.extras[name] = journal

    def prepare(self):
        with Server(self.arguments.binary, self.data) as server:
            for journal in self.journals:
                server.client().rows(f"CREATE DATABASE `{journal.name}` WAIT", database="system")
            server.kill()

    def start(self):
        """Now and then the recovery itself is killed first."""
        while self.dice.random() < 0.2:
            with Server(self.arguments.binary, self.data, wait=False) as server:
                time.sleep(self.dice.uniform(0, 0.03))
                server.kill()
        return Server(self.arguments.binary, self.data, "--log-level", "warning")

    def check(self, client):
        there = {}
        for database in client.request("GET", "/api/v1/databases?limit=10000").json["databases"]:
            if database["currentStatus"] != "online":
                raise Lost(f"database {database['name']} is {database['currentStatus']}: {database['statusMessage']}")
            there[database["name"]] = database["databaseId"]
        self.settle_extra(client, there)
        wanted = {"system", "neo4j", *self.extras, *(journal.name for journal in self.journals)}
        if set(there) != wanted:
            raise Lost(f"databases missing: {wanted - set(there)}, never created or dropped: {set(there) - wanted}")
        for journal in [*self.journals, *self.extras.values()]:
            self.unknown += len(journal.unknown)
            self.happened += journal.check(client, there[journal.name])

    def settle_extra(self, client, there):
        if self.extra_unknown is None:
            return
        name, after = self.extra_unknown
        before = self.extras.get(name)
        if before is not None and after is not None:  # Replaced: empty means it happened.
            happened = not client.rows("MATCH (n) RETURN 1 LIMIT 1", database=name)
        else:
            happened = (name in there) == (after is not None)
        if happened:
            self.set_extra(name, after)
        self.extra_unknown = None

    def rewritten(self):
        """How often logs were rewritten: a log's name begins with its generation."""
        return sum(max(0, int(path.name.split("-")[1], 16) - 1) for path in self.data.glob("db/*/log-*"))

    def clear(self, client):
        for journal in self.journals:
            client.rows("MATCH (n) DETACH DELETE n", database=journal.name)
            journal.clear()
        for name in list(self.extras):
            client.rows(f"DROP DATABASE `{name}` WAIT", database="system")
            self.set_extra(name, None)

    def round(self, number):
        with self.start() as server:
            client = server.client()
            self.check(client)
            if number % CLEAR_EVERY_ROUNDS == CLEAR_EVERY_ROUNDS - 1:
                self.clear(client)
            if number == self.arguments.rounds:  # The last only checks.
                return
            load = Load(self, server, number)
            threads = [threading.Thread(target=load.guard, args=(
                load.write, writer, self.journals[writer % 4:] + self.journals[:writer % 4],
                random.Random(self.dice.random()))) for writer in range(self.arguments.writers)]
            threads.append(threading.Thread(target=load.guard, args=(load.administer, random.Random(self.dice.random()))))
            threads.append(threading.Thread(target=load.guard, args=(load.grow, self.dice.choice(self.journals[:2]))))
            for thread in threads:
                thread.start()
            time.sleep(self.dice.uniform(0.02, 0.4))
            died_before = not server.is_running()
            server.kill()
            for thread in threads:
                thread.join()
            self.acknowledged += load.acknowledged
            self.reads += load.reads
            if load.errors or died_before:
                raise Lost(f"{load.errors or 'the server ended by itself'}; its log: {''.join(server.log)[-2000:]}")
        if self.arguments.sabotage:
            self.sabotage()

    def sabotage(self):
        """Loses the last tenth of the biggest log, as a disk that lied about its syncs would."""
        log = max(self.data.glob("db/*/log-*"), key=lambda path: path.stat().st_size)
        with open(log, "r+b") as file:
            file.truncate(log.stat().st_size * 9 // 10)


def arguments_of(words):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", required=True)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--databases", type=int, default=8)
    parser.add_argument("--writers", type=int, default=6)
    parser.add_argument("--seed", type=int, default=None, help="of the writers' choices; the moment of death varies anyway")
    parser.add_argument("--directory", default=None, help="where the data directory is made; kept after a failure")
    parser.add_argument("--sabotage", action="store_true", help="damage a log between rounds: the run must fail")
    arguments = parser.parse_args(words)
    if arguments.seed is None:
        arguments.seed = random.SystemRandom().randrange(1 << 32)
    return arguments


def main(words):
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # The server is stopped on the way out.
    arguments = arguments_of(words)
    run = Run(arguments)
    print(f"kill: seed {arguments.seed}, {arguments.databases} databases, {arguments.writers} writers", flush=True)
    started = time.monotonic()
    number = 0
    try:
        run.prepare()
        for number in range(arguments.rounds + 1):
            run.round(number)
            if number % 10 == 9:
                print(f"round {number + 1}: {run.acknowledged} acknowledged, {run.unknown} cut off ({run.happened} had happened), {run.reads} reads, "
                      f"{run.rewritten()} logs rewritten, {(time.monotonic() - started) / (number + 1):.2f} s a round", flush=True)
    except (Lost, AssertionError, Closed) as failure:
        print(f"FAILED in round {number}: {failure!r}\nseed {arguments.seed}, data kept in {run.data}", flush=True)
        if arguments.sabotage:
            shutil.rmtree(run.data, ignore_errors=True)
        return 1
    shutil.rmtree(run.data, ignore_errors=True)
    print(f"kill: {arguments.rounds} rounds, {run.acknowledged} acknowledged commits, 0 lost, 0 cross-database reads")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
