import type { Administration, BrowserStoreOptions, Parameters, Result, RowResult, RunOptions } from './nexus.js';
export { Float, NexusError, Node, Path, Point, Relationship, Temporal, Vector, indexedDB, opfs, quoteIdentifier } from './nexus.js';

export type BrowserRunOptions = RunOptions;

export interface BrowserRunner {
  run(text: string, parameters: Parameters | undefined, options: BrowserRunOptions & { as: 'rows' | 'text' }): Promise<RowResult & { truncated: boolean }>;
  run<Row = Record<string, unknown>>(text: string, parameters?: Parameters, options?: BrowserRunOptions): Promise<Result<Row> & { truncated: boolean }>;
  stream<Row = Record<string, unknown>>(text: string, parameters?: Parameters, options?: BrowserRunOptions): AsyncGenerator<Row>;
}

export interface BrowserSession extends BrowserRunner {
  database(): Promise<string>;
  use(database: string): Promise<void>;
  transaction<T>(work: (session: BrowserSession) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export interface BrowserDatabase extends BrowserRunner {
  readonly name: string;
  transaction<T>(work: (session: BrowserSession) => Promise<T>): Promise<T>;
  /** This database of one moment as one checksummed file. */
  dump(): Promise<Uint8Array>;
}

export interface BrowserNexus extends BrowserRunner, Administration<BrowserDatabase> {
  readonly role: 'leader' | 'follower';
  database(name: string): BrowserDatabase;
  session(database?: string): Promise<BrowserSession>;
  storageInfo(): Promise<{ usedBytes?: number; quotaBytes?: number; persisted: boolean }>;
  /** Asks the browser to keep the databases; call it upon a click. */
  requestPersistence(): Promise<boolean>;
  close(): Promise<void>;
}

export interface BrowserOptions extends BrowserStoreOptions {
  /** Which set of databases of this origin; 'nexus' by default. */
  name?: string;
  store?: 'indexedDB' | 'opfs';
  wasm?: WebAssembly.Module | ArrayBuffer | Uint8Array | URL | string;
  defaultDatabase?: string;
  memoryBytesMax?: number;
  batchRows?: number;
  optimize?: boolean;
  trashSeconds?: number;
}

export function openBrowser(options?: BrowserOptions): Promise<BrowserNexus>;
