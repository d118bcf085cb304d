// The module's two parts (finish.mjs): what a start calls, and the rest, which comes when it is called.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { Nexus, repository } from './package.mjs';

const shipped = process.env.NEXUS_WASM ?? path.join(repository, 'build/wasm/package/nexus.wasm');
const linked = path.join(repository, 'build/wasm/host-wasm/linked.wasm');
const bytes = fs.readFileSync(shipped);
// Of another number each time: an engine knows again a module that it has compiled.
let made = 0;
const freshModule = () => new WebAssembly.Module(Buffer.concat([bytes, Buffer.from([0, 5, 1, 65, ++made, 0, 0])]));
const rare = "RETURN date('2024-02-29') + duration({years: 1}) AS day, apoc.text.capitalize('nexus') AS name";
const answer = [{ day: '2025-02-28', name: 'Nexus' }];
const ask = async (nexus) => (await nexus.run(rare)).records.map(({ day, name }) => ({ day: day.iso, name }));

// How often a module is compiled at once while `work` runs.
async function compilations(work) {
  const real = WebAssembly.Module;
  let count = 0;
  WebAssembly.Module = new Proxy(real, { construct: (target, given) => (++count, new target(...given)) });
  try {
    await work();
  } finally {
    WebAssembly.Module = real;
  }
  return count;
}

test('the rest is more than half of the module, and the start does without it', async () => {
  const wasm = freshModule();
  const [rest] = WebAssembly.Module.customSections(wasm, 'rest');
  assert.ok(rest.byteLength > bytes.length / 2, `${rest.byteLength} of ${bytes.length} bytes`);
  let nexus = null;
  assert.equal(await compilations(async () => {
    nexus = await Nexus.open({ wasm });
    await nexus.run("CREATE (a:Person {name: 'a'})-[:KNOWS]->(b:Person {name: $name})", { name: 'b' });
    assert.deepEqual((await nexus.run('MATCH (a:Person)-[:KNOWS]->(b) RETURN b.name AS name')).records, [{ name: 'b' }]);
  }), 0);
  await nexus.close();
});

test('it is compiled when it is called, once for all instances of a module', async () => {
  const wasm = freshModule();
  const [first, second] = [await Nexus.open({ wasm }), await Nexus.open({ wasm })];
  assert.equal(await compilations(async () => {
    assert.deepEqual([await ask(first), await ask(second), await ask(first)], [answer, answer, answer]);
  }), 1);
  await first.close();
  await second.close();
});

test("on a page's own thread it is there before anything runs", async () => {
  globalThis.document = {};
  try {
    const nexus = await Nexus.open({ wasm: freshModule() });
    assert.equal(await compilations(async () => assert.deepEqual(await ask(nexus), answer)), 0);
    await nexus.close();
  } finally {
    delete globalThis.document;
  }
});

test('a module in one part does as well', { skip: fs.existsSync(linked) ? false : 'there is no build/wasm' }, async () => {
  const nexus = await Nexus.open({ wasm: fs.readFileSync(linked) });
  assert.deepEqual(await ask(nexus), answer);
  await nexus.close();
});
