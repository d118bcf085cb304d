// A database for each test, gone when the test ends: in memory, isolated, made in milliseconds.
//
//   import test from 'node:test';
//   import { withDatabase } from '@nexusdb/nexus/testing';
//   test('people', withDatabase(async (database) => { await database.run("CREATE (:Person)"); }));
//
//   // vitest
//   import { test as base } from 'vitest';
//   import { databaseFixture } from '@nexusdb/nexus/testing';
//   const test = base.extend({ database: databaseFixture() });
//   test('people', async ({ database }) => { await database.run('CREATE (:Person)'); });
import { Nexus } from './nexus.js';

let shared = null; // One engine a process: what costs is loading it, not a database.
let count = 0;

function instance(options) {
  shared ??= Nexus.open(options).catch((error) => {
    shared = null;
    throw error;
  });
  return shared;
}

// options: `wasm` and settings as in Nexus.open(), those of the first call count; `seed`: a
// statement, a list of statements, or a function of the database, run before each test.
// Answers the database and how to drop it.
export async function temporaryDatabase({ seed, ...options } = {}) {
  const nexus = await instance(options);
  const name = `test-${process.pid}-${++count}`;
  const database = await nexus.createDatabase(name);
  const drop = () => nexus.dropDatabase(name, { ifExists: true });
  try {
    if (typeof seed === 'function') await seed(database);
    else for (const statement of seed === undefined ? [] : [seed].flat()) await database.run(statement);
  } catch (error) {
    await drop();
    throw error;
  }
  return { database, drop, [Symbol.asyncDispose ?? Symbol.for('Symbol.asyncDispose')]: drop };
}

// A function for node:test: gets the database, then what the runner gives.
export function withDatabase(options, body) {
  const [given, work] = typeof options === 'function' ? [{}, options] : [options, body];
  return async (...context) => {
    const { database, drop } = await temporaryDatabase(given);
    try {
      return await work(database, ...context);
    } finally {
      await drop();
    }
  };
}

// A fixture for vitest's test.extend().
export function databaseFixture(options = {}) {
  // The runner reads the parameter's text: it must destructure.
  return async ({}, use) => { // eslint-disable-line no-empty-pattern
    const { database, drop } = await temporaryDatabase(options);
    try {
      await use(database);
    } finally {
      await drop();
    }
  };
}

// Ends the shared engine; the next test starts another. Needed by nobody who lets the process end.
export async function closeEngine() {
  const open = shared;
  shared = null;
  await (await open)?.close();
}
