// What is common to a server behind HTTP and to an engine in the same process (`@nexusdb/nexus`): write against these
// interfaces, and either may stand behind them.

import type { Integers } from './values.js';

export type Parameters = Record<string, unknown>;
export type Row = Record<string, unknown>;

export interface RunOptions {
  /** Which database answers; a leading USE in the text wins. */
  database?: string;
  /** Writing is an error. */
  readOnly?: boolean;
  /** How long the statement may run. */
  timeoutMs?: number;
  integers?: Integers;
}

export interface Counters {
  nodesCreated: number;
  nodesDeleted: number;
  relationshipsCreated: number;
  relationshipsDeleted: number;
  propertiesSet: number;
  labelsAdded: number;
  labelsRemoved: number;
  systemUpdates: number;
}

export interface Summary {
  /** The database that answered, aliases resolved. */
  database: string;
  statementType: string;
  counters: Counters;
  /** Empty unless asked for by EXPLAIN or PROFILE. */
  plan: string;
  /** Empty when nothing was committed. */
  bookmark: string;
  elapsedUs: number;
}

export interface Runner {
  run<R = Row>(text: string, parameters?: Parameters, options?: RunOptions): Promise<{ columns: string[]; records: R[]; summary: Summary }>;
  stream<R = Row>(text: string, parameters?: Parameters, options?: RunOptions): AsyncIterable<R>;
}

export interface EngineSession extends Runner {
  use(database: string): Promise<unknown>;
  transaction<T>(work: (runner: Runner) => Promise<T>): Promise<T>;
  close(): void | Promise<void>;
}

export interface EngineDatabase extends Runner {
  readonly name: string;
  transaction<T>(work: (runner: Runner) => Promise<T>): Promise<T>;
}

export interface Engine extends Runner {
  session(database?: string): EngineSession;
  database(name: string): EngineDatabase;
  close(): Promise<void>;
}
