// How requests reach whatever answers REST v1: bytes out, bytes in. Anything that can do that is a transport.

import { NexusError } from './errors.js';

export interface TransportRequest {
  method: string;
  /** Path and query, percent-encoded. */
  path: string;
  headers: Record<string, string>;
  body?: string | Uint8Array;
  signal?: AbortSignal;
}

export interface TransportResponse {
  status: number;
  /** Leaving the iteration early ends the exchange. */
  body: AsyncIterable<Uint8Array>;
}

export interface Transport {
  /** Throws what `signal` was aborted with, or a NexusError of kind `connection`. */
  send(request: TransportRequest): Promise<TransportResponse>;
  close(): Promise<void>;
}

export function connectionError(error: unknown): NexusError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = (cause as { code?: unknown } | undefined)?.code;
  const message = cause instanceof Error ? cause.message || String(code ?? cause.name) : String(cause);
  return new NexusError('connection', message, { cause: error });
}

async function* pieces(response: Response): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  if (!reader) return;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** `fetch`, in the browser and in Node.js, whose own pool of connections it uses. */
export class FetchTransport implements Transport {
  readonly #url: string;
  readonly #fetch: typeof fetch;

  constructor(url: string, options: { fetch?: typeof fetch } = {}) {
    this.#url = url.replace(/\/+$/, '');
    this.#fetch = options.fetch ?? globalThis.fetch.bind(globalThis);
  }

  async send({ method, path, headers, body, signal }: TransportRequest): Promise<TransportResponse> {
    try {
      const response = await this.#fetch(this.#url + path, {
        method,
        headers,
        body: body as RequestInit['body'],
        signal,
        credentials: 'omit',
        redirect: 'error',
        cache: 'no-store',
      });
      return { status: response.status, body: pieces(response) };
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      throw connectionError(error);
    }
  }

  async close(): Promise<void> {}
}
