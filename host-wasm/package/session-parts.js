// What a session is made of on either side of a worker's border.
import { appendRecords, appendRows, decodeColumns } from './columns.js';
import { Decoder, Encoder } from './wire.js';

// Calls `action` when what runs now has ended. Why not queueMicrotask: a browser has it outside of the language, where
// the way there takes longer than what is done.
const done = Promise.resolve();
export const soon = (action) => void done.then(action);

let idleEncoder = null;

// Values in one piece of bytes, as the engine takes them.
export function encode(...values) {
  const encoder = idleEncoder ?? new Encoder();
  idleEncoder = null; // What is encoded may be somebody's getter, which encodes something.
  encoder.clear();
  for (const value of values) encoder.value(value);
  const bytes = encoder.bytes().slice();
  idleEncoder = encoder;
  return bytes;
}

// As the engine takes a run; of the options it looks at those that it knows.
export const encodeRun = (parameters, options) => encode(parameters ?? {}, options);

// { columns, batches, summary, truncated } as the caller wants to have it. `summary` comes as bytes, or null, and
// is decoded when it is looked at.
export function resultOf({ columns, batches, summary, truncated }, { as = 'records', integers, rowsMax = Infinity } = {}) {
  const all = [];
  for (const batch of batches) {
    if (as === 'text') all.push(...new Decoder(batch).value());
    else if (as === 'rows') appendRows(all, decodeColumns(batch, integers));
    else appendRecords(all, columns, decodeColumns(batch, integers));
  }
  if (all.length > rowsMax) all.length = rowsMax;
  let read = null;
  const result = {
    columns,
    [as === 'records' ? 'records' : 'rows']: all,
    get summary() {
      return summary === null ? null : (read ??= new Decoder(summary).value());
    },
  };
  if (truncated) result.truncated = true;
  return result;
}

export function recordsOf(columns, batch, integers) {
  const records = [];
  appendRecords(records, columns, decodeColumns(batch, integers));
  return records;
}

// How many rows a batch of columns or of texts has.
export const countOf = (batch, isText) => (isText ? new Decoder(batch).value().length : new DataView(batch.buffer, batch.byteOffset).getUint32(0, true));

// Runs `work` in one transaction of `session`: committed when it returns, rolled back when it throws.
export async function inTransaction(session, work) {
  await session.run('BEGIN');
  let result;
  try {
    result = await work(session);
  } catch (error) {
    await session.run('ROLLBACK').catch(() => {});
    throw error;
  }
  await session.run('COMMIT');
  return result;
}

// A dump as one array: from bytes, a Blob, a Response, a ReadableStream or any iterable of pieces.
export async function bytesOf(source) {
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  if (ArrayBuffer.isView(source)) return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  if (typeof source?.arrayBuffer === 'function') return new Uint8Array(await source.arrayBuffer());
  if (typeof source?.getReader === 'function') return new Uint8Array(await new Response(source).arrayBuffer());
  if (typeof source === 'object' && (source?.[Symbol.asyncIterator] || source?.[Symbol.iterator])) {
    const pieces = [];
    for await (const piece of source) pieces.push(piece);
    return new Uint8Array(await new Blob(pieces).arrayBuffer());
  }
  throw new TypeError('a dump is bytes, a Blob, a Response, a stream or an iterable of bytes');
}

// The databases' names are parameters or quoted: whatever they contain, they are names.
export const quoteIdentifier = (name) => '`' + String(name).replaceAll('`', '``') + '`';

export function createStatement(name, { ifNotExists = false, orReplace = false, temporary = false, ttlSeconds, copyOf } = {}) {
  const head = `CREATE ${orReplace ? 'OR REPLACE ' : ''}${temporary ? 'TEMPORARY ' : ''}DATABASE $name${ifNotExists ? ' IF NOT EXISTS' : ''}`;
  if (ttlSeconds !== undefined && !(Number.isInteger(ttlSeconds) && ttlSeconds > 0)) throw new TypeError('ttlSeconds is a whole number above 0');
  return head + (ttlSeconds === undefined ? '' : ` TTL ${ttlSeconds} SECONDS`) + (copyOf === undefined ? '' : ` AS COPY OF ${quoteIdentifier(copyOf)}`);
}

// What every instance offers besides running statements; by run(), restoreBytes() and openResponse().
export const administration = (Base) => class extends Base {
  async createDatabase(name, options) {
    await this.run(createStatement(name, options), { name });
    return this.database(name);
  }
  async dropDatabase(name, { ifExists = false } = {}) {
    await this.run(`DROP DATABASE $name${ifExists ? ' IF EXISTS' : ''}`, { name });
  }
  // A copy holds what is committed when it begins.
  async copyDatabase(from, to, { orReplace = false } = {}) {
    return this.createDatabase(to, { orReplace, copyOf: from });
  }
  async renameDatabase(name, to) {
    await this.run('ALTER DATABASE $name RENAME TO $to', { name, to });
    return this.database(to);
  }
  // A new database from what dump() answered, here or elsewhere.
  async restore(name, source) {
    await this.restoreBytes(name, await bytesOf(source));
    return this.database(name);
  }
  // The REST API without a network: a Request, or what makes one; answers a Response.
  async fetch(input, init) {
    const base = 'http://localhost';
    const request = input instanceof Request ? new Request(input, init) : new Request(new URL(input, base), init);
    const url = new URL(request.url);
    const headers = ['Host', 'localhost'];
    for (const [name, value] of request.headers) if (name !== 'host' && name !== 'origin') headers.push(name, value);
    const body = new Uint8Array(await request.arrayBuffer());
    const { status, headers: answered, next, close } = await this.openResponse({ method: request.method, target: url.pathname + url.search, headers }, body);
    const list = [];
    for (let at = 0; at < answered.length; at += 2) list.push([answered[at], answered[at + 1]]);
    if (request.method === 'HEAD' || status === 204 || status === 304) {
      await close();
      return new Response(null, { status, headers: list });
    }
    const stream = new ReadableStream({
      async pull(controller) {
        const piece = await next();
        if (piece === null) controller.close();
        else if (piece.length > 0) controller.enqueue(piece);
        else await this.pull(controller);
      },
      cancel: () => close(),
    });
    return new Response(stream, { status, headers: list });
  }
};
