// Nexus in a browser: the engine in a worker, its databases in IndexedDB or OPFS, shared by all tabs.
//
//   import { Nexus, indexedDB } from '@nexusdb/nexus';
//   const nexus = await Nexus.open({ store: indexedDB('my-app') });
//   const { records } = await nexus.database('neo4j').run('MATCH (n) RETURN n.name AS name');
//
// A promise of run() resolves when the browser says that what was written is stored.
import { connect } from './idb-connection.js';
import { compile } from './loader.js';
import { NexusError } from './instance.js';
import { administration, encodeRun, inTransaction, recordsOf, resultOf, soon } from './session-parts.js';

export { NexusError };
export { Float, Node, Path, Point, Relationship, Temporal, Vector } from './wire.js';
export { quoteIdentifier } from './session-parts.js';

// What Nexus.open() takes as its store; options are those of openBrowser().
export const indexedDB = (name, options = {}) => ({ ...options, kind: 'indexedDB', name });
export const opfs = (name, options = {}) => ({ ...options, kind: 'opfs', name });

const unavailable = (message) => new NexusError({
  message, name: 'DatabaseUnavailable', code: 'Neo.TransientError.General.DatabaseUnavailable', gqlStatus: '08N09', retryable: true });

// Requests and answers over a port: a Worker, or anything with its three members. What is asked or answered
// at the same moment is one message, a list.
class Connection {
  #port;
  #asked = new Map();
  #unsent = [];
  #nextId = 1;
  #isEnded = false;
  onrole = () => {};

  constructor(port) {
    this.#port = port;
    port.onmessage = ({ data }) => this.#hear(data);
    port.onerror = (event) => this.#fail(event.message || 'the worker could not be started');
  }
  // Said without an answer.
  say(message) {
    if (!this.#isEnded) this.#port.postMessage(message);
  }
  ask(method, given) {
    if (this.#isEnded) return Promise.reject(unavailable('the databases are closed'));
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      this.#asked.set(id, { resolve, reject });
      if (this.#unsent.push({ id, method, given }) === 1) soon(() => this.#send());
    });
  }
  #send() {
    const all = this.#unsent;
    this.#unsent = [];
    if (this.#isEnded) return;
    try {
      this.#port.postMessage(all.length === 1 ? all[0] : all);
    } catch (error) {
      for (const { id } of all) this.#hear({ id, error: { message: `the request cannot be sent: ${error.message}`, name: 'InvalidRequest' } });
    }
  }
  end() {
    this.#isEnded = true;
    this.#port.terminate?.();
    this.#fail('the databases are closed');
  }
  #hear(data) {
    if (Array.isArray(data)) return data.forEach((one) => this.#hear(one));
    // The worker wants to know when what it said before has been heard, and answered.
    if (data.isHeard) return this.#port.postMessage(data);
    const { id, role, answer, error } = data;
    if (role) return this.onrole(role);
    const asked = this.#asked.get(id);
    this.#asked.delete(id);
    if (error) asked?.reject(new NexusError(error));
    else asked?.resolve(answer);
    return undefined;
  }
  #fail(message) {
    for (const { reject } of this.#asked.values()) reject(unavailable(message));
    this.#asked.clear();
  }
}

let nextStream = 1;

class Runner {
  #connection;
  #session; // Its number, if the statements run in one.
  #database; // Its name, if they run in that alone.
  constructor(connection, { session, database } = {}) {
    this.#connection = connection;
    this.#session = session;
    this.#database = database;
  }
  #given(text, parameters, options) {
    const told = this.#database === undefined ? options : { ...options, database: this.#database };
    return { text: String(text), encoded: encodeRun(parameters, told), session: this.#session };
  }
  // options as in Node: integers, as, rowsMax, readOnly, timeoutMs, database.
  async run(text, parameters = {}, options = {}) {
    const { as, rowsMax } = options;
    const answer = await this.#connection.ask('run', { ...this.#given(text, parameters, options), as, rowsMax });
    const result = resultOf(answer, options);
    result.truncated ??= false;
    return result;
  }
  // Yields records as they are pulled, a batch a message. Ends the statement when left early.
  async *stream(text, parameters = {}, options = {}) {
    const stream = nextStream++;
    const columns = await this.#connection.ask('openCursor', { stream, ...this.#given(text, parameters, options) });
    let isWhole = false;
    try {
      for (;;) {
        const batch = await this.#connection.ask('next', { stream });
        isWhole = batch === null;
        if (isWhole) return;
        yield* recordsOf(columns, batch, options.integers);
      }
    } finally {
      if (!isWhole) await this.#connection.ask('closeStream', { stream }).catch(() => {});
    }
  }
}

export class BrowserSession extends Runner {
  #connection;
  #id;
  constructor(connection, id) {
    super(connection, { session: id });
    this.#connection = connection;
    this.#id = id;
  }
  async database() {
    return this.#connection.ask('sessionDatabase', { session: this.#id });
  }
  async use(database) {
    await this.#connection.ask('useDatabase', { session: this.#id, database });
  }
  async transaction(work) {
    return inTransaction(this, work);
  }
  async close() {
    await this.#connection.ask('closeSession', { session: this.#id });
  }
}

class BrowserDatabase extends Runner {
  #nexus;
  constructor(nexus, connection, name) {
    super(connection, { database: name });
    this.#nexus = nexus;
    this.name = name;
  }
  async transaction(work) {
    const session = await this.#nexus.session(this.name);
    try {
      return await session.transaction(work);
    } finally {
      await session.close();
    }
  }
  // This database as bytes, for restore(); it is used meanwhile.
  async dump() {
    return this.#nexus.dump(this.name);
  }
}

export class BrowserNexus extends administration(Runner) {
  #connection;
  #nextSession = 1;
  // 'leader': this tab owns the engine; 'follower': another does, and answers for this one.
  role;

