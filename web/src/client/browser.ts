// Databases in this browser: the engine in a worker, its files in IndexedDB. Works offline.
import { Float, NexusError, Node, Path, Point, Relationship, Temporal, Vector, openBrowser, type BrowserNexus } from '@nexusdb/nexus/browser.js';
import { strings } from '../strings';
import {
  ClientError, quote, type Alias, type BackendInfo, type Creation, type DatabaseInfo, type DatabaseList, type DroppedDatabase, type NexusClient,
  type QueryResult, type RunOptions,
} from './types';
import { list, map, typed, type Typed, type TypedVector } from './typed';
import { NodeValue, PathValue, RelationshipValue, TextValue, fromTyped, toJson, type Properties, type Value } from './values';

/** Of a dump that is restored here: it is in memory, and so is what it becomes. */
const dumpBytesMax = 512 * 1024 * 1024;

export const canKeepDatabases = __HAS_ENGINE__ && typeof indexedDB !== 'undefined' && typeof Worker !== 'undefined';

function fromEngine(value: unknown): Value {
  if (value === null || typeof value !== 'object') return value as Value;
  if (Array.isArray(value)) return value.map(fromEngine);
  if (value instanceof Node) return new NodeValue(value.elementId, value.labels, mapFromEngine(value.properties));
  if (value instanceof Relationship) {
    return new RelationshipValue(value.elementId, value.type, value.startElementId, value.endElementId, mapFromEngine(value.properties));
  }
  if (value instanceof Path) return new PathValue(value.nodes.map(fromEngine) as NodeValue[], value.relationships.map(fromEngine) as RelationshipValue[]);
  if (value instanceof Temporal) return new TextValue(value.type, value.iso);
  if (value instanceof Point) return new TextValue('POINT', pointText(value));
  if (value instanceof Vector) return fromTyped(vectorTyped(value));
  return mapFromEngine(value as Record<string, unknown>);
}

const mapFromEngine = (map: Record<string, unknown>): Properties =>
  Object.fromEntries(Object.entries(map).map(([key, value]) => [key, fromEngine(value)]));

const temporalTypes: Record<string, string> = {
  'DATE': 'Date', 'LOCAL TIME': 'LocalTime', 'ZONED TIME': 'Time', 'LOCAL DATETIME': 'LocalDateTime', 'ZONED DATETIME': 'ZonedDateTime', 'DURATION': 'Duration',
};
const temporalNames = Object.fromEntries(Object.entries({ ...temporalTypes, 'ZONED DATETIME ': 'OffsetDateTime' }).map(([name, type]) => [type, name.trim()]));

/** Coordinates are FLOAT, and written so. */
const floatText = (value: number) => (Number.isInteger(value) && Math.abs(value) < 1e15 ? value.toFixed(1) : String(value));
function pointText({ srid, x, y, z }: Point): string {
  return `SRID=${srid};POINT${z === undefined ? '' : ' Z'} (${[x, y, z].filter((part) => part !== undefined).map(floatText).join(' ')})`;
}

const wholeTypes: Record<string, string> = { INTEGER: 'INTEGER64', FLOAT: 'FLOAT64' };
const vectorKinds: Record<string, { from(numbers: number[]): Int8Array | Int16Array | Int32Array | Float32Array | Float64Array }> = {
  INTEGER8: Int8Array, INTEGER16: Int16Array, INTEGER32: Int32Array, FLOAT32: Float32Array, FLOAT64: Float64Array,
};
function vectorTyped({ type, coordinates }: Vector): Typed {
  return typed('Vector', { coordinatesType: wholeTypes[type] ?? type, coordinates: Array.from<number | bigint, string>(coordinates, String) });
}
function vectorOf({ coordinatesType, coordinates }: TypedVector): Vector {
  if (coordinatesType === 'INTEGER64') return new Vector(BigInt64Array.from(coordinates, BigInt));
  return new Vector(vectorKinds[coordinatesType].from(coordinates.map(Number)));
}

/** Of an answer with `integers: 'bigint'`, where every number is a FLOAT. */
function toTyped(value: unknown): Typed {
  switch (typeof value) {
    case 'bigint': return typed('Integer', String(value));
    case 'number': return typed('Float', Object.is(value, -0) ? '-0.0' : String(value));
    case 'string': return typed('String', value);
    case 'boolean': return typed('Boolean', value);
  }
  if (value === null || value === undefined) return typed('Null', null);
  if (Array.isArray(value)) return list(value.map(toTyped));
  if (value instanceof Temporal) return typed(temporalTypes[value.type] ?? value.type, value.iso);
  if (value instanceof Point) return typed('Point', pointText(value));
  if (value instanceof Vector) return vectorTyped(value);
  return map(Object.fromEntries(Object.entries(value as object).map(([key, item]) => [key, toTyped(item)])));
}

