// The client: statements, streams, sessions, transactions.

import { Databases } from './databases.js';
import type { Engine, EngineDatabase, EngineSession, Parameters, Row, RunOptions, Runner } from './engine.js';
import { NexusError } from './errors.js';
import { Exchange, type Auth, type Call, type CallOptions } from './exchange.js';
import { Result, RowStream, summaryOf } from './results.js';
import { FetchTransport, type Transport } from './transport.js';
import { encode, type Integers } from './values.js';

const TYPED = 'application/vnd.nexus.typed+json';
const LINES = `application/x-ndjson, ${TYPED}`;

/** How managed transactions are tried again; the pauses double and jitter. */
export interface Retry {
  attempts?: number;
  firstPauseMs?: number;
  pauseMaxMs?: number;
}

export interface ClientOptions {
  /** `http://127.0.0.1:7474` by default. */
  url?: string;
  auth?: Auth;
  /** Answers where no call names one; without it the server's default does. */
  database?: string;
  /** For every call that has none of its own. */
  timeoutMs?: number;
  integers?: Integers;
  retry?: Retry;
  /** Instead of `fetch` on `url`. */
  transport?: Transport;
}

export interface QueryOptions extends RunOptions {
  /** More rows are an error. */
  maxRows?: number;
  /** Aborting rejects with the signal's reason and ends the exchange. */
  signal?: AbortSignal;
}

export interface TransactionOptions extends CallOptions {
  database?: string;
  readOnly?: boolean;
}

export interface ServerInfo {
  name: string;
  version: string;
  defaultDatabase: string;
  user: string;
  authentication: boolean;
  limits: Record<string, number>;
}

export class NexusClient implements Engine {
  readonly databases: Databases;
  readonly #exchange: Exchange;
  readonly #retry: Required<Retry>;
  readonly #integers: Integers;
  readonly #database: string | undefined;

