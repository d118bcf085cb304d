// Nexus in-process: the whole engine in this JavaScript process, many databases in one instance.
//
//   const nexus = await Nexus.open({ store: nodeFs('./data') });
//   await nexus.createDatabase('a');
//   const { records } = await nexus.database('a').run('MATCH (n) RETURN n.name AS name', {});
//
// A promise of run() resolves when everything it wrote is durable in the store.
import { instantiate } from './loader.js';
import { inTransaction, record } from './session-parts.js';
import { Decoder, Encoder } from './wire.js';

export { Float, Node, Path, Point, Relationship, Temporal } from './wire.js';

export class NexusError extends Error {
  constructor({ message, ...rest }) {
    super(message);
    this.name = 'NexusError';
    this.errorName = rest.name;
    delete rest.name;
    Object.assign(this, rest);
    if (rest.line) this.position = { line: rest.line, column: rest.column, offset: rest.offset };
  }
}

// Backticked where the name is not a plain identifier; safe to paste into a statement.
export function quoteIdentifier(name) {
  return '`' + String(name).replaceAll('`', '``') + '`';
}

const utf8 = new TextEncoder();

// Owns one module instance and moves bytes in and out of its memory.
class Engine {
  #exports;
  constructor(exports) {
    this.#exports = exports;
  }
  // Calls an export with strings and byte arrays copied in; both become (pointer, length).
  call(name, ...given) {
    const owned = [];
    const words = [];
    try {
      for (const argument of given) {
        if (typeof argument === 'number') {
          words.push(argument);
          continue;
        }
        const bytes = typeof argument === 'string' ? utf8.encode(argument) : argument;
        const pointer = this.#exports.nx_alloc(bytes.length || 1) >>> 0;
        if (pointer === 0) throw new RangeError('the engine is out of memory');
        owned.push(pointer);
        new Uint8Array(this.#exports.memory.buffer).set(bytes, pointer);
        words.push(pointer, bytes.length);
      }
      return this.#exports[name](...words) >>> 0;
    } finally {
      for (const pointer of owned) this.#exports.nx_free(pointer);
    }
  }
  // The Value that the last call left.
  answer(integers) {
    const start = this.#exports.nx_answer() >>> 0;
    const bytes = new Uint8Array(this.#exports.memory.buffer).slice(start, start + this.#exports.nx_answer_bytes());
    return new Decoder(bytes, integers).value();
  }
  must(handle) {
    if (handle !== 0) return handle;
    throw new NexusError(this.answer());
  }
}

function encode(...values) {
  const encoder = new Encoder();
  for (const value of values) encoder.value(value);
  return encoder.bytes();
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
          this.#answer = encode([...this.#bodies[id](...given)]).slice();
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

// One statement's rows, a batch at a time.
class Rows {
  #engine;
  #cursor;
  #options;
  constructor(engine, cursor, columns, options) {
    this.#engine = engine;
    this.#cursor = cursor;
    this.#options = options;
    this.columns = columns;
    this.summary = null;
  }
  // An array of rows (arrays of cells), or null when there are no more.
  batch() {
    if (this.#cursor === 0) return null;
    const answer = this.#engine.call('nx_next', this.#cursor, this.#options.as === 'text' ? 1 : 0);
    if (answer === 1) return this.#engine.answer(this.#options.integers);
    if (answer === 2) {
      this.#engine.call('nx_summary', this.#cursor);
      this.summary = this.#engine.answer();
      this.close();
      return null;
    }
    this.close();
    throw new NexusError(this.#engine.answer());
  }
  close() {
    if (this.#cursor === 0) return;
    // The answer buffer outlives the cursor, so an error can still be read afterwards.
    const cursor = this.#cursor;
    this.#cursor = 0;
    this.#engine.call('nx_cursor_close', cursor);
  }
}

// A conversation with its own current database and transaction.
export class Session {
  #engine;
  #handle;
  constructor(engine, handle) {
    this.#engine = engine;
    this.#handle = handle;
  }
  #alive() {
    if (this.#handle === 0) throw new Error('the session is closed');
    return this.#handle;
  }
  #start(text, parameters, options) {
    const { as, integers, rowsMax: _, ...rest } = options;
    const cursor = this.#engine.call('nx_run', this.#alive(), String(text), encode(parameters ?? {}, rest));
    this.#engine.must(cursor);
    return new Rows(this.#engine, cursor, this.#engine.answer(), { as, integers });
  }

  // options: database, readOnly, timeoutMs, integers ('auto' | 'bigint'), as ('records' | 'rows' | 'text'),
  // rowsMax: when there are more, `truncated` says so, the statement ends early and has no summary.
  async run(text, parameters = {}, options = {}) {
    const rows = this.#start(text, parameters, options);
    const rowsMax = options.rowsMax ?? Infinity;
    let all = [];
    for (let batch = rows.batch(); batch !== null && all.length <= rowsMax; batch = rows.batch()) all.push(...batch);
    rows.close();
    const cut = all.length > rowsMax ? { truncated: true } : {};
    if (cut.truncated) all = all.slice(0, rowsMax);
    const { columns, summary } = rows;
    if (options.as === 'rows' || options.as === 'text') return { columns, rows: all, summary, ...cut };
    return { columns, records: all.map((row) => record(columns, row)), summary, ...cut };
  }

  // Yields records as they are pulled; memory stays flat. Ends the statement when left early.
  async *stream(text, parameters = {}, options = {}) {
    const rows = this.#start(text, parameters, options);
    try {
      for (let batch = rows.batch(); batch !== null; batch = rows.batch()) {
        for (const row of batch) yield record(rows.columns, row);
      }
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
    if (this.#handle !== 0) this.#engine.call('nx_session_close', this.#handle);
    this.#handle = 0;
  }
}

// A cheap handle on one database by name; its statements always run there.
class Database {
  #nexus;
  constructor(nexus, name) {
    this.#nexus = nexus;
    this.name = name;
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
}

export class Nexus {
  #engine;
  #handle;
  #session;
  #procedures;
  #sessions = new Set();

  constructor(engine, handle, procedures) {
    this.#engine = engine;
    this.#handle = handle;
    this.#procedures = procedures;
    this.#session = this.session();
  }

  // store: 'memory' (default) or what nodeFs(directory) answers. settings: defaultDatabase,
  // memoryBytesMax, batchRows, optimize. wasm: a WebAssembly.Module, bytes or URL, found by itself otherwise.
  static async open({ store = 'memory', wasm, ...settings } = {}) {
    if (store !== 'memory' && typeof store !== 'function') {
      throw new TypeError("store must be 'memory' or nodeFs(directory)");
    }
    const module = wasm instanceof WebAssembly.Module ? wasm : await compile(wasm);
    const procedures = new Procedures();
    const files = store === 'memory' ? null : store;
    const engine = new Engine(await instantiate(module, files, (memory) => procedures.imports(memory)));
    const handle = engine.must(engine.call('nx_open', store === 'memory' ? 0 : 1, encode(settings)));
    return new Nexus(engine, handle, procedures);
  }

  session(database = '') {
    const session = new Session(this.#engine, this.#engine.must(this.#engine.call('nx_session_open', this.#handle, database)));
    this.#sessions.add(session);
    return session;
  }
  database(name) {
    return new Database(this, name);
  }
  async run(text, parameters, options) {
    return this.#session.run(text, parameters, options);
  }
  stream(text, parameters, options) {
    return this.#session.stream(text, parameters, options);
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
  async createDatabase(name, { ifNotExists = false, orReplace = false } = {}) {
    const verb = orReplace ? 'CREATE OR REPLACE' : 'CREATE';
    await this.run(`${verb} DATABASE $name${ifNotExists ? ' IF NOT EXISTS' : ''}`, { name });
    return this.database(name);
  }
  async dropDatabase(name, { ifExists = false } = {}) {
    await this.run(`DROP DATABASE $name${ifExists ? ' IF EXISTS' : ''}`, { name });
  }
  async close() {
    if (this.#handle === 0) return;
    for (const session of this.#sessions) session.close();
    const handle = this.#handle;
    this.#handle = 0;
    this.#engine.must(this.#engine.call('nx_close', handle));
  }
  async [Symbol.asyncDispose ?? Symbol.for('Symbol.asyncDispose')]() {
    await this.close();
  }
}

async function compile(source = new URL('./nexus.wasm', import.meta.url)) {
  if (source instanceof ArrayBuffer || ArrayBuffer.isView(source)) return WebAssembly.compile(source);
  const url = source instanceof URL ? source : new URL(source, import.meta.url);
  if (url.protocol === 'file:') {
    const { readFile } = await import('node:fs/promises');
    return WebAssembly.compile(await readFile(url));
  }
  const response = await fetch(url);
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (bytes[0] !== 0 || bytes[1] !== 0x61) {
    throw new Error(`${url} is not WebAssembly (a bundler answered something else): pass { wasm } to Nexus.open, or exclude this package from dependency pre-bundling`);
  }
  return WebAssembly.compile(bytes);
}
