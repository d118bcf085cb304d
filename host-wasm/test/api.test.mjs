// What a JavaScript user relies on: values, isolation, transactions, durability, errors.
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { Float, Nexus, NexusError, Point, Temporal, Vector, nodeFs, wasm } from './package.mjs';

const temporary = () => fs.mkdtempSync(path.join(os.tmpdir(), 'nexus-'));

async function memory(work) {
  const nexus = await Nexus.open({ wasm });
  try {
    await work(nexus);
  } finally {
    await nexus.close();
  }
}

test('every kind of value makes the round trip', () => memory(async (nexus) => {
  const given = {
    none: null, yes: true, integer: 42, negative: -7, large: 2n ** 62n, float: 1.5, whole: new Float(3), text: 'naïve 🎈', empty: '',
    long: 'x'.repeat(5000), list: [1, 'a', [null]], map: { a: { b: 1 } }, date: new Temporal('DATE', '1984-10-11'),
    duration: new Temporal('DURATION', 'P1Y2M3DT4H'), point: new Point(7203, 1, 2),
  };
  const { records } = await nexus.run('RETURN $given AS given', { given });
  const { given: back } = records[0];
  assert.deepEqual({ ...back, whole: null }, { ...given, whole: null });
  assert.equal(back.whole, 3);
  const typed = await nexus.run('RETURN valueType($a) AS a, valueType($b) AS b', { a: new Float(3), b: 3 });
  assert.match(typed.records[0].a, /FLOAT/);
  assert.match(typed.records[0].b, /INTEGER/);
}));

test('vectors are typed arrays, both ways', () => memory(async (nexus) => {
  const arrays = [Int8Array.of(-128, 127), Int16Array.of(300), Int32Array.of(70000), BigInt64Array.of(-(2n ** 63n)), Float32Array.of(1.05, -2),
    Float64Array.of(0.1, 1e300)];
  for (const coordinates of arrays) {
    const vector = new Vector(coordinates);
    const [{ back, type, listed }] = (await nexus.run('RETURN $vector AS back, valueType($vector) AS type, [$vector] AS listed', { vector })).records;
    assert.ok(back instanceof Vector);
    assert.deepEqual(back.coordinates, coordinates);
    assert.equal(type, `VECTOR<${vector.type} NOT NULL>(${coordinates.length}) NOT NULL`);
    assert.deepEqual(listed, [vector]);
  }
  const { records } = await nexus.run('CREATE (n:N {v: vector([1, 2.5], 2, FLOAT32)}) RETURN n, $list AS list', { list: Float32Array.of(1.5) });
  assert.deepEqual(records[0].n.properties.v, new Vector(Float32Array.of(1, 2.5)));
  assert.deepEqual(records[0].list, [1.5]);
  assert.equal(JSON.stringify(records[0].n.properties), '{"v":[1,2.5]}');
  assert.throws(() => new Vector([1, 2]), TypeError);
  await assert.rejects(nexus.run('RETURN $v AS v', { v: new Vector(Float64Array.of(NaN)) }), NexusError);
  await assert.rejects(nexus.run('RETURN $v AS v', { v: new Vector(Int8Array.of()) }), NexusError);
}));

test('nodes, relationships and paths arrive whole', () => memory(async (nexus) => {
  const { records } = await nexus.run("CREATE p = (a:Person:Admin {name: 'Ada'})-[r:KNOWS {since: 1843}]->(b:Person) RETURN a, r, p");
  const { a, r, p } = records[0];
  assert.deepEqual([...a.labels].sort(), ['Admin', 'Person']);
  assert.deepEqual(a.properties, { name: 'Ada' });
  assert.equal(r.type, 'KNOWS');
  assert.equal(r.start, a.id);
  assert.equal(p.length, 1);
  assert.match(a.elementId, /^4:[0-9a-f-]{36}:\d+$/);
}));

test('two databases never see each other', () => memory(async (nexus) => {
  const red = await nexus.createDatabase('red');
  const blue = await nexus.createDatabase('blue');
  await red.run("CREATE (:Secret {value: 'red only'})");
  assert.equal((await red.run('MATCH (n) RETURN count(n) AS n')).records[0].n, 1);
  assert.equal((await blue.run('MATCH (n) RETURN count(n) AS n')).records[0].n, 0);
  const names = (await nexus.databases()).map((database) => database.name);
  assert.deepEqual(names.filter((name) => name === 'red' || name === 'blue').sort(), ['blue', 'red']);
  await nexus.dropDatabase('red');
  await assert.rejects(red.run('RETURN 1'), (error) => error instanceof NexusError && error.errorName === 'DatabaseNotFound');
}));

