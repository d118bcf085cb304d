// From what the linker made to what is shipped: `node host-wasm/finish.mjs LINKED.wasm TARGET.wasm`.
//
// A start pays for each function that it calls, and for each of its bytes: an engine compiles a function when it is called
// first. wasm-opt inlines accordingly: the smallest functions always, larger ones with one caller not, because most of these
// are what a start does not come to.
//
// Whoever opens a module has all of its functions checked, though the first statement calls every fifth. So those that a
// start and simple statements call are one module, and the others are another one, which the first carries as its section
// `rest`: bytes that nobody looks at before one of these functions is called, or the loader (package/loader.js) has time.
// wasm-split parts them by a profile that is made here, by running the module.
//
// What calls across the border goes through the table that both share, by a stub for each function; the first module's ask
// for the rest before they call. Why not imports and exports, as wasm-split makes them: 3,500 functions of JavaScript take
// several times longer to make than the parting saves.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Instance } from './package/instance.js';
import { MemoryFiles } from './package/memory-files.js';
import { Module, customSection, kind, signed, unsigned } from './wasm_binary.mjs';

const [linked, target] = process.argv.slice(2);
const tools = process.env.BINARYEN_BIN ?? ''; // Their directory; else they are looked for as programs are.
const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'nexus-finish-'));
const file = (name) => path.join(directory, name);
const features = ['simd', 'bulk-memory', 'exception-handling', 'sign-ext', 'nontrapping-float-to-int', 'mutable-globals'];
const run = (tool, ...given) => execFileSync(path.join(tools, tool), [...features.map((name) => `--enable-${name}`), ...given], { stdio: ['ignore', 'inherit', 'inherit'] });

// What a new user does first, in memory and on files.
const statements = [
  'RETURN 1 AS one',
  "CREATE (a:Person {name: 'a', age: 40})-[:KNOWS {since: 2020}]->(b:Person {name: $name}) RETURN a, b",
  'MATCH (n:Person) WHERE n.age > 30 RETURN n.name AS name, n.age ORDER BY name LIMIT 10',
  'MATCH (a:Person)-[r:KNOWS]->(b) RETURN a, r, b',
  'UNWIND range(1, 1000) AS i CREATE (:Item {i: i})',
  "UNWIND range(1, 1000) AS i RETURN i, i * 2 AS j, i * 0.5 AS f, 'name' + i AS s, i % 2 = 0 AS b",
  'MATCH (n) RETURN count(*) AS count, sum(n.i) AS sum, collect(n.i) AS all',
  'MATCH (n:Item {i: 1}) SET n.x = 2',
  "MERGE (n:Person {name: 'c'}) ON CREATE SET n.new = true RETURN n",
  'MATCH (n:Item) DETACH DELETE n',
];

async function writeProfile() {
  const module = new WebAssembly.Module(fs.readFileSync(file('counting.wasm')));
  const instances = [];
  const instantiate = WebAssembly.instantiate; // The counts are behind an export that the loader does not hand out.
  WebAssembly.instantiate = async (...given) => {
    const instance = await instantiate(...given);
    instances.push(instance.exports);
    return instance;
  };
  const use = async (store) => {
    const nexus = await Instance.open({ wasm: module, store });
    for (const statement of statements) await nexus.run(statement, { name: 'b' });
    await nexus.databases();
    await nexus.close();
  };
  await use('memory');
  const files = new MemoryFiles(async () => {});
  for (let round = 0; round < 2; ++round) await use(files.imports); // The second one opens what the first left.
  WebAssembly.instantiate = instantiate;
  const names = instances.map(({ memory, nx_alloc: allocate, __write_profile: write }, at) => {
    const room = 1 << 20;
    const start = allocate(room) >>> 0;
    fs.writeFileSync(file(`${at}.profile`), new Uint8Array(memory.buffer, start, write(start, room)));
    return file(`${at}.profile`);
  });
  run('wasm-split', '--merge-profiles', ...names, '-o', file('profile'));
}

// A function that calls the one in the table's slot, after `before`.
const stub = ({ parameters }, type, slot, before = []) => Buffer.from([
  0, ...before, ...parameters.flatMap((_, at) => [0x20, ...unsigned(at)]), 0x41, ...signed(slot), 0x11, ...unsigned(type), 0, 0x0b]);

// Imported functions are numbered first; so are stubs in their places, and no number changes.
function stubsForImports(module, space, stubOf) {
  const functions = module.import.filter(({ of }) => of === kind.function);
  const replaced = functions.filter((one) => one.space === space);
  if (functions.indexOf(replaced[0]) !== functions.length - replaced.length) throw new Error(`the imports of ${space} are not the last`);
  module.import = module.import.filter((one) => !replaced.includes(one));
  module.function.unshift(...replaced.map(({ type }) => type));
  module.code.unshift(...replaced.map(({ type, name }) => stubOf(module.type[type], type, name)));
}

function join(first, rest) {
  const prefix = '%';
  const load = first.import.filter(({ of }) => of === kind.function).findIndex(({ name }) => name === 'rest_load');
  stubsForImports(first, 'placeholder', (signature, type, name) => stub(signature, type, Number(name), [0x10, ...unsigned(load)]));

  // What the rest calls of the first gets a slot of the table, unless it has one.
  const slots = new Map();
  for (const { start, functions } of first.element) functions.forEach((index, at) => slots.set(index, start + at));
  const exported = new Map(first.export.filter(({ of }) => of === kind.function).map(({ name, index }) => [name, index]));
  first.export = first.export.filter(({ name, of }) => of !== kind.function || !name.startsWith(prefix));
  const added = { start: first.table[0].least, functions: [] };
  stubsForImports(rest, 'first', (signature, type, name) => {
    const index = exported.get(name);
    if (!slots.has(index)) slots.set(index, added.start + added.functions.push(index) - 1);
    return stub(signature, type, slots.get(index));
  });
  first.element.push(added);
  for (const table of [first.table[0], rest.import.find(({ of }) => of === kind.table)]) {
    table.least = added.start + added.functions.length;
    if (table.most !== undefined) table.most = table.least;
  }
  return Buffer.concat([first.bytes(), customSection('rest', rest.bytes())]);
}

try {
  run('wasm-opt', linked, '-Os', '--always-inline-max-function-size=6', '--one-caller-inline-max-function-size=60', '--strip-debug', '--strip-producers', '-o', file('whole.wasm'));
  run('wasm-split', '--instrument', file('whole.wasm'), '-o', file('counting.wasm'));
  await writeProfile();
  run('wasm-split', file('whole.wasm'), '--profile', file('profile'), '-o1', file('first.wasm'), '-o2', file('rest.wasm'), '--export-prefix=%',
    '--import-namespace=first', '--placeholder-namespace=placeholder');
  const [first, rest] = ['first', 'rest'].map((name) => new Module(fs.readFileSync(file(`${name}.wasm`))));
  const joined = join(first, rest);
  if (!WebAssembly.validate(joined)) new WebAssembly.Module(joined); // Says where.
  fs.writeFileSync(target, joined);
  console.log(`${first.code.length} functions and stubs first, ${rest.code.length} in the rest: ${joined.length} bytes`);
} finally {
  fs.rmSync(directory, { recursive: true });
}
