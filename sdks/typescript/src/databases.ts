// `client.databases`: all there is to do with whole databases.

import type { CallOptions, Exchange } from './exchange.js';

export interface DatabaseInfo {
  name: string;
  databaseId: string;
  type: string;
  aliases: string[];
  access: 'read-write' | 'read-only';
  requestedStatus: string;
  currentStatus: string;
  statusMessage: string;
  default: boolean;
  home: boolean;
  creationTime: string | null;
  lastStartTime: string | null;
  lastStopTime: string | null;
  lastCommittedTxn: number;
  options: Record<string, unknown>;
  nodeCount: number;
  relationshipCount: number;
  storeBytes: number;
  memoryBytes: number;
  parent: string | null;
  temporary: boolean;
}

export interface DatabasePage {
  /** Sorted by name. */
  databases: DatabaseInfo[];
  default: string;
  /** `after` of the page behind this one, or null. */
  next: string | null;
}

export interface ListOptions extends CallOptions {
  prefix?: string;
  status?: string;
  limit?: number;
  after?: string;
}

export interface CreateOptions extends CallOptions {
  ifNotExists?: boolean;
  orReplace?: boolean;
  temporary?: boolean;
  ttlSeconds?: number;
}

export interface Alias {
  name: string;
  target: string;
}

const at = (name: string): string => `/api/v1/databases/${encodeURIComponent(name)}`;
const aliasAt = (name: string): string => `/api/v1/aliases/${encodeURIComponent(name)}`;

export class Databases implements AsyncIterable<DatabaseInfo> {
  readonly #exchange: Exchange;

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
  }

  /** One page; thousands of databases are normal. */
  list({ timeoutMs, signal, ...wanted }: ListOptions = {}): Promise<DatabasePage> {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(wanted)) {
      if (value !== undefined) query.set(name, String(value));
    }
    const path = query.size ? `/api/v1/databases?${query}` : '/api/v1/databases';
    return this.#exchange.json({ method: 'GET', path, timeoutMs, signal });
  }

  /** All of them, page by page. */
  async *[Symbol.asyncIterator](): AsyncGenerator<DatabaseInfo> {
    for (let after: string | null | undefined; after !== null; ) {
      const page: DatabasePage = await this.list(after === undefined ? {} : { after });
      yield* page.databases;
      after = page.next;
    }
  }

  get(name: string, options: CallOptions = {}): Promise<DatabaseInfo> {
    return this.#exchange.json({ method: 'GET', path: at(name), ...options });
  }

  /** Creates an empty database, ready when this resolves. */
  create(name: string, { timeoutMs, signal, ...wanted }: CreateOptions = {}): Promise<DatabaseInfo> {
    return this.#exchange.json({ method: 'POST', path: '/api/v1/databases', body: { name, ...wanted }, timeoutMs, signal });
  }

  /** Creates `name` as an independent copy of `source` as it is now. */
  copy(source: string, name: string, options: CallOptions = {}): Promise<DatabaseInfo> {
    return this.#exchange.json({ method: 'POST', path: '/api/v1/databases', body: { name, copyOf: source }, ...options });
  }

  rename(name: string, newName: string, options: CallOptions = {}): Promise<DatabaseInfo> {
    return this.#change(name, { name: newName }, options);
  }

  start(name: string, options: CallOptions = {}): Promise<DatabaseInfo> {
    return this.#change(name, { requestedStatus: 'online' }, options);
  }

  stop(name: string, options: CallOptions = {}): Promise<DatabaseInfo> {
    return this.#change(name, { requestedStatus: 'offline' }, options);
  }

  setAccess(name: string, access: 'read-only' | 'read-write', options: CallOptions = {}): Promise<DatabaseInfo> {
    return this.#change(name, { access }, options);
  }

  /** Drops a database with its data. */
  async drop(name: string, options: CallOptions & { ifExists?: boolean; cascadeAliases?: boolean } = {}): Promise<void> {
    const { ifExists = false, cascadeAliases = false, ...rest } = options;
    const flags = [ifExists ? 'ifExists=true' : '', cascadeAliases ? 'cascadeAliases=true' : ''].filter(Boolean).join('&');
    await this.#exchange.json({ method: 'DELETE', path: at(name) + (flags && `?${flags}`), ...rest });
  }

  async aliases(options: CallOptions = {}): Promise<Alias[]> {
    const body = await this.#exchange.json({ method: 'GET', path: '/api/v1/aliases', ...options });
    return body.aliases;
  }

  /** Makes or moves an alias. */
  async setAlias(alias: string, target: string, options: CallOptions = {}): Promise<void> {
    await this.#exchange.json({ method: 'PUT', path: aliasAt(alias), body: { target }, ...options });
  }

  async dropAlias(alias: string, options: CallOptions = {}): Promise<void> {
    await this.#exchange.json({ method: 'DELETE', path: aliasAt(alias), ...options });
  }

  /** The database's dump, piece by piece. */
  dump(name: string, options: CallOptions = {}): AsyncGenerator<Uint8Array> {
    return this.#exchange.pieces({ method: 'GET', path: `${at(name)}/dump`, ...options });
  }

  /** Makes the new database `name` from a dump. */
  async restore(name: string, dump: Uint8Array, options: CallOptions = {}): Promise<DatabaseInfo> {
    const headers = { 'Content-Type': 'application/octet-stream' };
    await this.#exchange.bytes({ method: 'PUT', path: `${at(name)}/dump`, headers, bytes: dump, ...options });
    return this.get(name, options);
  }

  #change(name: string, body: Record<string, unknown>, options: CallOptions): Promise<DatabaseInfo> {
    return this.#exchange.json({ method: 'PATCH', path: at(name), body, ...options });
  }
}
