// One interface for every place databases live in. Screens know nothing else of a backend.
import type { Typed } from './typed';
import type { Value } from './values';

export interface DatabaseInfo {
  name: string;
  type: string;
  access: string;
  requestedStatus: string;
  currentStatus: string;
  statusMessage: string;
  default: boolean;
  aliases: string[];
  nodeCount: number;
  relationshipCount: number;
  storeBytes: number | null;
  memoryBytes: number | null;
  creationTime: string | null;
  options: Record<string, unknown>;
  temporary: boolean;
  /** When a temporary one ends by itself. */
  expiresAt: string | null;
  /** What it was copied from. */
  parent: string | null;
}

/** A dropped database that can be had back. */
export interface DroppedDatabase {
  name: string;
  databaseId: string;
  dropTime: string;
  expiresAt: string;
  nodeCount: number;
  relationshipCount: number;
}

export interface Alias {
  name: string;
  target: string;
}

export interface Creation {
  copyOf?: string;
  orReplace?: boolean;
  ifNotExists?: boolean;
  temporary?: boolean;
  ttlSeconds?: number;
  options?: Record<string, unknown>;
}

export interface DatabaseList {
  databases: DatabaseInfo[];
  default: string;
}

export type Counters = Record<string, number>;

export interface Summary {
  statementType: string;
  counters: Counters;
  plan: string;
  database: string;
  elapsedUs: number;
}

export interface QueryResult {
  columns: string[];
  rows: Value[][];
  summary: Summary;
  /** More rows were there than `rowsMax`. */
  truncated: boolean;
}

export interface RunOptions {
  database?: string;
  parameters?: Record<string, unknown>;
  rowsMax?: number;
  /** A statement that would write is refused. */
  readOnly?: boolean;
  signal?: AbortSignal;
}

export interface Position {
  line: number;
  column: number;
  offset: number;
}

/** A refusal, from the engine or from the way to it. */
export class ClientError extends Error {
  constructor(
    message: string, readonly code: string, readonly gqlStatus = '', readonly position?: Position, readonly status = 0,
  ) {
    super(message);
    this.name = 'ClientError';
  }
  /** The same refusal of a text without its first `length` characters, which were put before it. */
  before(length: number): ClientError {
    if (!this.position || length === 0) return this;
    const { line, column, offset } = this.position;
    const position = { line, column: line === 1 ? Math.max(1, column - length) : column, offset: Math.max(0, offset - length) };
    return new ClientError(this.message, this.code, this.gqlStatus, position, this.status);
  }
}

export interface BackendInfo {
  version: string;
  defaultDatabase: string;
  user: string;
  /** Where this backend is, in a few words. */
  place: string;
  /** The largest dump that is taken; null: no such limit. */
  dumpBytesMax: number | null;
}

export interface NexusClient {
  readonly kind: 'server' | 'browser';
  /** Stable: history and drafts are kept under it. */
  readonly key: string;
  info(): Promise<BackendInfo>;
  databases(): Promise<DatabaseList>;
  run(query: string, options?: RunOptions): Promise<QueryResult>;
  /** The rows as they arrive, losing nothing; `parameters` may be typed too. */
  rows(query: string, options?: RunOptions): AsyncGenerator<Typed[]>;
  /** The database as one file of the engine. */
  dump(name: string, signal: AbortSignal, onBytes: (bytes: number) => void): Promise<Blob>;
  restore(name: string, file: Blob, signal: AbortSignal, onBytes: (bytes: number) => void): Promise<void>;
  createDatabase(name: string, options?: Creation): Promise<void>;
  /** With `destroy` nothing is kept of it in the trash. */
  dropDatabase(name: string, options?: { destroy?: boolean }): Promise<void>;
  renameDatabase(name: string, to: string): Promise<void>;
  setAccess(name: string, access: 'read-only' | 'read-write'): Promise<void>;
  setStatus(name: string, status: 'online' | 'offline'): Promise<void>;
  /** null removes the option. */
  setOption(name: string, option: string, value: string | null): Promise<void>;
  dropped(): Promise<DroppedDatabase[]>;
  undrop(name: string, as: string): Promise<void>;
  /** null: there are no aliases here. */
  aliases(): Promise<Alias[] | null>;
  createAlias(alias: string, target: string): Promise<void>;
  dropAlias(alias: string): Promise<void>;
  /** Of whoever is signed in; absent where nobody signs in. */
  changePassword?(old: string, to: string): Promise<void>;
  close(): Promise<void>;
}

export const quote = (name: string) => '`' + name.replaceAll('`', '``') + '`';
