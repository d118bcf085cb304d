// The engine on a store in IndexedDB, answering requests one by one. It runs in a worker
// (worker.js); nothing here needs one.
//
// A request is answered when what it wrote, and what it may have read of others, is durable.
// After a failed commit memory is ahead of the store: the engine is thrown away, everything
// unanswered is refused, and the next request finds the engine opened again on what is durable.
import { IndexedDbStore } from './indexeddb-store.js';
import { Nexus, NexusError } from './nexus.js';
import { pack, unpack } from './packing.js';

export function failure(errorName, message, retryable = false) {
  return new NexusError({
    name: errorName, message, retryable, kind: 'StorageError', compileTime: false, gqlStatus: '50N00',
    code: `Neo.${retryable ? 'TransientError' : 'ClientError'}.General.${errorName}`,
  });
}

// An error as it crosses to another thread.
export function packError(error) {
  const { message, errorName, code, gqlStatus, kind, retryable, compileTime, position } = error ?? {};
  if (error instanceof NexusError) return { message, name: errorName, code, gqlStatus, kind, retryable, compileTime, ...position };
  const name = errorName ?? (error instanceof TypeError ? 'InvalidRequest' : 'Internal');
  const made = failure(name, message ?? String(error));
  return packError(made);
}

export class EngineHost {
  #name;
  #wasm;
  #settings;
  #storeOptions;
  #store = null;
  #nexus = null;
  #opening = null;
  #sessions = new Map(); // "owner/id" → Session.

  // wasm: a WebAssembly.Module, bytes, or a URL.
  constructor({ name, wasm, settings = {}, durability, indexedDB, IDBKeyRange }) {
    this.#name = name;
    this.#wasm = wasm;
    this.#settings = settings;
    this.#storeOptions = { durability, ...(indexedDB ? { indexedDB, IDBKeyRange } : {}) };
  }

  async open() {
    this.#opening ??= this.#start().catch((error) => {
      this.#opening = null;
      throw error;
    });
    return this.#opening;
  }

  async #start() {
    const store = await IndexedDbStore.open(this.#name, this.#storeOptions);
    try {
      this.#nexus = await Nexus.open({ store: store.imports, wasm: this.#wasm, ...this.#settings });
      await store.settled();
    } catch (error) {
      await store.close().catch(() => {});
      throw error;
    }
    this.#store = store;
  }

  // Answers { columns, rows, summary, truncated } of a run; what the others answer is plain.
  async request(owner, method, given) {
    await this.open();
    const [store, nexus] = [this.#store, this.#nexus];
    try {
      const answer = await this.#perform(nexus, owner, method, given);
      await store.settled();
      return answer;
    } catch (error) {
      if (!store.failure) {
        // A refused statement may still have committed earlier writes of its transaction's peers.
        await store.settled().catch(() => {});
      }
      if (store.failure) {
        this.#discard(store);
        throw failure(store.failure.errorName, store.failure.message, true);
      }
      throw error;
    }
  }

  async #perform(nexus, owner, method, given) {
    switch (method) {
      case 'run': return this.#run(nexus, owner, given);
      case 'databases': return nexus.databases();
      case 'openSession': {
        this.#sessions.set(`${owner}/${given.session}`, nexus.session(given.database ?? ''));
        return null;
      }
      case 'useDatabase': return this.#session(owner, given.session).use(given.database);
      case 'sessionDatabase': return this.#session(owner, given.session).database;
      case 'closeSession': return this.#closeSession(`${owner}/${given.session}`);
      default: throw failure('InvalidRequest', `there is no request '${method}'`);
    }
  }

  async #run(nexus, owner, { session, text, parameters, options }) {
    const runner = session === undefined ? nexus : this.#session(owner, session);
    const result = await runner.run(text, unpack(parameters), { ...options, as: 'rows' });
    return { ...result, rows: result.rows.map((row) => row.map(pack)) };
  }

  #session(owner, id) {
    const session = this.#sessions.get(`${owner}/${id}`);
    if (session) return session;
    throw failure('SessionLost', 'the session is gone with the engine it was opened on; open another', true);
  }

  #closeSession(key) {
    this.#sessions.get(key)?.close();
    this.#sessions.delete(key);
    return null;
  }

  // The owner is gone: its open transactions are rolled back.
  forget(owner) {
    for (const key of [...this.#sessions.keys()]) if (key.startsWith(`${owner}/`)) this.#closeSession(key);
  }

  #discard(store) {
    if (this.#store !== store) return;
    // Not closed: closing would write. The module's memory goes with the last reference.
    this.#store = this.#nexus = this.#opening = null;
    this.#sessions.clear();
    store.close().catch(() => {});
  }

  async close() {
    if (!this.#opening) return;
    await this.#opening.catch(() => {});
    const [store, nexus] = [this.#store, this.#nexus];
    this.#store = this.#nexus = this.#opening = null;
    for (const session of this.#sessions.values()) session.close();
    this.#sessions.clear();
    if (!store) return;
    try {
      await nexus.close();
    } finally {
      await store.close();
    }
  }
}
