// What can go wrong: one class, whose `kind` says what a caller may want to do about it.

export type ErrorKind =
  /** The server could not be reached, or the connection broke before the answer was complete. */
  | 'connection'
  /** The time that was given has passed, on the server or while waiting for it. */
  | 'timeout'
  /** User name or password are missing or wrong. */
  | 'authentication'
  /** The user, the access mode or the database does not allow this. */
  | 'forbidden'
  /** There is no such database, session or transaction. */
  | 'not_found'
  /** It exists already, or a constraint or the state of the database is against it. */
  | 'conflict'
  /** Another transaction was faster, or the server is busy: the same work may succeed later. */
  | 'transient'
  /** The statement is not Cypher or names what does not exist; see `position`. */
  | 'syntax'
  /** The statement or the request is understood and wrong. */
  | 'statement'
  /** A limit of the server, the database or the request was reached. */
  | 'limit'
  /** This server has not built that operation (yet). */
  | 'not_implemented'
  /** The server failed. */
  | 'server';

/** Where in the statement: line and column count from 1, the offset from 0. */
export interface Position {
  line: number;
  column: number;
  offset: number;
}

export interface ErrorDetails {
  title?: string;
  code?: string;
  gqlStatus?: string;
  status?: number;
  position?: Position;
  cause?: unknown;
}

export class NexusError extends Error {
  override readonly name = 'NexusError';
  /** Nexus's name of the error, such as `DatabaseNotFound`. */
  readonly title: string;
  /** The Neo4j status code. */
  readonly code: string;
  readonly gqlStatus: string;
  /** The HTTP status; 0 when there was no answer. */
  readonly status: number;
  readonly position: Position | undefined;

  constructor(readonly kind: ErrorKind, message: string, details: ErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.title = details.title ?? '';
    this.code = details.code ?? '';
    this.gqlStatus = details.gqlStatus ?? '';
    this.status = details.status ?? 0;
    this.position = details.position;
  }

  /** Whether the same work may succeed when it is done again from its beginning. */
  get retryable(): boolean {
    return this.kind === 'transient';
  }
}

function kindOf(status: number, title: string, code: string): ErrorKind {
  // The order matters: the first that fits.
  if (status === 501 || title === 'NotFound' || title === 'MethodNotAllowed') return 'not_implemented';
  if (status === 401) return 'authentication';
  if (code.startsWith('Neo.TransientError.') || status === 429 || status === 503) return 'transient';
  if (status === 408) return 'timeout';
  if (status === 404) return 'not_found';
  if (status === 403) return 'forbidden';
  if (status === 400 && code.endsWith('SyntaxError')) return 'syntax';
  if (status === 409) return 'conflict';
  if (status === 413 || status === 507) return 'limit';
  return status >= 400 && status < 500 ? 'statement' : 'server';
}

/** A problem document, or a member of `errors`. */
export interface Problem {
  title?: string;
  status?: number;
  detail?: string;
  message?: string;
  code?: string;
  gqlStatus?: string;
  position?: Position;
}

export function errorOf(problem: Problem, httpStatus: number): NexusError {
  const { title = '', code = '' } = problem;
  const status = problem.status ?? httpStatus;
  const message = problem.detail ?? problem.message ?? (title || `HTTP status ${status}`);
  return new NexusError(kindOf(status, title, code), message, { ...problem, status });
}
