// One exchange over a transport: time limits, errors, bodies.

import { connectionError, type Transport } from './transport.js';
import { errorOf, NexusError, type Problem } from './errors.js';

// How much longer than the server the client waits, so that the server's own error arrives.
const GRACE_MS = 5000;

export interface Auth {
  user: string;
  password: string;
}

export interface CallOptions {
  timeoutMs?: number;
  signal?: AbortSignal;
}

export interface Call extends CallOptions {
  method: string;
  path: string;
  headers?: Record<string, string>;
  body?: unknown;
  /** Sent as it is, instead of `body`. */
  bytes?: Uint8Array;
}

/** A time limit and a caller's signal as one signal. */
class Deadline {
  readonly #abort = new AbortController();
  readonly #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #forward: () => void;

  constructor(milliseconds: number | undefined, readonly outer: AbortSignal | undefined) {
    this.#forward = (): void => this.#abort.abort(outer?.reason);
    if (outer?.aborted) this.#forward();
    outer?.addEventListener('abort', this.#forward, { once: true });
    if (milliseconds !== undefined) {
      const late = new NexusError('timeout', 'the server did not answer in time');
      this.#timer = setTimeout(() => this.#abort.abort(late), milliseconds);
    }
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** What to throw for `error`: a time limit and a caller's abort come first. */
  explain(error: unknown): unknown {
    if (this.signal.aborted) return this.signal.reason;
    return error instanceof NexusError ? error : connectionError(error);
  }

  end(): void {
    clearTimeout(this.#timer);
    this.outer?.removeEventListener('abort', this.#forward);
  }
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

export class Exchange {
  readonly #headers: Record<string, string>;

  constructor(readonly transport: Transport, auth: Auth | undefined, readonly timeoutMs: number | undefined) {
    this.#headers = auth ? { Authorization: `Basic ${base64(`${auth.user}:${auth.password}`)}` } : {};
  }

  async json(call: Call): Promise<any> {
    const bytes = await this.bytes(call);
    return bytes.length === 0 ? undefined : JSON.parse(new TextDecoder().decode(bytes));
  }

  async bytes(call: Call): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    for await (const piece of this.pieces(call)) pieces.push(piece);
    const all = new Uint8Array(pieces.reduce((size, piece) => size + piece.length, 0));
    let at = 0;
    for (const piece of pieces) {
      all.set(piece, at);
      at += piece.length;
    }
    return all;
  }

  /** The body of a successful answer, piece by piece. */
  async *pieces({ method, path, headers, body, bytes, timeoutMs, signal }: Call): AsyncGenerator<Uint8Array> {
    const deadline = new Deadline(timeoutMs === undefined ? this.timeoutMs : timeoutMs + GRACE_MS, signal);
    const content = bytes ?? (body === undefined ? undefined : JSON.stringify(body));
    const type: Record<string, string> = body === undefined ? {} : { 'Content-Type': 'application/json' };
    try {
      const sent = { method, path, headers: { ...this.#headers, ...type, ...headers }, body: content, signal: deadline.signal };
      const answer = await this.transport.send(sent);
      if (answer.status < 200 || answer.status > 299) throw await failureOf(answer.body, answer.status);
      for await (const piece of answer.body) yield piece;
    } catch (error) {
      throw deadline.explain(error);
    } finally {
      deadline.end();
    }
  }

  async *lines(call: Call): AsyncGenerator<string> {
    const decoder = new TextDecoder();
    let rest = '';
    for await (const piece of this.pieces(call)) {
      const lines = (rest + decoder.decode(piece, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
  }
}

async function failureOf(body: AsyncIterable<Uint8Array>, status: number): Promise<NexusError> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const piece of body) text += decoder.decode(piece, { stream: true });
  let problem: Problem = {};
  try {
    const parsed = JSON.parse(text) as Problem & { errors?: Problem[] };
    problem = parsed.errors?.[0] ?? parsed;
  } catch {
    // Not ours, such as a proxy's page: the status says it all.
  }
  return errorOf(problem, status);
}