  constructor(options: ClientOptions = {}) {
    const transport = options.transport ?? new FetchTransport(options.url ?? 'http://127.0.0.1:7474');
    this.#exchange = new Exchange(transport, options.auth, options.timeoutMs);
    this.#retry = { attempts: 8, firstPauseMs: 50, pauseMaxMs: 2000, ...options.retry };
    this.#integers = options.integers ?? 'auto';
    this.#database = options.database;
    this.databases = new Databases(this.#exchange);
  }

  /** Runs one statement in a transaction of its own and reads the whole answer. */
  run<R = Row>(text: string, parameters?: Parameters, options: QueryOptions = {}): Promise<Result<R>> {
    return this.#run<R>(text, parameters, { ...options, database: options.database ?? this.#database });
  }

  /** Runs one statement and hands out its rows as they come; memory stays flat. */
  stream<R = Row>(text: string, parameters?: Parameters, options: QueryOptions = {}): RowStream<R> {
    return this.#stream<R>(text, parameters, { ...options, database: options.database ?? this.#database });
  }

  /** A session on the server, opened by its first use: it remembers its database, also after `:USE name`. */
  session(database?: string): Session {
    const run: Start = {
      exchange: this.#exchange,
      run: (text, parameters, options, token) => this.#run(text, parameters, options, token),
      stream: (text, parameters, options, token) => this.#stream(text, parameters, options, token),
      transaction: (work, options) => this.transaction(work, options),
    };
    return new Session(run, database ?? this.#database);
  }

  /** A handle on one database; its statements always run there. */
  database(name: string): EngineDatabase & { run: NexusClient['run']; stream: NexusClient['stream'] } {
    return {
      name,
      run: (text, parameters, options) => this.run(text, parameters, { ...options, database: name }),
      stream: (text, parameters, options) => this.stream(text, parameters, { ...options, database: name }),
      transaction: (work) => this.transaction(work, { database: name }),
    };
  }

  /**
   * Does `work` in a transaction and commits; on a transient error, such as a conflict, does it all again. So `work`
   * may run several times and should have no other effects. An exception rolls back.
   */
  async transaction<T>(work: (transaction: Transaction) => Promise<T>, options: TransactionOptions = {}): Promise<T> {
    for (let attempt = 1; ; ++attempt) {
      try {
        const transaction = await this.beginTransaction(options);
        try {
          const answer = await work(transaction);
          if (transaction.isOpen) await transaction.commit();
          return answer;
        } catch (error) {
          await transaction.rollback().catch(() => undefined); // The error on its way says more.
          throw error;
        }
      } catch (error) {
        if (!(error instanceof NexusError) || !error.retryable || attempt >= this.#retry.attempts) throw error;
        const pause = Math.min(this.#retry.pauseMaxMs, this.#retry.firstPauseMs * 2 ** (attempt - 1));
        await new Promise((resolve) => setTimeout(resolve, pause * (0.5 + Math.random() / 2)));
        options.signal?.throwIfAborted();
      }
    }
  }

  /** Opens a transaction that the caller commits or rolls back. */
  async beginTransaction(options: TransactionOptions = {}): Promise<Transaction> {
    const database = options.database ?? this.#database ?? (await this.info(options)).defaultDatabase;
    const transaction = new Transaction(this.#exchange, database, this.#integers, options);
    await transaction.begin(options.readOnly ?? false);
    return transaction;
  }

  info(options: CallOptions = {}): Promise<ServerInfo> {
    return this.#exchange.json({ method: 'GET', path: '/api/v1/info', timeoutMs: options.timeoutMs, signal: options.signal });
  }

  /** Whether the server can be reached and serves statements. */
  async isReady(): Promise<boolean> {
    try {
      await this.#exchange.bytes({ method: 'GET', path: '/health/ready' });
      return true;
    } catch {
      return false;
    }
  }

  /** Ends the transport's connections. */
  close(): Promise<void> {
    return this.#exchange.transport.close();
  }

  #call(text: string, parameters: Parameters | undefined, options: QueryOptions, accept: string, token?: string): Call {
    const { database, readOnly, timeoutMs, maxRows, signal } = options;
    const body = {
      query: text,
      parameters: parameters && encode(parameters),
      database,
      accessMode: readOnly ? 'READ' : undefined,
      timeoutMs: timeoutMs === undefined ? undefined : Math.max(1, Math.ceil(timeoutMs)),
      maxRows,
    };
    const headers: Record<string, string> = { Accept: accept, ...(token === undefined ? {} : { 'Nexus-Session': token }) };
    return { method: 'POST', path: '/api/v1/cypher', headers, body, timeoutMs, signal };
  }

  async #run<R>(text: string, parameters: Parameters | undefined, options: QueryOptions, token?: string): Promise<Result<R>> {
    const body = await this.#exchange.json(this.#call(text, parameters, options, TYPED, token));
    return new Result<R>(body.columns, body.rows, summaryOf(body, ''), options.integers ?? this.#integers);
  }

  #stream<R>(text: string, parameters: Parameters | undefined, options: QueryOptions, token?: string): RowStream<R> {
    const lines = this.#exchange.lines(this.#call(text, parameters, options, LINES, token));
    return new RowStream<R>(lines, options.integers ?? this.#integers);
  }
}

interface Start {
  exchange: Exchange;
  run<R>(text: string, parameters: Parameters | undefined, options: QueryOptions, token: string): Promise<Result<R>>;
  stream<R>(text: string, parameters: Parameters | undefined, options: QueryOptions, token: string): RowStream<R>;
  transaction: NexusClient['transaction'];
}

/** A session on the server, ended by `close` or by half an hour of silence. */
export class Session implements EngineSession {
  readonly #start: Start;
  readonly #first: string | undefined;
  #token: Promise<string> | undefined;

  constructor(start: Start, database: string | undefined) {
    this.#start = start;
    this.#first = database;
  }

  /** Opens it now; else the first use does. */
  open(): Promise<string> {
    const opened = this.#start.exchange.json({ method: 'POST', path: '/api/v1/session', body: { database: this.#first } });
    this.#token ??= opened.then((body) => body.session as string);
    return this.#token;
  }

  /** The current database, asked from the server. */
  async database(): Promise<string> {
    return (await this.#call('GET', '/api/v1/session/database')).database;
  }

  async use(database: string): Promise<string> {
    return (await this.#call('PUT', '/api/v1/session/database', { name: database })).database;
  }

  /** As the client's, on the session's database; `:USE name` switches it. */
  async run<R = Row>(text: string, parameters?: Parameters, options: QueryOptions = {}): Promise<Result<R>> {
    return this.#start.run<R>(text, parameters, options, await this.#opened());
  }

  async *stream<R = Row>(text: string, parameters?: Parameters, options: QueryOptions = {}): AsyncGenerator<R> {
    yield* this.#start.stream<R>(text, parameters, options, await this.#opened());
  }

  /** A managed transaction on the session's database. */
  async transaction<T>(work: (transaction: Transaction) => Promise<T>, options: Omit<TransactionOptions, 'database'> = {}): Promise<T> {
    return this.#start.transaction(work, { ...options, database: await this.database() });
  }

  async close(): Promise<void> {
    if (this.#token) await this.#call('DELETE', '/api/v1/session');
  }

  #opened(): Promise<string> {
    return this.#token ?? this.open();
  }

  async #call(method: string, path: string, body?: unknown): Promise<any> {
    return this.#start.exchange.json({ method, path, body, headers: { 'Nexus-Session': await this.#opened() } });
  }
}

/** An open transaction. A failed statement ends it; so does a minute of silence. */
export class Transaction implements Runner {
  readonly #exchange: Exchange;
  readonly #integers: Integers;
  readonly #options: TransactionOptions;
  #token = '';
  #isOpen = false;
  #bookmark = '';

  constructor(exchange: Exchange, readonly database: string, integers: Integers, options: TransactionOptions) {
    this.#exchange = exchange;
    this.#integers = integers;
    this.#options = options;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** After the commit. */
  get bookmark(): string {
    return this.#bookmark;
  }

  /** @internal */
  async begin(readOnly: boolean): Promise<void> {
    const body = await this.#send('POST', '', { accessMode: readOnly ? 'Read' : 'Write' });
    this.#token = body.transaction.id;
    this.#isOpen = true;
  }

  async run<R = Row>(text: string, parameters?: Parameters, options: { integers?: Integers } = {}): Promise<Result<R>> {
    const wanted = { statement: text, parameters: parameters && encode(parameters), includeCounters: true };
    const body = await this.#request(`/${this.#token}`, wanted);
    return new Result<R>(body.data.fields, body.data.values, summaryOf(body, this.database), options.integers ?? this.#integers);
  }

  /** The answer is read whole; the rows come one by one, as elsewhere. */
  async *stream<R = Row>(text: string, parameters?: Parameters, options: { integers?: Integers } = {}): AsyncGenerator<R> {
    yield* (await this.run<R>(text, parameters, options)).records;
  }

  async commit(): Promise<void> {
    const body = await this.#request(`/${this.#token}/commit`, {});
    this.#bookmark = body.bookmarks?.[0] ?? '';
    this.#isOpen = false;
  }

  /** Does nothing when the transaction has ended already. */
  async rollback(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    try {
      await this.#send('DELETE', `/${this.#token}`);
    } catch (error) {
      if (!(error instanceof NexusError && error.kind === 'not_found')) throw error; // Else it has timed out.
    }
  }

  async #request(path: string, body: Record<string, unknown>): Promise<any> {
    if (!this.#isOpen) throw new NexusError('not_found', 'the transaction has ended', { title: 'TransactionNotFound' });
    try {
      const answer = await this.#send('POST', path, body);
      this.#isOpen = answer.transaction !== undefined;
      return answer;
    } catch (error) {
      if (error instanceof NexusError && error.status !== 0) this.#isOpen = false; // The server has rolled it back.
      throw error;
    }
  }

  #send(method: string, path: string, body?: Record<string, unknown>): Promise<any> {
    const { timeoutMs, signal } = this.#options;
    const seconds = timeoutMs === undefined ? undefined : Math.max(1, Math.ceil(timeoutMs / 1000));
    return this.#exchange.json({
      method,
      path: `/db/${encodeURIComponent(this.database)}/query/v2/tx${path}`,
      headers: { Accept: 'application/vnd.neo4j.query' },
      body: body && { ...body, maxExecutionTime: seconds },
      timeoutMs,
      signal,
    });
  }
}
