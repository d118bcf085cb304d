import type { Parameters, Result, RowResult, RunOptions, DatabaseInfo } from './nexus.js';
export { Float, NexusError, Node, Path, Point, Relationship, Temporal, quoteIdentifier } from './nexus.js';

export interface BrowserRunOptions extends RunOptions {
  /** Rows beyond this many are not fetched; the result says `truncated`. */
  rowsMax?: number;
}

export interface BrowserRunner {
  run(text: string, parameters: Parameters | undefined, options: BrowserRunOptions & { as: 'rows' }): Promise<RowResult & { truncated: boolean }>;
  run<Row = Record<string, unknown>>(text: string, parameters?: Parameters, options?: BrowserRunOptions): Promise<Result<Row> & { truncated: boolean }>;
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
}

export interface BrowserNexus extends BrowserRunner {
  readonly role: 'leader' | 'follower';
  database(name: string): BrowserDatabase;
  session(database?: string): Promise<BrowserSession>;
  databases(): Promise<DatabaseInfo[]>;
  createDatabase(name: string, options?: { ifNotExists?: boolean; orReplace?: boolean }): Promise<BrowserDatabase>;
  dropDatabase(name: string, options?: { ifExists?: boolean }): Promise<void>;
  storageInfo(): Promise<{ usedBytes?: number; quotaBytes?: number; persisted: boolean }>;
  /** Asks the browser to keep the databases; call it upon a click. */
  requestPersistence(): Promise<boolean>;
  close(): Promise<void>;
}

export interface BrowserOptions {
  /** Which set of databases of this origin; 'nexus' by default. */
  name?: string;
  wasm?: WebAssembly.Module | ArrayBuffer | Uint8Array | URL | string;
  /** A worker that runs worker.js, where the bundler needs to make it. */
  worker?: Worker;
  multiTab?: 'auto' | 'exclusive';
  durability?: 'strict' | 'relaxed';
  defaultDatabase?: string;
  memoryBytesMax?: number;
  batchRows?: number;
  optimize?: boolean;
}

export function openBrowser(options?: BrowserOptions): Promise<BrowserNexus>;
