// WebAssembly's binary format, as far as finish.mjs changes it: sections as lists of entries.

export const kind = { function: 0, table: 1, memory: 2, global: 3, tag: 4 };
const sectionIds = { type: 1, import: 2, function: 3, table: 4, export: 7, element: 9, code: 10 };

export const unsigned = (value) => {
  const bytes = [];
  for (; value > 127; value >>>= 7) bytes.push((value & 127) | 128);
  return [...bytes, value];
};
export const signed = (value) => {
  const bytes = [];
  for (; value < -64 || value > 63; value >>= 7) bytes.push((value & 127) | 128);
  return [...bytes, value & 127];
};
const text = (value) => bytesOf([unsigned(Buffer.byteLength(value)), value]);
const bytesOf = (parts) => Buffer.concat(parts.map((part) => Buffer.from(part)));
const list = (items) => bytesOf([unsigned(items.length), ...items]);
const sized = (body) => bytesOf([unsigned(body.length), body]);

class Reader {
  at = 0;
  constructor(bytes) {
    this.bytes = bytes;
  }
  byte() {
    return this.bytes[this.at++];
  }
  number() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value |= (byte & 127) << shift;
      if (byte < 128) return value >>> 0;
    }
  }
  take(length) {
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }
  since(start) {
    return this.bytes.subarray(start, this.at);
  }
  text() {
    return this.take(this.number()).toString();
  }
  list(one) {
    return Array.from({ length: this.number() }, () => one(this));
  }
}

const readers = {
  type(from) {
    if (from.byte() !== 0x60) throw new Error('a type that is no function');
    return { parameters: [...from.take(from.number())], results: [...from.take(from.number())] };
  },
  import(from) {
    const [space, name, of] = [from.text(), from.text(), from.byte()];
    if (of === kind.function) return { space, name, of, type: from.number() };
    return { space, name, of, ...(of === kind.table ? readers.table(from) : { bytes: readImported(from, of) }) };
  },
  function: (from) => from.number(),
  table(from) {
    const [element, flags, least] = [from.byte(), from.number(), from.number()];
    return { element, flags, least, most: flags & 1 ? from.number() : undefined };
  },
  export: (from) => ({ name: from.text(), of: from.byte(), index: from.number() }),
  element(from) {
    if (from.number() !== 0 || from.byte() !== 0x41) throw new Error('a segment of a table that is not simply placed');
    const start = from.number();
    if (from.byte() !== 0x0b) throw new Error('a segment of a table that is not simply placed');
    return { start, functions: from.list((each) => each.number()) };
  },
  code: (from) => from.take(from.number()),
};

function readImported(from, of) {
  const start = from.at;
  if (of === kind.memory && from.number() & 1) from.number();
  if (of === kind.global) from.byte();
  if (of === kind.tag) from.byte();
  from.number();
  return from.since(start);
}

const writers = {
  type: ({ parameters, results }) => bytesOf([[0x60], unsigned(parameters.length), parameters, unsigned(results.length), results]),
  import({ space, name, of, ...what }) {
    const described = { [kind.function]: () => unsigned(what.type), [kind.table]: () => writers.table(what) }[of] ?? (() => what.bytes);
    return bytesOf([text(space), text(name), [of], described()]);
  },
  function: (type) => unsigned(type),
  table: ({ element, flags, least, most }) => bytesOf([[element], unsigned(flags), unsigned(least), flags & 1 ? unsigned(most) : []]),
  export: ({ name, of, index }) => bytesOf([text(name), [of], unsigned(index)]),
  element: ({ start, functions }) => bytesOf([[0, 0x41], signed(start), [0x0b], list(functions.map(unsigned))]),
  code: (body) => sized(body),
};

// Its sections by name, as lists; other sections stay as they are.
export class Module {
  #head;
  #sections = [];
  constructor(bytes) {
    const from = new Reader(bytes);
    this.#head = from.take(8);
    while (from.at < bytes.length) {
      const id = from.byte();
      const body = from.take(from.number());
      const name = Object.keys(sectionIds).find((each) => sectionIds[each] === id);
      if (name) this[name] = new Reader(body).list(readers[name]);
      this.#sections.push({ id, name, body });
    }
  }
  bytes() {
    const written = this.#sections.map(({ id, name, body }) => bytesOf([[id], sized(name ? list(this[name].map(writers[name])) : body)]));
    return bytesOf([this.#head, ...written]);
  }
}

export const customSection = (name, body) => bytesOf([[0], sized(bytesOf([text(name), body]))]);
