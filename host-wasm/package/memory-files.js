// Files for the module in a browser: held in memory, written to a store from time to time.
//
// The module is synchronous and the stores of a browser are not, so files live in memory while
// the instance is open, or from the moment it is asked for. What changed since the last commit is one batch, which the store keeps
// whole or not at all; settled() resolves when it does.
//
// Invariant: batches follow one another. After one that was refused memory is ahead of the
// store, and the files are of no use: open the store again.

const missing = -2, exists = -3, locked = -5, elsewhere = -6, failed = -1;
const utf8 = new TextDecoder();
const encoder = new TextEncoder();
// What is put down at a time.
export const extentBytesMax = 512 * 1024;

export class StoreError extends Error {
  constructor(errorName, message, options) {
    super(message, options);
    this.name = 'StoreError';
    this.errorName = errorName;
  }
}

// What is made room for at a time.
const chunkBytesMax = 1024 * 1024;

// One file's bytes, in chunks as they were loaded and appended; `kept` of them are in the store. Why not one array: a large
// file would be copied to be loaded, and again and again as it grows.
class MemoryFile {
  isElsewhere = false; // In the store alone; `size` is what it has at least.
  #chunks = []; // {start, bytes, used}, one behind the other; only the last has room left.
  constructor(id, loaded = []) {
    this.id = id;
    this.size = 0;
    for (const bytes of loaded) {
      this.#chunks.push({ start: this.size, bytes, used: bytes.length });
      this.size += bytes.length;
    }
    this.kept = 0;
  }
  append(more) {
    let last = this.#chunks.at(-1);
    if (!last || last.used + more.length > last.bytes.length) {
      const room = Math.max(more.length, Math.min(chunkBytesMax, Math.max(4096, this.size)));
      last = { start: this.size, bytes: new Uint8Array(room), used: 0 };
      this.#chunks.push(last);
    }
    last.bytes.set(more, last.used);
    last.used += more.length;
    this.size += more.length;
  }
  // Requires: from <= to <= size.
  copy(from, to, target, at) {
    let [low, high] = [0, this.#chunks.length]; // The last chunk that begins at `from` or before.
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.#chunks[middle].start <= from) low = middle;
      else high = middle;
    }
    for (let offset = from; offset < to; ++low) {
      const { start, bytes, used } = this.#chunks[low];
      const end = Math.min(to, start + used);
      target.set(bytes.subarray(offset - start, end - start), at + offset - from);
      offset = end;
    }
  }
  slice(from, to) {
    const bytes = new Uint8Array(to - from);
    this.copy(from, to, bytes, 0);
    return bytes;
  }
}

// A batch is { dead: [id], names: [{path, entry: {id, size} | null}], extents: [{key: [id, offset], bytes}] }; a file
// that was only appended to is in no `names`.
export class MemoryFiles {
  #files = new Map(); // Path → MemoryFile.
  #nextId = 1;
  #changedNames = new Set();
  #changedFiles = new Set();
  #deadIds = new Set(); // Files that are in the store and in no name any more.
  #write;
  #gather;
  #running = null; // The batch under way.
  #next = null; // The one that begins when it is done.
  #failure = null;
  #held = new Set();
  #elsewhere = 0; // How many files are in the store alone.
  #wanted = new Set(); // Those of them that were asked for.

  // write(batch): resolves when the batch is durable; rejects with a StoreError. gather(): resolves when those
  // who wait for the batch that was just kept have heard of it and asked for what comes next.
  constructor(write, gather = () => {}) {
    this.#write = write;
    this.#gather = gather;
  }

  get failure() {
    return this.#failure;
  }
  fail(error) {
    this.#failure ??= error;
  }

