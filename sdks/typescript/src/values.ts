// The values that JavaScript has no exact type for, and their typed JSON form.

/** `auto`: an INTEGER is a number where that is exact, else a bigint. `bigint`: always a bigint. */
export type Integers = 'auto' | 'bigint';

export type TemporalType = 'Date' | 'LocalTime' | 'Time' | 'LocalDateTime' | 'DateTime';

/** A date or time exactly as the server has it: nanoseconds, any year, zone names. */
export class Temporal {
  constructor(readonly type: TemporalType, readonly iso: string) {}

  /** The name of a DateTime's zone, such as `Europe/Oslo`. */
  get zone(): string | undefined {
    return /\[(.+)\]$/.exec(this.iso)?.[1];
  }

  /** To the millisecond; only for Date (midnight UTC), DateTime and LocalDateTime (read as UTC). */
  toDate(): Date {
    if (this.type === 'Time' || this.type === 'LocalTime') throw new TypeError(`a ${this.type} is no moment`);
    const [, sign = '', year = '', rest = ''] = /^([+-]?)(\d+)(.*)$/.exec(this.iso.replace(/\[.*/, '')) ?? [];
    const long = sign ? `${sign}${year.padStart(6, '0')}` : year;
    const zoned = this.type === 'LocalDateTime' ? `${rest}Z` : rest;
    const date = new Date(`${long}${zoned.replace(/([+-]\d\d:\d\d):\d\d$/, '$1')}`);
    if (Number.isNaN(date.getTime())) throw new RangeError(`${this.iso} is out of the range of Date`);
    return date;
  }

  toString(): string {
    return this.iso;
  }

  toJSON(): string {
    return this.iso;
  }
}

const DURATION =
  /^P(?:(-?\d+)Y)?(?:(-?\d+)M)?(?:(-?\d+)W)?(?:(-?\d+)D)?(?:T(?:(-?\d+)H)?(?:(-?\d+)M)?(?:(-?)(\d+)(?:\.(\d{1,9}))?S)?)?$/;
const SECOND = 1_000_000_000n;

/** Months, days and seconds that are kept apart, as their lengths differ. `nanoseconds` is 0 to 999,999,999. */
export class Duration {
  readonly months: bigint;
  readonly days: bigint;
  readonly seconds: bigint;
  readonly nanoseconds: number;

  constructor(parts: { months?: number | bigint; days?: number | bigint; seconds?: number | bigint; nanoseconds?: number | bigint }) {
    const nanoseconds = BigInt(parts.nanoseconds ?? 0);
    const rest = ((nanoseconds % SECOND) + SECOND) % SECOND;
    this.months = BigInt(parts.months ?? 0);
    this.days = BigInt(parts.days ?? 0);
    this.seconds = BigInt(parts.seconds ?? 0) + (nanoseconds - rest) / SECOND;
    this.nanoseconds = Number(rest);
  }

  /** From ISO 8601: `P1Y2M3DT4H5M6.7S`. */
  static parse(text: string): Duration {
    const match = DURATION.exec(text);
    if (!match || /[PT]$/.test(text)) throw new SyntaxError(`'${text}' is not a duration`);
    const part = (at: number): bigint => BigInt(match[at] ?? 0);
    const sign = match[7] === '-' ? -1n : 1n;
    return new Duration({
      months: part(1) * 12n + part(2),
      days: part(3) * 7n + part(4),
      seconds: part(5) * 3600n + part(6) * 60n + sign * part(8),
      nanoseconds: sign * BigInt((match[9] ?? '').padEnd(9, '0')),
    });
  }

  toString(): string {
    const part = (amount: bigint, unit: string): string => (amount === 0n ? '' : `${amount}${unit}`);
    const all = this.seconds * SECOND + BigInt(this.nanoseconds);
    const rest = all % (60n * SECOND);
    const size = rest < 0n ? -rest : rest;
    const fraction = size % SECOND === 0n ? '' : `.${String(size % SECOND).padStart(9, '0').replace(/0+$/, '')}`;
    const seconds = rest === 0n ? '' : `${rest < 0n ? '-' : ''}${size / SECOND}${fraction}S`;
    const date = part(this.months / 12n, 'Y') + part(this.months % 12n, 'M') + part(this.days, 'D');
    const time = part(all / (3600n * SECOND), 'H') + part((all / (60n * SECOND)) % 60n, 'M') + seconds;
    return time ? `P${date}T${time}` : date ? `P${date}` : 'PT0S';
  }

