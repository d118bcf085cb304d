import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { after, before, test } from 'node:test';

import type { Nexus as InProcess } from '../../../host-wasm/package/nexus.js';
import { NexusClient, NexusError, type Engine, type ErrorKind, type Transaction } from '../src/index.js';
import { NodeTransport } from '../src/node.js';
import { auth, caFile, clientOf, LONG, tlsUrl, url } from './support.js';

const client = clientOf({ database: 'nodetest' });

before(async () => {
  await client.databases.create('nodetest', { orReplace: true });
});
after(async () => {
  await client.databases.drop('nodetest', { ifExists: true });
  await client.close();
});

const fails = (kind: ErrorKind) => (error: unknown): boolean => error instanceof NexusError && error.kind === kind;

async function listening(serve: Parameters<typeof createServer>[1]): Promise<{ server: Server; url: string }> {
  const server = createServer(serve);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert(address !== null && typeof address === 'object');
  return { server, url: `http://127.0.0.1:${address.port}` };
}

test('the account is checked', async () => {
  for (const wrong of [undefined, { user: auth.user, password: 'wrong-password' }]) {
    const stranger = new NexusClient({ url, auth: wrong });
    assert.equal(await stranger.isReady(), true);
    await assert.rejects(stranger.run('RETURN 1'), fails('authentication'));
  }
});

test('TLS by a certificate of one\'s own', async () => {
  const transport = new NodeTransport(tlsUrl, { ca: readFileSync(caFile), connections: 2 });
  const secure = clientOf({ transport });
  assert.equal((await secure.run('RETURN 1 AS x')).scalar(), 1);
  const rows = [];
  for await (const { x } of secure.stream<{ x: number }>('UNWIND range(1, 3) AS x RETURN x')) rows.push(x);
  assert.deepEqual(rows, [1, 2, 3]);
  await secure.close();
  await assert.rejects(clientOf({ url: tlsUrl }).run('RETURN 1'), fails('connection'));
});

test('nobody listens', async () => {
  const { server, url } = await listening(() => undefined);
  server.close();
  const lonely = new NexusClient({ url });
  assert.equal(await lonely.isReady(), false);
  await assert.rejects(lonely.run('RETURN 1'), fails('connection'));
  await assert.rejects(new NexusClient({ transport: new NodeTransport(url) }).run('RETURN 1'), fails('connection'));
});

test('a server that says nothing is given up', async () => {
  const { server, url } = await listening(() => undefined);
  await assert.rejects(new NexusClient({ url, timeoutMs: 50 }).info(), fails('timeout'));
  const stop = new AbortController();
  const waiting = new NexusClient({ url }).info({ signal: stop.signal });
  stop.abort(new Error('enough'));
  await assert.rejects(waiting, /enough/);
  server.close();
});

test('a broken answer is no short answer', async () => {
  const head = 'HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nConnection: close\r\n\r\n';
  const { server, url } = await listening((socket) => {
    socket.once('data', () => socket.end(`${head}{"columns":["x"]}\n[{"$type":"Integer","_value":"1"}]\n`));
  });
  await assert.rejects(async () => {
    for await (const row of new NexusClient({ url }).stream('RETURN 1 AS x')) assert.deepEqual(row, { x: 1 });
  }, fails('connection'));
  server.close();
});

test('many at once share a pool', async () => {
  const pooled = clientOf({ transport: new NodeTransport(url, { connections: 2 }) });
  const answers = await Promise.all(Array.from({ length: 50 }, (_, x) => pooled.run('RETURN $x AS x', { x })));
  assert.deepEqual(answers.map((answer) => answer.scalar()), Array.from({ length: 50 }, (_, x) => x));
  await pooled.close();
});

test('aborting ends a call and a stream', async () => {
  await assert.rejects(client.run(LONG, {}, { timeoutMs: 500, signal: AbortSignal.timeout(20) }), { name: 'TimeoutError' });
  const stop = new AbortController();
  await assert.rejects(async () => {
    for await (const { x } of client.stream('UNWIND range(1, 1000000) AS x RETURN x', {}, { signal: stop.signal })) {
      if (x === 3) stop.abort(new Error('enough'));
    }
  }, /enough/);
  await assert.rejects(client.run(LONG, {}, { timeoutMs: 50 }), fails('timeout'));
});