  // Resolves when everything that was written before the call is durable; rejects when it is
  // not and never will be.
  async settled() {
    if (this.#failure) throw this.#failure;
    if (this.#isClean()) return this.#running ?? undefined;
    this.#next ??= this.#after(this.#running);
    return this.#next;
  }

  // One batch at a time; all who wait share the next one. Why not a link of a chain for each caller:
  // then each would wait for the batches of those before it, and write one of its own. Why gather: writers who
  // take turns would fall into two halves that share nothing; a batch costs the same for all of them.
  async #after(before) {
    await before?.catch(() => {}); // Its failure is everybody's: see #flush().
    if (before && !this.#failure) await this.#gather();
    const mine = this.#next;
    this.#running = mine;
    this.#next = null;
    try {
      await this.#flush();
    } finally {
      if (this.#running === mine) this.#running = null;
    }
  }

  async #flush() {
    if (this.#failure) throw this.#failure;
    if (this.#isClean()) return;
    try {
      await this.#write(this.#batch());
    } catch (error) {
      this.#failure ??= error;
      throw this.#failure;
    }
  }

  // --- As the store was found

  // parts: the file's extents in order, {offset, bytes}, which are its from now on. size: what it had at least; it may have been appended to since.
  load(path, { id, size: least }, parts) {
    const file = new MemoryFile(id, parts.map(({ bytes }) => bytes));
    if (file.size < least) throw new StoreError('IoError', `the file '${path}' ends at byte ${file.size} of ${least}`);
    let end = 0;
    for (const { offset, bytes } of parts) {
      if (offset !== end) throw new StoreError('IoError', `the file '${path}' is damaged at byte ${end}`);
      end += bytes.length;
    }
    if (this.isElsewhere(path)) --this.#elsewhere;
    file.kept = file.size;
    this.#files.set(path, file);
    this.#nextId = Math.max(this.#nextId, id + 1);
  }
  // The file stays in the store until somebody wants it: who opens it is told to ask again, and it is in takeWanted().
  announce(path, { id, size }) {
    const file = new MemoryFile(id);
    file.size = size;
    file.isElsewhere = true;
    ++this.#elsewhere;
    this.#files.set(path, file);
    this.#nextId = Math.max(this.#nextId, id + 1);
  }
  get hasElsewhere() {
    return this.#elsewhere > 0;
  }
  isElsewhere(path) {
    return this.#files.get(path)?.isElsewhere === true;
  }
  // Where the files are that were asked for since the last call, and their neighbours: a folder is a database.
  takeWanted() {
    if (this.#wanted.size === 0) return [];
    const folders = new Set([...this.#wanted].map(folderOf));
    this.#wanted.clear();
    return this.elsewhere().filter((path) => folders.has(folderOf(path)));
  }
  elsewhere() {
    return [...this.#files.keys()].filter((path) => this.isElsewhere(path));
  }
  // For load().
  entry(path) {
    return this.#files.get(path);
  }
  // An id that no name has: a trace of an earlier version or of a bug. Removed by the next batch.
  bury(id) {
    this.#deadIds.add(id);
  }
  // The file is to be written anew, in large pieces.
  rewrite(path) {
    const file = this.#files.get(path);
    this.#put(path, file.slice(0, file.size));
  }
  // Everything there is, as the first batch of an empty store.
  get whole() {
    const batch = { dead: [], names: [], extents: [] };
    for (const [path, file] of this.#files) {
      batch.names.push({ path, entry: { id: file.id, size: file.size } });
      this.#extents(batch, file, 0);
    }
    return batch;
  }
  get bytes() {
    let sum = 0;
    for (const file of this.#files.values()) sum += file.size;
    return sum;
  }

  // --- Writing

  #isClean() {
    return this.#changedNames.size === 0 && this.#changedFiles.size === 0 && this.#deadIds.size === 0;
  }

  // What is to be written, copied out now: later changes belong to the next transaction.
  #batch() {
    const batch = { dead: [...this.#deadIds], names: [], extents: [] };
    for (const file of this.#changedFiles) {
      this.#extents(batch, file, file.kept);
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

  #extents(batch, file, start) {
    for (let from = start; from < file.size; from += extentBytesMax) {
      batch.extents.push({ key: [file.id, from], bytes: file.slice(from, Math.min(file.size, from + extentBytesMax)) });
    }
  }

  // --- Files in memory

  #forget(path) {
    const file = this.#files.get(path);
    if (!file) return;
    this.#files.delete(path);
    this.#changedNames.add(path);
    this.#changedFiles.delete(file);
    if (file.isElsewhere) --this.#elsewhere;
    // A file of which nothing was ever written has nothing to be deleted.
    if (file.kept > 0 || file.isElsewhere) this.#deadIds.add(file.id);
  }

  // The file has exactly these bytes, under a new id: its old extents go in the same transaction.
  #put(path, bytes) {
    this.#forget(path);
    const file = new MemoryFile(this.#nextId++, bytes.length > 0 ? [bytes] : []);
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

  #want(path) {
    this.#wanted.add(path);
    return elsewhere;
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
          if (file?.isElsewhere && mode !== 2) return this.#want(path);
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
          if (isNamed) this.#changedFiles.add(file); // Its name's entry may stay: load() sees what was appended.
          return 0;
        },
        file_read: (handle, offset, start, length) => {
          const { file } = open.get(handle);
          const end = Math.min(file.size, offset + length);
          if (end <= offset) return 0;
          file.copy(offset, end, memory(), start);
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
          if (file.isElsewhere) return this.#want(path);
          this.#put(path, file.slice(0, Math.min(size, file.size)));
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

function folderOf(path) {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

function compareBytes(left, right) {
  for (let at = 0; at < Math.min(left.length, right.length); ++at) if (left[at] !== right[at]) return left[at] - right[at];
  return left.length - right.length;
}
