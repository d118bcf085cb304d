// An instance in this JavaScript process: the whole engine, on this thread.
import { compile, instantiate, memoryView } from './loader.js';
import { administration, countOf, encode, encodeRun, inTransaction, recordsOf, resultOf } from './session-parts.js';
import { Decoder, writeShortAscii } from './wire.js';

export class NexusError extends Error {
  constructor({ message, ...rest } = {}) {
    super(message);
    this.name = 'NexusError';
    this.errorName = rest.name;
    delete rest.name;
    Object.assign(this, rest);
    if (rest.line) this.position = { line: rest.line, column: rest.column, offset: rest.offset };
  }
}

const utf8 = new TextEncoder();

const scratchBytes = 16 * 1024;

// Owns one module instance and moves bytes in and out of its memory.
class Engine {
  #exports;
  #scratch; // Where in its memory arguments go, unless they are large.
  #memory;
  #depth = 0;
  // Handles of another generation are of no use: the memory they pointed into is gone.
  generation = 0;
  constructor(exports) {
    this.#exports = exports;
    this.#memory = memoryView(() => exports);
    this.#scratch = exports.nx_alloc(scratchBytes) >>> 0;
  }
  // A function that puts the memory back to what it is now.
  rewindPoint() {
    // What lies behind the end of the heap was never used.
    const saved = new Uint8Array(this.#exports.memory.buffer, 0, this.#exports.nx_heap_end() >>> 0).slice();
    return () => {
      this.#memory().set(saved);
      ++this.generation;
    };
  }
  // Calls an export with strings and byte arrays copied in; both become (pointer, length).
  call(name, ...given) {
    const owned = [];
    const words = [];
    // A procedure of JavaScript may call from within a call, whose arguments are still looked at.
    let room = this.#depth === 0 ? scratchBytes : 0;
    ++this.#depth;
    try {
      for (const argument of given) {
        if (typeof argument === 'number') {
          words.push(argument);
          continue;
        }
        const isText = typeof argument === 'string';
        const at = this.#scratch + scratchBytes - room;
        if (argument.length * (isText ? 3 : 1) <= room) {
          const length = this.#write(argument, at, room);
          words.push(at, length);
          room -= length;
          continue;
        }
        const bytes = isText ? utf8.encode(argument) : argument;
        const pointer = this.#exports.nx_alloc(bytes.length || 1) >>> 0;
        if (pointer === 0) throw new RangeError('the engine is out of memory');
        owned.push(pointer);
        this.#memory().set(bytes, pointer);
        words.push(pointer, bytes.length);
      }
      return this.#exports[name](...words) >>> 0;
    } finally {
      --this.#depth;
      for (const pointer of owned) this.#exports.nx_free(pointer);
    }
  }
  // Requires: room for what is given. Answers how many bytes it took.
  #write(given, at, room) {
    const memory = this.#memory();
    if (typeof given === 'string') return writeShortAscii(memory, at, given) ? given.length : utf8.encodeInto(given, memory.subarray(at, at + room)).written;
    memory.set(given, at);
    return given.length;
  }
  // What the last call left: its bytes, or the Value that they are.
  answerBytes() {
    const start = this.#exports.nx_answer() >>> 0;
    return this.#memory().slice(start, start + this.#exports.nx_answer_bytes());
  }
  answer() {
    return new Decoder(this.answerBytes()).value();
  }
  must(handle) {
    if (handle !== 0) return handle;
    throw new NexusError(this.answer());
  }
}

// The procedures written in JavaScript, as imports of one module instance.
class Procedures {
  #bodies = [];
  #answer = new Uint8Array(0);

