// The files of memory-files.js in the origin's private file system: one journal, to which each
// batch is appended as a checksummed frame. Works in workers only, where handles are synchronous.
//
//   journal-N  "NXOPFS01", then frames: payload bytes u32, head bytes u32, CRC-32 of the payload u32,
//              payload = head (JSON: dead, names, extents as [id, offset, bytes]) and the extents' bytes
//
// A journal that is mostly dead is written anew, as N + 1 with one frame, when the store is opened; the
// highest N with a whole first frame counts. A last frame that is torn was never acknowledged.
//
// Invariant: whoever has the handle of `lock` owns the store; the browser gives it to one at a time.
import { MemoryFiles, StoreError } from './memory-files.js';

const utf8 = new TextDecoder();
const encoder = new TextEncoder();
const magic = encoder.encode('NXOPFS01');
const frameHead = 12;
const deadBytesMax = 8 * 1024 * 1024;

const crcTable = new Uint32Array(256).map((_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; ++bit) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});
function crc32(bytes) {
  let crc = 0xffffffff;
  for (let at = 0; at < bytes.length; ++at) crc = crcTable[(crc ^ bytes[at]) & 0xff] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

function storeError(error) {
  if (error instanceof StoreError) return error;
  if (error?.name === 'QuotaExceededError') {
    return new StoreError('DiskFull', "the browser's quota is used up: nothing of the last commit was kept", { cause: error });
  }
  return new StoreError('IoError', `the private file system failed: ${error?.message ?? error}`, { cause: error });
}

function frameOf({ dead, names, extents }) {
  const head = encoder.encode(JSON.stringify({ dead, names, extents: extents.map(({ key, bytes }) => [...key, bytes.length]) }));
  const length = extents.reduce((sum, { bytes }) => sum + bytes.length, head.length);
  const frame = new Uint8Array(frameHead + length);
  frame.set(head, frameHead);
  let at = frameHead + head.length;
  for (const { bytes } of extents) {
    frame.set(bytes, at);
    at += bytes.length;
  }
  const view = new DataView(frame.buffer);
  view.setUint32(0, length, true);
  view.setUint32(4, head.length, true);
  view.setUint32(8, crc32(frame.subarray(frameHead)), true);
  return frame;
}

// The payload of the frame at `at`, or null where there is no whole one.
function payloadAt(journal, at) {
  if (at + frameHead > journal.length) return null;
  const view = new DataView(journal.buffer, at, frameHead);
  const [length, head] = [view.getUint32(0, true), view.getUint32(4, true)];
  if (head > length || at + frameHead + length > journal.length) return null;
  const payload = journal.subarray(at + frameHead, at + frameHead + length);
  return crc32(payload) === view.getUint32(8, true) ? { payload, head, end: at + frameHead + length } : null;
}

const isJournal = (journal) => journal.length >= magic.length && magic.every((byte, at) => journal[at] === byte);

export class OpfsStore {
  #name;
  #durability;
  #folder;
  #lock = null;
  #journal = null; // Its handle.
  #end = 0; // Where the next frame goes.
  #files;

  // root: given in tests, a FileSystemDirectoryHandle; the origin's own otherwise.
  static async open(name, { durability = 'strict', root, gather } = {}) {
    if (durability !== 'strict' && durability !== 'relaxed') throw new TypeError("durability must be 'strict' or 'relaxed'");
    const store = new OpfsStore();
    store.#files = new MemoryFiles(async (batch) => store.#append(batch), gather);
    store.#name = name;
    store.#durability = durability;
    try {
      const base = root ?? await navigator.storage.getDirectory();
      store.#folder = await (await base.getDirectoryHandle('nexus', { create: true })).getDirectoryHandle(encodeURIComponent(name), { create: true });
      await store.#takeOver();
      await store.#load();
    } catch (error) {
      store.#journal?.close();
      store.#lock?.close();
      throw storeError(error);
    }
    return store;
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
      this.#journal?.close();
      this.#lock?.close();
    }
  }

  async #handle(name) {
    const file = await this.#folder.getFileHandle(name, { create: true });
    return file.createSyncAccessHandle();
  }

  async #takeOver() {
    try {
      this.#lock = await this.#handle('lock');
    } catch (error) {
      if (error?.name !== 'NoModificationAllowedError') throw error;
      throw new StoreError('FileLocked', `the store '${this.#name}' is in use by another tab`, { cause: error });
    }
  }

  async #load() {
    const numbers = [];
    for await (const name of this.#folder.keys()) {
      const found = /^journal-(\d+)$/.exec(name);
      if (found) numbers.push(Number(found[1]));
    }
    numbers.sort((left, right) => right - left);
    let number = 1;
    let journal = new Uint8Array(0);
    for (const [at, candidate] of numbers.entries()) {
      const handle = await this.#handle(`journal-${candidate}`);
      const bytes = new Uint8Array(handle.getSize());
      handle.read(bytes, { at: 0 });
      const isWhole = isJournal(bytes) && payloadAt(bytes, magic.length) !== null;
      if (isWhole || at === numbers.length - 1) {
        [this.#journal, number, journal] = [handle, candidate, bytes];
        break;
      }
      handle.close(); // Begun, and never finished: the one before counts.
    }
    this.#journal ??= await this.#handle(`journal-${number}`);
    this.#read(journal);
    if (this.#end > 2 * this.#files.bytes + deadBytesMax) number = await this.#rewrite(number + 1);
    for (const other of numbers) if (other !== number) await this.#folder.removeEntry(`journal-${other}`);
    await this.settled();
  }

  #read(journal) {
    if (journal.length > 0 && !isJournal(journal)) {
      // Shorter than its first bytes: nothing was ever acknowledged.
      if (journal.length >= magic.length) throw new StoreError('IoError', `the store '${this.#name}' is not one, or of a later version`);
      journal = new Uint8Array(0);
    }
    const names = new Map();
    const pieces = new Map();
    let at = magic.length;
    for (let frame = payloadAt(journal, at); frame !== null; frame = payloadAt(journal, at)) {
      const head = JSON.parse(utf8.decode(frame.payload.subarray(0, frame.head)));
      for (const id of head.dead) pieces.delete(id);
      for (const { path, entry } of head.names) {
        if (entry) names.set(path, entry);
        else names.delete(path);
      }
      let from = frame.head;
      for (const [id, offset, length] of head.extents) {
        if (!pieces.has(id)) pieces.set(id, []);
        pieces.get(id).push({ offset, bytes: frame.payload.subarray(from, from + length) });
        from += length;
      }
      at = frame.end;
    }
    this.#checkTail(journal, at);
    // Copied out of the journal, which is not to stay in memory.
    const own = ({ offset, bytes }) => ({ offset, bytes: bytes.slice() });
    for (const [path, entry] of names) this.#files.load(path, entry, (pieces.get(entry.id) ?? []).map(own));
    this.#end = at;
    this.#journal.truncate(journal.length === 0 ? 0 : at);
    if (journal.length === 0) this.#write(magic, 0);
  }

  // A torn frame is the last one. One that another follows was whole once: that is damage.
  #checkTail(journal, at) {
    if (at + frameHead > journal.length) return;
    const next = at + frameHead + new DataView(journal.buffer, at).getUint32(0, true);
    if (payloadAt(journal, next) !== null) throw new StoreError('IoError', `the store '${this.#name}' is damaged at byte ${at}`);
  }

  async #rewrite(number) {
    const old = this.#journal;
    const files = this.#files.whole;
    this.#journal = await this.#handle(`journal-${number}`);
    this.#journal.truncate(0);
    this.#write(magic, 0);
    this.#end = magic.length;
    this.#append(files);
    old.close();
    return number;
  }

  #write(bytes, at) {
    const written = this.#journal.write(bytes, { at });
    if (written !== bytes.length) throw Object.assign(new Error(`${written} of ${bytes.length} bytes were written`), { name: 'QuotaExceededError' });
  }

  #append(batch) {
    const frame = frameOf(batch);
    try {
      this.#write(frame, this.#end);
      if (this.#durability === 'strict') this.#journal.flush();
      this.#end += frame.length;
    } catch (error) {
      // What was refused must not be found when the store is opened again.
      try {
        this.#journal.truncate(this.#end);
      } catch {
        // Then it is a torn frame, or one whose outcome nobody knows.
      }
      throw storeError(error);
    }
  }
}