  toJSON(): string {
    return this.toString();
  }
}

/** A point; `srid` is 4326 or 4979 (WGS-84), 7203 or 9157 (Cartesian), the second of each with `z`. */
export class Point {
  constructor(readonly srid: number, readonly x: number, readonly y: number, readonly z?: number) {
    if ((srid === 4979 || srid === 9157) !== (z !== undefined)) {
      throw new RangeError(`a point with SRID ${srid} has ${z === undefined ? 'a' : 'no'} z`);
    }
  }

  /** From `SRID=7203;POINT (1.0 2.0)`. */
  static parse(text: string): Point {
    const match = /^SRID=(\d+);POINT ?Z? ?\(([^ ]+) ([^ ]+)(?: ([^ ]+))?\)$/.exec(text);
    if (!match) throw new SyntaxError(`'${text}' is not a point`);
    return new Point(Number(match[1]), Number(match[2]), Number(match[3]), match[4] === undefined ? undefined : Number(match[4]));
  }

  toString(): string {
    const text = (x: number): string => (/^-?\d+$/.test(String(x)) ? `${x}.0` : String(x));
    const z = this.z === undefined ? '' : ` ${text(this.z)}`;
    return `SRID=${this.srid};POINT ${z ? 'Z ' : ''}(${text(this.x)} ${text(this.y)}${z})`;
  }
}

export type VectorCoordinates = Int8Array | Int16Array | Int32Array | BigInt64Array | Float32Array | Float64Array;

const VECTOR_ARRAYS = {
  INTEGER8: Int8Array,
  INTEGER16: Int16Array,
  INTEGER32: Int32Array,
  INTEGER64: BigInt64Array,
  FLOAT32: Float32Array,
  FLOAT64: Float64Array,
};
export type CoordinateType = keyof typeof VECTOR_ARRAYS;

/** A VECTOR. What kind of typed array holds its coordinates says what type they are of. */
export class Vector {
  readonly type: CoordinateType;

  constructor(readonly coordinates: VectorCoordinates) {
    const found = Object.entries(VECTOR_ARRAYS).find(([, kind]) => kind.name === coordinates?.[Symbol.toStringTag]);
    if (!found) throw new TypeError('a vector is made of a typed array of signed numbers');
    this.type = found[0] as CoordinateType;
  }

  static fromTyped({ coordinatesType, coordinates }: { coordinatesType: CoordinateType; coordinates: string[] }): Vector {
    if (coordinatesType === 'INTEGER64') return new Vector(BigInt64Array.from(coordinates, BigInt));
    const kind = VECTOR_ARRAYS[coordinatesType];
    if (!kind) throw new TypeError(`this version does not know vectors of ${coordinatesType}`);
    return new Vector(kind.from(coordinates.map(Number)));
  }

  toTyped(): { coordinatesType: CoordinateType; coordinates: string[] } {
    return { coordinatesType: this.type, coordinates: Array.from(this.coordinates, String) };
  }

  toJSON(): number[] {
    return Array.from(this.coordinates, Number);
  }
}

/** A parameter that must arrive as a FLOAT even when it is whole. */
export class Float {
  constructor(readonly value: number) {}
}

/** A node as it was when its row was made. */
export class Node {
  constructor(readonly elementId: string, readonly labels: string[], readonly properties: Record<string, unknown>) {}
}

/** A relationship as it was when its row was made. */
export class Relationship {
  constructor(
    readonly elementId: string,
    readonly type: string,
    readonly startElementId: string,
    readonly endElementId: string,
    readonly properties: Record<string, unknown>,
  ) {}
}

/** Nodes and the relationships between them; one more node than relationships. */
export class Path {
  constructor(readonly nodes: Node[], readonly relationships: Relationship[]) {}

