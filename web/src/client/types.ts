// One interface for every place databases live in. Screens know nothing else of a backend.
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
}

export interface BackendInfo {
  version: string;
  defaultDatabase: string;
  user: string;
  /** Where this backend is, in a few words. */
  place: string;
}

export interface NexusClient {
  readonly kind: 'server' | 'browser';
  /** Stable: history and drafts are kept under it. */
  readonly key: string;
  info(): Promise<BackendInfo>;
  databases(): Promise<DatabaseList>;
  run(query: string, options?: RunOptions): Promise<QueryResult>;
  createDatabase(name: string, options?: { copyOf?: string; orReplace?: boolean; ifNotExists?: boolean }): Promise<void>;
  dropDatabase(name: string): Promise<void>;
  renameDatabase(name: string, to: string): Promise<void>;
  setAccess(name: string, access: 'read-only' | 'read-write'): Promise<void>;
  setStatus(name: string, status: 'online' | 'offline'): Promise<void>;
  createAlias(alias: string, target: string): Promise<void>;
  dropAlias(alias: string): Promise<void>;
  close(): Promise<void>;
}

export const quote = (name: string) => '`' + name.replaceAll('`', '``') + '`';
