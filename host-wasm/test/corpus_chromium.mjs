// The .cyt corpus and the openCypher TCK in Chromium, over IndexedDB: the same cases as in Node, each in a
// worker of a page with a store of its own. The cases are read and judged here; every request and every
// answer crosses to the page as the bytes that a page and its worker exchange.
//
//   node host-wasm/test/corpus_chromium.mjs [--part 10] [--only cyt|tck]     part N: every N-th case
import { parseArgs } from 'node:util';
import { openBrowser } from '../package/browser.js';
import { launch, openPage, servePages, skip } from './chromium.mjs';
import { cytCases } from './cyt-corpus.mjs';
import { tckCases } from './tck-corpus.mjs';

const { values } = parseArgs({ options: { part: { type: 'string', default: '1' }, only: { type: 'string' } } });
if (!/^[1-9]\d*$/.test(values.part)) throw new TypeError(`--part is a whole number above 0, not ${values.part}`); // Else no case would run, and all pass.
if (skip) {
  console.log(`skipped: ${skip}`);
  process.exit(0);
}

// Bytes as text and back: what the debugging protocol carries is JSON.
const marked = (bytes) => ({ base64: Buffer.from(bytes).toString('base64') });
const toText = (value) => JSON.stringify(value, (_, item) => (item instanceof Uint8Array ? marked(item) : item));
const fromText = (text) => JSON.parse(text, (_, item) => (typeof item?.base64 === 'string' ? new Uint8Array(Buffer.from(item.base64, 'base64')) : item));

// In the page: one worker for all, each 'open' on the next store.
async function prepare() {
  const module = await WebAssembly.compileStreaming(fetch('/package/nexus.wasm'));
  const worker = new Worker('/package/worker.js', { type: 'module' });
  const asked = new Map();
  worker.onmessage = ({ data }) => {
    if (data.isHeard) return worker.postMessage(data);
    for (const reply of Array.isArray(data) ? data : [data]) asked.get(reply.id)?.(reply);
  };
  const bytesOf = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const textOf = (bytes) => {
    let text = '';
    for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
    return btoa(text);
  };
  window.ask = async (text) => {
    const message = JSON.parse(text, (_, item) => (typeof item?.base64 === 'string' ? bytesOf(item.base64) : item));
    if (message.method === 'open') message.given.wasm = module;
    const reply = await new Promise((resolve) => {
      asked.set(message.id, resolve);
      worker.postMessage(message);
    });
    asked.delete(message.id);
    return JSON.stringify(reply, (_, item) => (item instanceof Uint8Array ? { base64: textOf(item) } : item));
  };
  window.forget = (name) => new Promise((resolve) => { indexedDB.deleteDatabase(name).onsuccess = resolve; });
}

const server = await servePages();
const browser = await launch();
const page = await openPage(browser.context, server.origin);
await page.evaluate(prepare);
let nextId = 1;
const workerPort = () => {
  const ask = async (message) => {
    const { id } = message; // Of this connection; in the page every request has a number of its own.
    const reply = fromText(await page.evaluate((text) => window.ask(text), toText({ ...message, id: nextId++ })));
    port.onmessage({ data: { ...reply, id } });
  };
  const port = { postMessage: (message) => { for (const one of Array.isArray(message) ? message : [message]) void ask(one); } };
  return port;
};

async function runAll(what, cases) {
  const failures = [];
  const chosen = cases.filter((_, at) => at % Number(values.part) === 0);
  let ran = 0;
  for (const [at, item] of chosen.entries()) {
    const name = `${what}-${at}`;
    const nexus = await openBrowser({ name, worker: workerPort(), wasm: 'http://localhost/' });
    try {
      ++ran;
      await item.run(nexus);
    } catch (error) {
      failures.push(`${item.title}: ${String(error.message).split('\n')[0]}`);
    }
    await nexus.close();
    await page.evaluate((name) => window.forget(name), name);
    if (at % 500 === 499) console.log(`  ${at + 1} of ${chosen.length}`);
  }
  console.log(`${what} in Chromium over IndexedDB: ${ran - failures.length} of ${ran} pass`);
  for (const failure of failures) console.log(`  ${failure}`);
  return failures.length;
}

let failed = 0;
try {
  if (values.only !== 'tck') {
    const all = cytCases();
    const cases = all.filter(({ skip: reason }) => !reason);
    console.log(`${all.length - cases.length} of ${all.length} cases of the corpus are skipped in WebAssembly, in Node as here`);
    failed += await runAll('corpus', cases);
  }
  if (values.only !== 'cyt') {
    const all = tckCases();
    if (all === null) console.log('TCK skipped: NEXUS_TCK does not name it');
    else {
      const cases = all.filter(({ needsProcedure }) => !needsProcedure);
      console.log(`${all.length - cases.length} of ${all.length} scenarios of the list declare a procedure in JavaScript, which a page cannot give to its worker`);
      failed += await runAll('TCK', cases);
    }
  }
} finally {
  await browser.close();
  server.close();
}
process.exit(failed === 0 ? 0 : 1);
