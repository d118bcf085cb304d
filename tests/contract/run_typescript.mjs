// The contract through the TypeScript client, from Node.js.
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';

import { Duration, Float, NexusClient, NexusError, Node, Path, Point, Relationship, Temporal, Vector } from '../../sdks/typescript/dist/src/index.js';

const folder = new URL('conversations/', import.meta.url);

function conversations() {
  const found = [];
  for (const file of readdirSync(folder).sort()) {
    const lines = readFileSync(new URL(file, folder), 'utf8').split('\n').map((text, at) => ({ text, where: `${file}:${at + 1}` }))
      .filter(({ text }) => text.trim() && !text.startsWith('#'));
    for (let at = 0; at < lines.length; ) {
      const { text, where } = lines[at];
      if (text.startsWith('conversation ')) {
        found.push({ name: `${basename(file, '.txt')}: ${text.slice(13)}`, steps: [] });
        at += 1;
        continue;
      }
      const [, verb, optional, given] = /^([\w.]+)(\??) (.*)$/.exec(text);
      const expectation = lines[at + 1].text;
      found.at(-1).steps.push({ where, verb, optional: optional === '?', given, sign: expectation[0], expected: expectation.slice(2) });
      at += 2;
    }
  }
  return found;
}

function difference(expected, actual, where = 'answer') {
  if (expected === '*') return undefined;
  const wrong = () => `${where} is ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`;
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || actual.length !== expected.length) return wrong();
    return expected.map((item, at) => difference(item, actual[at], `${where}[${at}]`)).find(Boolean);
  }
  if (expected !== null && typeof expected === 'object') {
    if (actual === null || typeof actual !== 'object') return wrong();
    if (expected.$type && actual.$type === undefined) return wrong();
    return Object.entries(expected).map(([key, value]) => difference(value, actual[key], `${where}.${key}`)).find(Boolean);
  }
  return expected === (actual ?? null) ? undefined : wrong();
}

/** A value of the client as the contract writes it. */
function simple(value) {
  if (typeof value === 'bigint') return { $type: 'Integer', _value: String(value) };
  if (typeof value === 'number') return Number.isFinite(value) ? value : { $type: 'Float', _value: String(value) };
  if (Array.isArray(value)) return value.map(simple);
  if (value instanceof Temporal) {
    return { $type: value.type !== 'DateTime' ? value.type : value.zone ? 'ZonedDateTime' : 'OffsetDateTime', _value: String(value) };
  }
  if (value instanceof Duration || value instanceof Point) return { $type: value.constructor.name, _value: String(value) };
  if (value instanceof Vector) return { $type: 'Vector', _value: value.toTyped() };
  if (value instanceof Node) return { $node: { labels: [...value.labels].sort(), properties: simple(value.properties) } };
  if (value instanceof Relationship) return { $relationship: { type: value.type, properties: simple(value.properties) } };
  if (value instanceof Path) return { $path: value.nodes.flatMap((node, at) => [node, value.relationships[at]]).slice(0, -1).map(simple) };
  if (value !== null && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, simple(member)]));
  return value;
}

/** A value of the contract as one of the client. */
function native(value) {
  if (Array.isArray(value)) return value.map(native);
  if (value === null || typeof value !== 'object') return value;
  const text = value._value;
  switch (value.$type) {
    case undefined: return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, native(member)]));
    case 'Integer': return BigInt(text);
    case 'Float': return new Float(Number(text));
    case 'Duration': return Duration.parse(text);
    case 'Point': return Point.parse(text);
    case 'Vector': return Vector.fromTyped(value._value);
    case 'OffsetDateTime':
    case 'ZonedDateTime': return new Temporal('DateTime', text);
    default: return new Temporal(value.$type, text);
  }
}

class Runner {
  constructor() {
    this.client = new NexusClient({
      url: process.env.NEXUS_TEST_URL,
      auth: { user: process.env.NEXUS_TEST_USER, password: process.env.NEXUS_TEST_PASSWORD },
      retry: { firstPauseMs: 1 },
    });
  }

  statement({ query, parameters, database, access, timeoutMs, maxRows }, own = this.database) {
    return [query, parameters && native(parameters), { database: database ?? own, readOnly: access === 'read', timeoutMs, maxRows }];
  }

  answer({ columns, rows, summary }) {
    return { columns, rows: rows.map(simple), counters: summary.counters, database: summary.database };
  }

  async query(given) { return this.answer(await this.client.run(...this.statement(given))); }

  async stream(given) {
    const stream = this.client.stream(...this.statement(given));
    const rows = [];
    for await (const row of stream.rows()) rows.push(row);
    return this.answer({ columns: await stream.columns(), rows, summary: stream.summary });
  }

