// The JavaScript driver: every value both ways, databases, transactions, bookmarks, routing, errors, streams.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";

// The package lies in the folder this runs in, not beside this file.
const neo4j = createRequire(join(process.cwd(), "javascript", "package.json"))("neo4j-driver");
const address = process.env.NEXUS_BOLT;
const auth = neo4j.auth.basic(process.env.NEXUS_USER, process.env.NEXUS_PASSWORD);
const databases = ["ruby", "jade", "navy"];
const int = neo4j.int;

async function codeOf(action) {
  try {
    await action();
  } catch (error) {
    return error.code;
  }
  return assert.fail("no error");
}

const tests = {
  async "values come back as they were"(driver) {
    const values = [null, true, int(1), int("9223372036854775807"), int("-9223372036854775808"), 1.5, "", "ä€😀", [int(1), ["two"]],
      { a: { b: int(1) } }, new neo4j.types.Date(int(2024), int(2), int(29)), new neo4j.types.Time(int(1), int(2), int(3), int(4), int(3600)),
      new neo4j.types.LocalTime(int(23), int(59), int(59), int(999999999)),
      new neo4j.types.DateTime(int(2024), int(7), int(1), int(12), int(0), int(0), int(5), int(7200)),
      new neo4j.types.LocalDateTime(int(1969), int(12), int(31), int(23), int(59), int(59), int(1)),
      new neo4j.types.Duration(int(14), int(-3), int(5), int(7)),
      new neo4j.types.Point(int(7203), 1.5, -2.5), new neo4j.types.Point(int(4979), 1.5, 2.5, 3.5)];
    for (const value of values) {
      const { records } = await driver.executeQuery("RETURN $x AS x", { x: value }, { database: databases[0] });
      assert.deepEqual(JSON.stringify(records[0].get("x")), JSON.stringify(value));
    }
    const { records } = await driver.executeQuery("RETURN datetime('2024-07-01T12:00:00[Europe/Stockholm]') AS d", {}, { database: databases[0] });
    assert.equal(records[0].get("d").toString(), "2024-07-01T12:00:00+02:00[Europe/Stockholm]");
  },

  async "vectors come back as they were"(driver) {
    const arrays = [Int8Array.of(-128, 127), Int16Array.of(-300, 300), Int32Array.of(70000), BigInt64Array.of(9223372036854775807n),
      Float32Array.of(1.05, -2), Float64Array.of(0.1, 1e300)];
    for (const array of arrays) {
      const { records } = await driver.executeQuery("RETURN $x AS x", { x: neo4j.vector(array) }, { database: databases[0] });
      assert.deepEqual(records[0].get("x").asTypedArray(), array);
    }
    const { records } = await driver.executeQuery(
      "CREATE (n {v: vector([1, 2], 2, FLOAT32)}) RETURN n, valueType($v) AS type", { v: neo4j.vector(Int8Array.of(1, 2, 3)) },
      { database: databases[0] });
    assert.deepEqual(records[0].get("n").properties.v.asTypedArray(), Float32Array.of(1, 2));
    assert.equal(records[0].get("type"), "VECTOR<INTEGER8 NOT NULL>(3) NOT NULL");
  },

  async "entities and paths"(driver) {
    const { records } = await driver.executeQuery(
      "CREATE p = (a:A {n: 1})-[r:KNOWS]->(b)<-[:LIKES]-(c) RETURN p, a, r", {}, { database: databases[0] });
    const [p, a, r] = ["p", "a", "r"].map((key) => records[0].get(key));
    assert.equal(p.length, 2);
    assert.deepEqual(a.labels, ["A"]);
    assert.equal(p.start.elementId, a.elementId);
    assert.equal(r.startNodeElementId, a.elementId);
    assert.equal(p.segments[1].relationship.endNodeElementId, p.segments[0].end.elementId);
  },

  async "three databases are three worlds"(driver) {
    for (const name of databases) await driver.executeQuery("CREATE (:Here {name: $name})", { name }, { database: name });
    for (const name of databases) {
      const { records, summary } = await driver.executeQuery("MATCH (h:Here) RETURN collect(h.name) AS names", {}, { database: name });
      assert.deepEqual(records[0].get("names"), [name]);
      assert.equal(summary.database.name, name);
    }
  },

  async "transactions, counters and bookmarks"(driver) {
    const session = driver.session({ database: databases[1] });
    try {
      const result = await session.executeWrite((tx) => tx.run("CREATE (:N {a: 1})-[:R]->(:N)"));
      assert.deepEqual([result.summary.counters.updates().nodesCreated, result.summary.queryType], [2, "w"]);
      const first = session.lastBookmarks();
      const transaction = session.beginTransaction();
      await transaction.run("CREATE (:Lost)");
      await transaction.rollback();
      assert.equal(await session.executeRead(async (tx) => (await tx.run("MATCH (x:Lost) RETURN count(x) AS c")).records[0].get("c").toInt()), 0);
      await session.executeWrite((tx) => tx.run("CREATE (:Kept)"));
      assert.notDeepEqual(session.lastBookmarks(), first);
      assert.equal(await codeOf(() => session.executeRead((tx) => tx.run("CREATE (:N)"))), "Neo.ClientError.Statement.AccessMode");
      let tries = 0;
      await session.executeWrite(async (tx) => {
        await tx.run("CREATE (:Flaky)");
        if (++tries < 3) throw new neo4j.Neo4jError("again", "Neo.TransientError.General.Test", "", "");
      });
      assert.equal(tries, 3);
    } finally {
      await session.close();
    }
  },

  async "errors have their codes"(driver) {
    const run = (text, config = { database: databases[0] }) => codeOf(() => driver.executeQuery(text, {}, config));
    assert.equal(await run("RETURN"), "Neo.ClientError.Statement.SyntaxError");
    assert.equal(await run("RETURN $x"), "Neo.ClientError.Statement.ParameterMissing");
    assert.equal(await run("RETURN 1/0"), "Neo.ClientError.Statement.ArithmeticError");
    assert.equal(await run("RETURN 1", { database: "nowhere" }), "Neo.ClientError.Database.DatabaseNotFound");
    assert.equal(await run("RETURN 1", { database: databases[0], impersonatedUser: "somebody" }), "Neo.ClientError.Security.Forbidden");
    const stranger = neo4j.driver(`bolt://${address}`, neo4j.auth.basic(`nobody-${Math.random()}`, "wrong"));
    assert.equal(await codeOf(() => stranger.getServerInfo()), "Neo.ClientError.Security.Unauthorized");
    await stranger.close();
  },

  async "long streams"(driver) {
    const session = driver.session({ database: databases[0], fetchSize: 1000 });
    let total = 0;
    for await (const record of session.run("UNWIND range(1, 100000) AS i RETURN i, 'row ' + toString(i) AS text")) total += record.get("i").toInt();
    assert.equal(total, 5000050000);
    await session.close();
  },

  async "sessions at the same time"(driver) {
    await Promise.all(Array.from({ length: 20 }, async (_, worker) => {
      const session = driver.session({ database: databases[worker % 3] });
      for (let i = 0; i < 5; i++) await session.run("CREATE (:Busy {worker: $worker})", { worker });
      const result = await session.run("MATCH (b:Busy {worker: $worker}) RETURN count(b) AS c", { worker });
      assert.equal(result.records[0].get("c").toInt(), 5);
      await session.close();
    }));
  },
};

let passed = 0;
let failed = 0;
const admin = neo4j.driver(`bolt://${address}`, auth);
for (const name of databases) await admin.executeQuery(`CREATE OR REPLACE DATABASE ${name} WAIT`, {}, { database: "system" });
await admin.close();
for (const scheme of ["bolt+s", "bolt+ssc", "neo4j+ssc"]) {
  const driver = neo4j.driver(`${scheme}://${address}`, auth);
  await driver.verifyConnectivity();
  await driver.close();
}
for (const scheme of ["bolt", "neo4j", "neo4j+s"]) {
  const driver = neo4j.driver(`${scheme}://${address}`, auth);
  for (const name of databases) await driver.executeQuery("MATCH (n) DETACH DELETE n", {}, { database: name });
  for (const [name, test] of Object.entries(tests)) {
    try {
      await test(driver);
      passed++;
    } catch (error) {
      failed++;
      console.log(`javascript ${scheme}:// ${name} FAILED`, error);
    }
  }
  await driver.close();
}
console.log(`javascript: ${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
