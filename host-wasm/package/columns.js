// Rows as they come from the engine: columns of typed arrays where that is possible. The layout
// is in host-wasm/columns.h.
import { Decoder } from './wire.js';

const utf8 = new TextDecoder('utf-8', { fatal: true });
const isLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
const align = (at) => (at + 7) & ~7;

function integersOf(bytes, at, count, form) {
  if (form === 'bigint') return new BigInt64Array(bytes.buffer, at, count);
  const words = new Int32Array(bytes.buffer, at, count * 2);
  const cells = new Array(count);
  for (let row = 0; row < count; ++row) {
    const low = words[row * 2], high = words[row * 2 + 1];
    if (high === low >> 31) cells[row] = low;
    else {
      const number = high * 0x100000000 + (low >>> 0);
      cells[row] = Number.isSafeInteger(number) ? number : BigInt(high) * 0x100000000n + BigInt(low >>> 0);
    }
  }
  return cells;
}

// One decoder call for the whole column; its pieces are cut by their lengths in UTF-16.
function stringsOf(bytes, at, count, length) {
  const lengths = new Uint32Array(bytes.buffer, at, count);
  const start = at + count * 4 + 4;
  const all = utf8.decode(bytes.subarray(start, start + length));
  const cells = new Array(count);
  for (let row = 0, from = 0; row < count; ++row) {
    const end = from + lengths[row];
    cells[row] = all.slice(from, end);
    from = end;
  }
  return cells;
}

function booleansOf(bytes, at, count) {
  const cells = new Array(count);
  for (let row = 0; row < count; ++row) cells[row] = bytes[at + row] === 1;
  return cells;
}

// A batch as { count, columns }: columns are arrays or typed arrays of cells. integers: 'auto' | 'bigint'.
export function decodeColumns(given, integers = 'auto') {
  if (!isLittleEndian) throw new Error('this machine stores numbers in another order than the engine');
  const bytes = given.byteOffset % 8 === 0 ? given : given.slice();
  const base = bytes.byteOffset;
  const view = new DataView(bytes.buffer, base, bytes.byteLength);
  const count = view.getUint32(0, true);
  const width = view.getUint32(4, true);
  const columns = new Array(width);
  let at = 8;
  for (let column = 0; column < width; ++column) {
    at = align(at);
    const kind = bytes[at];
    at += 8;
    switch (kind) {
      case 1:
        columns[column] = integersOf(bytes, base + at, count, integers);
        at += count * 8;
        break;
      case 2:
        columns[column] = new Float64Array(bytes.buffer, base + at, count);
        at += count * 8;
        break;
      case 3: {
        const length = view.getUint32(at + count * 4, true);
        columns[column] = stringsOf(bytes.byteOffset === 0 ? bytes : new Uint8Array(bytes.buffer), base + at, count, length);
        at += count * 4 + 4 + length;
        break;
      }
      case 4:
        columns[column] = booleansOf(bytes, at, count);
        at += count;
        break;
      case 0: {
        const decoder = new Decoder(bytes, integers, at);
        const cells = columns[column] = new Array(count);
        for (let row = 0; row < count; ++row) cells[row] = decoder.value();
        at = decoder.position;
        break;
      }
      default: throw new Error(`the engine answered an unknown kind of column, ${kind}`);
    }
  }
  return { count, columns };
}

// The batch's rows as arrays, appended to `rows`.
export function appendRows(rows, { count, columns }) {
  const width = columns.length;
  for (let row = 0; row < count; ++row) {
    const cells = new Array(width);
    for (let column = 0; column < width; ++column) cells[column] = columns[column][row];
    rows.push(cells);
  }
}

// Cells of up to four columns, from `first` on, into records of one shape. Why not a loop over the columns: each
// of these places stores under one name for a whole batch, which engines do several times faster.
function fill(records, start, count, names, columns, first) {
  const [a, b, c, d] = names.slice(first, first + 4);
  const [as, bs, cs, ds] = columns.slice(first, first + 4);
  switch (Math.min(4, names.length - first)) {
    case 1:
      for (let row = 0; row < count; ++row) records[start + row][a] = as[row];
      break;
    case 2:
      for (let row = 0; row < count; ++row) {
        const record = records[start + row];
        record[a] = as[row];
        record[b] = bs[row];
      }
      break;
    case 3:
      for (let row = 0; row < count; ++row) {
        const record = records[start + row];
        record[a] = as[row];
        record[b] = bs[row];
        record[c] = cs[row];
      }
      break;
    default:
      for (let row = 0; row < count; ++row) {
        const record = records[start + row];
        record[a] = as[row];
        record[b] = bs[row];
        record[c] = cs[row];
        record[d] = ds[row];
      }
  }
}

// The batch's rows as objects, appended to `records`.
export function appendRecords(records, names, { count, columns }) {
  const start = records.length;
  // Why a copy of one object: all records have the same hidden class from the beginning. And its properties are
  // its own, also one that is called __proto__.
  const empty = {};
  for (const name of names) Object.defineProperty(empty, name, { value: null, enumerable: true, configurable: true, writable: true });
  for (let row = 0; row < count; ++row) records.push({ ...empty });
  for (let first = 0; first < names.length; first += 4) fill(records, start, count, names, columns, first);
}
