// A Nexus server over its REST API v1. Requests go to that server alone; a password is held
// in memory and never stored.
import {
  ClientError, type Alias, type BackendInfo, type Creation, type DatabaseInfo, type DatabaseList, type DroppedDatabase, type NexusClient,
  type QueryResult, type RunOptions, type Summary,
} from './types';
import type { Typed } from './typed';
import { fromTyped } from './values';
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

type Part = Typed[] | { columns?: string[]; summary?: Partial<Summary> };

function broken(error: unknown, signal?: AbortSignal): ClientError {
  if (error instanceof ClientError) return error;
  if (signal?.aborted) return new ClientError(strings.errors.cancelled, 'Cancelled');
  return new ClientError(strings.errors.interrupted(String((error as Error).message)), 'Interrupted');
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
  #user: string | null = null;
  #authorization: string | null = null;

  /** `base`: '' for the server that served this page, else its URL. */
  constructor(base: string, login?: { user: string; password: string }) {
    this.#base = base.replace(/\/+$/, '');
    this.key = this.#base || 'here';
    if (login) this.#signIn(login.user, login.password);
  }

  #signIn(user: string, password: string): void {
    const bytes = new TextEncoder().encode(`${user}:${password}`);
    this.#user = user;
    this.#authorization = `Basic ${btoa(String.fromCharCode(...bytes))}`;
  }

  async changePassword(old: string, to: string): Promise<void> {
    await this.run('ALTER CURRENT USER SET PASSWORD FROM $old TO $new', { database: 'system', parameters: { old, new: to } });
    if (this.#user !== null) this.#signIn(this.#user, to);
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
    const { version, defaultDatabase, user } = await (await this.#send('GET', '/api/v1/info')).json() as { version: string; defaultDatabase: string; user: string };
    return { version, defaultDatabase, user, dumpBytesMax: null, place: (this.#base || location.origin).replace(/^https?:\/\//, '') };
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

  /** Lines of an answer as they arrive: the columns, rows, the summary. */
  async *#parts(query: string, { database, parameters, readOnly, signal }: RunOptions): AsyncGenerator<Part> {
    const response = await this.#send('POST', '/api/v1/cypher',
      { query, parameters: parameters ?? {}, ...(database ? { database } : {}), ...(readOnly ? { accessMode: 'READ' } : {}) },
      'application/x-ndjson, application/vnd.nexus.typed+json', signal);
    try {
      for await (const line of lines(response.body!)) {
        const part = JSON.parse(line) as Part & { error?: Problem };
        if (part.error) throw failure(part.error, 200);
        yield part;
      }
    } catch (error) {
      throw broken(error, signal);
    }
  }

  async run(query: string, options: RunOptions = {}): Promise<QueryResult> {
    const { database, rowsMax = rowsDefault } = options;
    const result: QueryResult = {
      columns: [], rows: [], truncated: false,
      summary: { statementType: '', counters: {}, plan: '', database: database ?? '', elapsedUs: 0 },
    };
    for await (const part of this.#parts(query, options)) {
      if (Array.isArray(part)) {
        if (result.rows.length >= rowsMax) return { ...result, truncated: true };
        result.rows.push(part.map(fromTyped));
        continue;
      }
      if (part.columns) result.columns = part.columns;
      if (part.summary) Object.assign(result.summary, part.summary);
    }
    return result;
  }

  async *rows(query: string, options: RunOptions = {}): AsyncGenerator<Typed[]> {
    for await (const part of this.#parts(query, options)) if (Array.isArray(part)) yield part;
  }

  async dump(name: string, signal: AbortSignal, onBytes: (bytes: number) => void): Promise<Blob> {
    const response = await this.#send('GET', `${this.#path(name)}/dump`, undefined, 'application/vnd.nexus.dump, application/json', signal);
    const parts: BlobPart[] = [];
    let bytes = 0;
    try {
      for (const reader = response.body!.getReader(); ;) {
        const { done, value } = await reader.read();
        if (done) break;
        parts.push(value);
        onBytes(bytes += value.length);
      }
    } catch (error) {
      throw broken(error, signal);
    }
    return new Blob(parts, { type: 'application/vnd.nexus.dump' });
  }

  restore(name: string, file: Blob, signal: AbortSignal, onBytes: (bytes: number) => void): Promise<void> {
    // Why not fetch: it does not tell how much has been sent.
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      const cancelled = () => reject(new ClientError(strings.errors.cancelled, 'Cancelled'));
      if (signal.aborted) return cancelled();
      signal.addEventListener('abort', () => request.abort());
      request.onabort = cancelled;
      request.upload.onprogress = ({ loaded }) => onBytes(loaded);
      request.onerror = () => reject(new ClientError(strings.errors.unreachable(this.#base || location.origin, strings.errors.uploadBroke), 'Unreachable'));
      request.onload = () => {
        if (request.status === 201) return resolve();
        let problem: Problem = {};
        try {
          problem = JSON.parse(request.responseText) as Problem;
        } catch {
          // No explanation: the status says what there is to say.
        }
        return reject(failure(problem, request.status));
      };
      request.open('PUT', `${this.#base}${this.#path(name)}/dump`);
      request.setRequestHeader('Content-Type', 'application/vnd.nexus.dump');
      if (this.#authorization) request.setRequestHeader('Authorization', this.#authorization);
      request.send(file);
    });
  }

  async createDatabase(name: string, options: Creation = {}): Promise<void> {
    await this.#send('POST', '/api/v1/databases', { name, ...options });
  }
  async dropDatabase(name: string, { destroy = false } = {}): Promise<void> {
    await this.#send('DELETE', this.#path(name) + (destroy ? '?destroyData=true' : ''));
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
  async setOption(name: string, option: string, value: string | null): Promise<void> {
    await this.#send('PATCH', this.#path(name), { options: { [option]: value } });
  }
  async dropped(): Promise<DroppedDatabase[]> {
    return ((await (await this.#send('GET', '/api/v1/dropped')).json()) as { databases: DroppedDatabase[] }).databases;
  }
  async undrop(name: string, as: string): Promise<void> {
    await this.#send('POST', `${this.#path(name)}/undrop`, as === name ? {} : { name: as });
  }
  async aliases(): Promise<Alias[] | null> {
    try {
      return ((await (await this.#send('GET', '/api/v1/aliases')).json()) as { aliases: Alias[] }).aliases;
    } catch (error) {
      if (error instanceof ClientError && [404, 405, 501].includes(error.status)) return null;
      throw error;
    }
  }
  async createAlias(alias: string, target: string): Promise<void> {
    await this.#send('PUT', `/api/v1/aliases/${encodeURIComponent(alias)}`, { target });
  }
  async dropAlias(alias: string): Promise<void> {
    await this.#send('DELETE', `/api/v1/aliases/${encodeURIComponent(alias)}`);
  }
  async close(): Promise<void> {}

  #path = (name: string) => `/api/v1/databases/${encodeURIComponent(name)}`;
}
