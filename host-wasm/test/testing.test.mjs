// What a test author relies on: a database of one's own, seeded, and gone afterwards.
import assert from 'node:assert/strict';
import test, { after } from 'node:test';
import { closeEngine, databaseFixture, template, temporaryDatabase, withDatabase } from '../package/testing.js';
import { wasm } from './package.mjs';

after(closeEngine);

const names = async (database) => (await database.run('SHOW DATABASES YIELD name')).records.map(({ name }) => name);

test('each test has a database of its own', withDatabase({ wasm }, async (database, context) => {
  assert.equal(context.name, 'each test has a database of its own');
  await database.run('CREATE (:Person)');
  assert.equal((await database.run('MATCH (n) RETURN count(n) AS n')).records[0].n, 1);
}));

test('the next one is empty', withDatabase({ wasm }, async (database) => {
  assert.equal((await database.run('MATCH (n) RETURN count(n) AS n')).records[0].n, 0);
}));

test('a seed runs first, in any of its forms', async () => {
  for (const seed of ['CREATE (:A)', ['CREATE (:A)'], (database) => database.run('CREATE (:A)')]) {
    await withDatabase({ wasm, seed }, async (database) => {
      assert.equal((await database.run('MATCH (n:A) RETURN count(n) AS n')).records[0].n, 1);
    })();
  }
});

test('the database is gone when the test fails, and when its seed does', async () => {
  const { database: watch, drop } = await temporaryDatabase({ wasm });
  const before = await names(watch);
  await assert.rejects(withDatabase({ wasm }, async () => { throw new Error('as it should'); })(), /as it should/);
  await assert.rejects(withDatabase({ wasm, seed: 'CREATE (' }, async () => {})());
  assert.deepEqual(await names(watch), before);
  await drop();
});

test('a fixture gives the database to the test and drops it after', async () => {
  const { database: watch, drop } = await temporaryDatabase({ wasm });
  const before = await names(watch);
  await databaseFixture({ wasm })({}, async (database) => {
    assert.equal((await names(watch)).length, before.length + 1);
    await database.run('CREATE (:A)');
  });
  assert.deepEqual(await names(watch), before);
  await drop();
});

test('a template is seeded once, and each test begins with it as it was', async () => {
  let seeded = 0;
  const people = template({ wasm, seed: async (database) => {
    ++seeded;
    await database.run('UNWIND range(1, 1000) AS i CREATE (:P {i: i})');
    await database.run('CREATE RANGE INDEX p_i FOR (p:P) ON (p.i)');
  } });
  for (let round = 0; round < 5; ++round) {
    await withDatabase({ template: people }, async (database) => {
      assert.equal((await database.run('MATCH (n) RETURN count(n) AS n')).records[0].n, 1000);
      await database.run('MATCH (p:P) WHERE p.i > $round SET p.name = "x" WITH p WHERE p.i > 500 DELETE p', { round });
      await database.run('CREATE DATABASE `made-by-a-test`');
      assert.equal((await database.run('SHOW INDEXES YIELD name WHERE name = "p_i"')).records.length, 1);
    })();
  }
  assert.equal(seeded, 1);
});

test('tests at the same time have a template to themselves', async () => {
  const people = template({ wasm, seed: 'CREATE (:P {n: 0})' });
  const [one, two] = await Promise.all([temporaryDatabase({ template: people }), temporaryDatabase({ template: people, seed: 'CREATE (:Q)' })]);
  await one.database.run('MATCH (p:P) SET p.n = 1');
  const seen = async ({ database }) => (await database.run('MATCH (n) RETURN labels(n)[0] AS label, n.n AS n ORDER BY label')).records;
  assert.deepEqual(await seen(one), [{ label: 'P', n: 1 }]);
  assert.deepEqual(await seen(two), [{ label: 'P', n: 0 }, { label: 'Q', n: null }]);
  await Promise.all([one.drop(), two.drop()]);
});

test('what a test kept of its template is refused afterwards', async () => {
  const people = template({ wasm, seed: 'UNWIND range(1, 5000) AS i CREATE (:P {i: i})' });
  const first = await temporaryDatabase({ template: people });
  const rows = first.database.stream('MATCH (p:P) RETURN p.i AS i');
  await rows.next();
  let kept = null;
  await first.database.transaction(async (session) => {
    kept = session;
    await session.run('CREATE (:P)');
  });
  await first.drop();
  const second = await temporaryDatabase({ template: people });
  await assert.rejects(first.database.run('CREATE (:Stray)'), /gone with the test/);
  await assert.rejects(kept.run('CREATE (:Stray)'), /closed/);
  kept.close();
  await assert.rejects((async () => { for await (const _ of rows); })(), /gone with the test/);
  assert.equal((await second.database.run('MATCH (n) RETURN count(n) AS n')).records[0].n, 5000);
  await second.drop();
});
