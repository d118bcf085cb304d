// The files of memory-files.js in IndexedDB: each batch is one transaction, which holds everything
// or nothing of it and is durable upon its "complete" event, at no other time.
// docs/adr/0014-files-in-indexeddb.md has the layout.
//
// Invariant: transactions follow one another, each checks the epoch. Whoever opened the store
// last owns it; an earlier owner's commit is refused as a whole.
import { MemoryFiles, StoreError } from './memory-files.js';

const formatVersion = 1;
const loadBatch = 32;
// A file of more pieces than this, smaller than that on average, is written anew at open.
const compactExtents = 64, compactBytes = 16 * 1024;
const retriesMax = 3;

function storeError(error) {
  if (error instanceof StoreError) return error;
  if (error?.name === 'QuotaExceededError') {
    return new StoreError('DiskFull', "the browser's quota is used up: nothing of the last commit was kept", { cause: error });
  }
  return new StoreError('IoError', `IndexedDB failed: ${error?.message ?? error}`, { cause: error });
}

const answerOf = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

// Resolves when the transaction is complete: the only moment at which its writes are there.
const completionOf = (transaction) => new Promise((resolve, reject) => {
  transaction.oncomplete = () => resolve();
  transaction.onabort = () => reject(transaction.error ?? new Error('the transaction was aborted'));
});

export class IndexedDbStore {
  #factory;
  #keyRange;
  #name;
  #durability;
  #database = null;
  #epoch = 0;
  #files = new MemoryFiles((batch) => this.#keep(batch));

  // indexedDB and IDBKeyRange: given in tests; the browser's own otherwise.
  static async open(name, { durability = 'strict', indexedDB = globalThis.indexedDB, IDBKeyRange = globalThis.IDBKeyRange } = {}) {
    if (!indexedDB) throw new StoreError('IoError', 'there is no IndexedDB here');
    if (durability !== 'strict' && durability !== 'relaxed') throw new TypeError("durability must be 'strict' or 'relaxed'");
    const store = new IndexedDbStore();
    store.#factory = indexedDB;
    store.#keyRange = IDBKeyRange;
    store.#name = name;
    store.#durability = durability;
    try {
      await store.#connect();
      await store.#takeOver();
      await store.#load();
    } catch (error) {
      store.#database?.close();
      throw storeError(error);
    }
    return store;
  }

  // Deletes a closed store with everything in it.
  static async remove(name, { indexedDB = globalThis.indexedDB } = {}) {
    await answerOf(indexedDB.deleteDatabase(name));
  }

  get imports() {
    return this.#files.imports;
  }
  get failure() {
    return this.#files.failure;
  }
  settled() {
    return this.#files.settled();
  }

  async close() {
    try {
      if (!this.failure) await this.settled();
    } finally {
      this.#files.fail(new StoreError('IoError', 'the store is closed'));
      this.#database?.close();
    }
  }

  // --- Opening

  async #connect() {
    const request = this.#factory.open(this.#name, 1);
    request.onupgradeneeded = () => {
      const database = request.result;
      database.createObjectStore('meta');
      database.createObjectStore('names');
      database.createObjectStore('extents');
      request.transaction.objectStore('meta').put(formatVersion, 'format');
    };
    this.#database = await answerOf(request);
    // Somebody deletes the store: let go, so that they need not wait.
    this.#database.onversionchange = () => {
      this.#files.fail(new StoreError('IoError', 'the store was deleted elsewhere'));
      this.#database.close();
    };
  }

  #transaction(mode) {
    return this.#database.transaction(['meta', 'names', 'extents'], mode, { durability: this.#durability });
  }

  async #takeOver() {
    const transaction = this.#transaction('readwrite');
    const done = completionOf(transaction);
    const meta = transaction.objectStore('meta');
    const format = await answerOf(meta.get('format'));
    if (format !== formatVersion) {
      done.catch(() => {});
      transaction.abort();
      throw new StoreError('IoError', `the store '${this.#name}' has format ${format}; this version reads format ${formatVersion}`);
    }
    const before = await answerOf(meta.get('epoch'));
    this.#epoch = (before ?? 0) + 1;
    meta.put(this.#epoch, 'epoch');
    await done;
  }

  async #load() {
    const transaction = this.#transaction('readonly');
    const names = transaction.objectStore('names');
    const [paths, entries] = [await answerOf(names.getAllKeys()), await answerOf(names.getAll())];
    const pieces = new Map(); // File id → its extents in order.
    const scattered = [];
    const extents = transaction.objectStore('extents');
    for (let after = null; ;) {
      const range = after === null ? null : this.#keyRange.lowerBound(after, true);
      const [keys, values] = await Promise.all([answerOf(extents.getAllKeys(range, loadBatch)), answerOf(extents.getAll(range, loadBatch))]);
      keys.forEach(([id, offset], at) => {
        if (!pieces.has(id)) pieces.set(id, []);
        pieces.get(id).push({ offset, bytes: values[at] });
      });
      if (keys.length < loadBatch) break;
      after = keys.at(-1);
    }
    paths.forEach((path, at) => {
      const { id, size } = entries[at];
      const parts = pieces.get(id) ?? [];
      this.#files.load(path, entries[at], parts);
      pieces.delete(id);
      if (parts.length > compactExtents && size / parts.length < compactBytes) scattered.push(path);
    });
    for (const path of scattered) this.#files.rewrite(path);
    for (const id of pieces.keys()) this.#files.bury(id);
    await this.settled();
  }

  // --- Writing

  async #keep(batch) {
    for (let attempt = 1; ; ++attempt) {
      try {
        await this.#write(batch);
        return;
      } catch (error) {
        // The connection was lost, not the data: the same batch on a new one is the same commit.
        const isLost = error?.name === 'InvalidStateError' || error?.name === 'UnknownError';
        if (!isLost || this.failure || attempt === retriesMax) throw storeError(error);
        this.#database.close();
        await this.#connect();
      }
    }
  }

  async #write({ dead, names, extents }) {
    const transaction = this.#transaction('readwrite');
    const done = completionOf(transaction);
    let isFenced = false;
    // All requests are made in one go: a transaction left idle would commit itself early.
    const epoch = transaction.objectStore('meta').get('epoch');
    epoch.onsuccess = () => {
      if (epoch.result === this.#epoch) return;
      isFenced = true;
      transaction.abort();
    };
    try {
      const [nameStore, extentStore] = [transaction.objectStore('names'), transaction.objectStore('extents')];
      for (const id of dead) extentStore.delete(this.#keyRange.bound([id], [id, Infinity]));
      for (const { key, bytes } of extents) extentStore.put(bytes, key);
      for (const { path, entry } of names) {
        if (entry) nameStore.put(entry, path);
        else nameStore.delete(path);
      }
    } catch (error) {
      done.catch(() => {});
      transaction.abort();
      throw error;
    }
    try {
      await done;
    } catch (error) {
      throw isFenced ? new StoreError('FileLocked', `the store '${this.#name}' was opened elsewhere since`) : error;
    }
  }
}
