// The package as it is published (host-wasm/pack.mjs), in Node and in Chromium.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test, { after } from 'node:test';
import { pathToFileURL } from 'node:url';
import { launch, servePages, skip as noChromium } from './chromium.mjs';
import { repository } from './package.mjs';

const bundler = path.join(repository, 'web/node_modules/rolldown');
const skip = fs.existsSync(bundler) ? false : 'there is no bundler: run npm ci in web/';
const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'nexus-pack-'));
if (!skip) execFileSync(process.execPath, [path.join(repository, 'host-wasm/pack.mjs'), directory], { stdio: ['ignore', 'ignore', 'inherit'] });
after(() => fs.rmSync(directory, { recursive: true, force: true }));

test('everything that package.json exports is there', { skip }, () => {
  const { exports } = JSON.parse(fs.readFileSync(path.join(directory, 'package.json'), 'utf8'));
  const files = Object.values(exports).flatMap((entry) => (typeof entry === 'string' ? [entry] : Object.values(entry)));
  assert.ok(files.length >= 8);
  for (const file of files) assert.ok(fs.existsSync(path.join(directory, file)), file);
});

test('Node finds the module beside it, and errors are of one class', { skip }, async () => {
  const { Nexus, NexusError, nodeFs } = await import(pathToFileURL(path.join(directory, 'node.js')));
  const { closeEngine, temporaryDatabase } = await import(pathToFileURL(path.join(directory, 'testing.js')));
  const store = fs.mkdtempSync(path.join(os.tmpdir(), 'nexus-packed-'));
  const nexus = await Nexus.open({ store: nodeFs(store) });
  await nexus.run('CREATE (:N {i: 1})');
  assert.deepEqual((await nexus.run('MATCH (n:N) RETURN n.i AS i')).records, [{ i: 1 }]);
  await nexus.close();
  fs.rmSync(store, { recursive: true });
  const { database, drop } = await temporaryDatabase();
  await assert.rejects(database.run('RETURN nothing'), (error) => error instanceof NexusError && error.gqlStatus === '42N62');
  await drop();
  await closeEngine();
});

test('a page opens databases with it, with a worker and without', { skip: skip || noChromium }, async () => {
  const server = await servePages({ '/published/': `${directory}/` });
  const browser = await launch();
  try {
    const page = await browser.context.newPage();
    await page.goto(`${server.origin}/`);
    const seen = await page.evaluate(async () => {
      const { Nexus, indexedDB } = await import('/published/nexus.js');
      const { openBrowser, NexusError } = await import('/published/browser.js');
      const nexus = await Nexus.open({ store: indexedDB('packed') });
      await nexus.createDatabase('other');
      await nexus.database('other').run('CREATE (:N {i: 1})');
      const refused = await nexus.run('RETURN nothing').catch((error) => error instanceof NexusError);
      await nexus.close();
      const again = await openBrowser({ name: 'packed', worker: false });
      const { records } = await again.database('other').run('MATCH (n:N) RETURN n.i AS i');
      await again.close();
      const asked = performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname).filter((name) => name.startsWith('/published/'));
      return { refused, records, asked };
    });
    assert.deepEqual([seen.refused, seen.records], [true, [{ i: 1 }]]);
    assert.ok(seen.asked.includes('/published/worker.js') && seen.asked.includes('/published/nexus.wasm'), seen.asked.join(' '));
  } finally {
    await browser.close();
    server.close();
  }
});