  constructor(connection, role) {
    super(connection);
    this.#connection = connection;
    this.role = role;
    connection.onrole = (now) => { this.role = now; };
  }
  database(name) {
    return new BrowserDatabase(this, this.#connection, name);
  }
  async session(database = '') {
    const session = this.#nextSession++;
    await this.#connection.ask('openSession', { session, database });
    return new BrowserSession(this.#connection, session);
  }
  async databases() {
    return this.#connection.ask('databases', {});
  }
  // A database of one moment as one checksummed file (docs/format/dump.md).
  async dump(name) {
    return this.#connection.ask('dump', { name: String(name) });
  }
  async restoreBytes(name, bytes) {
    await this.#connection.ask('restore', { name: String(name), bytes });
  }
  // A request to the REST API: {status, headers, next(), close()}; fetch() is what to call.
  async openResponse(head, body) {
    const stream = nextStream++;
    const answer = await this.#connection.ask('openResponse', { stream, head, body });
    return { ...answer, next: () => this.#connection.ask('next', { stream }), close: () => this.#connection.ask('closeStream', { stream }) };
  }
  // What the browser says about room, and whether it may delete the databases by itself.
  async storageInfo() {
    const { usage, quota } = await navigator.storage?.estimate?.() ?? {};
    return { usedBytes: usage, quotaBytes: quota, persisted: await navigator.storage?.persisted?.() ?? false };
  }
  // Asks the browser to keep them; call it upon a click.
  async requestPersistence() {
    return await navigator.storage?.persist?.() ?? false;
  }
  async close() {
    await this.#connection.ask('close', {}).catch(() => {});
    this.#connection.end();
  }
  async [Symbol.asyncDispose ?? Symbol.for('Symbol.asyncDispose')]() {
    await this.close();
  }
}

// Two ends of a connection on one thread. A message is heard in the same turn of the event loop, and copied by nobody.
function directPorts() {
  const [here, there] = [{}, {}];
  const later = new MessageChannel(); // Whose messages are heard when everything that waits for promises has run.
  const late = [];
  later.port2.onmessage = () => late.shift()();
  const send = (to) => (data) => {
    const hear = () => to.onmessage?.({ data });
    if (!data.isHeard) return soon(hear);
    late.push(hear);
    return later.port1.postMessage(null);
  };
  here.postMessage = send(there);
  there.postMessage = send(here);
  here.terminate = () => later.port1.close();
  return [here, there];
}

const canStart = typeof Worker !== 'undefined';
// A page must stay free while a statement runs; a worker is there to do such things.
const isWorker = typeof DedicatedWorkerGlobalScope !== 'undefined' && globalThis instanceof DedicatedWorkerGlobalScope;

async function portOf(worker, parts) {
  if (worker === true) return new Worker(new URL('./worker.js', import.meta.url), { type: 'module', name: 'nexus' });
  if (worker) return worker;
  const { serve } = await import('./serving.js');
  const [here, there] = directPorts();
  serve(there, parts);
  return here;
}

// name: which set of databases, of this origin. store: 'indexedDB' or 'opfs'. wasm: a compiled module,
// bytes, or where the file is. multiTab: 'auto' shares them with other tabs, 'exclusive' refuses a
// second tab. durability: 'strict' or 'relaxed'. worker: one that runs worker.js, true for a new one, false for
// none: the engine runs on this thread then, as it does where this is a worker itself, or there are none;
// indexedDB, IDBKeyRange and locks then stand for the browser's. settings as in Nexus.open().
export async function openBrowser({
  name = 'nexus', store = 'indexedDB', wasm = new URL('./nexus.wasm', import.meta.url), worker = canStart && !isWorker, multiTab = 'auto', durability = 'strict', wholeBytes,
  indexedDB, IDBKeyRange, locks, root, ...settings
} = {}) {
  const parts = Object.fromEntries(Object.entries({ indexedDB, IDBKeyRange, locks, root }).filter(([, part]) => part !== undefined));
  const connection = new Connection(await portOf(worker, parts));
  // The browser gets its part of the store ready while the worker is started.
  const ahead = worker === true && store === 'indexedDB' && globalThis.indexedDB ? connect(globalThis.indexedDB, name) : null;
  ahead?.catch(() => {});
  const place = wasm instanceof URL || typeof wasm === 'string' ? new URL(wasm, globalThis.location?.href).href : wasm;
  // Compiled while the worker is started and opens the store; where that is not allowed, and for its errors, there.
  const module = typeof worker === 'object' ? place : compile(place).catch(() => place);
  if (worker === true) module.then((compiled) => connection.say({ module: compiled }));
  try {
    const { role } = await connection.ask('open', { name, store, wasm: worker === true ? null : module, multiTab, durability, wholeBytes, settings });
    return new BrowserNexus(connection, role);
  } catch (error) {
    connection.end();
    throw error;
  } finally {
    ahead?.then((early) => early.close(), () => {});
  }
}
