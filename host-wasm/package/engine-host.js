// The engine on a store of a browser (IndexedDB, OPFS), answering requests one by one. It runs in a worker
// (worker.js); nothing here needs one.
//
// A request that finds a database's files still in the store alone fails before it has done anything; they are read,
// and it is done again. One that may come upon other databases while it runs has all files from the start.
//
// A request is answered when what it wrote, and what it may have read of others, is durable.
// After a failed commit memory is ahead of the store: the engine is thrown away, everything
// unanswered is refused, and the next request finds the engine opened again on what is durable.
import { connect } from './idb-connection.js';
import { IndexedDbStore } from './indexeddb-store.js';
import { compile } from './loader.js';
import { Instance, NexusError } from './instance.js';
import { OpfsStore } from './opfs-store.js';

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

// Of an answer over HTTP to what found a file elsewhere.
const outOfMemoryStatus = 507;
const utf8 = new TextDecoder();

// USE in a subquery and AS COPY OF open databases when the statement has begun. Too much of a guess does no harm.
function mayReachSeveral({ text, body }) {
  const all = text ?? (body ? utf8.decode(body) : '');
  return /\buse\b|copy/i.test(all);
}

export class EngineHost {
  #wasm;
  #settings;
  #openStore;
  #connection = null; // What prepare() began.
  #connect = () => null;
  #store = null;
  #nexus = null;
  #opening = null;
  #fetching = null; // While files are read.
  #sessions = new Map(); // "owner/id" → Session.
  #streams = new Map(); // "owner/id" → what answers bytes piece by piece: {next(), close()}.

  // store: 'indexedDB' or 'opfs'. wasm: a WebAssembly.Module, bytes, or a URL. gather: see memory-files.js.
  // wholeBytes: see indexeddb-store.js. In tests indexedDB, IDBKeyRange, root.
  constructor({ name, store = 'indexedDB', wasm, settings = {}, durability, gather, indexedDB, IDBKeyRange, root, wholeBytes }) {
    this.#wasm = wasm;
    this.#settings = settings;
    const factory = indexedDB ? { indexedDB, IDBKeyRange } : {};
    if (store === 'opfs') {
      this.#openStore = () => OpfsStore.open(name, { durability, root, gather });
    } else {
      this.#connect = async () => connect(indexedDB ?? globalThis.indexedDB, name);
      this.#openStore = (connection) => IndexedDbStore.open(name, { durability, gather, connection, wholeBytes, ...factory });
    }
  }

  // What may be done before it is known whether open() will be called; abandon() says that it will not.
  prepare() {
    this.#connection = this.#connect();
    this.#connection?.catch(() => {});
  }
  abandon() {
    this.#connection?.then((connection) => connection.close(), () => {});
  }

