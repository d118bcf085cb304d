// The JavaScript driver's build for browsers, in a headless Chromium: Bolt in a WebSocket, on the Bolt port and on the HTTP port.
import assert from "node:assert/strict";
import fs from "node:fs";
import http from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";

// The packages lie in the folder this runs in, not beside this file.
const folder = join(process.cwd(), "browser");
const { chromium } = createRequire(join(folder, "package.json"))("playwright-core");
const script = fs.readFileSync(join(folder, "node_modules/neo4j-driver/lib/browser/neo4j-web.min.js"));
const { NEXUS_BOLT: bolt, NEXUS_USER: user, NEXUS_PASSWORD: password } = process.env;
const httpPort = new URL(process.env.NEXUS_HTTP).host;
const databases = ["lime", "plum", "fig"];

// What follows is sent to the page as text: it knows `neo4j` and its argument, nothing else.
async function everything({ address, user, password, databases }) {
  const done = [];
  const check = (name, is, wanted) => {
    if (JSON.stringify(is) !== JSON.stringify(wanted)) throw new Error(`${name}: ${JSON.stringify(is)}, not ${JSON.stringify(wanted)}`);
    done.push(name);
  };
  const driver = neo4j.driver(address, neo4j.auth.basic(user, password), { disableLosslessIntegers: true });
  try {
    for (const database of databases) {
      await driver.executeQuery("MATCH (n) DETACH DELETE n", {}, { database });
      await driver.executeQuery("CREATE (:Here {name: $database})", { database }, { database });
    }
    for (const database of databases) {
      const { records } = await driver.executeQuery("MATCH (h:Here) RETURN collect(h.name) AS names", {}, { database });
      check(`${database} is a world of its own`, records[0].get("names"), [database]);
    }
    const session = driver.session({ database: databases[0], fetchSize: 500 });
    const count = async (label) => (await session.run(`MATCH (n:${label}) RETURN count(n) AS c`)).records[0].get("c");
    const kept = session.beginTransaction();
    await kept.run("CREATE (:Kept)");
    await kept.run("MATCH (k:Kept) CREATE (k)-[:HAS]->(:Kept)");
    await kept.commit();
    check("a transaction is committed", await count("Kept"), 2);
    const lost = session.beginTransaction();
    await lost.run("CREATE (:Lost)");
    await lost.rollback();
    check("a transaction is rolled back", await count("Lost"), 0);
    let rows = 0;
    let sum = 0;
    await new Promise((resolve, reject) => {
      session.run("UNWIND range(1, 20000) AS i RETURN i, 'row ' + toString(i) AS text").subscribe({
        onNext: (record) => { rows += record.get("text") === `row ${record.get("i")}`; sum += record.get("i"); },
        onCompleted: resolve,
        onError: reject,
      });
    });
    check("rows are streamed", [rows, sum], [20000, 200010000]);
    const long = "ä".repeat(200000);
    check("long texts go both ways", (await session.run("RETURN $long AS long", { long })).records[0].get("long") === long, true);
    const failure = await session.run("RETURN 1/0").catch((error) => error);
    check("errors have their codes", failure.code, "Neo.ClientError.Statement.ArithmeticError");
    await session.close();
    await Promise.all(Array.from({ length: 10 }, async (_, worker) => {
      const one = driver.session({ database: databases[worker % 3] });
      for (let i = 0; i < 5; i++) await one.run("CREATE (:Busy {worker: $worker})", { worker });
      check("sessions at the same time", (await one.run("MATCH (b:Busy {worker: $worker}) RETURN count(b) AS c", { worker })).records[0].get("c"), 5);
      await one.close();
    }));
  } finally {
    await driver.close();
  }
  return done.length;
}

async function codeOf({ address, user, password }) {
  const driver = neo4j.driver(address, neo4j.auth.basic(user, password));
  const code = await driver.getServerInfo().then(() => "connected", (error) => error.code);
  await driver.close();
  return code;
}

const server = http.createServer((request, response) => {
  if (request.url === "/neo4j.js") return response.writeHead(200, { "Content-Type": "text/javascript" }).end(script);
  return response.writeHead(200, { "Content-Type": "text/html" }).end('<!doctype html><title>page</title><script src="/neo4j.js"></script>');
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const origin = `http://localhost:${server.address().port}`;
// The name of a stranger leads to the same page.
const browser = await chromium.launch({
  executablePath: process.env.NEXUS_CHROMIUM,
  args: ["--no-sandbox", "--host-resolver-rules=MAP stranger.example 127.0.0.1"],
});
let passed = 0;
let failed = 0;
const test = async (name, action) => {
  try {
    await action();
    passed++;
  } catch (error) {
    failed++;
    console.log(`javascript-browser ${name} FAILED`, error);
  }
};
try {
  // Chromium knows no authority but its own.
  const page = await browser.newPage({ ignoreHTTPSErrors: true });
  await page.goto(`${origin}/`);
  await test("databases", () => page.evaluate(async ({ address, user, password, databases }) => {
    const admin = neo4j.driver(address, neo4j.auth.basic(user, password));
    for (const name of databases) await admin.executeQuery(`CREATE OR REPLACE DATABASE ${name} WAIT`, {}, { database: "system" });
    await admin.close();
  }, { address: `bolt://${bolt}`, user, password, databases }));
  const schemes = ["bolt", "neo4j", "bolt+s", "neo4j+s"];
  for (const address of schemes.flatMap((scheme) => [`${scheme}://${bolt}`, `${scheme}://${httpPort}`])) {
    await test(address, async () => assert.equal(await page.evaluate(everything, { address, user, password, databases }), 18));
    await test(`${address} with a wrong password`, async () => assert.equal(
      await page.evaluate(codeOf, { address, user, password: "wrong" }), "Neo.ClientError.Security.Unauthorized"));
  }
  const stranger = await browser.newPage();
  await stranger.goto(`http://stranger.example:${server.address().port}/`);
  for (const address of [`bolt://${bolt}`, `bolt://${httpPort}`]) {
    await test(`${address} from a page of another origin`, async () => assert.equal(
      await stranger.evaluate(codeOf, { address, user, password }), "ServiceUnavailable"));
  }
} finally {
  await browser.close();
  server.close();
}
console.log(`javascript-browser: ${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