test('a transaction commits when its function returns and rolls back when it throws', () => memory(async (nexus) => {
  const db = nexus.database('neo4j');
  await db.transaction(async (tx) => {
    await tx.run('CREATE (:Kept)');
  });
  await assert.rejects(db.transaction(async (tx) => {
    await tx.run('CREATE (:Lost)');
    throw new Error('changed my mind');
  }), /changed my mind/);
  const { records } = await db.run('MATCH (n) RETURN labels(n) AS labels');
  assert.deepEqual(records, [{ labels: ['Kept'] }]);
}));

test('an error has its code, status and position', () => memory(async (nexus) => {
  await assert.rejects(nexus.run('RETURN\n  missing'), (error) => {
    assert.equal(error.errorName, 'UndefinedVariable');
    assert.equal(error.code, 'Neo.ClientError.Statement.SyntaxError');
    assert.equal(error.gqlStatus.length, 5);
    assert.deepEqual([error.position.line, error.position.column], [2, 3]);
    return true;
  });
}));

test('a stream can be left early', () => memory(async (nexus) => {
  const seen = [];
  for await (const { i } of nexus.stream('UNWIND range(1, 1000000) AS i RETURN i')) {
    seen.push(i);
    if (i === 3) break;
  }
  assert.deepEqual(seen, [1, 2, 3]);
}));

test('a procedure written in JavaScript is CALL-able, and its failure is an error', () => memory(async (nexus) => {
  nexus.procedure('my.split(text :: STRING) :: (part :: STRING)', (text) => text.split(' ').map((part) => [part]));
  const { records } = await nexus.run("CALL my.split('a b') YIELD part RETURN collect(part) AS parts");
  assert.deepEqual(records[0].parts, ['a', 'b']);
  nexus.procedure('my.broken() :: (x :: STRING)', () => { throw new Error('on purpose'); });
  await assert.rejects(nexus.run('CALL my.broken()'), /on purpose/);
}));

test('large results keep every kind of column', () => memory(async (nexus) => {
  const text = "UNWIND range(0, 2999) AS i RETURN i, toFloat(i) / 2 AS f, 'é🎈' + i AS s, i % 2 = 0 AS b, CASE i % 3 WHEN 0 THEN null WHEN 1 THEN i ELSE [i] END AS mixed, i % 1000 * 9007199254740993 AS large";
  const row = (i) => ({ i, f: i / 2, s: `é🎈${i}`, b: i % 2 === 0, mixed: [null, i, [i]][i % 3], large: i % 1000 === 0 ? 0 : BigInt(i % 1000) * 9007199254740993n });
  const { records, columns } = await nexus.run(text);
  assert.deepEqual(records, Array.from({ length: 3000 }, (_, i) => row(i)));
  const { rows } = await nexus.run(text, {}, { as: 'rows' });
  assert.deepEqual(rows[2999], columns.map((column) => row(2999)[column]));
  const big = await nexus.run('UNWIND range(-1, 1) AS i RETURN i', {}, { integers: 'bigint' });
  assert.deepEqual(big.records, [{ i: -1n }, { i: 0n }, { i: 1n }]);
  const texts = await nexus.run('RETURN 1.0 AS x, [null] AS y', {}, { as: 'text' });
  assert.deepEqual(texts.rows, [['1.0', '[null]']]);
  const cut = await nexus.run('UNWIND range(1, 5000) AS i RETURN i', {}, { rowsMax: 2 });
  assert.deepEqual([cut.records, cut.truncated, cut.summary], [[{ i: 1 }, { i: 2 }], true, null]);
  const odd = await nexus.run('RETURN 1 AS `__proto__`, 2 AS constructor');
  assert.deepEqual(Object.entries(odd.records[0]), [['__proto__', 1], ['constructor', 2]]);
}));

