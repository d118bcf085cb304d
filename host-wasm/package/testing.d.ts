import type { Database, OpenOptions } from './nexus.js';

export interface TestOptions extends Omit<OpenOptions, 'store'> {
  /** Run before each test: a statement, several, or a function of the database. */
  seed?: string | string[] | ((database: Database) => Promise<unknown>);
  /** Begin with what template() seeded once; the engine's settings are the template's. */
  template?: Template;
}

declare const templateBrand: unique symbol;
export interface Template {
  [templateBrand]: true;
  /** Lets go of its engines; the next test seeds another. */
  close(): Promise<void>;
}

/** A database that is seeded once, by the first test that needs it. */
export function template(options?: Omit<TestOptions, 'template'>): Template;

/** A database in memory and how to drop it; `await using` drops it by itself. */
export function temporaryDatabase(options?: TestOptions): Promise<{ database: Database; drop(): Promise<void> } & AsyncDisposable>;

/** A test function for node:test that gets a database of its own first. */
export function withDatabase<Context extends unknown[]>(
  body: (database: Database, ...context: Context) => unknown): (...context: Context) => Promise<unknown>;
export function withDatabase<Context extends unknown[]>(
  options: TestOptions, body: (database: Database, ...context: Context) => unknown): (...context: Context) => Promise<unknown>;

/** A fixture for vitest: test.extend({ database: databaseFixture() }). */
export function databaseFixture(options?: TestOptions): (context: {}, use: (database: Database) => Promise<void>) => Promise<void>;

/** Ends the shared engine of this process. */
export function closeEngine(): Promise<void>;
