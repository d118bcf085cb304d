// Databases in this browser: the engine in a worker, its files in IndexedDB. Works offline.
import { NexusError, Node, Path, Point, Relationship, Temporal, openBrowser, type BrowserNexus } from '@nexusdb/nexus/browser.js';
import { strings } from '../strings';
import {
  ClientError, quote, type BackendInfo, type DatabaseList, type NexusClient, type QueryResult, type RunOptions,
} from './types';
import { NodeValue, PathValue, RelationshipValue, TextValue, type Properties, type Value } from './values';

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
  if (value instanceof Point) {
    return new TextValue('POINT', `SRID=${value.srid};POINT${value.z === undefined ? '' : ' Z'} (${[value.x, value.y, value.z].filter((part) => part !== undefined).join(' ')})`);
  }
  return mapFromEngine(value as Record<string, unknown>);
}

const mapFromEngine = (map: Record<string, unknown>): Properties =>
  Object.fromEntries(Object.entries(map).map(([key, value]) => [key, fromEngine(value)]));

function asClientError(error: unknown): ClientError {
  if (error instanceof NexusError) return new ClientError(error.message, error.code, error.gqlStatus, error.position);
  return new ClientError(String((error as Error)?.message ?? error), 'Failed');
}

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
    return { version: '', defaultDatabase: defaultDatabase || databases[0]?.name, user: '', place: strings.connection.browser };
  }
  async databases(): Promise<DatabaseList> {
    const found = await this.#perform(() => this.nexus.databases());
    const databases = found.map((info) => ({ aliases: [], storeBytes: null, memoryBytes: null, creationTime: null, ...info }));
    return { databases, default: databases.find((info) => info.default)?.name ?? '' };
  }
  async run(query: string, { database, parameters, rowsMax = 100_000, signal }: RunOptions = {}): Promise<QueryResult> {
    // The engine is synchronous: a statement that runs cannot be stopped, but nobody waits for it any more.
    const cancelled = new Promise<never>((_, reject) => {
      const refuse = () => reject(new ClientError(strings.errors.cancelled, 'Cancelled'));
      if (signal?.aborted) refuse();
      signal?.addEventListener('abort', refuse);
    });
    cancelled.catch(() => {});
    const answer = this.nexus.run(query, parameters, { ...(database ? { database } : {}), as: 'rows', rowsMax });
    const { columns, rows, summary, truncated } = await this.#perform(() => Promise.race([answer, cancelled]));
    const { statementType = 'r', counters = {}, plan = '', elapsedUs = 0 } = summary ?? {};
    return {
      columns, rows: rows.map((row) => row.map(fromEngine)), truncated,
      summary: { statementType, counters: { ...counters }, plan, database: summary?.database ?? database ?? '', elapsedUs },
    };
  }

  #administer = async (statement: string, parameters: Record<string, unknown>): Promise<void> => {
    await this.run(statement, { database: 'system', parameters });
  };
  createDatabase(name: string, { copyOf, orReplace, ifNotExists }: { copyOf?: string; orReplace?: boolean; ifNotExists?: boolean } = {}): Promise<void> {
    const head = `CREATE ${orReplace ? 'OR REPLACE ' : ''}DATABASE $name${ifNotExists ? ' IF NOT EXISTS' : ''}`;
    return this.#administer(head + (copyOf ? ` AS COPY OF ${quote(copyOf)}` : ''), { name });
  }
  dropDatabase = (name: string) => this.#administer('DROP DATABASE $name', { name });
  renameDatabase = (name: string, to: string) => this.#administer('ALTER DATABASE $name RENAME TO $to', { name, to });
  setAccess = (name: string, access: 'read-only' | 'read-write') =>
    this.#administer(`ALTER DATABASE $name SET ACCESS ${access === 'read-only' ? 'READ ONLY' : 'READ WRITE'}`, { name });
  setStatus = (name: string, status: 'online' | 'offline') => this.#administer(`${status === 'online' ? 'START' : 'STOP'} DATABASE $name`, { name });
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