test('a database is copied, renamed, dumped and restored', () => memory(async (nexus) => {
  const shop = await nexus.createDatabase('shop');
  await shop.run("UNWIND range(1, 50) AS i CREATE (:P {i: i})-[:NEXT]->(:Q {name: 'q' + i})");
  const twin = await nexus.copyDatabase('shop', 'twin');
  await twin.run('MATCH (n) DETACH DELETE n');
  const renamed = await nexus.renameDatabase('shop', 'store');
  await assert.rejects(shop.run('RETURN 1'), (error) => error.errorName === 'DatabaseNotFound');
  const dump = await renamed.dump();
  await Nexus.open({ wasm }).then(async (other) => {
    const back = await other.restore('back', (async function* () { yield dump.subarray(0, 10); yield dump.subarray(10); })());
    assert.deepEqual((await back.run('MATCH (p:P)-[:NEXT]->(q) RETURN count(*) AS n, sum(p.i) AS sum, max(q.name) AS name')).records, [{ n: 50, sum: 1275, name: 'q9' }]);
    await assert.rejects(other.restore('back', dump), (error) => error.errorName === 'DatabaseExists');
    const damaged = dump.slice();
    damaged[damaged.length >> 1] ^= 1;
    await assert.rejects(other.restore('damaged', damaged), NexusError);
    assert.ok(!(await other.databases()).some(({ name }) => name === 'damaged'));
    await assert.rejects(other.restore('nothing', 'text'), TypeError);
    await other.close();
  });
  const scratch = await nexus.createDatabase('scratch', { temporary: true, copyOf: 'store' });
  assert.equal((await scratch.run('MATCH (n) RETURN count(n) AS n')).records[0].n, 100);
}));

test('fetch answers the REST API in this process', () => memory(async (nexus) => {
  const answer = await nexus.fetch('/api/v1/databases', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ name: 'shop' }) });
  assert.equal(answer.status, 201);
  assert.equal((await answer.json()).name, 'shop');
  const query = await nexus.fetch(new Request('http://localhost/db/shop/query/v2', {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ statement: 'CREATE (n:N {x: $x}) RETURN n.x AS x', parameters: { x: 7 } }) }));
  assert.equal(query.status, 202);
  assert.match(await query.text(), /7/);
  assert.equal((await nexus.database('shop').run('MATCH (n:N) RETURN n.x AS x')).records[0].x, 7);
  const dump = await nexus.fetch('/api/v1/databases/shop/dump');
  const put = await nexus.fetch('/api/v1/databases/again/dump', { method: 'PUT', headers: { 'Content-Type': 'application/octet-stream' }, body: await dump.arrayBuffer() });
  assert.equal(put.status, 201);
  assert.equal((await nexus.database('again').run('MATCH (n:N) RETURN n.x AS x')).records[0].x, 7);
  const missing = await nexus.fetch('/api/v1/databases/nowhere');
  assert.equal(missing.status, 404);
  assert.equal((await nexus.fetch('/api/v1/databases', { method: 'HEAD' })).status, 200);
  const left = await nexus.fetch('/api/v1/databases/again/dump');
  await left.body.cancel();
}));

test('a bad parameter is refused by name, and nothing else breaks', () => memory(async (nexus) => {
  await assert.rejects(nexus.run('RETURN $x', { x: () => 1 }), /function cannot be a parameter/);
  await assert.rejects(nexus.run('RETURN $x', { x: 2n ** 64n }), /64 bits/);
  assert.equal((await nexus.run('RETURN 1 AS one')).records[0].one, 1);
}));

test('files: what was acknowledged is there after closing and opening', async () => {
  const directory = temporary();
  const first = await Nexus.open({ wasm, store: nodeFs(directory) });
  await first.createDatabase('kept');
  await first.database('kept').run('UNWIND range(1, 500) AS i CREATE (:N {i: i})');
  await first.close();
  const second = await Nexus.open({ wasm, store: nodeFs(directory) });
  const { records } = await second.database('kept').run('MATCH (n:N) RETURN count(n) AS n, sum(n.i) AS sum');
  assert.deepEqual(records, [{ n: 500, sum: 125250 }]);
  await second.close();
});

test('files: a second opener is refused', async () => {
  const directory = temporary();
  const first = await Nexus.open({ wasm, store: nodeFs(directory) });
  await assert.rejects(Nexus.open({ wasm, store: nodeFs(directory) }), (error) => error.errorName === 'FileLocked');
  await first.close();
});

test('files: SIGKILL loses nothing that was acknowledged', async () => {
  const directory = temporary();
  for (let round = 0; round < 3; ++round) {
    const child = fork(fileURLToPath(new URL('./writer.mjs', import.meta.url)), [directory, String(round)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    let acknowledged = -1;
    await new Promise((resolve) => {
      child.on('message', (i) => {
        acknowledged = i;
        if (i >= 30) child.kill('SIGKILL');
      });
      child.on('exit', resolve);
    });
    assert.ok(acknowledged >= 30);
    const nexus = await Nexus.open({ wasm, store: nodeFs(directory) });
    const { records } = await nexus.run('MATCH (n:N {round: $round}) RETURN max(n.i) AS last, count(n) AS n', { round });
    assert.ok(records[0].last >= acknowledged, `acknowledged ${acknowledged}, found ${records[0].last}`);
    assert.equal(records[0].n, records[0].last + 1);
    await nexus.close();
  }
});
