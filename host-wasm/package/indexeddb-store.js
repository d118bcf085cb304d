// The files of memory-files.js in IndexedDB: each batch is one transaction, which holds everything
// or nothing of it and is durable upon its "complete" event, at no other time.
// docs/adr/0014-files-in-indexeddb.md has the layout.
//
// Invariant: transactions follow one another. Whoever opened the store last owns it; an earlier owner's
// commit is refused as a whole: it adds a key that exists once the epoch is over.
import { MemoryFiles, StoreError } from './memory-files.js';

const formatVersion = 1;
// What one request asks for when the files are read.
const loadBytes = 8 * 1024 * 1024;
// A file of more pieces than this, smaller than that on average, is written anew at open.
const compactExtents = 64, compactBytes = 16 * 1024;
const retriesMax = 3;
const overKey = (epoch) => ['over', epoch];

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
  #files;

  // indexedDB and IDBKeyRange: given in tests; the browser's own otherwise. gather: see MemoryFiles.
  static async open(name, { durability = 'strict', indexedDB = globalThis.indexedDB, IDBKeyRange = globalThis.IDBKeyRange, gather } = {}) {
    if (!indexedDB) throw new StoreError('IoError', 'there is no IndexedDB here');
    if (durability !== 'strict' && durability !== 'relaxed') throw new TypeError("durability must be 'strict' or 'relaxed'");
    const store = new IndexedDbStore();
    store.#factory = indexedDB;
    store.#keyRange = IDBKeyRange;
    store.#name = name;
    store.#durability = durability;
    store.#files = new MemoryFiles((batch) => store.#keep(batch), gather);
    try {
      await store.#connect();
      await store.#takeOver();
      await store.settled();
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

  // Reads everything and raises the epoch, in one transaction.
  async #takeOver() {
    const transaction = this.#transaction('readwrite');
    const done = completionOf(transaction);
    done.catch(() => {}); // Awaited below, unless something else fails before.
    const [meta, names, extents] = ['meta', 'names', 'extents'].map((store) => transaction.objectStore(store));
    const [format, epoch, paths, entries, keys] = await Promise.all(
      [meta.get('format'), meta.get('epoch'), names.getAllKeys(), names.getAll(), extents.getAllKeys()].map(answerOf),
    ).catch(async (error) => {
      await done; // Knows better why.
      throw error;
    });
    if (format !== formatVersion) {
      transaction.abort();
      throw new StoreError('IoError', `the store '${this.#name}' has format ${format}; this version reads format ${formatVersion}`);
    }
    this.#epoch = (epoch ?? 0) + 1;
    meta.put(this.#epoch, 'epoch');
    meta.put(null, overKey(this.#epoch - 1));
    // All at once: the browser reads one while the one before it is on its way.
    const offsets = new Map(); // File id → where its extents begin, in order.
    for (const [id, offset] of keys) {
      if (!offsets.has(id)) offsets.set(id, []);
      offsets.get(id).push(offset);
    }
    const values = new Map(entries.map(({ id }) => [id, this.#values(extents, id, offsets.get(id)?.at(-1) ?? 0)]));
    const read = Promise.all(values.values());
    read.catch(() => {});
    await done;
    await read;
    const scattered = [];
    for (const [at, path] of paths.entries()) if (await this.#load(path, entries[at], offsets, values)) scattered.push(path);
    for (const path of scattered) this.#files.rewrite(path); // Now that all ids are known: it gets a new one.
    for (const id of offsets.keys()) this.#files.bury(id);
  }

  // The extents' bytes of one file in order, in a few answers; the last extent begins at `end`.
  #values(extents, id, end) {
    const requests = [];
    for (let from = 0; from === 0 || from <= end; from += loadBytes) {
      const isLast = from + loadBytes > end;
      requests.push(answerOf(extents.getAll(this.#keyRange.bound([id, from], [id, isLast ? Infinity : from + loadBytes], false, true))));
    }
    return Promise.all(requests);
  }

  // Answers whether the file is in many small pieces.
  async #load(path, entry, offsets, values) {
    const bytes = (await values.get(entry.id)).flat();
    const starts = offsets.get(entry.id) ?? [];
    offsets.delete(entry.id);
    this.#files.load(path, entry, starts.map((offset, at) => ({ offset, bytes: bytes[at] })));
    const size = starts.length === 0 ? 0 : starts.at(-1) + bytes.at(-1).length;
    return starts.length > compactExtents && size / starts.length < compactBytes;
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
    // All requests are made in one go: a transaction left idle would commit itself early. Why a key that is added and
    // deleted again: to read the epoch, and decide, would cost the way from the browser to this thread and back.
    const meta = transaction.objectStore('meta');
    meta.add(null, overKey(this.#epoch)).onerror = ({ target }) => { isFenced = target.error?.name === 'ConstraintError'; };
    meta.delete(overKey(this.#epoch));
    try {
      const [nameStore, extentStore] = [transaction.objectStore('names'), transaction.objectStore('extents')];
      for (const id of dead) extentStore.delete(this.#keyRange.bound([id], [id, Infinity]));
      for (const { key, bytes } of extents) extentStore.put(bytes, key);
      for (const { path, entry } of names) {
        if (entry) nameStore.put(entry, path);
        else nameStore.delete(path);
      }
      transaction.commit?.(); // Nothing more will come: it need not be found out.
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
