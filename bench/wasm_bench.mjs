// The WebAssembly package in Node and in headless Chromium, beside other databases in WebAssembly.
//
//   node bench/wasm_bench.mjs [--only size,node,first,commit,rows,reopen] [--rivals pglite,kuzu] [--repeats 3]
//
// The others are measured when `npm ci` was run in bench/wasm. Read the ratios: they are of one run.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import zlib from 'node:zlib';
import { launch, servePages, skip } from '../host-wasm/test/chromium.mjs';
import { engines, inPage } from './wasm/in_page.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const { values } = parseArgs({ options: {
  only: { type: 'string', default: 'size,node,first,commit,rows,reopen' }, rivals: { type: 'string', default: 'pglite,kuzu' },
  repeats: { type: 'string', default: '3' },
} });
const only = new Set(values.only.split(','));
const repeats = Number(values.repeats);
const rivals = values.rivals.split(',').filter((name) => fs.existsSync(path.join(here, 'wasm/node_modules', { pglite: '@electric-sql/pglite', kuzu: 'kuzu-wasm' }[name] ?? '-')));
const wasm = process.env.NEXUS_WASM ?? path.join(here, '../build/wasm/package/nexus.wasm');
// As it is published: what users load.
const package_ = fs.mkdtempSync(path.join(os.tmpdir(), 'nexus-package-'));
execFileSync(process.execPath, [path.join(here, '../host-wasm/pack.mjs'), package_], { env: { ...process.env, NEXUS_WASM: wasm }, stdio: ['ignore', 'ignore', 'inherit'] });
const ms = (time) => `${time.toFixed(time < 10 ? 2 : 0)} ms`;
const say = (what, figure, target = '') => console.log(`${what.padEnd(64)} ${String(figure).padStart(14)}   ${target}`);
const best = async (count, measure) => {
  const times = [];
  for (let round = 0; round < count; ++round) times.push(await measure(round));
  return Math.min(...times);
};

function brotli(bytes) {
  const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_LGWIN, BROTLI_PARAM_SIZE_HINT } = zlib.constants;
  return zlib.brotliCompressSync(bytes, { params: { [BROTLI_PARAM_QUALITY]: 11, [BROTLI_PARAM_LGWIN]: 24, [BROTLI_PARAM_SIZE_HINT]: bytes.length } }).length;
}

function size() {
  const module = fs.readFileSync(wasm);
  const scripts = fs.readdirSync(package_).filter((name) => name.endsWith('.js')).map((name) => fs.readFileSync(path.join(package_, name)));
  say('nexus.wasm', `${module.length} B`);
  say('nexus.wasm, brotli 11', `${brotli(module)} B`, '600,000 B at most');
  say('all of its JavaScript, brotli 11', `${brotli(Buffer.concat(scripts))} B`);
}