test('a large stream and its summary', async () => {
  const stream = client.stream<{ x: number }>('UNWIND range(1, 100000) AS x RETURN x');
  assert.deepEqual(await stream.columns(), ['x']);
  assert.throws(() => stream.summary);
  let sum = 0;
  for await (const { x } of stream) sum += x;
  assert.equal(sum, 5000050000);
  assert.equal(stream.summary.statementType, 'r');
});

test('an exception rolls back', async () => {
  const seen: Transaction[] = [];
  await assert.rejects(client.transaction(async (transaction) => {
    seen.push(transaction);
    await transaction.run('CREATE (:Rolled)');
    throw new Error('no');
  }), /no/);
  assert.equal(seen[0]?.isOpen, false);
  assert.equal((await client.run('MATCH (n:Rolled) RETURN count(n) AS n')).scalar(), 0);
  const transaction = await client.beginTransaction();
  await transaction.run('CREATE (:Kept)');
  await transaction.commit();
  assert.notEqual(transaction.bookmark, '');
  await transaction.rollback();
  assert.equal((await client.run('MATCH (n:Kept) RETURN count(n) AS n')).scalar(), 1);
});

test('retries have an end, and what is wrong is not tried again', async () => {
  const twice = clientOf({ database: 'nodetest', retry: { attempts: 2, firstPauseMs: 1 } });
  await client.run('CREATE (:Counter {n: 0})');
  let attempts = 0;
  await assert.rejects(twice.transaction(async (transaction) => {
    attempts += 1;
    await transaction.run('MATCH (c:Counter) RETURN c.n');
    await client.run('MATCH (c:Counter) SET c.n = c.n + 1');
    await transaction.run('MATCH (c:Counter) SET c.n = c.n + 1');
  }), fails('transient'));
  assert.equal(attempts, 2);
  const reading = client.transaction(async (transaction) => {
    attempts += 1;
    await transaction.run('CREATE (:N)');
  }, { readOnly: true });
  await assert.rejects(reading, fails('forbidden'));
  assert.equal(attempts, 3);
});

test('sessions', async () => {
  const session = client.session();
  assert.equal(await session.database(), 'nodetest');
  await session.transaction((transaction) => transaction.run('CREATE (:InSession)'));
  const counts = [];
  for await (const row of session.stream('MATCH (n:InSession) RETURN count(n) AS n')) counts.push(row);
  assert.deepEqual(counts, [{ n: 1 }]);
  await session.close();
  await assert.rejects(session.database(), fails('not_found'));
});

test('iterating over databases; integers as bigint', async () => {
  const names = [];
  for await (const { name } of client.databases) names.push(name);
  assert.deepEqual(names, [...names].sort());
  assert(names.includes('nodetest') && names.includes('system'));
  assert.equal((await client.run('RETURN 1 AS x', {}, { integers: 'bigint' })).scalar(), 1n);
});

test('the in-process engine fits the same interface', async () => {
  const count = async (engine: Engine): Promise<unknown> => {
    for await (const row of engine.database('nodetest').stream('RETURN 1 AS n')) return row.n;
    return undefined;
  };
  const alsoFits: (engine: InProcess) => Promise<unknown> = count; // Checked by the compiler.
  assert.equal(alsoFits, count);
  assert.equal(await count(client), 1);
});

test('the README', async () => {
  const text = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  assert(text.split('\n').length <= 121);
  const blocks = [...text.matchAll(/```js\n(.*?)```/gs)].map((match) => match[1]);
  assert(blocks.length >= 5);
  const code = blocks.join('\n')
    .replaceAll('http://127.0.0.1:7474', url)
    .replaceAll("{ user: 'ada', password: 'secret-password' }", JSON.stringify(auth))
    .replaceAll("'@nexusdb/client/node'", JSON.stringify(new URL('../src/node.js', import.meta.url).href))
    .replaceAll("'@nexusdb/client'", JSON.stringify(new URL('../src/index.js', import.meta.url).href));
  const folder = mkdtempSync('readme-');
  try {
    writeFileSync(`${folder}/readme.mjs`, code);
    await import(new URL(`${folder}/readme.mjs`, `file://${process.cwd()}/`).href);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