function toEngine({ $type, _value }: Typed): unknown {
  switch ($type) {
    case 'Null': case 'Boolean': case 'String': return _value;
    case 'Integer': return BigInt(_value as string);
    case 'Float': return new Float(Number(_value));
    case 'List': return (_value as Typed[]).map(toEngine);
    case 'Map': return Object.fromEntries(Object.entries(_value as Record<string, Typed>).map(([key, item]) => [key, toEngine(item)]));
    case 'Vector': return vectorOf(_value as TypedVector);
    case 'Point': {
      const [, srid, numbers] = /^SRID=(\d+);POINT(?: Z)? \(([^)]*)\)$/.exec(_value as string) ?? [];
      const [x, y, z] = (numbers ?? '').split(' ').map(Number);
      return new Point(Number(srid), x, y, z);
    }
  }
  if ($type in temporalNames) return new Temporal(temporalNames[$type], _value as string);
  throw new ClientError(strings.errors.unknownType($type), 'InvalidRequest');
}

/** Parameters are typed as a whole or not at all. */
const isTypedParameter = (value: unknown): value is Typed => typeof value === 'object' && value !== null && '$type' in value;

function asClientError(error: unknown): ClientError {
  if (error instanceof ClientError) return error;
  if (error instanceof NexusError) return new ClientError(error.message, error.code, error.gqlStatus, error.position);
  return new ClientError(String((error as Error)?.message ?? error), 'Failed');
}

const listed = [
  'name', 'type', 'aliases', 'access', 'requestedStatus', 'currentStatus', 'statusMessage', 'default', 'creationTime', 'options', 'nodeCount', 'relationshipCount',
  'storeBytes', 'memoryBytes', 'parent', 'temporary',
];

class BrowserClient implements NexusClient {
  readonly kind = 'browser';
  readonly key = 'browser';
  constructor(readonly nexus: BrowserNexus) {}

