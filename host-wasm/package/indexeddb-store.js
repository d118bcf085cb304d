// Files for the module in a browser: held in memory, kept in IndexedDB.
//
// The module is synchronous and IndexedDB is not, so files live in memory while the instance is
// open. What changed since the last commit is written by settled() in one transaction, which
// holds everything or nothing of it; a promise of settled() resolves upon that transaction's
// "complete" event and at no other time. docs/adr/0014-files-in-indexeddb.md has the layout.
//
// Invariant: transactions follow one another, each checks the epoch. Whoever opened the store
// last owns it; an earlier owner's commit is refused as a whole.

const missing = -2, exists = -3, locked = -5, failed = -1;
const formatVersion = 1;
const extentBytesMax = 512 * 1024;
const loadBatch = 32;
// A file of more pieces than this, smaller than that on average, is written anew at open.
const compactExtents = 64, compactBytes = 16 * 1024;
const retriesMax = 3;

const utf8 = new TextDecoder();
const encoder = new TextEncoder();

export class StoreError extends Error {
  constructor(errorName, message, options) {
    super(message, options);
    this.name = 'StoreError';
    this.errorName = errorName;
  }
}

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

// One file's bytes, growing by doubling; `kept` of them are in IndexedDB.
class MemoryFile {
  constructor(id, bytes = new Uint8Array(0), kept = 0) {
    this.id = id;
    this.bytes = bytes;
    this.size = bytes.length;
    this.kept = kept;
  }
  append(more) {
    const size = this.size + more.length;
    if (size > this.bytes.length) {
      const larger = new Uint8Array(Math.max(size, this.bytes.length * 2, 4096));
      larger.set(this.bytes.subarray(0, this.size));
      this.bytes = larger;
    }
    this.bytes.set(more, this.size);
    this.size = size;
  }
}

export class IndexedDbStore {
  #factory;
  #keyRange;
  #name;
  #durability;
  #database = null;
  #epoch = 0;
  #files = new Map(); // Path → MemoryFile.
  #nextId = 1;
  #changedNames = new Set();
  #changedFiles = new Set();
  #deadIds = new Set(); // Files that are in IndexedDB and in no name any more.
  #pump = null; // The transaction under way, with those that will follow it.
  #failure = null;
  #held = new Set();

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

  get failure() {
    return this.#failure;
  }