  async open() {
    this.#opening ??= this.#start().catch((error) => {
      this.#opening = null;
      throw error;
    });
    return this.#opening;
  }

  async #start() {
    const compiled = compile(this.#wasm); // While the store is opened.
    compiled.catch(() => {});
    const connection = this.#connection; // For once: the next one is opened when this one was lost.
    this.#connection = null;
    const store = await this.#openStore(connection ?? undefined);
    try {
      this.#wasm = await compiled;
      this.#nexus = await Instance.open({ store: store.imports, wasm: this.#wasm, ...this.#settings });
      await store.settled();
    } catch (error) {
      await store.close().catch(() => {});
      throw error;
    }
    this.#store = store;
  }

  // Answers of a run { columns, batches, summary, truncated }, the batches (columns.js) and the summary in bytes.
  async request(owner, method, given) {
    await this.open();
    const [store, nexus] = [this.#store, this.#nexus];
    try {
      const answer = await this.#performWithFiles(store, nexus, owner, method, given);
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

  async #performWithFiles(store, nexus, owner, method, given) {
    if (store.hasElsewhere && mayReachSeveral(given)) await this.#fetch(store, store.elsewhere());
    for (;;) {
      while (this.#fetching) await this.#fetching; // What was asked before is done before.
      const performing = this.#perform(nexus, owner, method, given);
      const wanted = store.takeWanted?.() ?? []; // At once: others may ask, too.
      try {
        const answer = await performing;
        if (wanted.length === 0 || answer?.status !== outOfMemoryStatus) return answer;
        this.#closeStream(`${owner}/${given.stream}`);
      } catch (error) {
        if (wanted.length === 0 || error?.errorName !== 'MemoryLimit') throw error;
        if (method === 'next') { // Its beginning was told already.
          await this.#fetch(store, wanted);
          throw error;
        }
      }
      await this.#fetch(store, wanted);
    }
  }

  async #fetch(store, paths) {
    const before = this.#fetching;
    const reading = (async () => {
      await before;
      await store.fetch(paths);
    })();
    const quiet = reading.catch(() => {});
    this.#fetching = quiet;
    try {
      await reading;
    } finally {
      if (this.#fetching === quiet) this.#fetching = null;
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
      case 'openCursor': return this.#openCursor(nexus, owner, given);
      case 'openResponse': {
        const { status, headers, ...response } = await nexus.openResponse(given.head, given.body);
        this.#streams.set(`${owner}/${given.stream}`, response);
        return { status, headers };
      }
      case 'next': return this.#next(owner, given.stream);
      case 'closeStream': return this.#closeStream(`${owner}/${given.stream}`);
      case 'dump': return nexus.dump(given.name);
      case 'restore': return await nexus.restoreBytes(given.name, given.bytes) ?? null;
      default: throw failure('InvalidRequest', `there is no request '${method}'`);
    }
  }

  #run(nexus, owner, { session, text, encoded, as, rowsMax }) {
    const options = { as, rowsMax };
    if (session !== undefined) return this.#session(owner, session).runEncoded(text, encoded, options);
    return nexus.runEncoded(text, encoded, options);
  }

  // A stream outside a session has one of its own, which may run other statements meanwhile.
  #openCursor(nexus, owner, { stream, session, text, encoded }) {
    const runner = session === undefined ? nexus.session() : this.#session(owner, session);
    const end = () => { if (session === undefined) runner.close(); };
    let rows;
    try {
      rows = runner.start(text, encoded);
    } catch (error) {
      end();
      throw error;
    }
    const close = () => {
      rows.close();
      end();
    };
    this.#streams.set(`${owner}/${stream}`, { next: () => rows.batch(), close });
    return rows.columns;
  }

  // The next piece, or null when that was all: the stream is closed then.
  #next(owner, id) {
    const key = `${owner}/${id}`;
    const stream = this.#streams.get(key);
    if (!stream) throw failure('SessionLost', 'the rows are gone with the engine they came from; run the statement again', true);
    let piece = null;
    try {
      piece = stream.next();
    } finally {
      if (piece === null) this.#closeStream(key);
    }
    return piece;
  }

  #closeStream(key) {
    this.#streams.get(key)?.close();
    this.#streams.delete(key);
    return null;
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
    for (const key of [...this.#streams.keys()]) if (key.startsWith(`${owner}/`)) this.#closeStream(key);
    for (const key of [...this.#sessions.keys()]) if (key.startsWith(`${owner}/`)) this.#closeSession(key);
  }

  #discard(store) {
    if (this.#store !== store) return;
    // Not closed: closing would write. The module's memory goes with the last reference.
    this.#store = this.#nexus = this.#opening = null;
    this.#streams.clear();
    this.#sessions.clear();
    store.close().catch(() => {});
  }

  async close() {
    if (!this.#opening) return;
    await this.#opening.catch(() => {});
    const [store, nexus] = [this.#store, this.#nexus];
    this.#store = this.#nexus = this.#opening = null;
    for (const stream of this.#streams.values()) stream.close();
    this.#streams.clear();
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
