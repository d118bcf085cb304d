// A database for each test, gone when the test ends: in memory, isolated, made in a fraction of a millisecond.
//
//   import test from 'node:test';
//   import { template, withDatabase } from '@nexusdb/nexus/testing';
//   test('people', withDatabase(async (database) => { await database.run("CREATE (:Person)"); }));
//
//   // Much data: seeded once, each test begins with it as it was.
//   const people = template({ seed: "UNWIND range(1, 10000) AS i CREATE (:Person {i: i})" });
//   test('many people', withDatabase({ template: people }, async (database) => { … }));
//
//   // vitest
//   import { test as base } from 'vitest';
//   import { databaseFixture } from '@nexusdb/nexus/testing';
//   const test = base.extend({ database: databaseFixture() });
//   test('people', async ({ database }) => { await database.run('CREATE (:Person)'); });
import { Nexus } from './nexus.js';

const asyncDispose = Symbol.asyncDispose ?? Symbol.for('Symbol.asyncDispose');
let shared = null; // One engine a process: what costs is loading it, not a database.
let count = 0;

function instance(options) {
  shared ??= Nexus.open({ trashSeconds: 0, ...options }).catch((error) => {
    shared = null;
    throw error;
  });
  return shared;
}

async function plant(database, seed) {
  if (typeof seed === 'function') await seed(database);
  else for (const statement of seed === undefined ? [] : [seed].flat()) await database.run(statement);
}

const templates = new Set();

// Engines that hold the template's data and nothing else. A test gets one to itself; afterwards
// the engine's memory is put back to what it was, which costs a copy of the bytes in use and
// forgets whatever the test did, in this database or in others it made.
class Template {
  #options;
  #seed;
  #idle = [];

  constructor({ seed, ...options }) {
    this.#options = options;
    this.#seed = seed;
    templates.add(this);
  }

  async #make() {
    const nexus = await Nexus.open({ trashSeconds: 0, ...this.#options });
    const database = await nexus.createDatabase('test');
    await plant(database, this.#seed);
    return { nexus, rewind: nexus.rewindPoint() };
  }

  async take() {
    const engine = this.#idle.pop() ?? await this.#make();
    let isTaken = true;
    const drop = async () => {
      if (!isTaken) return;
      isTaken = false;
      engine.rewind();
      this.#idle.push(engine);
    };
    return { database: engine.nexus.database('test'), drop, [asyncDispose]: drop };
  }

  async close() {
    this.#idle = [];
    templates.delete(this);
  }
}

// A database that is seeded once; `temporaryDatabase({ template })` and the others begin with it.
// options: `seed` as below, `wasm` and settings as in Nexus.open().
export const template = (options = {}) => new Template(options);

// options: `wasm` and settings as in Nexus.open(), those of the first call count; `seed`: a
// statement, a list of statements, or a function of the database, run before each test; or
// `template`, and nothing else. Answers the database and how to drop it.
export async function temporaryDatabase({ seed, template: from, ...options } = {}) {
  if (from) {
    const taken = await from.take();
    try {
      await plant(taken.database, seed);
    } catch (error) {
      await taken.drop();
      throw error;
    }
    return taken;
  }
  const nexus = await instance(options);
  const name = `test-${globalThis.process?.pid ?? 0}-${++count}`;
  const database = await nexus.createDatabase(name);
  const drop = () => nexus.dropDatabase(name, { ifExists: true });
  try {
    await plant(database, seed);
  } catch (error) {
    await drop();
    throw error;
  }
  return { database, drop, [asyncDispose]: drop };
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

// Ends the shared engine and those of the templates; the next test starts others. Needed by
// nobody who lets the process end.
export async function closeEngine() {
  const open = shared;
  shared = null;
  for (const one of templates) await one.close();
  await (await open)?.close();
}