  add(body) {
    return this.#bodies.push(body) - 1;
  }
  imports(memory) {
    return {
      procedure_call: (id, start, length) => {
        try {
          const given = new Decoder(memory().slice(start, start + length)).value();
          this.#answer = encode([...this.#bodies[id](...given)]);
          return this.#answer.length;
        } catch (error) {
          this.#answer = utf8.encode(String(error?.message ?? error) || 'the procedure failed');
          return -this.#answer.length;
        }
      },
      procedure_take: (start) => memory().set(this.#answer, start),
    };
  }
}

// "my.proc(name :: STRING, n :: INTEGER?) :: (city :: STRING)"
function parseSignature(text) {
  const match = /^\s*([^\s(]+)\s*\(([^)]*)\)\s*::\s*\(([^)]*)\)\s*$/.exec(text);
  if (!match) throw new TypeError(`'${text}' is not a signature: name(argument :: TYPE) :: (column :: TYPE)`);
  const fields = (list) => list.split(',').filter((field) => field.trim() !== '').map((field) => {
    const [name, type] = field.split('::').map((part) => part.trim());
    if (!name || !type) throw new TypeError(`'${field}' is not a field: name :: TYPE`);
    return { name, type: type.replace(/\?$/, '') };
  });
  return { name: match[1], inputs: fields(match[2]), outputs: fields(match[3]) };
}

