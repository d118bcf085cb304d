// Nexus in a browser: the engine in a worker, its databases in IndexedDB, shared by all tabs.
//
//   import { openBrowser } from '@nexusdb/nexus/browser';
//   const nexus = await openBrowser({ name: 'my-app' });
//   const { records } = await nexus.database('neo4j').run('MATCH (n) RETURN n.name AS name');
//
// A promise of run() resolves when the browser says that what was written is stored.
import { NexusError } from './nexus.js';
import { pack, unpack } from './packing.js';
import { inTransaction, record } from './session-parts.js';

export { Float, NexusError, Node, Path, Point, Relationship, Temporal, quoteIdentifier } from './nexus.js';

// Requests and answers over a port: a Worker, or anything with its three members.
class Connection {
  #port;
  #asked = new Map();
  #nextId = 1;
  onrole = () => {};

  constructor(port) {
    this.#port = port;
    port.onmessage = ({ data }) => this.#hear(data);
    port.onerror = (event) => this.#fail(event.message || 'the worker could not be started');
  }
  ask(method, given) {
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      this.#asked.set(id, { resolve, reject });
      this.#port.postMessage({ id, method, given });
    });
  }
  end() {
    this.#port.terminate?.();
    this.#fail('the databases are closed');
  }
  #hear({ id, role, answer, error }) {
    if (role) return this.onrole(role);
    const asked = this.#asked.get(id);
    this.#asked.delete(id);
    if (error) asked?.reject(new NexusError(error));
    else asked?.resolve(answer);
    return undefined;
  }
  #fail(message) {
    for (const { reject } of this.#asked.values()) {
      reject(new NexusError({ message, name: 'DatabaseUnavailable', code: 'Neo.TransientError.General.DatabaseUnavailable', gqlStatus: '08N09', retryable: true }));
    }
    this.#asked.clear();
  }
}

class Runner {
  #connection;
  #fixed;
  constructor(connection, fixed) {
    this.#connection = connection;
    this.#fixed = fixed;
  }
  // options as in Node, and rowsMax: `truncated` says that there were more.
  async run(text, parameters = {}, { as, ...options } = {}) {
    const { columns, rows, summary, truncated } = await this.#connection.ask('run', {
      text: String(text), parameters: pack(parameters), ...this.#fixed.session, options: { ...options, ...this.#fixed.options },
    });
    const whole = rows.map((row) => row.map(unpack));
    if (as === 'rows') return { columns, rows: whole, summary, truncated: truncated === true };
    return { columns, records: whole.map((row) => record(columns, row)), summary, truncated: truncated === true };
  }
}

export class BrowserSession extends Runner {
  #connection;
  #id;
  constructor(connection, id) {
    super(connection, { session: { session: id } });
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
    super(connection, { options: { database: name } });
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
}

export class BrowserNexus extends Runner {
  #connection;
  #nextSession = 1;
  // 'leader': this tab owns the engine; 'follower': another does, and answers for this one.
  role;

  constructor(connection, role) {
    super(connection, {});
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
  async createDatabase(name, { ifNotExists = false, orReplace = false } = {}) {
    const verb = orReplace ? 'CREATE OR REPLACE' : 'CREATE';
    await this.run(`${verb} DATABASE $name${ifNotExists ? ' IF NOT EXISTS' : ''}`, { name });
    return this.database(name);
  }
  async dropDatabase(name, { ifExists = false } = {}) {
    await this.run(`DROP DATABASE $name${ifExists ? ' IF EXISTS' : ''}`, { name });
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
}

// name: which set of databases, of this origin. wasm: a compiled module, bytes, or where the
// file is. multiTab: 'auto' shares them with other tabs, 'exclusive' refuses a second tab.
// durability: 'strict' or 'relaxed'. settings as in Nexus.open().
export async function openBrowser({
  name = 'nexus', wasm = new URL('./nexus.wasm', import.meta.url), worker, multiTab = 'auto', durability = 'strict', ...settings
} = {}) {
  const port = worker ?? new Worker(new URL('./worker.js', import.meta.url), { type: 'module', name: 'nexus' });
  const connection = new Connection(port);
  const place = wasm instanceof URL || typeof wasm === 'string' ? new URL(wasm, globalThis.location?.href).href : wasm;
  try {
    const { role } = await connection.ask('open', { name, wasm: place, multiTab, durability, settings });
    return new BrowserNexus(connection, role);
  } catch (error) {
    connection.end();
    throw error;
  }
}