  get length(): number {
    return this.relationships.length;
  }
}

interface Typed {
  $type: string;
  _value: any;
}

function decodeMap(map: Record<string, Typed>, integers: Integers): Record<string, unknown> {
  const decoded: Record<string, unknown> = {};
  // Why not assignment: a key may be __proto__.
  for (const [key, value] of Object.entries(map)) {
    Object.defineProperty(decoded, key, { value: decode(value, integers), enumerable: true, writable: true, configurable: true });
  }
  return decoded;
}

function decodeInteger(text: string, integers: Integers): number | bigint {
  const number = Number(text);
  return integers === 'auto' && Number.isSafeInteger(number) ? number : BigInt(text);
}

function decodeRelationship(value: any, integers: Integers): Relationship {
  const { _element_id, _type, _start_node_element_id, _end_node_element_id, _properties } = value;
  return new Relationship(_element_id, _type, _start_node_element_id, _end_node_element_id, decodeMap(_properties, integers));
}

/** A value from its typed JSON form. */
export function decode({ $type, _value }: Typed, integers: Integers = 'auto'): unknown {
  switch ($type) {
    case 'Null':
    case 'Boolean':
    case 'String':
      return _value;
    case 'Integer':
      return decodeInteger(_value, integers);
    case 'Float':
      return Number(_value);
    case 'List':
      return (_value as Typed[]).map((item) => decode(item, integers));
    case 'Map':
      return decodeMap(_value, integers);
    case 'Node':
      return new Node(_value._element_id, _value._labels, decodeMap(_value._properties, integers));
    case 'Relationship':
      return decodeRelationship(_value, integers);
    case 'Path': {
      const parts = (_value as Typed[]).map((part) => decode(part, integers));
      return new Path(parts.filter((part) => part instanceof Node), parts.filter((part) => part instanceof Relationship));
    }
    case 'Date':
    case 'LocalTime':
    case 'Time':
    case 'LocalDateTime':
      return new Temporal($type, _value);
    case 'OffsetDateTime':
    case 'ZonedDateTime':
      return new Temporal('DateTime', _value);
    case 'Duration':
      return Duration.parse(_value);
    case 'Point':
      return Point.parse(_value);
    case 'Vector':
      return Vector.fromTyped(_value);
    default:
      throw new TypeError(`this version does not know values of type ${$type}; a newer one may`);
  }
}

const typed = ($type: string, value: unknown): Typed => ({ $type, _value: String(value) });

function encodeObject(value: object): unknown {
  if (Array.isArray(value)) return value.map(encode);
  if (value instanceof Temporal) {
    return typed(value.type !== 'DateTime' ? value.type : value.zone ? 'ZonedDateTime' : 'OffsetDateTime', value.iso);
  }
  if (value instanceof Duration) return typed('Duration', value);
  if (value instanceof Point) return typed('Point', value);
  if (value instanceof Vector) return { $type: 'Vector', _value: value.toTyped() };
  if (value instanceof Float) return typed('Float', value.value);
  if (value instanceof Date) return typed('OffsetDateTime', value.toISOString());
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new TypeError(`a ${value.constructor?.name ?? 'value'} cannot be a parameter`);
  }
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined).map(([key, member]) => [key, encode(member)]));
}

/**
 * A parameter's JSON form: plain where JSON is exact, typed where it is not. A whole number is an INTEGER; `new Float(1)`
 * is a FLOAT; a Date is a DateTime in UTC.
 */
export function encode(value: unknown): unknown {
  switch (typeof value) {
    case 'undefined':
      return null;
    case 'boolean':
    case 'string':
      return value;
    case 'number':
      return Number.isInteger(value) ? (Number.isSafeInteger(value) ? value : typed('Float', value)) : Number.isFinite(value) ? value : typed('Float', value);
    case 'bigint':
      if (BigInt.asIntN(64, value) !== value) throw new RangeError(`${value} does not fit in 64 bits`);
      return typed('Integer', value);
    case 'object':
      return value === null ? null : encodeObject(value);
    default:
      throw new TypeError(`a ${typeof value} cannot be a parameter`);
  }
}