  // Resolves when everything that was written before the call is durable; rejects when it is
  // not and never will be. After a rejection the store is of no use: open it again.
  async settled() {
    if (this.#failure) throw this.#failure;
    if (this.#isClean()) return this.#pump ?? undefined;
    // One transaction at a time; writes of several callers that wait share the next one.
    this.#pump = (this.#pump ?? Promise.resolve()).then(() => this.#flush());
    const mine = this.#pump;
    mine.then(() => { if (this.#pump === mine) this.#pump = null; }, () => {});
    return mine;
  }

  async close() {
    try {
      if (!this.#failure) await this.settled();
    } finally {
      this.#failure ??= new StoreError('IoError', 'the store is closed');
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
      this.#failure ??= new StoreError('IoError', 'the store was deleted elsewhere');
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
      const file = new MemoryFile(id, new Uint8Array(size), size);
      let end = 0;
      for (const { offset, bytes } of parts) {
        if (offset !== end || end + bytes.length > size) throw new StoreError('IoError', `the file '${path}' is damaged at byte ${end}`);
        file.bytes.set(bytes, offset);
        end += bytes.length;
      }
      if (end !== size) throw new StoreError('IoError', `the file '${path}' ends at byte ${end} of ${size}`);
      this.#files.set(path, file);
      this.#nextId = Math.max(this.#nextId, id + 1);
      pieces.delete(id);
      if (parts.length > compactExtents && size / parts.length < compactBytes) this.#put(path, file.bytes);
    });
    for (const id of pieces.keys()) this.#deadIds.add(id);
    await this.settled();
  }

  // --- Writing

  #isClean() {
    return this.#changedNames.size === 0 && this.#changedFiles.size === 0 && this.#deadIds.size === 0;
  }

  // What is to be written, copied out now: later changes belong to the next transaction.
  #batch() {
    const batch = { dead: [...this.#deadIds], names: [], extents: [] };
    for (const file of this.#changedFiles) {
      for (let from = file.kept; from < file.size; from += extentBytesMax) {
        batch.extents.push({ key: [file.id, from], bytes: file.bytes.slice(from, Math.min(file.size, from + extentBytesMax)) });
      }
      file.kept = file.size;
    }
    for (const path of this.#changedNames) {
      const file = this.#files.get(path);
      batch.names.push({ path, entry: file ? { id: file.id, size: file.size } : null });
    }
    this.#deadIds.clear();
    this.#changedNames.clear();
    this.#changedFiles.clear();
    return batch;
  }

  async #flush() {
    if (this.#failure) throw this.#failure;
    if (this.#isClean()) return;
    const batch = this.#batch();
    try {
      for (let attempt = 1; ; ++attempt) {
        try {
          await this.#write(batch);
          return;
        } catch (error) {
          // The connection was lost, not the data: the same batch on a new one is the same commit.
          const isLost = error?.name === 'InvalidStateError' || error?.name === 'UnknownError';
          if (!isLost || this.#failure || attempt === retriesMax) throw error;
          this.#database.close();
          await this.#connect();
        }
      }
    } catch (error) {
      this.#failure ??= storeError(error);
      throw this.#failure;
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

  // --- Files in memory

  #forget(path) {
    const file = this.#files.get(path);
    if (!file) return;
    this.#files.delete(path);
    this.#changedNames.add(path);
    this.#changedFiles.delete(file);
    // A file of which nothing was ever written has nothing to be deleted.
    if (file.kept > 0) this.#deadIds.add(file.id);
  }

  // The file has exactly these bytes, under a new id: its old extents go in the same transaction.
  #put(path, bytes) {
    this.#forget(path);
    const file = new MemoryFile(this.#nextId++, bytes);
    this.#files.set(path, file);
    this.#touch(path, file);
    return file;
  }

  #touch(path, file) {
    this.#changedNames.add(path);
    this.#changedFiles.add(file);
  }

  #isDirectory(path) {
    const prefix = path === '' ? '' : `${path}/`;
    for (const name of this.#files.keys()) if (name.startsWith(prefix)) return true;
    return path === '';
  }

  #move(from, to) {
    const file = this.#files.get(from);
    this.#forget(to);
    this.#files.delete(from);
    this.#files.set(to, file);
    this.#changedNames.add(from).add(to);
  }

  #list(directory) {
    const prefix = directory === '' ? '' : `${directory}/`;
    const entries = new Map(); // Name → size, or -1 for a folder.
    for (const [path, file] of this.#files) {
      if (!path.startsWith(prefix)) continue;
      const [name, ...below] = path.slice(prefix.length).split('/');
      entries.set(name, below.length > 0 ? -1 : file.size);
    }
    const parts = [...entries].map(([name, size]) => ({ name: encoder.encode(name), size }));
    parts.sort((left, right) => compareBytes(left.name, right.name));
    const out = [];
    for (const { name, size } of parts) {
      const head = new Uint8Array(9);
      head[0] = size < 0 ? 1 : 0;
      new DataView(head.buffer).setFloat64(1, Math.max(0, size), true);
      out.push(...head, ...(name.length < 128 ? [name.length] : [(name.length & 0x7f) | 0x80, name.length >> 7]), ...name);
    }
    return new Uint8Array(out);
  }

  // The imports for one module instance, as node-files.js answers them for Node.
  get imports() {
    return (memory) => {
      const open = new Map(); // Handle → {path, file}, or → the path of a held lock.
      let nextHandle = 1;
      let listing = new Uint8Array(0);
      const text = (start, length) => utf8.decode(memory().slice(start, start + length));
      const keep = (what) => (open.set(nextHandle, what), nextHandle++);
      return {
        file_open: (start, length, mode) => {
          const path = text(start, length);
          let file = this.#files.get(path);
          if (mode === 0) return file ? keep({ path, file }) : missing;
          if (mode === 2 && file) return exists;
          file ??= this.#put(path, new Uint8Array(0));
          return keep({ path, file });
        },
        file_close: (handle) => {
          const what = open.get(handle);
          open.delete(handle);
          if (typeof what === 'string') this.#held.delete(what);
        },
        file_append: (handle, start, length) => {
          const { path, file } = open.get(handle);
          // Removed or replaced while open: what is appended goes nowhere, as with an unlinked file.
          const isNamed = this.#files.get(path) === file;
          file.append(memory().subarray(start, start + length));
          if (isNamed) this.#touch(path, file);
          return 0;
        },
        file_read: (handle, offset, start, length) => {
          const { file } = open.get(handle);
          const end = Math.min(file.size, offset + length);
          if (end <= offset) return 0;
          memory().set(file.bytes.subarray(offset, end), start);
          return end - offset;
        },
        // Durability is awaited by settled() before a statement's promise resolves.
        file_sync: () => (this.#failure ? failed : 0),
        file_size: (handle) => open.get(handle).file.size,
        path_replace: (start, length, bytes, count) => {
          this.#put(text(start, length), memory().slice(bytes, bytes + count));
          return 0;
        },
        path_truncate: (start, length, size) => {
          const path = text(start, length);
          const file = this.#files.get(path);
          if (!file) return missing;
          this.#put(path, file.bytes.slice(0, size));
          return 0;
        },
        path_rename: (from, fromLength, to, toLength) => {
          const [source, target] = [text(from, fromLength), text(to, toLength)];
          if (this.#files.has(source)) {
            if (source !== target) this.#move(source, target);
            return 0;
          }
          const inside = [...this.#files.keys()].filter((path) => path.startsWith(`${source}/`));
          for (const path of inside) this.#move(path, target + path.slice(source.length));
          return inside.length > 0 ? 0 : missing;
        },
        path_remove: (start, length, tree) => {
          const path = text(start, length);
          const isThere = this.#files.has(path);
          this.#forget(path);
          if (!tree) return isThere ? 0 : missing;
          for (const below of [...this.#files.keys()]) if (below.startsWith(`${path}/`)) this.#forget(below);
          return 0;
        },
        path_exists: (start, length) => {
          const path = text(start, length);
          return this.#files.has(path) || this.#isDirectory(path) ? 1 : 0;
        },
        path_list: (start, length) => {
          listing = this.#list(text(start, length));
          return listing.length;
        },
        list_take: (start) => memory().set(listing, start),
        path_sync: () => (this.#failure ? failed : 0),
        path_lock: (start, length) => {
          const path = text(start, length);
          if (this.#held.has(path)) return locked;
          this.#held.add(path);
          return keep(path);
        },
      };
    };
  }
}

function compareBytes(left, right) {
  for (let at = 0; at < Math.min(left.length, right.length); ++at) if (left[at] !== right[at]) return left[at] - right[at];
  return left.length - right.length;
}
