// Values between threads: structured cloning forgets classes, so every object says what it is.
import { Float, Node, Path, Point, Relationship, Temporal } from './wire.js';

const classes = { node: Node, relationship: Relationship, path: Path, temporal: Temporal, point: Point, float: Float };
const kinds = new Map(Object.entries(classes).map(([kind, made]) => [made, kind]));

// Scalars and lists stay as they are; an object becomes {kind, fields}.
export function pack(value) {
  if (value === null || typeof value !== 'object') {
    if (typeof value === 'function' || typeof value === 'symbol') throw new TypeError(`a ${typeof value} cannot be a parameter`);
    return value;
  }
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return Array.from(value, pack);
  if (value instanceof Date) return { kind: 'date', fields: value.getTime() };
  const kind = kinds.get(value.constructor) ?? 'map';
  const prototype = Object.getPrototypeOf(value);
  if (kind === 'map' && prototype !== Object.prototype && prototype !== null) {
    throw new TypeError(`a ${prototype.constructor?.name ?? 'strange object'} cannot be a parameter`);
  }
  return { kind, fields: Object.entries(value).map(([key, item]) => [key, pack(item)]) };
}

export function unpack(value) {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(unpack);
  if (value.kind === 'date') return new Date(value.fields);
  const made = value.kind === 'map' ? {} : Object.create(classes[value.kind].prototype);
  for (const [key, item] of value.fields) {
    Object.defineProperty(made, key, { value: unpack(item), enumerable: true, configurable: true, writable: true });
  }
  return made;
}
