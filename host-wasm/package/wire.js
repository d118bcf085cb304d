// Values as bytes between JavaScript and the engine; the byte table is in host-wasm/wire.h.

const utf8 = new TextEncoder();
const text = new TextDecoder('utf-8', { fatal: true });

export class Node {
  constructor(id, elementId, labels, properties) {
    Object.assign(this, { id, elementId, labels, properties });
  }
}

export class Relationship {
  constructor(id, elementId, type, start, end, startElementId, endElementId, properties) {
    Object.assign(this, { id, elementId, type, start, end, startElementId, endElementId, properties });
  }
}

export class Path {
  constructor(nodes, relationships) {
    Object.assign(this, { nodes, relationships });
  }
  get length() {
    return this.relationships.length;
  }
}

// A date, time, datetime or duration: the type's Cypher name and its ISO 8601 text.
export class Temporal {
  constructor(type, iso) {
    Object.assign(this, { type, iso });
  }
  toString() {
    return this.iso;
  }
  toJSON() {
    return this.iso;
  }
}

export class Point {
  constructor(srid, x, y, z) {
    Object.assign(this, { srid, x, y });
    if (z !== undefined) this.z = z;
  }
}

// By the number of the coordinate type.
const vectorTypes = [
  ['INTEGER8', Int8Array], ['INTEGER16', Int16Array], ['INTEGER32', Int32Array],
  ['INTEGER', BigInt64Array], ['FLOAT32', Float32Array], ['FLOAT', Float64Array],
];
// Why not instanceof: an array of another realm is as good.
const vectorTypeOf = (array) => vectorTypes.findIndex(([, kind]) => kind.name === array?.[Symbol.toStringTag]);

// A VECTOR. What kind of typed array holds its coordinates says what type they are of.
export class Vector {
  constructor(coordinates) {
    if (vectorTypeOf(coordinates) < 0) throw new TypeError('a vector is made of a typed array of signed numbers');
    this.coordinates = coordinates;
  }
  get type() {
    return vectorTypes[vectorTypeOf(this.coordinates)][0];
  }
  toJSON() {
    return Array.from(this.coordinates, Number);
  }
}

// A number that must arrive as a FLOAT even when it is whole.
export class Float {
  constructor(value) {
    this.value = value;
  }
}

const has3d = (srid) => srid === 4979 || srid === 9157;
const depthMax = 64;
const bytesKept = 4096;
const shortText = 127; // In letters of ASCII: its length is one byte then.

// Writes a short text of ASCII from `at` on; answers whether it is one. Why not always TextEncoder: the way out of the
// language and back takes longer than a short text.
export function writeShortAscii(bytes, at, value) {
  const { length } = value;
  if (length > shortText) return false;
  for (let index = 0; index < length; ++index) {
    const unit = value.charCodeAt(index);
    if (unit >= 0x80) return false;
    bytes[at + index] = unit;
  }
  return true;
}

export class Encoder {
  #bytes = new Uint8Array(bytesKept);
  #view = new DataView(this.#bytes.buffer);
  #size = 0;

  value(value, depth = 0) {
    if (depth > depthMax) throw new TypeError('a parameter nests deeper than 64 levels');
    if (value === null || value === undefined) return this.#u8(0);
    switch (typeof value) {
      case 'boolean': return this.#u8(value ? 2 : 1);
      case 'number': return Number.isSafeInteger(value) && !Object.is(value, -0) ? this.#safeInteger(value) : this.#float(value);
      case 'bigint': return this.#integer(value);
      case 'string': return this.#u8(5), this.#text(value);
      case 'object': return this.#object(value, depth);
      default: throw new TypeError(`a ${typeof value} cannot be a parameter`);
    }
  }

  bytes() {
    return this.#bytes.subarray(0, this.#size);
  }
  // For other values; a large piece of memory is not kept for them.
  clear() {
    this.#size = 0;
    if (this.#bytes.length <= bytesKept) return;
    this.#bytes = new Uint8Array(bytesKept);
    this.#view = new DataView(this.#bytes.buffer);
  }

  #object(value, depth) {
    const prototype = Object.getPrototypeOf(value);
    if (prototype === Object.prototype || prototype === null) return this.#map(value, depth);
    if (value instanceof Float) return this.#float(value.value);
    if (value instanceof Temporal) return this.#u8(11), this.#text(value.type), this.#text(value.iso);
    if (value instanceof Date) return this.#u8(11), this.#text('ZONED DATETIME'), this.#text(value.toISOString());
    if (value instanceof Point) return this.#point(value);
    if (value instanceof Vector) return this.#vector(value.coordinates);
    if (Array.isArray(value) || ArrayBuffer.isView(value)) {
      this.#u8(6);
      this.#varint(value.length);
      for (const item of value) this.value(item, depth + 1);
      return;
    }
    throw new TypeError(`a ${prototype.constructor?.name ?? 'strange object'} cannot be a parameter`);
  }

