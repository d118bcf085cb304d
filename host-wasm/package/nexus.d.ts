export type Integers = 'auto' | 'bigint';

export interface RunOptions {
  database?: string;
  readOnly?: boolean;
  timeoutMs?: number;
  integers?: Integers;
  /** When there are more rows, the result says `truncated` and has no summary. */
  rowsMax?: number;
}

export interface Counters {
  nodesCreated: number;
  nodesDeleted: number;
  relationshipsCreated: number;
  relationshipsDeleted: number;
  propertiesSet: number;
  labelsAdded: number;
  labelsRemoved: number;
  indexesAdded: number;
  indexesRemoved: number;
  constraintsAdded: number;
  constraintsRemoved: number;
  systemUpdates: number;
}

export interface Summary {
  database: string;
  statementType: string;
  counters: Counters;
  plan: string;
  bookmark: string;
  elapsedUs: number;
  switchedTo?: string;
}

export interface Result<Row = Record<string, unknown>> {
  columns: string[];
  records: Row[];
  summary: Summary;
  truncated?: true;
}

export interface RowResult {
  columns: string[];
  rows: unknown[][];
  summary: Summary;
  truncated?: true;
}

export interface DatabaseInfo {
  name: string;
  type: string;
  access: string;
  requestedStatus: string;
  currentStatus: string;
  statusMessage: string;
  default: boolean;
  nodeCount: number;
  relationshipCount: number;
}

export class NexusError extends Error {
  code: string;
  gqlStatus: string;
  errorName: string;
  kind: string;
  retryable: boolean;
  compileTime: boolean;
  position?: { line: number; column: number; offset: number };
}

export class Node {
  id: number;
  elementId: string;
  labels: string[];
  properties: Record<string, unknown>;
}
export class Relationship {
  id: number;
  elementId: string;
  type: string;
  start: number;
  end: number;
  startElementId: string;
  endElementId: string;
  properties: Record<string, unknown>;
}
export class Path {
  nodes: Node[];
  relationships: Relationship[];
  readonly length: number;
}
export class Temporal {
  constructor(type: string, iso: string);
  type: string;
  iso: string;
}
export class Point {
  constructor(srid: number, x: number, y: number, z?: number);
  srid: number;
  x: number;
  y: number;
  z?: number;
}
export type VectorCoordinates = Int8Array | Int16Array | Int32Array | BigInt64Array | Float32Array | Float64Array;
/** A VECTOR. What kind of typed array holds its coordinates says what type they are of. */
export class Vector {
  constructor(coordinates: VectorCoordinates);
  coordinates: VectorCoordinates;
  readonly type: 'INTEGER8' | 'INTEGER16' | 'INTEGER32' | 'INTEGER' | 'FLOAT32' | 'FLOAT';
}
/** A number that must arrive as a FLOAT even when it is whole. */
export class Float {
  constructor(value: number);
  value: number;
}

export type Parameters = Record<string, unknown>;

export interface Runner {
  run<Row = Record<string, unknown>>(text: string, parameters?: Parameters, options?: RunOptions): Promise<Result<Row>>;
  run(text: string, parameters: Parameters | undefined, options: RunOptions & { as: 'rows' | 'text' }): Promise<RowResult>;
  stream<Row = Record<string, unknown>>(text: string, parameters?: Parameters, options?: RunOptions): AsyncGenerator<Row>;
}

export interface Session extends Runner {
  readonly database: string;
  use(database: string): Promise<void>;
  transaction<T>(work: (session: Session) => Promise<T>): Promise<T>;
  close(): void;
}

export interface Database extends Runner {
  readonly name: string;
  transaction<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /** This database of one moment as one checksummed file. */
  dump(): Promise<Uint8Array>;
}

declare const storeBrand: unique symbol;
/** What nodeFs() answers. */
export interface FileStore {
  [storeBrand]: true;
}
/** What indexedDB() and opfs() answer. */
export interface BrowserStore {
  kind: 'indexedDB' | 'opfs';
  name: string;
}

