// The package's fixture under vitest itself.
import { expect, test as base } from 'vitest';
import { databaseFixture, withDatabase } from '@nexusdb/nexus/testing.js';
import fs from 'node:fs';

const wasm = fs.readFileSync(process.env.NEXUS_WASM ?? new URL('../../build/wasm/package/nexus.wasm', import.meta.url));
const test = base.extend({ database: databaseFixture({ wasm, seed: "CREATE (:Person {name: 'Ada'})" }) });

test('a test has a seeded database', async ({ database }) => {
  await database.run("CREATE (:Person {name: 'Grace'})");
  expect((await database.run('MATCH (p:Person) RETURN count(p) AS n')).records).toEqual([{ n: 2 }]);
});

test('and the next one has its own', async ({ database }) => {
  expect((await database.run('MATCH (p:Person) RETURN p.name AS name')).records).toEqual([{ name: 'Ada' }]);
});

base('a function gets one too', withDatabase(async (database) => {
  expect((await database.run('MATCH (n) RETURN count(n) AS n')).records).toEqual([{ n: 0 }]);
}));
