// The files of memory-files.js in IndexedDB: each batch is one transaction, which holds everything
// or nothing of it and is durable upon its "complete" event, at no other time. One that only appends
// a little is one request: an entry of the log. docs/adr/0014-files-in-indexeddb.md has the layout.
//
// Invariant: transactions follow one another, and each adds the log's next number. Whoever opened the
// store last owns it: the number after the last was taken by the opening, so an earlier owner's next
// commit is refused as a whole.
import { answerOf, connect, formatVersion } from './idb-connection.js';
import { MemoryFiles, StoreError, extentBytesMax } from './memory-files.js';

// Log entries are small, because browsers make a file of each value of 64 KiB, and few, because all are read at open.
const entryBytesMax = 48 * 1024, logEntriesMax = 512, logBytesMax = extentBytesMax;
// What one request asks for when the files are read.
const loadBytes = 8 * 1024 * 1024;
// A store with more than this is read database by database, as they are asked for.
const wholeBytesMax = 64 * 1024 * 1024;
const databaseFolders = 'db/';
// A file of more pieces than this, smaller than that on average, is written anew at open.
const compactExtents = 64, compactBytes = 16 * 1024;
const retriesMax = 3;
// Of format 1, whose owner adds the key of its epoch with each commit: taken once that is over.
const overKey = (epoch) => ['over', epoch];

function storeError(error) {
  if (error instanceof StoreError) return error;
  if (error?.name === 'QuotaExceededError') {
    return new StoreError('DiskFull', "the browser's quota is used up: nothing of the last commit was kept", { cause: error });
  }
  return new StoreError('IoError', `IndexedDB failed: ${error?.message ?? error}`, { cause: error });
}