export interface BrowserStoreOptions {
  /** true: a worker of its own, as by default on a page; false: on this thread, as by default in a worker. Or a worker that runs worker.js, where the bundler needs to make it. */
  worker?: Worker | boolean;
  multiTab?: 'auto' | 'exclusive';
  /** 'relaxed' survives the end of the tab and of the browser, and may lose the last commits at a power cut. */
  durability?: 'strict' | 'relaxed';
  /** Of IndexedDB: a store with more bytes (64 MiB) is not read as a whole when it is opened, but each database when it is asked for. */
  wholeBytes?: number;
}

export interface CreateOptions {
  ifNotExists?: boolean;
  orReplace?: boolean;
  /** Gone when the instance closes, or by its TTL. */
  temporary?: boolean;
  ttlSeconds?: number;
  copyOf?: string;
}

export type DumpSource = Uint8Array | ArrayBuffer | Blob | Response | ReadableStream<Uint8Array> | Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/** What every instance offers besides running statements; Handle: how it answers a database. */
export interface Administration<Handle> {
  databases(): Promise<DatabaseInfo[]>;
  createDatabase(name: string, options?: CreateOptions): Promise<Handle>;
  dropDatabase(name: string, options?: { ifExists?: boolean }): Promise<void>;
  /** A copy holds what is committed when it begins. */
  copyDatabase(from: string, to: string, options?: { orReplace?: boolean }): Promise<Handle>;
  renameDatabase(name: string, to: string): Promise<Handle>;
  /** A database of one moment as one checksummed file. */
  dump(name: string): Promise<Uint8Array>;
  /** A new database from a dump of this instance or another; a damaged one is refused and leaves nothing. */
  restore(name: string, source: DumpSource): Promise<Handle>;
  /** The REST API without a network: fetch('/api/v1/databases'). */
  fetch(input: Request | URL | string, init?: RequestInit): Promise<Response>;
}

export interface OpenOptions {
  store?: 'memory' | FileStore | BrowserStore;
  defaultDatabase?: string;
  memoryBytesMax?: number;
  batchRows?: number;
  optimize?: boolean;
  /** How long UNDROP DATABASE finds what was dropped; 0: never. */
  trashSeconds?: number;
  wasm?: WebAssembly.Module | ArrayBuffer | Uint8Array | URL | string;
}

export class Nexus implements Runner, Administration<Database> {
  static open(options: OpenOptions & { store: BrowserStore }): Promise<import('./browser.js').BrowserNexus>;
  static open(options?: OpenOptions & { store?: 'memory' | FileStore }): Promise<Nexus>;
  session(database?: string): Session;
  database(name: string): Database;
  /** Makes `body` CALL-able; signature: "my.proc(name :: STRING) :: (city :: STRING)". */
  procedure(signature: string, body: (...given: any[]) => Iterable<unknown[]>): void;
  databases: Administration<Database>['databases'];
  createDatabase: Administration<Database>['createDatabase'];
  dropDatabase: Administration<Database>['dropDatabase'];
  copyDatabase: Administration<Database>['copyDatabase'];
  renameDatabase: Administration<Database>['renameDatabase'];
  dump: Administration<Database>['dump'];
  restore: Administration<Database>['restore'];
  fetch: Administration<Database>['fetch'];
  run: Runner['run'];
  stream: Runner['stream'];
  close(): Promise<void>;
}

/** Node only: a store in a directory, one process at a time, every commit synced. */
export function nodeFs(directory: string): FileStore;
/** In a browser: a store in IndexedDB, shared by the tabs of the origin. */
export function indexedDB(name: string, options?: BrowserStoreOptions): BrowserStore;
/** In a browser: a store in the origin's private file system, shared by the tabs of the origin. */
export function opfs(name: string, options?: BrowserStoreOptions): BrowserStore;
export function quoteIdentifier(name: string): string;