  async 'stream.take'(given) {
    const rows = [];
    for await (const row of this.client.stream(...this.statement(given)).rows()) {
      if (rows.push(simple(row)) === given.take) break;
    }
    return { rows };
  }

  async 'session.open'({ database }) {
    this.session = this.client.session(database);
    return { database: await this.session.database() };
  }
  async 'session.query'(given) { return this.answer(await this.session.run(...this.statement(given, null))); }
  async 'session.use'({ name }) { return { database: await this.session.use(name) }; }
  async 'session.database'() { return { database: await this.session.database() }; }
  async 'session.close'() { await this.session.close(); }

  async 'tx.begin'({ database = this.database, access }) {
    this.transaction = await this.client.beginTransaction({ database, readOnly: access === 'read' });
  }
  async 'tx.query'({ query, parameters }) { return this.answer(await this.transaction.run(query, parameters && native(parameters))); }
  async 'tx.commit'() { await this.transaction.commit(); }
  async 'tx.rollback'() { await this.transaction.rollback(); }

  async retry({ conflicts }) {
    let attempts = 0;
    const value = await this.client.transaction(async (transaction) => {
      attempts += 1;
      await transaction.run('MATCH (c:Counter) RETURN c.n');
      if (attempts <= conflicts) await this.query({ query: 'MATCH (c:Counter) SET c.n = c.n + 1' });
      return (await transaction.run('MATCH (c:Counter) SET c.n = c.n + 1 RETURN c.n AS n')).scalar();
    }, { database: this.database });
    return { attempts, value };
  }

  async 'databases.list'(given) {
    const page = await this.client.databases.list(given);
    return { ...page, names: page.databases.map(({ name }) => name) };
  }
  'databases.get'({ name }) { return this.client.databases.get(name); }
  'databases.create'({ name, ...options }) { return this.client.databases.create(name, options); }
  'databases.copy'({ source, name }) { return this.client.databases.copy(source, name); }
  'databases.rename'({ name, newName }) { return this.client.databases.rename(name, newName); }
  'databases.start'({ name }) { return this.client.databases.start(name); }
  'databases.stop'({ name }) { return this.client.databases.stop(name); }
  'databases.access'({ name, access }) { return this.client.databases.setAccess(name, access); }
  'databases.drop'({ name, ifExists }) { return this.client.databases.drop(name, { ifExists }); }
  async 'aliases.list'() { return { names: (await this.client.databases.aliases()).map(({ name }) => name) }; }
  'aliases.put'({ name, target }) { return this.client.databases.setAlias(name, target); }
  'aliases.drop'({ name }) { return this.client.databases.dropAlias(name); }

  async dump({ name }) {
    const pieces = [];
    for await (const piece of this.client.databases.dump(name)) pieces.push(piece);
    this.dumped = Buffer.concat(pieces);
  }
  restore({ name }) { return this.client.databases.restore(name, this.dumped); }
  info() { return this.client.info(); }
}

async function runStep(runner, { where, verb, optional, given, sign, expected }, names) {
  const put = (text) => text.replace(/@(db|new)\b/g, (_, name) => names[name]);
  let answer;
  let error;
  try {
    answer = (await runner[verb](JSON.parse(put(given)))) ?? {};
  } catch (thrown) {
    if (!(thrown instanceof NexusError)) throw thrown;
    error = thrown;
  }
  if (optional && error?.kind === 'not_implemented') return false;
  if ((sign === '!') !== (error !== undefined)) throw new Error(`${where}: ${verb} answered ${error?.stack ?? JSON.stringify(answer)}`);
  const found = difference(JSON.parse(put(expected)), error ?? answer);
  if (found) throw new Error(`${where}: ${verb}: ${found}`);
  return true;
}

let passed = 0;
let failed = 0;
for (const [number, { name, steps }] of conversations().entries()) {
  const names = { db: `typescript-c${number}`, new: `typescript-c${number}-new` };
  const runner = new Runner();
  try {
    await runner['databases.create']({ name: names.db, orReplace: true });
    runner.database = names.db;
    for (const step of steps) {
      if (!(await runStep(runner, step, names))) break;
    }
    passed += 1;
  } catch (error) {
    failed += 1;
    console.log(`FAILED ${name}: ${error.stack}`);
  } finally {
    for (const one of Object.values(names)) await runner['databases.drop']({ name: one, ifExists: true });
    await runner.client.close();
  }
}
console.log(`contract (typescript): ${passed} passed, ${failed} failed`);
process.exitCode = failed || !passed ? 1 : 0;
