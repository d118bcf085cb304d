// What statements answer.

import type { Counters, Row, Summary } from './engine.js';
import { connectionError } from './transport.js';
import { errorOf } from './errors.js';
import { decode, type Integers } from './values.js';

export function summaryOf(body: any, database: string): Summary {
  const none: Counters = {
    nodesCreated: 0, nodesDeleted: 0, relationshipsCreated: 0, relationshipsDeleted: 0,
    propertiesSet: 0, labelsAdded: 0, labelsRemoved: 0, systemUpdates: 0,
  };
  const counted = Object.keys(none).map((name) => [name, body.counters?.[name] ?? 0]);
  return {
    database: body.database ?? database,
    statementType: body.statementType ?? '',
    counters: Object.fromEntries(counted) as Counters,
    plan: body.plan ?? '',
    bookmark: body.bookmark ?? body.bookmarks?.[0] ?? '',
    elapsedUs: body.elapsedUs ?? 0,
  };
}

function recordOf(columns: string[], row: unknown[]): Row {
  return Object.fromEntries(columns.map((column, at) => [column, row[at]]));
}

/** All rows of one statement. */
export class Result<R = Row> {
  /** The rows as lists, in the order of `columns`. */
  readonly rows: unknown[][];

  constructor(readonly columns: string[], typedRows: any[][], readonly summary: Summary, integers: Integers) {
    this.rows = typedRows.map((row) => row.map((value) => decode(value, integers)));
  }

  /** The rows as objects. */
  get records(): R[] {
    return this.rows.map((row) => recordOf(this.columns, row) as R);
  }

  /** The only row; an error when there are none or several. */
  single(): R {
    const [first] = this.records;
    if (first === undefined || this.rows.length !== 1) throw new RangeError(`the result has ${this.rows.length} rows, not one`);
    return first;
  }

  /** The first value of the only row. */
  scalar<T = unknown>(): T {
    this.single();
    return this.rows[0]?.[0] as T;
  }
}

/** Rows as they come. Leaving the loop early, or `close()`, ends the statement on the server. */
export class RowStream<R = Row> implements AsyncIterable<R> {
  readonly #lines: AsyncGenerator<string>;
  readonly #integers: Integers;
  #columns: string[] | undefined;
  #summary: Summary | undefined;

  constructor(lines: AsyncGenerator<string>, integers: Integers) {
    this.#lines = lines;
    this.#integers = integers;
  }

  /** Waits for the first line of the answer. */
  async columns(): Promise<string[]> {
    if (!this.#columns) {
      const head = await this.#next();
      this.#columns = head.columns as string[];
    }
    return this.#columns;
  }

  /** Known after the last row. */
  get summary(): Summary {
    if (!this.#summary) throw new Error('the summary comes after the last row');
    return this.#summary;
  }

  async #next(): Promise<any> {
    const { done, value } = await this.#lines.next();
    if (done) throw connectionError(new Error('the connection broke before the last row'));
    const line = JSON.parse(value);
    if (line.error) {
      await this.close();
      throw errorOf(line.error, 0);
    }
    return line;
  }

  /** Each row as a list. */
  async *rows(): AsyncGenerator<unknown[]> {
    try {
      await this.columns();
      for (;;) {
        const line = await this.#next();
        if (!Array.isArray(line)) {
          this.#summary = summaryOf(line.summary, '');
          return;
        }
        yield line.map((value) => decode(value, this.#integers));
      }
    } finally {
      await this.close();
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<R> {
    for await (const row of this.rows()) yield recordOf(this.#columns ?? [], row) as R;
  }

  async close(): Promise<void> {
    await this.#lines.return(undefined);
  }
}
