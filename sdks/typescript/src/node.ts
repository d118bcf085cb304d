// A transport for Node.js with a pool and TLS settings of its own.

import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';

import { connectionError, type Transport, type TransportRequest, type TransportResponse } from './transport.js';

export interface NodeTransportOptions {
  /** Connections at once; 20 by default. */
  connections?: number;
  /** Certificates in PEM that are trusted instead of the system's. */
  ca?: string | Buffer;
  /** A client certificate and its key, in PEM. */
  cert?: string | Buffer;
  key?: string | Buffer;
}

export class NodeTransport implements Transport {
  readonly #url: URL;
  readonly #agent: HttpAgent | HttpsAgent;

  constructor(url: string, { connections = 20, ...tls }: NodeTransportOptions = {}) {
    this.#url = new URL(url);
    const pool = { keepAlive: true, maxSockets: connections };
    this.#agent = this.#url.protocol === 'https:' ? new HttpsAgent({ ...pool, ...tls }) : new HttpAgent(pool);
  }

  send({ method, path, headers, body, signal }: TransportRequest): Promise<TransportResponse> {
    const send = this.#url.protocol === 'https:' ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      const fail = (error: unknown): void => reject(signal?.aborted ? signal.reason : connectionError(error));
      const options = { method, headers: { ...headers, ...(body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) }) } };
      const request = send(new URL(path, this.#url), { ...options, agent: this.#agent, signal }, (message: IncomingMessage) => {
        resolve({ status: message.statusCode ?? 0, body: message });
      });
      request.on('error', fail);
      request.end(body);
    });
  }

  async close(): Promise<void> {
    this.#agent.destroy();
  }
}
