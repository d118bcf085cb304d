// What only a browser shows: IndexedDB and the private file system, tabs, quotas, being killed.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { launch, openPage, servePages, skip } from './chromium.mjs';
import { killRounds } from './kill_rounds.mjs';

let browser = null;
let server = null;
before(async () => {
  if (skip) return;
  server = await servePages();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  server?.close();
});
const page = () => openPage(browser.context, server.origin);

// Runs in the page; `db` is the instance, and stays open.
const open = (tab, store, name, options = {}) => tab.evaluate(async ([store, name, options]) => {
  const { Nexus, indexedDB, opfs } = window.nexus;
  window.db = await Nexus.open({ store: (store === 'opfs' ? opfs : indexedDB)(name, options) });
  return window.db.role;
}, [store, name, options]);
const run = (tab, text, parameters = {}) => tab.evaluate(async ([text, parameters]) => {
  try {
    return (await window.db.run(text, parameters)).records;
  } catch (error) {
    return { errorName: error.errorName, retryable: error.retryable, message: error.message };
  }
}, [text, parameters]);

for (const store of ['indexedDB', 'opfs']) {
  test(`${store}: what was acknowledged is there after a reload`, { skip }, async () => {
    const tab = await page();
    for (const durability of ['strict', 'relaxed']) {
      await open(tab, store, `reload-${durability}`, { durability });
      await run(tab, 'UNWIND range(1, 500) AS i CREATE (:N {i: i})');
      await run(tab, 'CREATE DATABASE other');
    }
    await tab.reload();
    await tab.evaluate(async () => { window.nexus = await import('/package/nexus.js'); });
    for (const durability of ['strict', 'relaxed']) {
      await open(tab, store, `reload-${durability}`, { durability });
      assert.deepEqual(await run(tab, 'MATCH (n:N) RETURN count(n) AS n, sum(n.i) AS sum'), [{ n: 500, sum: 125250 }]);
      assert.deepEqual(await run(tab, "SHOW DATABASES YIELD name WHERE name = 'other'"), [{ name: 'other' }]);
    }
    await tab.close();
  });

  test(`${store}: a second tab works through the first and takes over when it closes`, { skip }, async () => {
    const [first, second] = [await page(), await page()];
    assert.equal(await open(first, store, 'tabs'), 'leader');
    assert.equal(await open(second, store, 'tabs'), 'follower');
    await run(first, 'CREATE (:A)');
    await run(second, 'CREATE (:B)');
    assert.deepEqual(await run(second, 'MATCH (n) RETURN count(n) AS n'), [{ n: 2 }]);
    // A page of rows and a dump cross the channel as well.
    assert.deepEqual(await second.evaluate(async () => {
      let sum = 0;
      for await (const { i } of window.db.stream('UNWIND range(1, 5000) AS i RETURN i')) sum += i;
      await window.db.restore('twin', await window.db.dump('neo4j'));
      return [sum, (await window.db.fetch('/api/v1/databases/twin')).status];
    }), [5000 * 5001 / 2, 200]);
    await first.close();
    await second.waitForFunction(() => window.db.role === 'leader');
    assert.deepEqual(await run(second, 'MATCH (n) RETURN count(n) AS n'), [{ n: 2 }]);
    await run(second, 'CREATE (:C)');
    assert.deepEqual(await run(second, 'MATCH (n) RETURN count(n) AS n'), [{ n: 3 }]);
    await second.close();
  });

  test(`${store}: a full quota is said before anything is acknowledged`, { skip }, async () => {
    // A browser of its own: one that is open already remembers for a while how much room it saw.
    const own = await launch();
    try {
      const tab = await openPage(own.context, server.origin);
      const session = await own.context.newCDPSession(tab);
      await session.send('Storage.overrideQuotaForOrigin', { origin: server.origin, quotaSize: 4_000_000 });
      await open(tab, store, 'quota');
      // The browser counts what is stored with a delay, what a transaction wants to store at once.
      const write = (i, pieces) => tab.evaluate(async ([i, pieces]) => {
        const random = () => Array.from(crypto.getRandomValues(new Uint8Array(60_000)), (byte) => String.fromCharCode(33 + (byte % 90))).join('');
        try {
          await window.db.run('CREATE (:N {i: $i, texts: $texts})', { i, texts: Array.from({ length: pieces }, random) });
          return null;
        } catch (error) {
          return { errorName: error.errorName, retryable: error.retryable };
        }
      }, [i, pieces]);
      for (let i = 0; i < 5; ++i) assert.equal(await write(i, 1), null);
      assert.deepEqual(await write(5, 100), { errorName: 'DiskFull', retryable: true });
      assert.deepEqual(await run(tab, 'MATCH (n:N) RETURN count(n) AS n, max(n.i) AS last'), [{ n: 5, last: 4 }]);
      assert.deepEqual(await run(tab, 'CREATE (n:After) RETURN 1 AS one'), [{ one: 1 }]);
      await tab.evaluate(() => window.db.close());
      await open(tab, store, 'quota');
      assert.deepEqual(await run(tab, 'MATCH (n:N) RETURN count(n) AS n'), [{ n: 5 }]);
      assert.deepEqual(await run(tab, 'MATCH (n:After) RETURN count(n) AS n'), [{ n: 1 }]);
    } finally {
      await own.close();
    }
  });

  test(`${store}: killed during commits, no acknowledged one is lost`, { skip }, async () => {
    const { found, kills } = await killRounds({ rounds: 4, browserEvery: 2, store });
    assert.deepEqual(kills, { page: 2, browser: 2 });
    assert.ok(found >= 4);
  });
}

