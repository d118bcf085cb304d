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
}

declare const storeBrand: unique symbol;
/** What nodeFs() answers. */
export interface FileStore {
  [storeBrand]: true;
}

export interface OpenOptions {
  store?: 'memory' | FileStore;
  defaultDatabase?: string;
  memoryBytesMax?: number;
  batchRows?: number;
  optimize?: boolean;
  wasm?: WebAssembly.Module | ArrayBuffer | Uint8Array | URL | string;
}

export class Nexus implements Runner {
  static open(options?: OpenOptions): Promise<Nexus>;
  session(database?: string): Session;
  database(name: string): Database;
  /** Makes `body` CALL-able; signature: "my.proc(name :: STRING) :: (city :: STRING)". */
  procedure(signature: string, body: (...given: any[]) => Iterable<unknown[]>): void;
  databases(): Promise<DatabaseInfo[]>;
  createDatabase(name: string, options?: { ifNotExists?: boolean; orReplace?: boolean }): Promise<Database>;
  dropDatabase(name: string, options?: { ifExists?: boolean }): Promise<void>;
  run: Runner['run'];
  stream: Runner['stream'];
  close(): Promise<void>;
}

/** Node only: a store in a directory, one process at a time, every commit synced. */
export function nodeFs(directory: string): FileStore;
export function quoteIdentifier(name: string): string;