// What is behind a handle of the engine and answers a piece of bytes at a time.
class Pieces {
  #engine;
  #handle;
  #next;
  #close;
  #born;
  constructor(engine, handle, next, close) {
    this.#engine = engine;
    this.#born = engine.generation;
    this.#handle = handle;
    this.#next = next;
    this.#close = close;
  }
  // The next piece, or null when there are no more; `ended(handle)` is called before the handle goes.
  next(ended = () => {}) {
    if (this.#born !== this.#engine.generation) throw new Error('the rows are gone with the test they belong to');
    if (this.#handle === 0) return null;
    const answer = this.#next(this.#handle);
    if (answer === 1) return this.#engine.answerBytes();
    if (answer === 2) ended(this.#handle);
    this.close();
    // The answer outlives the handle, so an error can still be read.
    if (answer !== 2) throw new NexusError(this.#engine.answer());
    return null;
  }
  close() {
    if (this.#handle === 0) return;
    const handle = this.#handle;
    this.#handle = 0;
    if (this.#born === this.#engine.generation) this.#engine.call(this.#close, handle);
  }
}

// One statement's rows, a batch of columns (columns.js) at a time; of texts, a list of rows (wire.js).
class Rows {
  #engine;
  #pieces;
  summaryBytes = null; // Read when somebody asks for it: most do not.
  constructor(engine, cursor, columns, isText) {
    this.#engine = engine;
    this.columns = columns;
    this.#pieces = new Pieces(engine, cursor, (handle) => engine.call('nx_next', handle, isText ? 1 : 0), 'nx_cursor_close');
  }
  batch() {
    return this.#pieces.next((cursor) => {
      this.#engine.call('nx_summary', cursor);
      this.summaryBytes = this.#engine.answerBytes();
    });
  }
  close() {
    this.#pieces.close();
  }
}

// A conversation with its own current database and transaction.
export class Session {
  #engine;
  #handle;
  #closed;
  #born;
  // closed(session): called when it is closed.
  constructor(engine, handle, closed) {
    this.#engine = engine;
    this.#handle = handle;
    this.#closed = closed;
    this.#born = engine.generation;
  }
  #alive() {
    if (this.#handle === 0 || this.#born !== this.#engine.generation) throw new Error('the session is closed');
    return this.#handle;
  }
  // The rows of a statement; `encoded` are its parameters and options (session-parts.js).
  start(text, encoded) {
    const cursor = this.#engine.must(this.#engine.call('nx_run', this.#alive(), String(text), encoded));
    return new Rows(this.#engine, cursor, this.#engine.answer(), false);
  }
  // The same all at once, still in bytes: what crosses from a worker to a page.
  runEncoded(text, encoded, { as, rowsMax = Infinity } = {}) {
    const isText = as === 'text';
    const cursor = this.#engine.must(this.#engine.call('nx_perform', this.#alive(), String(text), encoded, isText ? 1 : 0));
    const bytes = this.#engine.answerBytes();
    const ends = new DataView(bytes.buffer, bytes.length - 8);
    const [columnsAt, summaryAt] = [ends.getUint32(0, true), ends.getUint32(4, true)];
    const first = bytes.subarray(0, columnsAt);
    const columns = new Decoder(bytes, 'auto', columnsAt).value();
    let count = countOf(first, isText);
    const batches = count > 0 ? [first] : [];
    let summary = summaryAt > 0 ? bytes.subarray(summaryAt) : null;
    if (summary === null) {
      const rows = new Rows(this.#engine, cursor, columns, isText);
      for (let batch = null; count <= rowsMax && (batch = rows.batch()) !== null;) {
        batches.push(batch);
        count += countOf(batch, isText);
      }
      rows.close();
      summary = rows.summaryBytes;
    }
    const truncated = count > rowsMax;
    return { columns, batches, summary: truncated ? null : summary, truncated };
  }

  // options: database, readOnly, timeoutMs, integers ('auto' | 'bigint'), as ('records' | 'rows' | 'text'),
  // rowsMax: when there are more, `truncated` says so, the statement ends early and has no summary.
  async run(text, parameters = {}, options = {}) {
    return resultOf(this.runEncoded(text, encodeRun(parameters, options), options), options);
  }

  // Yields records as they are pulled; memory stays flat. Ends the statement when left early.
  async *stream(text, parameters = {}, options = {}) {
    const rows = this.start(text, encodeRun(parameters, options));
    try {
      for (let batch = rows.batch(); batch !== null; batch = rows.batch()) yield* recordsOf(rows.columns, batch, options.integers);
    } finally {
      rows.close();
    }
  }

  get database() {
    this.#engine.call('nx_session_database', this.#alive());
    return this.#engine.answer();
  }
  async use(database) {
    this.#engine.must(this.#engine.call('nx_session_use', this.#alive(), database));
  }
  // Runs `work` in one transaction: committed when it returns, rolled back when it throws.
  async transaction(work) {
    return inTransaction(this, work);
  }
  close() {
    if (this.#handle === 0) return;
    if (this.#born === this.#engine.generation) this.#engine.call('nx_session_close', this.#handle);
    this.#handle = 0;
    this.#closed(this);
  }
}

// A cheap handle on one database by name; its statements always run there.
class Database {
  #made;
  #born;
  constructor(nexus, name) {
    this.#made = nexus;
    this.#born = nexus.generation;
    this.name = name;
  }
  get #nexus() {
    if (this.#born !== this.#made.generation) throw new Error(`the database '${this.name}' is gone with the test it belonged to`);
    return this.#made;
  }
  async run(text, parameters = {}, options = {}) {
    return this.#nexus.run(text, parameters, { ...options, database: this.name });
  }
  stream(text, parameters = {}, options = {}) {
    return this.#nexus.stream(text, parameters, { ...options, database: this.name });
  }
  async transaction(work) {
    const session = this.#nexus.session(this.name);
    try {
      return await session.transaction(work);
    } finally {
      session.close();
    }
  }
  // This database as bytes, for restore(); it is used meanwhile.
  async dump() {
    return this.#nexus.dump(this.name);
  }
}

export class Instance extends administration(Object) {
  #engine;
  #handle;
  #session;
  #procedures;
  #sessions = new Set();
  #responses = new Set(); // Those not read to the end.
  #dump = null; // The one being restored: {bytes, at}.

  constructor(engine, handle, procedures) {
    super();
    this.#engine = engine;
    this.#handle = handle;
    this.#procedures = procedures;
    this.#session = this.session();
  }

  get generation() {
    return this.#engine.generation;
  }
  // For testing.js: a function that puts everything back to what it is now. Databases, sessions and
  // rows that were handed out since are of no use afterwards.
  rewindPoint() {
    this.#session.close();
    const rewind = this.#engine.rewindPoint();
    this.#session = this.session();
    return () => {
      rewind();
      this.#sessions.clear();
      this.#responses.clear();
      this.#session = this.session();
    };
  }

  // store: 'memory' (default), nodeFs(directory), or what makes the module's file imports. settings: defaultDatabase,
  // memoryBytesMax, batchRows, optimize, trashSeconds. wasm: a WebAssembly.Module, bytes or URL, found by itself otherwise.
  static async open({ store = 'memory', wasm, ...settings } = {}) {
    if (store !== 'memory' && typeof store !== 'function' && store?.kind !== 'nodeFs') {
      throw new TypeError("store must be 'memory', nodeFs(directory), indexedDB(name) or opfs(name)");
    }
    const module = await compile(wasm);
    const procedures = new Procedures();
    const files = store === 'memory' ? null : await store.files?.() ?? store;
    let nexus = null;
    const imports = (memory) => ({ ...procedures.imports(memory), source_read: (start, length) => nexus.#read(memory, start, length) });
    const engine = new Engine(await instantiate(module, files, imports));
    const handle = engine.must(engine.call('nx_open', store === 'memory' ? 0 : 1, encode(settings)));
    nexus = new this(engine, handle, procedures);
    return nexus;
  }

  session(database = '') {
    const handle = this.#engine.must(this.#engine.call('nx_session_open', this.#alive(), database));
    const session = new Session(this.#engine, handle, () => this.#sessions.delete(session));
    this.#sessions.add(session);
    return session;
  }
  database(name) {
    return new Database(this, name);
  }
  async run(text, parameters, options) {
    return this.#session.run(text, parameters, options);
  }
  runEncoded(text, encoded, options) {
    return this.#session.runEncoded(text, encoded, options);
  }
  // In a session of its own, which may run other statements meanwhile.
  async *stream(text, parameters, options) {
    const session = this.session();
    try {
      yield* session.stream(text, parameters, options);
    } finally {
      session.close();
    }
  }
  // Makes `body(...arguments)` CALL-able: it answers an iterable of rows (arrays), synchronously.
  // signature: "my.proc(name :: STRING) :: (city :: STRING)".
  procedure(signature, body) {
    const id = this.#procedures.add(body);
    this.#engine.must(this.#engine.call('nx_procedure_add', this.#handle, id, encode(parseSignature(signature))));
  }
  async databases() {
    this.#engine.call('nx_databases', this.#handle);
    return this.#engine.answer();
  }
  // A database of one moment as one checksummed file (docs/format/dump.md).
  async dump(name) {
    const stream = this.#engine.must(this.#engine.call('nx_dump', this.#alive(), String(name)));
    const pieces = new Pieces(this.#engine, stream, (handle) => this.#engine.call('nx_dump_next', handle), 'nx_dump_close');
    const all = [];
    for (let piece = pieces.next(); piece !== null; piece = pieces.next()) all.push(piece);
    return joined(all);
  }
  async restoreBytes(name, bytes) {
    this.#dump = { bytes, at: 0 };
    try {
      this.#engine.must(this.#engine.call('nx_restore', this.#alive(), String(name)));
    } finally {
      this.#dump = null;
    }
  }
  #read(memory, start, length) {
    if (this.#dump === null) return -1;
    const { bytes, at } = this.#dump;
    const piece = bytes.subarray(at, at + length);
    memory().set(piece, start);
    this.#dump.at += piece.length;
    return piece.length;
  }
  // A request to the REST API: {status, headers, next(), close()}; fetch() is what to call.
  async openResponse(head, body) {
    const response = this.#engine.must(this.#engine.call('nx_fetch', this.#alive(), encode(head), body));
    const { status, headers } = this.#engine.answer();
    const pieces = new Pieces(this.#engine, response, (handle) => this.#engine.call('nx_fetch_next', handle), 'nx_fetch_close');
    this.#responses.add(pieces);
    const end = () => {
      pieces.close();
      this.#responses.delete(pieces);
    };
    return { status, headers, close: end, next: () => {
      const piece = pieces.next();
      if (piece === null) end();
      return piece;
    } };
  }
  #alive() {
    if (this.#handle === 0) throw new Error('the databases are closed');
    return this.#handle;
  }
  async close() {
    if (this.#handle === 0) return;
    for (const response of this.#responses) response.close();
    for (const session of this.#sessions) session.close();
    const handle = this.#handle;
    this.#handle = 0;
    this.#engine.must(this.#engine.call('nx_close', handle));
  }
  async [Symbol.asyncDispose ?? Symbol.for('Symbol.asyncDispose')]() {
    await this.close();
  }
}

function joined(pieces) {
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