  #map(value, depth) {
    const entries = Object.entries(value);
    this.#u8(7);
    this.#varint(entries.length);
    for (const [key, item] of entries) {
      this.#text(key);
      this.value(item, depth + 1);
    }
  }

  #point(point) {
    this.#room(29);
    this.#u8(12);
    this.#view.setUint32(this.#size, point.srid, true);
    this.#view.setFloat64(this.#size + 4, point.x, true);
    this.#view.setFloat64(this.#size + 12, point.y, true);
    this.#view.setFloat64(this.#size + 20, point.z ?? 0, true);
    this.#size += 28;
  }

  #vector(coordinates) {
    this.#u8(13);
    this.#u8(vectorTypeOf(coordinates));
    this.#sized(new Uint8Array(coordinates.buffer, coordinates.byteOffset, coordinates.byteLength));
  }

  #safeInteger(value) {
    this.#u8(3);
    this.#room(8);
    this.#view.setUint32(this.#size, value, true); // Modulo 2^32, as the language has it.
    this.#view.setInt32(this.#size + 4, Math.floor(value / 2 ** 32), true);
    this.#size += 8;
  }

  #integer(value) {
    if (BigInt.asIntN(64, value) !== value) throw new RangeError(`${value} does not fit in 64 bits`);
    this.#u8(3);
    this.#room(8);
    this.#view.setBigInt64(this.#size, value, true);
    this.#size += 8;
  }

  #float(value) {
    this.#u8(4);
    this.#room(8);
    this.#view.setFloat64(this.#size, value, true);
    this.#size += 8;
  }

  #u8(byte) {
    this.#room(1);
    this.#bytes[this.#size++] = byte;
  }

  #varint(value) {
    for (; value >= 0x80; value = Math.floor(value / 128)) this.#u8((value % 128) | 0x80);
    this.#u8(value);
  }

  #text(value) {
    const { length } = value;
    this.#room(1 + Math.min(length, shortText));
    if (!writeShortAscii(this.#bytes, this.#size + 1, value)) return this.#sized(utf8.encode(value));
    this.#bytes[this.#size] = length;
    this.#size += 1 + length;
    return undefined;
  }

  #sized(bytes) {
    this.#varint(bytes.length);
    this.#room(bytes.length);
    this.#bytes.set(bytes, this.#size);
    this.#size += bytes.length;
  }

  #room(count) {
    if (this.#size + count <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#size + count));
    grown.set(this.#bytes);
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}

export class Decoder {
  #bytes;
  #view;
  #at;
  #integers;

  // integers: 'auto' gives a number when it is exact, a bigint otherwise; 'bigint' always bigints.
  constructor(bytes, integers = 'auto', at = 0) {
    this.#bytes = bytes;
    this.#at = at;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#integers = integers;
  }

  get position() {
    return this.#at;
  }

  value() {
    switch (this.#bytes[this.#at++]) {
      case 0: return null;
      case 1: return false;
      case 2: return true;
      case 3: return this.#integer();
      case 4: return this.#f64();
      case 5: return this.#text();
      case 6: return this.#list();
      case 7: return this.#map();
      case 8: return this.#node();
      case 9: return this.#relationship();
      case 10: return new Path(this.#list(), this.#list());
      case 11: return new Temporal(this.#text(), this.#text());
      case 12: return this.#point();
      case 13: return this.#vector();
      default: throw new Error(`the engine answered an unknown type at byte ${this.#at - 1}`);
    }
  }

  #integer() {
    const low = this.#view.getUint32(this.#at, true);
    const high = this.#view.getInt32(this.#at + 4, true);
    this.#at += 8;
    if (this.#integers === 'auto' && high >= -0x200000 && high < 0x200000) {
      const number = high * 0x100000000 + low;
      if (Number.isSafeInteger(number)) return number;
    }
    return this.#view.getBigInt64(this.#at - 8, true);
  }

  #id() {
    const low = this.#view.getUint32(this.#at, true);
    const high = this.#view.getUint32(this.#at + 4, true);
    this.#at += 8;
    return high * 0x100000000 + low; // Below 2^48.
  }

  #f64() {
    this.#at += 8;
    return this.#view.getFloat64(this.#at - 8, true);
  }

  #varint() {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.#bytes[this.#at++];
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  }

  #text() {
    const length = this.#varint();
    const start = this.#at;
    this.#at += length;
    if (length < 24) {
      let ascii = '';
      for (let at = start; at < this.#at; ++at) {
        if (this.#bytes[at] >= 0x80) return text.decode(this.#bytes.subarray(start, this.#at));
        ascii += String.fromCharCode(this.#bytes[at]);
      }
      return ascii;
    }
    return text.decode(this.#bytes.subarray(start, this.#at));
  }

  #list() {
    const items = new Array(this.#varint());
    for (let at = 0; at < items.length; ++at) items[at] = this.value();
    return items;
  }

  #map() {
    const map = {};
    for (let left = this.#varint(); left > 0; --left) {
      const key = this.#text();
      const value = this.value();
      if (key === '__proto__') Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true });
      else map[key] = value;
    }
    return map;
  }

  #node() {
    const id = this.#id();
    const elementId = this.#text();
    const labels = new Array(this.#varint());
    for (let at = 0; at < labels.length; ++at) labels[at] = this.#text();
    return new Node(id, elementId, labels, this.value());
  }

  #relationship() {
    const id = this.#id();
    const elementId = this.#text();
    const type = this.#text();
    const start = this.#id();
    const end = this.#id();
    return new Relationship(id, elementId, type, start, end, this.#text(), this.#text(), this.value());
  }

  #point() {
    const srid = this.#view.getUint32(this.#at, true);
    this.#at += 4;
    const x = this.#f64();
    const y = this.#f64();
    const z = this.#f64();
    return new Point(srid, x, y, has3d(srid) ? z : undefined);
  }

  #vector() {
    const [, Kind] = vectorTypes[this.#bytes[this.#at++]];
    const length = this.#varint();
    this.#at += length;
    return new Vector(new Kind(this.#bytes.slice(this.#at - length, this.#at).buffer));
  }
}