test('the network is needed to load the page and for nothing else', { skip }, async () => {
  const tab = await page();
  await open(tab, 'indexedDB', 'offline');
  await browser.context.setOffline(true);
  try {
    await run(tab, 'CREATE (:N {i: 1})');
    assert.deepEqual(await run(tab, 'MATCH (n:N) RETURN n.i AS i'), [{ i: 1 }]);
    assert.equal(await tab.evaluate(async () => (await window.db.fetch('/api/v1/info')).status), 200);
    assert.equal(await tab.evaluate(() => fetch('/package/nexus.js', { cache: 'no-store' }).then(() => 'online', () => 'offline')), 'offline');
  } finally {
    await browser.context.setOffline(false);
  }
  await tab.close();
});

test('in a worker the engine is in that worker, and shared with tabs like any other', { skip }, async () => {
  const [first, second] = [await page(), await page()];
  const ask = (tab, what) => tab.evaluate((what) => new Promise((resolve) => {
    window.worker ??= new Worker('/test/in_worker.mjs', { type: 'module' });
    window.worker.onmessage = ({ data }) => resolve(data);
    window.worker.onerror = ({ message }) => resolve({ message });
    window.worker.postMessage(what);
  }), what);
  const { role, loaded } = await ask(first, { store: 'in-worker' });
  assert.equal(role, 'leader');
  assert.ok(loaded.some((name) => name.endsWith('/serving.js')) && !loaded.some((name) => name.endsWith('/worker.js')), loaded.join(' '));
  const writes = Array.from({ length: 20 }, (_, i) => `CREATE (:N {i: ${i}})`);
  await ask(first, { texts: writes });
  assert.equal(await open(second, 'indexedDB', 'in-worker'), 'follower');
  assert.deepEqual(await run(second, 'MATCH (n:N) RETURN count(n) AS n'), [{ n: 20 }]);
  await run(second, 'CREATE (:N {i: 20})');
  assert.deepEqual(await ask(first, { texts: ['MATCH (n:N) RETURN sum(n.i) AS sum', 'RETRN'] }), [[{ sum: 210 }], 'UnexpectedSyntax']);
  // It goes with its page; the other has all of it.
  await first.close();
  await second.waitForFunction(() => window.db.role === 'leader');
  assert.deepEqual(await run(second, 'MATCH (n:N) RETURN count(n) AS n'), [{ n: 21 }]);
  // With a worker of its own, if that is what is asked for.
  const { loaded: more } = await ask(second, { store: 'in-worker-2', options: { worker: true } });
  assert.ok(more.some((name) => name.endsWith('/worker.js')), more.join(' '));
  await second.close();
});

test('a tab that is refused sharing is told so', { skip }, async () => {
  const [first, second] = [await page(), await page()];
  await open(first, 'indexedDB', 'exclusive', { multiTab: 'exclusive' });
  const refused = await second.evaluate(async () => window.nexus.Nexus.open({ store: window.nexus.indexedDB('exclusive', { multiTab: 'exclusive' }) }).catch((error) => error.errorName));
  assert.equal(refused, 'DatabaseLocked');
  await Promise.all([first.close(), second.close()]);
});
