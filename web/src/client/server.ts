// A Nexus server over its REST API v1. Requests go to that server alone; a password is held
// in memory and never stored.
import {
  ClientError, quote, type BackendInfo, type DatabaseInfo, type DatabaseList, type NexusClient, type QueryResult, type RunOptions,
  type Summary,
} from './types';
import { fromTyped, type Value } from './values';
import { strings } from '../strings';

interface Problem {
  title?: string;
  detail?: string;
  code?: string;
  gqlStatus?: string;
  position?: { line: number; column: number; offset: number };
}

const rowsDefault = 100_000;
const pageSize = 1000;

function failure(problem: Problem, status: number): ClientError {
  return new ClientError(problem.detail ?? problem.title ?? strings.errors.noAnswer(status), problem.code ?? `HTTP ${status}`,
    problem.gqlStatus, problem.position, status);
}

async function* lines(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      const parts = (rest + value).split('\n');
      rest = parts.pop()!;
      for (const part of parts) if (part !== '') yield part;
    }
    if (rest.trim() !== '') yield rest;
  } finally {
    // Leaving early closes the connection, which ends the statement on the server.
    await reader.cancel().catch(() => {});
  }
}

export class ServerClient implements NexusClient {
  readonly kind = 'server';
  readonly key: string;
  #base: string;
  #authorization: string | null = null;

  /** `base`: '' for the server that served this page, else its URL. */
  constructor(base: string, login?: { user: string; password: string }) {
    this.#base = base.replace(/\/+$/, '');
    this.key = this.#base || 'here';
    if (login) {
      const bytes = new TextEncoder().encode(`${login.user}:${login.password}`);
      this.#authorization = `Basic ${btoa(String.fromCharCode(...bytes))}`;
    }
  }

  async #send(method: string, path: string, body?: unknown, accept = 'application/json', signal?: AbortSignal): Promise<Response> {
    const headers: Record<string, string> = { Accept: accept };
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    if (this.#authorization) headers.Authorization = this.#authorization;
    let response: Response;
    try {
      response = await fetch(this.#base + path, {
        method, headers, signal, credentials: 'same-origin', cache: 'no-store', body: body === undefined ? undefined : JSON.stringify(body),
      });
    } catch (error) {
      if (signal?.aborted) throw new ClientError(strings.errors.cancelled, 'Cancelled');
      throw new ClientError(strings.errors.unreachable(this.#base || location.origin, String((error as Error).message)), 'Unreachable');
    }
    if (response.ok) return response;
    const problem = await response.json().catch(() => ({})) as Problem;
    throw failure(problem, response.status);
  }

  async info(): Promise<BackendInfo> {
    const info = await (await this.#send('GET', '/api/v1/info')).json() as { version: string; defaultDatabase: string; user: string };
    return { ...info, place: (this.#base || location.origin).replace(/^https?:\/\//, '') };
  }

  async databases(): Promise<DatabaseList> {
    const all: DatabaseInfo[] = [];
    for (let after = ''; ;) {
      const page = `/api/v1/databases?limit=${pageSize}${after && `&after=${encodeURIComponent(after)}`}`;
      const answer = await (await this.#send('GET', page)).json() as { databases: DatabaseInfo[]; default: string; next: string | null };
      all.push(...answer.databases);
      if (answer.next === null) return { databases: all, default: answer.default };
      after = answer.next;
    }
  }

  async run(query: string, { database, parameters, rowsMax = rowsDefault, signal }: RunOptions = {}): Promise<QueryResult> {
    const response = await this.#send('POST', '/api/v1/cypher', { query, parameters: parameters ?? {}, ...(database ? { database } : {}) },
      'application/x-ndjson, application/vnd.nexus.typed+json', signal);
    const result: QueryResult = {
      columns: [], rows: [], truncated: false,
      summary: { statementType: '', counters: {}, plan: '', database: database ?? '', elapsedUs: 0 },
    };
    try {
      for await (const line of lines(response.body!)) {
        const part = JSON.parse(line) as unknown;
        if (Array.isArray(part)) {
          if (result.rows.length >= rowsMax) return { ...result, truncated: true };
          result.rows.push((part as Parameters<typeof fromTyped>[0][]).map(fromTyped) as Value[]);
          continue;
        }
        const { columns, summary, error } = part as { columns?: string[]; summary?: Partial<Summary>; error?: Problem };
        if (columns) result.columns = columns;
        if (summary) Object.assign(result.summary, summary);
        if (error) throw failure(error, 200);
      }
    } catch (error) {
      if (error instanceof ClientError) throw error;
      if (signal?.aborted) throw new ClientError(strings.errors.cancelled, 'Cancelled');
      throw new ClientError(strings.errors.interrupted(String((error as Error).message)), 'Interrupted');
    }
    return result;
  }

  async createDatabase(name: string, options: { copyOf?: string; orReplace?: boolean; ifNotExists?: boolean } = {}): Promise<void> {
    await this.#send('POST', '/api/v1/databases', { name, ...options });
  }
  async dropDatabase(name: string): Promise<void> {
    await this.#send('DELETE', this.#path(name));
  }
  async renameDatabase(name: string, to: string): Promise<void> {
    await this.#send('PATCH', this.#path(name), { name: to });
  }
  async setAccess(name: string, access: 'read-only' | 'read-write'): Promise<void> {
    await this.#send('PATCH', this.#path(name), { access });
  }
  async setStatus(name: string, requestedStatus: 'online' | 'offline'): Promise<void> {
    await this.#send('PATCH', this.#path(name), { requestedStatus });
  }
  async createAlias(alias: string, target: string): Promise<void> {
    await this.run(`CREATE ALIAS ${quote(alias)} FOR DATABASE ${quote(target)}`, { database: 'system' });
  }
  async dropAlias(alias: string): Promise<void> {
    await this.run(`DROP ALIAS ${quote(alias)} FOR DATABASE`, { database: 'system' });
  }
  async close(): Promise<void> {}

  #path = (name: string) => `/api/v1/databases/${encodeURIComponent(name)}`;
}