// Whether a request to add found the key in use.
const isRefused = (added) => added?.readyState === 'done' && added.error?.name === 'ConstraintError';

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
  #next = 0; // The log's next number.
  #logged = new Map(); // File id → its pieces {offset, bytes} that are in the log alone, in order.
  #loggedBytes = 0;
  #first = 0; // Where the log begins, in which there are openings too.
  #wholeBytes;
  #runs = []; // Its entries that are of no use when their bytes are in extents: [from, to].

  // indexedDB, IDBKeyRange: given in tests; the browser's own otherwise. connection: begun before (idb-connection.js).
  // gather: see MemoryFiles. wholeBytes: a store with more of them is not read as a whole.
  static async open(name, { durability = 'strict', wholeBytes = wholeBytesMax, indexedDB = globalThis.indexedDB, IDBKeyRange = globalThis.IDBKeyRange, connection, gather } = {}) {
    if (!indexedDB) throw new StoreError('IoError', 'there is no IndexedDB here');
    if (durability !== 'strict' && durability !== 'relaxed') throw new TypeError("durability must be 'strict' or 'relaxed'");
    const store = new IndexedDbStore();
    store.#factory = indexedDB;
    store.#keyRange = IDBKeyRange;
    store.#name = name;
    store.#durability = durability;
    store.#wholeBytes = wholeBytes;
    store.#files = new MemoryFiles((batch) => store.#keep(batch), gather);
    try {
      await store.#connect(connection);
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

  // --- Files that are not in memory yet: see MemoryFiles

  get hasElsewhere() {
    return this.#files.hasElsewhere;
  }
  takeWanted() {
    return this.#files.takeWanted();
  }
  elsewhere() {
    return this.#files.elsewhere();
  }
  // Reads those of the files that are still in the store alone.
  async fetch(paths) {
    const isWanted = (path) => this.#files.isElsewhere(path);
    if (paths.some(isWanted)) await this.#retrying(() => this.#fetch(paths.filter(isWanted).map((path) => [path, this.#files.entry(path)])));
  }

  async #fetch(wanted) {
    const transaction = this.#database.transaction(['meta', 'extents'], 'readonly');
    const done = completionOf(transaction);
    done.catch(() => {}); // Its requests say it, too.
    const extents = transaction.objectStore('extents');
    const logged = wanted.map(([, { id }]) => this.#logged.get(id) ?? []);
    const [epoch, ...found] = await Promise.all([
      answerOf(transaction.objectStore('meta').get('epoch')),
      ...wanted.map(async ([, { id }]) => {
        const keys = await answerOf(extents.getAllKeys(this.#keyRange.bound([id], [id, Infinity])));
        const starts = keys.map(([, offset]) => offset);
        return partsOf(starts, (await this.#values(extents, id, starts.at(-1) ?? 0)).flat());
      })]);
    if (epoch !== this.#epoch) throw this.#fenced();
    for (const [at, [path, file]] of wanted.entries()) {
      if (this.#files.entry(path) !== file) continue; // Removed or replaced meanwhile.
      const end = endOf(found[at]);
      // A commit that is under way may have moved them from the log to the extents already.
      this.#files.load(path, file, [...found[at], ...logged[at].filter(({ offset }) => offset >= end)]);
    }
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

  async #connect(begun) {
    this.#database = await (begun ?? connect(this.#factory, this.#name));
    this.#database.onversionchange = () => {
      this.#files.fail(new StoreError('IoError', 'the store was deleted elsewhere'));
      this.#database.close();
    };
  }

  #transaction(stores) {
    return this.#database.transaction(stores, 'readwrite', { durability: this.#durability });
  }

  // Reads everything, raises the epoch and takes the log's next number, in one transaction.
  async #takeOver() {
    const transaction = this.#transaction(['meta', 'names', 'extents']);
    const done = completionOf(transaction);
    done.catch(() => {}); // Awaited below, unless something else fails before.
    const [meta, names, extents] = ['meta', 'names', 'extents'].map((store) => transaction.objectStore(store));
    const all = (requests) => Promise.all(requests.map(answerOf)).catch(async (error) => {
      await done; // Knows better why.
      throw error;
    });
    const [format, epoch, first = 0, paths, entries, keys] = await all(
      [meta.get('format'), meta.get('epoch'), meta.get('log'), names.getAllKeys(), names.getAll(), extents.getAllKeys(this.#keyRange.lowerBound([]))]);
    if (format !== formatVersion && format !== 1) {
      transaction.abort();
      throw new StoreError('IoError', `the store '${this.#name}' has format ${format}; this version reads format ${formatVersion} and 1`);
    }
    if (format === 1) {
      meta.put(formatVersion, 'format');
      meta.put(null, overKey(epoch));
    }
    this.#epoch = (epoch ?? 0) + 1;
    meta.put(this.#epoch, 'epoch');
    // All at once: the browser reads one while the one before it is on its way.
    const offsets = new Map(); // File id → where its extents begin, in order.
    for (const [id, offset] of keys) {
      if (!offsets.has(id)) offsets.set(id, []);
      offsets.get(id).push(offset);
    }
    const isWhole = entries.reduce((sum, { id, size }) => sum + Math.max(size, offsets.get(id)?.at(-1) ?? 0), 0) <= this.#wholeBytes;
    const isRead = (path) => isWhole || !path.startsWith(databaseFolders);
    const values = new Map();
    for (const [at, path] of paths.entries()) {
      const { id } = entries[at];
      if (isRead(path)) values.set(id, this.#values(extents, id, offsets.get(id)?.at(-1) ?? 0));
    }
    const read = Promise.all(values.values());
    read.catch(() => {});
    const range = this.#keyRange.bound(first, Infinity);
    const [numbers, log] = await all([extents.getAllKeys(range), extents.getAll(range)]);
    const hole = numbers.findIndex((number, at) => number !== first + at);
    if (hole !== -1) {
      transaction.abort();
      throw new StoreError('IoError', `the store '${this.#name}' is damaged: entry ${first + hole} of its log is missing`);
    }
    extents.add(this.#epoch, first + numbers.length);
    await done;
    await read;
    this.#readLog(first, log);
    const scattered = [];
    for (const [at, path] of paths.entries()) {
      const entry = entries[at];
      if (!values.has(entry.id)) {
        this.#files.announce(path, entry);
        offsets.delete(entry.id);
      } else if (await this.#load(path, entry, offsets, values)) {
        scattered.push(path);
      }
    }
    for (const path of scattered) this.#files.rewrite(path); // Now that all ids are known: it gets a new one.
    for (const id of offsets.keys()) this.#files.bury(id);
    // Else openings that write nothing would make it ever longer.
    if (numbers.length >= logEntriesMax) await this.#keep({ dead: [], names: [], extents: [] });
  }

  // An entry is the number of the epoch that began there, or [epoch, id, offset, bytes, id, offset, bytes…].
  #readLog(first, log) {
    this.#first = this.#next = first;
    for (const entry of log) {
      if (Array.isArray(entry)) this.#appended(entry);
      else ++this.#next;
    }
    ++this.#next; // This opening.
  }

  #appended(entry) {
    for (let part = 1; part < entry.length; part += 3) this.#remember(entry[part], entry[part + 1], entry[part + 2]);
    if (this.#runs.at(-1)?.[1] === this.#next - 1) this.#runs.at(-1)[1] = this.#next;
    else this.#runs.push([this.#next, this.#next]);
    ++this.#next;
  }

  #remember(id, offset, bytes) {
    if (!this.#logged.has(id)) this.#logged.set(id, []);
    this.#logged.get(id).push({ offset, bytes });
    this.#loggedBytes += bytes.length;
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

  // Answers whether the file is in many small extents.
  async #load(path, entry, offsets, values) {
    const bytes = (await values.get(entry.id)).flat();
    const parts = partsOf(offsets.get(entry.id) ?? [], bytes);
    offsets.delete(entry.id);
    this.#files.load(path, entry, [...parts, ...this.#logged.get(entry.id) ?? []]);
    return parts.length > compactExtents && endOf(parts) / parts.length < compactBytes;
  }

  // --- Writing

  async #keep(batch) {
    const bytes = batch.extents.reduce((sum, extent) => sum + extent.bytes.length, 0);
    const isEntry = batch.dead.length === 0 && batch.names.length === 0 && bytes <= entryBytesMax
      && this.#next - this.#first < logEntriesMax && this.#loggedBytes + bytes <= logBytesMax;
    const entry = [this.#epoch];
    if (isEntry) for (const extent of batch.extents) entry.push(...extent.key, extent.bytes);
    await this.#retrying((isRepeated) => this.#write(entry, isEntry ? null : batch, isRepeated));
    if (!isEntry) {
      this.#logged.clear();
      this.#loggedBytes = 0;
      this.#first = this.#next;
      this.#runs = [];
    }
    this.#appended(entry);
  }

  // What was lost may be the connection, not the data: the same batch on a new one is the same commit.
  async #retrying(action) {
    for (let attempt = 1; ; ++attempt) {
      try {
        return await action(attempt > 1);
      } catch (error) {
        const isLost = error?.name === 'InvalidStateError' || error?.name === 'UnknownError';
        if (!isLost || this.failure || attempt === retriesMax) throw storeError(error);
        this.#database.close();
        await this.#connect();
      }
    }
  }

  // One transaction: the log's next entry, and the batch that is more than one.
  async #write(entry, batch, isRepeated) {
    const transaction = this.#transaction(batch || isRepeated ? ['meta', 'names', 'extents'] : 'extents');
    const done = completionOf(transaction);
    done.catch(() => {}); // Awaited below.
    const log = transaction.objectStore('extents');
    let added = null;
    try {
      // Whether the one before had reached the store after all, which no answer said.
      if (isRepeated && await this.#wasWritten(transaction)) return await done;
      // All requests are made in one go: a transaction left idle would commit itself early.
      added = log.add(entry, this.#next);
      if (batch) this.#fold(transaction, batch);
      transaction.commit?.(); // Nothing more will come: it need not be found out.
    } catch (error) {
      try {
        transaction.abort();
      } catch {
        // It was already.
      }
      throw error;
    }
    try {
      await done;
    } catch (error) {
      throw isRefused(added) ? this.#fenced() : error;
    }
  }

  #fenced() {
    return new StoreError('FileLocked', `the store '${this.#name}' was opened elsewhere since`);
  }

  async #wasWritten(transaction) {
    const [epoch, entry] = await Promise.all([transaction.objectStore('meta').get('epoch'), transaction.objectStore('extents').get(this.#next)].map(answerOf));
    if (epoch !== this.#epoch) throw this.#fenced();
    return entry !== undefined;
  }

  // The batch, and with it what was in the log alone, which begins anew. Openings in it stay for ever: they are
  // what refuses an owner of long ago.
  #fold(transaction, { dead, names, extents }) {
    const [nameStore, extentStore] = [transaction.objectStore('names'), transaction.objectStore('extents')];
    transaction.objectStore('meta').put(this.#next, 'log');
    for (const [from, to] of this.#runs) extentStore.delete(this.#keyRange.bound(from, to));
    for (const id of dead) extentStore.delete(this.#keyRange.bound([id], [id, Infinity]));
    const gone = new Set(dead);
    for (const [id, pieces] of this.#logged) if (!gone.has(id)) extentStore.put(joined(pieces), [id, pieces[0].offset]);
    for (const { key, bytes } of extents) extentStore.put(bytes, key);
    for (const { path, entry } of names) {
      if (entry) nameStore.put(entry, path);
      else nameStore.delete(path);
    }
  }
}

const partsOf = (starts, bytes) => starts.map((offset, at) => ({ offset, bytes: bytes[at] }));
const endOf = (parts) => (parts.length === 0 ? 0 : parts.at(-1).offset + parts.at(-1).bytes.length);

function joined(pieces) {
  const whole = new Uint8Array(pieces.reduce((sum, { bytes }) => sum + bytes.length, 0));
  for (const { offset, bytes } of pieces) whole.set(bytes, offset - pieces[0].offset);
  return whole;
}