// In a process of its own: from before import to the first answer.
function firstInNode(script) {
  const code = `const start = performance.now(), before = process.cpuUsage(); ${script}; const { user, system } = process.cpuUsage(before);
    console.log(performance.now() - start, process.memoryUsage().rss / 1e6, (user + system) / 1000); process.exit(0)`;
  const [time, rss, processor] = execFileSync(process.execPath, ['--input-type=module', '-e', code], { cwd: path.join(here, 'wasm'), encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    .trim().split('\n').at(-1).split(' ').map(Number);
  return { time, rss, processor };
}

const inNode = {
  nexus: `const { Nexus } = await import(${JSON.stringify(path.join(package_, 'node.js'))});
    const nexus = await Nexus.open(); await nexus.run('RETURN 1 AS one')`,
  pglite: "const { PGlite } = await import('@electric-sql/pglite'); const db = await PGlite.create('memory://'); await db.query('SELECT 1 AS one')",
  kuzu: `const { createRequire } = await import('node:module'); const kuzu = createRequire(${JSON.stringify(path.join(here, 'wasm/package.json'))})('kuzu-wasm/nodejs/sync');
    await kuzu.init(); const db = new kuzu.Database(':memory:'); const c = new kuzu.Connection(db); c.query('RETURN 1 AS one').getAllObjects()`,
};

// What the machine is worth at this hour: the same program of nothing, from start to end.
function nodeStart() {
  const start = performance.now();
  execFileSync(process.execPath, ['-e', '0']);
  return performance.now() - start;
}

async function node() {
  say('Node itself, a program of nothing', ms(Math.min(...Array.from({ length: repeats + 2 }, nodeStart))));
  for (const name of ['nexus', ...rivals]) {
    const runs = Array.from({ length: repeats }, () => firstInNode(inNode[name]));
    const { time, rss, processor } = runs.reduce((one, other) => (other.time < one.time ? other : one));
    say(`Node, import to first query, ${name}`, ms(time), name === 'nexus' ? '40 ms' : '');
    say('  processor time of all its threads', ms(processor));
    say(`  resident memory then, ${name}`, `${rss.toFixed(0)} MB`);
  }
  const { closeEngine, template, temporaryDatabase } = await import('../host-wasm/package/testing.js');
  const module = await WebAssembly.compile(fs.readFileSync(wasm));
  const setUps = async (options, count) => {
    await (await temporaryDatabase(options)).drop();
    const [start, before] = [performance.now(), process.cpuUsage()];
    for (let round = 0; round < count; ++round) {
      const { database, drop } = await temporaryDatabase(options);
      await database.run('CREATE (:Touched)');
      await drop();
    }
    const { user, system } = process.cpuUsage(before);
    return { time: performance.now() - start, processor: (user + system) / 1000 };
  };
  const report = async (what, options, target) => {
    const runs = [];
    for (let round = 0; round < repeats; ++round) runs.push(await setUps(options, 1000));
    say(`Node, ${what}, one write each`, ms(Math.min(...runs.map(({ time }) => time))), target);
    say('  processor time', ms(Math.min(...runs.map(({ processor }) => processor))));
  };
  const empty = template({ wasm: module });
  const people = template({ wasm: module, seed: "UNWIND range(1, 10000) AS i CREATE (:Person {i: i, name: 'name' + i})" });
  await report('1,000 tests from a template of 10,000 nodes', { template: people }, '2,000 ms');
  await report('1,000 tests from an empty template', { template: empty });
  await report('1,000 new databases', { wasm: module }, '1,000 ms');
  await closeEngine();
}

const pages = { '/package/': `${package_}/`, '/rivals/': path.join(here, 'wasm/node_modules/'), '/bench/': path.join(here, 'wasm/') };
// With these a page's clock has steps of 5 microseconds instead of 100.
const server = await servePages(pages, { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' });
const openOf = (name) => engines[name].toString();
// On a browser and a profile of its own; what a browser does when it was started, on both processors, is not what is measured.
const browserStartMs = 2500;
async function fresh(measure) {
  const browser = await launch();
  try {
    const page = await browser.context.newPage();
    await page.goto(`${server.origin}/`);
    await new Promise((resolve) => setTimeout(resolve, browserStartMs));
    return await measure(page, browser);
  } finally {
    await browser.close();
  }
}

async function first() {
  say('Chromium, a worker that answers, then an empty store', ms(await best(repeats, () => fresh((page) => page.evaluate(inPage.nothing)))));
  for (const name of ['nexus', ...rivals]) {
    const time = await best(repeats, () => fresh((page) => page.evaluate(inPage.first, { open: openOf(name), name: 'first' })));
    say(`Chromium, import to first query on a new store, ${name}`, ms(time), name === 'nexus' ? '150 ms' : '');
  }
}

// What a commit of the benchmark puts into IndexedDB: measured once, by the log's growth.
const commitBytes = 300;

// Where the caller is: in a page, which has a worker for the engine or not, or in a worker itself.
const inThePage = (page, what, given) => page.evaluate(inPage[what], given);
const places = {
  'a page': { call: inThePage },
  'a page without a worker': { call: inThePage, options: { worker: false } },
  'a worker': { call: (page, what, given) => page.evaluate(inPage.there, { call: inPage[what].toString(), given }) },
};

async function commit() {
  // The round in which the machine was freest: beside others' work both wait, and the ratio says nothing.
  const best = (results) => results.reduce((one, other) => (other.bare < one.bare ? other : one));
  const measured = (name, place) => fresh(async (page) => {
    const { call, options } = places[place];
    await call(page, 'first', { open: openOf(name), name: 'commit', options });
    return call(page, 'commits', { count: name === 'nexus' ? 500 : 60, bytes: commitBytes });
  });
  for (const [name, place] of [...Object.keys(places).map((place) => ['nexus', place]), ...rivals.map((rival) => [rival, 'a page'])]) {
    const results = [];
    for (let round = 0; round < repeats; ++round) results.push(await measured(name, place));
    const { engine, bare, quick } = best(results);
    say(`Chromium, a commit of one small node, ${name}, in ${place}`, ms(engine));
    say('  a bare strict transaction in turn with it', ms(bare), `${(engine / bare).toFixed(2)} ×${name === 'nexus' ? ', 1.3 × at most' : ''}`);
    say('  the quickest tenth of both', `${ms(quick.engine)}, ${ms(quick.bare)}`, `${(quick.engine / quick.bare).toFixed(2)} ×`);
  }
  for (const [place, { call, options }] of Object.entries(places)) {
    const rates = [];
    for (let round = 0; round < repeats; ++round) {
      rates.push(await fresh(async (page) => {
        await call(page, 'first', { open: openOf('nexus'), name: 'writers', options });
        return call(page, 'writers', { writers: 8, seconds: 3 });
      }));
    }
    say(`Chromium, commits a second of 8 writers in ${place}`, Math.max(...rates).toFixed(0), '4,000');
  }
}

async function rows() {
  for (const name of ['nexus', ...rivals]) {
    const time = await fresh(async (page) => {
      await page.evaluate(inPage.first, { open: openOf(name), name: 'rows' });
      return page.evaluate(inPage.rows, { repeats: repeats + 2 });
    });
    say(`Chromium, 100,000 rows of 5 columns as objects, ${name}`, ms(time), name === 'nexus' ? '80 ms' : '');
  }
  say('  made and counted, nothing delivered, nexus', ms(await fresh((page) => page.evaluate(inPage.withoutRows, { repeats: repeats + 2 }))));
}

async function reopen() {
  await fresh(async (page, browser) => {
    const usage = await page.evaluate(inPage.fill, { name: 'large', rows: 50_000 });
    await page.close();
    const runs = [];
    for (let round = 0; round < repeats + 1; ++round) {
      const tab = await browser.context.newPage();
      await tab.goto(`${server.origin}/`);
      runs.push(await tab.evaluate(inPage.reopen, { name: 'large' }));
      await tab.close();
    }
    if (runs.some(({ rows: count }) => count !== 50_000)) throw new Error('rows are missing');
    say('Chromium, 50,000 rows of 1 KB: what the browser says it stores', `${(usage / 1e6).toFixed(0)} MB`);
    say('  opened again to the first count, the first time', ms(runs[0].time));
    say('  and later', ms(Math.min(...runs.slice(1).map(({ time }) => time))), '450 ms');
  });
}

const parts = { size, node, first, commit, rows, reopen };
try {
  for (const [name, measure] of Object.entries(parts)) {
    if (!only.has(name)) continue;
    if (skip && name !== 'size' && name !== 'node') console.log(`skipped ${name}: ${skip}`);
    else await measure();
  }
} finally {
  server.close();
  fs.rmSync(package_, { recursive: true, force: true });
}