  async #perform<T>(action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (error) {
      throw asClientError(error);
    }
  }

  async info(): Promise<BackendInfo> {
    const { databases, default: defaultDatabase } = await this.databases();
    return { version: '', defaultDatabase: defaultDatabase || databases[0]?.name, user: '', place: strings.connection.browser, dumpBytesMax };
  }
  async databases(): Promise<DatabaseList> {
    const databases = (await this.#records(`SHOW DATABASES YIELD ${listed.join(', ')}`)) as unknown as DatabaseInfo[];
    for (const info of databases) info.expiresAt = null;
    return { databases, default: databases.find((info) => info.default)?.name ?? '' };
  }
  /** Rows of the system database as plain objects. */
  async #records(statement: string): Promise<Record<string, unknown>[]> {
    const { columns, rows } = await this.run(statement, { database: 'system' });
    return rows.map((row) => Object.fromEntries(columns.map((column, at) => [column, toJson(row[at])])));
  }
  async #answer(query: string, { database, parameters = {}, rowsMax = 100_000, readOnly, signal }: RunOptions, options: object) {
    const given = Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, isTypedParameter(value) ? toEngine(value) : value]));
    const answer = this.nexus.run(query, given, { ...(database ? { database } : {}), as: 'rows', rowsMax, ...(readOnly ? { readOnly } : {}), ...options });
    return this.#unlessCancelled(answer, signal);
  }
  /** The engine is synchronous: what it does cannot be stopped, but nobody waits for it any more. */
  #unlessCancelled<T>(answer: Promise<T>, signal?: AbortSignal): Promise<T> {
    const cancelled = new Promise<never>((_, reject) => {
      const refuse = () => reject(new ClientError(strings.errors.cancelled, 'Cancelled'));
      if (signal?.aborted) refuse();
      signal?.addEventListener('abort', refuse);
    });
    cancelled.catch(() => {});
    answer.catch(() => {});
    return this.#perform(() => Promise.race([answer, cancelled]));
  }

  async run(query: string, options: RunOptions = {}): Promise<QueryResult> {
    const { columns, rows, summary, truncated } = await this.#answer(query, options, {});
    const { statementType = 'r', counters = {}, plan = '', elapsedUs = 0 } = summary ?? {};
    return {
      columns, rows: rows.map((row) => row.map(fromEngine)), truncated,
      summary: { statementType, counters: { ...counters }, plan, database: summary?.database ?? options.database ?? '', elapsedUs },
    };
  }

  async *rows(query: string, options: RunOptions = {}): AsyncGenerator<Typed[]> {
    const { rows } = await this.#answer(query, { rowsMax: 1_000_000, ...options }, { integers: 'bigint' });
    for (const row of rows) yield row.map(toTyped);
  }

  async dump(name: string, signal: AbortSignal, onBytes: (bytes: number) => void): Promise<Blob> {
    const bytes = await this.#unlessCancelled(this.nexus.database(name).dump(), signal);
    onBytes(bytes.length);
    return new Blob([bytes as BlobPart], { type: 'application/vnd.nexus.dump' });
  }
  async restore(name: string, file: Blob, signal: AbortSignal, onBytes: (bytes: number) => void): Promise<void> {
    const bytes = new Uint8Array(await this.#unlessCancelled(file.arrayBuffer(), signal));
    onBytes(bytes.length);
    const made = this.nexus.restore(name, bytes);
    try {
      await this.#unlessCancelled(made, signal);
    } catch (error) {
      // Of what was cancelled nothing is left.
      if (signal.aborted) made.then(() => this.dropDatabase(name, { destroy: true })).catch(() => {});
      throw error;
    }
  }

  #administer = async (statement: string, parameters: Record<string, unknown>): Promise<void> => {
    await this.run(statement, { database: 'system', parameters });
  };
  createDatabase(name: string, { copyOf, orReplace, ifNotExists, temporary, ttlSeconds, options }: Creation = {}): Promise<void> {
    const words = [
      'CREATE', orReplace && 'OR REPLACE', temporary && 'TEMPORARY', 'DATABASE $name', ifNotExists && 'IF NOT EXISTS', ttlSeconds && `TTL ${ttlSeconds} SECONDS`,
      copyOf && `AS COPY OF ${quote(copyOf)}`, options && 'OPTIONS $options',
    ];
    return this.#administer(words.filter(Boolean).join(' '), { name, ...(options ? { options } : {}) });
  }
  dropDatabase = (name: string, { destroy = false } = {}) => this.#administer(`DROP DATABASE $name${destroy ? ' DESTROY DATA' : ''}`, { name });
  renameDatabase = (name: string, to: string) => this.#administer('ALTER DATABASE $name RENAME TO $to', { name, to });
  setAccess = (name: string, access: 'read-only' | 'read-write') =>
    this.#administer(`ALTER DATABASE $name SET ACCESS ${access === 'read-only' ? 'READ ONLY' : 'READ WRITE'}`, { name });
  setStatus = (name: string, status: 'online' | 'offline') => this.#administer(`${status === 'online' ? 'START' : 'STOP'} DATABASE $name`, { name });
  setOption = (name: string, option: string, value: string | null) =>
    this.#administer(`ALTER DATABASE $name ${value === null ? 'REMOVE' : 'SET'} OPTION ${quote(option)}${value === null ? '' : ' $value'}`, { name, value });
  async dropped(): Promise<DroppedDatabase[]> {
    const found = await this.#records('CALL nexus.droppedDatabases()');
    return found.map(({ databaseID, ...rest }) => ({ ...rest, databaseId: databaseID }) as unknown as DroppedDatabase);
  }
  undrop = (name: string, as: string) => this.#administer(as === name ? 'UNDROP DATABASE $name' : 'UNDROP DATABASE $name AS $as', { name, as });
  async aliases(): Promise<Alias[] | null> {
    try {
      return (await this.#records('SHOW ALIASES FOR DATABASE YIELD name, database AS target')) as unknown as Alias[];
    } catch (error) {
      if (error instanceof ClientError && /Unsupported/.test(error.code)) return null;
      throw error;
    }
  }
  createAlias = (alias: string, target: string) => this.#administer(`CREATE ALIAS ${quote(alias)} FOR DATABASE ${quote(target)}`, {});
  dropAlias = (alias: string) => this.#administer(`DROP ALIAS ${quote(alias)} FOR DATABASE`, {});
  close = () => this.nexus.close();
}

export async function browserClient(): Promise<NexusClient> {
  try {
    return new BrowserClient(await openBrowser({ name: 'nexus-gui', wasm: new URL('nexus.wasm', document.baseURI) }));
  } catch (error) {
    throw asClientError(error);
  }
}
