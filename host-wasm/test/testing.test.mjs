// What a test author relies on: a database of one's own, seeded, and gone afterwards.
import assert from 'node:assert/strict';
import test, { after } from 'node:test';
import { closeEngine, databaseFixture, temporaryDatabase, withDatabase } from '../package/testing.js';
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
