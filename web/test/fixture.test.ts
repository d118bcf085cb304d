// The package's fixture under vitest itself.
import { expect, test as base } from 'vitest';
import { databaseFixture, withDatabase } from '@nexusdb/nexus/testing.js';
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';

const file = process.env.NEXUS_WASM ?? fileURLToPath(new URL('../../build/wasm/package/nexus.wasm', import.meta.url));
const wasm = fs.existsSync(file) ? fs.readFileSync(file) : undefined;
if (!wasm) console.warn(`the fixture's tests are SKIPPED, there is no ${file}`);
const test = base.extend({ database: databaseFixture({ wasm, seed: "CREATE (:Person {name: 'Ada'})" }) });

test.skipIf(!wasm)('a test has a seeded database', async ({ database }) => {
  await database.run("CREATE (:Person {name: 'Grace'})");
  expect((await database.run('MATCH (p:Person) RETURN count(p) AS n')).records).toEqual([{ n: 2 }]);
});

test.skipIf(!wasm)('and the next one has its own', async ({ database }) => {
  expect((await database.run('MATCH (p:Person) RETURN p.name AS name')).records).toEqual([{ name: 'Ada' }]);
});

base.skipIf(!wasm)('a function gets one too', withDatabase(async (database) => {
  expect((await database.run('MATCH (n) RETURN count(n) AS n')).records).toEqual([{ n: 0 }]);
}));
