// The browser side without a browser: files in fake-indexeddb, ports in place of workers, and
// Web Locks and the private file system by small imitations. What only a browser shows is in
// chromium.test.mjs.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import path from 'node:path';
import test from 'node:test';
import { openBrowser } from '../package/browser.js';
import { EngineHost } from '../package/engine-host.js';
import { IndexedDbStore } from '../package/indexeddb-store.js';
import { Member } from '../package/member.js';
import { OpfsStore } from '../package/opfs-store.js';
import { serve } from '../package/serving.js';
import { encode, resultOf } from '../package/session-parts.js';
import { Nexus, NexusError, Node, Temporal, indexedDB, repository, wasm } from './package.mjs';

const require = createRequire(path.join(repository, 'web/package.json'));
let fake = null;
try {
  fake = { Factory: require('fake-indexeddb/lib/FDBFactory'), IDBKeyRange: require('fake-indexeddb/lib/FDBKeyRange') };
} catch {
  // Said loudly below: the suite must not look as if it had run.
}
const skip = fake ? false : 'fake-indexeddb is missing: run npm ci in web/';
const plain = (module) => module.default ?? module;
const newBrowser = () => ({ indexedDB: new (plain(fake.Factory))(), IDBKeyRange: plain(fake.IDBKeyRange) });

// Web Locks of one origin: exclusive, first come first served, optionally only when free.
class Locks {
  #queues = new Map();
  request(name, options, work) {
    if (typeof options === 'function') [options, work] = [{}, options];
    const queue = this.#queues.get(name) ?? [];
    this.#queues.set(name, queue);
    if (options.ifAvailable && queue.length > 0) return Promise.resolve(work(null));
    return new Promise((resolve, reject) => {
      const entry = { start: async () => {
        try {
          resolve(await work({ name }));
        } catch (error) {
          reject(error);
        } finally {
          queue.splice(queue.indexOf(entry), 1);
          queue[0]?.start();
        }
      } };
      options.signal?.addEventListener('abort', () => {
        if (queue.indexOf(entry) > 0) queue.splice(queue.indexOf(entry), 1);
        reject(new Error('aborted'));
      });
      queue.push(entry);
      if (queue.length === 1) void entry.start();
    });
  }
}

// A page and its worker, without either: what worker.js does, on a pair of ports.
const opened = ({ name = `page-${Math.random()}`, ...more } = {}) => Nexus.open({ store: indexedDB(name, { worker: false, ...newBrowser(), locks: new Locks(), ...more }), wasm });

// What a page would send, and the rows of the answer.
const asked = (text, given = {}, more = {}) => ({ text, encoded: encode(given, {}), ...more });
const rowsOf = (answer) => resultOf(answer, { as: 'rows' }).rows;

// Calls the store's imports as the module does.
function files(store) {
  const heap = new Uint8Array(1 << 20);
  const imports = store.imports(() => heap);
  const utf8 = new TextEncoder();
  const at = (text, from) => { const bytes = utf8.encode(text); heap.set(bytes, from); return [from, bytes.length]; };
  return {
    imports,
    append(name, bytes) {
      const file = imports.file_open(...at(name, 0), 1);
      heap.set(bytes, 4096);
      assert.equal(imports.file_append(file, 4096, bytes.length), 0);
      imports.file_close(file);
    },
    read(name) {
      const file = imports.file_open(...at(name, 0), 0);
      if (file < 0) return file;
      const size = imports.file_size(file);
      assert.equal(imports.file_read(file, 0, 4096, size), size);
      imports.file_close(file);
      return [...heap.slice(4096, 4096 + size)];
    },
    replace(name, bytes) {
      heap.set(bytes, 4096);
      assert.equal(imports.path_replace(...at(name, 0), 4096, bytes.length), 0);
    },
    truncate: (name, size) => imports.path_truncate(...at(name, 0), size),
    rename: (from, to) => imports.path_rename(...at(from, 0), ...at(to, 2048)),
    remove: (name, tree) => imports.path_remove(...at(name, 0), tree ? 1 : 0),
    exists: (name) => imports.path_exists(...at(name, 0)),
    list(name) {
      const length = imports.path_list(...at(name, 0));
      imports.list_take(8192);
      const found = [];
      for (let from = 8192; from < 8192 + length;) {
        const nameLength = heap[from + 9];
        found.push([new TextDecoder().decode(heap.slice(from + 10, from + 10 + nameLength)), heap[from] === 1]);
        from += 10 + nameLength;
      }
      return found;
    },
  };
}

test('files are there again after settled(), and only then', { skip }, async () => {
  const browser = newBrowser();
  const store = await IndexedDbStore.open('a', browser);
  const disk = files(store);
  disk.append('x/log', [1, 2, 3]);
  disk.replace('x/head', [9]);
  await store.settled();
  disk.append('x/log', [4]);
  disk.replace('x/head', [8, 8]);
  disk.append('y/lost', [7]);
  // No settled(): as if the tab were killed here.
  const again = files(await IndexedDbStore.open('a', browser));
  assert.deepEqual(again.read('x/log'), [1, 2, 3]);
  assert.deepEqual(again.read('x/head'), [9]);
  assert.equal(again.read('y/lost'), -2);
  assert.deepEqual(again.list('x'), [['head', false], ['log', false]]);
  assert.deepEqual(again.list(''), [['x', true]]);
});

test('renames, truncations and removals are kept', { skip }, async () => {
  const browser = newBrowser();
  const store = await IndexedDbStore.open('a', browser);
  const disk = files(store);
  disk.append('d/one', [1, 2, 3, 4]);
  disk.append('d/two', [5]);
  disk.append('e/three', [6]);
  await store.settled();
  assert.equal(disk.truncate('d/one', 2), 0);
  assert.equal(disk.rename('d', 'f'), 0);
  assert.equal(disk.remove('e/three', false), 0);
  assert.equal(disk.remove('e/three', false), -2);
  disk.append('f/two', [55]);
  await store.settled();
  const again = files(await IndexedDbStore.open('a', browser));
  assert.deepEqual(again.read('f/one'), [1, 2]);
  assert.deepEqual(again.read('f/two'), [5, 55]);
  assert.equal(again.exists('d'), 0);
  assert.equal(again.exists('e/three'), 0);
  assert.equal(again.remove('f', true), 0);
  assert.deepEqual(again.list(''), []);
});

test('many small commits are one file, before and after they are put together', { skip }, async () => {
  const browser = newBrowser();
  const store = await IndexedDbStore.open('a', browser);
  const disk = files(store);
  disk.append('log', []);
  disk.append('next', [7]);
  for (let at = 0; at < 100; ++at) {
    disk.append('log', [at]);
    await store.settled();
  }
  await store.close();
  for (let round = 0; round < 2; ++round) {
    const next = await IndexedDbStore.open('a', browser);
    assert.deepEqual(files(next).read('log'), Array.from({ length: 100 }, (_, at) => at));
    assert.deepEqual(files(next).read('next'), [7]);
    await next.close();
  }
});

test('a file that takes several answers to read is whole again', { skip }, async () => {
  const browser = newBrowser();
  const store = await IndexedDbStore.open('a', browser);
  const disk = files(store);
  const piece = (at) => Uint8Array.from({ length: 700_000 }, (_, byte) => (at * 31 + byte) & 0xff);
  for (let at = 0; at < 30; ++at) {
    disk.append('large', piece(at));
    if (at % 7 === 0) await store.settled();
  }
  disk.append('small', [1, 2, 3]);
  await store.close();
  const again = await IndexedDbStore.open('a', browser);
  const { read } = files(again);
  assert.deepEqual(read('small'), [1, 2, 3]);
  const heap = new Uint8Array(1 << 20);
  const imports = again.imports(() => heap);
  heap.set(new TextEncoder().encode('large'));
  const file = imports.file_open(0, 5, 0);
  assert.equal(imports.file_size(file), 21_000_000);
  for (let at = 0; at < 30; ++at) {
    assert.equal(imports.file_read(file, at * 700_000, 0, 700_000), 700_000);
    assert.ok(Buffer.from(heap.buffer, 0, 700_000).equals(Buffer.from(piece(at))), `piece ${at}`);
  }
  await again.close();
});

test('files of a large store are read when they are wanted, with their neighbours', { skip }, async () => {
  const browser = newBrowser();
  const first = await IndexedDbStore.open('a', browser);
  const disk = files(first);
  for (const name of ['system/log', 'db/x/log', 'db/x/head', 'db/y/log', 'db/z/log', 'db/w/log']) disk.append(name, [...name].map((_, at) => at));
  await first.settled();
  disk.append('db/x/log', [99]); // Stays in the store's log, not in an extent.
  await first.close();
  const store = await IndexedDbStore.open('a', { ...browser, wholeBytes: 10 });
  const lazy = files(store);
  const elsewhere = -6;
  assert.deepEqual(lazy.read('system/log').length, 10);
  assert.deepEqual(store.takeWanted(), []);
  assert.equal(lazy.exists('db/x/log'), 1);
  assert.deepEqual(lazy.list('db'), [['w', true], ['x', true], ['y', true], ['z', true]]);
  assert.equal(lazy.read('db/x/log'), elsewhere);
  assert.equal(lazy.truncate('db/x/log', 2), elsewhere);
  await store.fetch(store.takeWanted());
  assert.deepEqual(lazy.read('db/x/log'), [0, 1, 2, 3, 4, 5, 6, 7, 99]);
  assert.equal(lazy.read('db/x/head').length, 9);
  assert.equal(lazy.read('db/y/log'), elsewhere);
  // What happens to files that are not there yet.
  lazy.replace('db/y/log', [5, 5]);
  assert.equal(lazy.remove('db/z', true), 0);
  assert.equal(lazy.rename('db/w', 'db/v'), 0);
  assert.equal(lazy.read('db/v/log'), elsewhere);
  lazy.append('db/x/log', [100]);
  await store.settled();
  assert.deepEqual(store.elsewhere(), ['db/v/log']);
  await store.fetch(store.takeWanted());
  assert.equal(store.hasElsewhere, false);
  assert.equal(lazy.read('db/v/log').length, 8);
  await store.close();
  const whole = files(await IndexedDbStore.open('a', browser));
  assert.deepEqual(whole.read('db/x/log'), [0, 1, 2, 3, 4, 5, 6, 7, 99, 100]);
  assert.deepEqual(whole.read('db/y/log'), [5, 5]);
  assert.equal(whole.read('db/v/log').length, 8);
  assert.deepEqual(whole.list('db'), [['v', true], ['x', true], ['y', true]]);
});

test('files that are read while commits go on are whole', { skip }, async () => {
  const browser = newBrowser();
  const first = await IndexedDbStore.open('a', browser);
  for (let at = 0; at < 20; ++at) {
    files(first).append('db/x/log', [at]);
    await first.settled();
  }
  await first.close();
  const store = await IndexedDbStore.open('a', { ...browser, wholeBytes: 0 });
  const disk = files(store);
  assert.equal(disk.read('db/x/log'), -6);
  // A new name puts everything of the store's log into extents, the bytes of the file that is being read among it.
  disk.append('db/y/log', [1]);
  await Promise.all([store.settled(), store.fetch(store.takeWanted())]);
  assert.deepEqual(disk.read('db/x/log'), Array.from({ length: 20 }, (_, at) => at));
  disk.append('db/y/log', [2]);
  await store.settled();
  // An owner of before must not take for damage what the next one has changed.
  const stale = await IndexedDbStore.open('a', { ...browser, wholeBytes: 0 });
  assert.equal(files(stale).read('db/x/log'), -6);
  const next = await IndexedDbStore.open('a', browser);
  files(next).remove('db/x', true);
  await next.settled();
  await assert.rejects(stale.fetch(stale.takeWanted()), (error) => error.errorName === 'FileLocked');
});

test('databases of a large store open when they are asked for, whatever asks', { skip }, async () => {
  const browser = newBrowser();
  const names = ['one', 'two', 'three', 'four', 'five', 'six', 'seven'];
  const first = await opened({ ...browser, name: 'kept' });
  for (const name of names) {
    await first.createDatabase(name);
    await first.database(name).run('UNWIND range(1, 50) AS i CREATE (:N {name: $name, i: i})', { name });
  }
  await first.run('CREATE COMPOSITE DATABASE both');
  for (const name of ['one', 'two']) await first.run(`CREATE ALIAS both.${name} FOR DATABASE ${name}`);
  await first.close();
  const count = 'MATCH (n:N) RETURN count(n) AS n, collect(DISTINCT n.name) AS names';
  const lazily = () => opened({ ...browser, name: 'kept', wholeBytes: 0 });
  const is = (name, n = 50) => ({ n, names: [name] });

  let nexus = await lazily();
  // In the order they were asked, although the first has to wait.
  const [, counted] = await Promise.all([nexus.database('three').run("CREATE (:N {name: 'three'})"), nexus.database('three').run(count)]);
  assert.deepEqual(counted.records, [is('three', 51)]);
  const session = await nexus.session('four');
  await session.transaction(async (run) => {
    await run.run("CREATE (:N {name: 'four'})");
    assert.deepEqual((await run.run(count)).records, [is('four', 51)]);
  });
  await session.close();
  const rows = [];
  for await (const row of nexus.database('five').stream('MATCH (n:N) RETURN n.i AS i ORDER BY i')) rows.push(row.i);
  assert.equal(rows.length, 50);
  const answer = await nexus.fetch(new Request('http://localhost/api/v1/cypher', {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ query: count, database: 'six' }) }));
  assert.deepEqual((await answer.json()).rows, [[50, ['six']]]);
  assert.ok((await nexus.dump('seven')).length > 100);
  await nexus.close();

  nexus = await lazily();
  const composite = await nexus.database('both').run(
    'CALL () { USE both.one MATCH (n:N) RETURN count(n) AS n UNION ALL USE both.two MATCH (n:N) RETURN count(n) AS n } RETURN sum(n) AS n');
  assert.deepEqual(composite.records, [{ n: 100 }]);
  await nexus.close();

  nexus = await lazily();
  await nexus.createDatabase('copy', { copyOf: 'three' });
  assert.deepEqual((await nexus.database('copy').run(count)).records, [is('three', 51)]);
  await nexus.dropDatabase('six');
  await nexus.close();

  nexus = await lazily();
  assert.deepEqual((await nexus.database('four').run(count)).records, [is('four', 51)]);
  await assert.rejects(nexus.database('six').run(count), (error) => error.errorName === 'DatabaseNotFound');
  assert.deepEqual((await nexus.run('SHOW DATABASES YIELD name RETURN count(*) AS n')).records[0].n, names.length + 3);
  await nexus.close();
});

test('only what is asked for is read of a large store', { skip }, async () => {
  const browser = newBrowser();
  const first = await opened({ ...browser, name: 'kept' });
  for (const name of ['small', 'large']) await first.createDatabase(name);
  await first.database('small').run('CREATE (:N)');
  await first.database('large').run("UNWIND range(1, 200) AS i CREATE (:N {text: reduce(t = '', x IN range(1, 200) | t + 'some text ')})");
  await first.close();
  let bytes = 0;
  const watching = { open: (...given) => {
    const request = browser.indexedDB.open(...given);
    request.addEventListener('success', () => {
      const make = request.result.transaction.bind(request.result);
      request.result.transaction = (...all) => {
        const transaction = make(...all);
        const storeOf = transaction.objectStore.bind(transaction);
        transaction.objectStore = (name) => {
          const store = storeOf(name);
          const getAll = store.getAll.bind(store);
          store.getAll = (...range) => {
            const values = getAll(...range);
            values.addEventListener('success', () => values.result.flat().forEach((value) => { bytes += value?.byteLength ?? 0; }));
            return values;
          };
          return store;
        };
        return transaction;
      };
    });
    return request;
  } };
  const nexus = await opened({ ...browser, indexedDB: watching, name: 'kept', wholeBytes: 0 });
  assert.deepEqual((await nexus.database('small').run('MATCH (n) RETURN count(n) AS n')).records, [{ n: 1 }]);
  assert.ok(bytes < 100_000, `${bytes} bytes were read`);
  assert.deepEqual((await nexus.database('large').run('MATCH (n) RETURN count(n) AS n')).records, [{ n: 200 }]);
  assert.ok(bytes > 300_000, `${bytes} bytes were read`);
  await nexus.close();
});

test('what is asked and answered at one moment is one message', { skip }, async () => {
  const { port1, port2 } = new MessageChannel();
  const messages = { there: 0, back: 0 };
  serve({ postMessage: (...given) => { ++messages.back; port2.postMessage(...given); }, set onmessage(hear) { port2.onmessage = hear; } }, { ...newBrowser(), locks: new Locks() });
  const port = { postMessage: (message) => { ++messages.there; port1.postMessage(message); }, set onmessage(hear) { port1.onmessage = hear; }, terminate: () => port1.close() };
  const nexus = await openBrowser({ name: 'a', worker: port, wasm });
  Object.assign(messages, { there: 0, back: 0 });
  const answers = await Promise.all(Array.from({ length: 5 }, (_, i) => nexus.run('CREATE (n:N {i: $i}) RETURN n.i AS i', { i })));
  assert.deepEqual(answers.map(({ records }) => records[0].i), [0, 1, 2, 3, 4]);
  assert.deepEqual(messages, { there: 1, back: 1 });
  // One that cannot be sent is refused by itself, and so is one that fails.
  await assert.rejects(nexus.restoreBytes('x', () => {}), (error) => error.errorName === 'InvalidRequest');
  const mixed = await Promise.allSettled([nexus.run('RETURN 1 AS one'), nexus.run('RETRN 1')]);
  assert.deepEqual(mixed.map(({ status }) => status), ['fulfilled', 'rejected']);
  await nexus.close();
});

test('writers that wait share a transaction', { skip }, async () => {
  const browser = newBrowser();
  let transactions = 0;
  const counting = { open: (...given) => {
    const request = browser.indexedDB.open(...given);
    request.addEventListener('success', () => {
      const database = request.result;
      const make = database.transaction.bind(database);
      database.transaction = (stores, mode, options) => {
        if (mode === 'readwrite') ++transactions;
        return make(stores, mode, options);
      };
    });
    return request;
  } };
  const nexus = await opened({ ...browser, indexedDB: counting });
  const before = transactions;
  await Promise.all(Array.from({ length: 8 }, async (_, writer) => {
    for (let i = 0; i < 20; ++i) await nexus.run('CREATE (:N {writer: $writer, i: $i})', { writer, i });
  }));
  assert.ok(transactions - before <= 40, `${transactions - before} transactions for 160 commits`);
  assert.deepEqual((await nexus.run('MATCH (n) RETURN count(n) AS n')).records, [{ n: 160 }]);
  await nexus.close();
});

test('who opened the store before can write no more', { skip }, async () => {
  const browser = newBrowser();
  const first = await IndexedDbStore.open('a', browser);
  const second = await IndexedDbStore.open('a', browser);
  files(first).append('log', [1]);
  await assert.rejects(first.settled(), (error) => error.errorName === 'FileLocked');
  await assert.rejects(first.settled(), (error) => error.errorName === 'FileLocked');
  files(second).append('log', [2]);
  await second.settled();
  assert.deepEqual(files(await IndexedDbStore.open('a', browser)).read('log'), [2]);
});

// The store's own IndexedDB, beside it: what(stores) makes a request on them.
async function inside(browser, name, what) {
  const answerOf = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const request = browser.indexedDB.open(name, 1);
  request.onupgradeneeded = () => ['meta', 'names', 'extents'].forEach((store) => request.result.createObjectStore(store));
  const database = await answerOf(request);
  const transaction = database.transaction(['meta', 'names', 'extents'], 'readwrite');
  try {
    return await answerOf(what(Object.fromEntries(['meta', 'names', 'extents'].map((store) => [store, transaction.objectStore(store)]))));
  } finally {
    database.close();
  }
}
const logOf = (browser, name) => inside(browser, name, ({ extents }) => extents.getAllKeys(browser.IDBKeyRange.bound(0, Infinity)));

test('a commit that only appends is one request of one object store', { skip }, async () => {
  const browser = newBrowser();
  const made = [];
  const watching = { open: (...given) => {
    const request = browser.indexedDB.open(...given);
    request.addEventListener('success', () => {
      const make = request.result.transaction.bind(request.result);
      request.result.transaction = (stores, mode, options) => {
        const transaction = make(stores, mode, options);
        const seen = { stores: [stores].flat(), requests: 0 };
        made.push(seen);
        const storeOf = transaction.objectStore.bind(transaction);
        transaction.objectStore = (name) => {
          const store = storeOf(name);
          for (const method of ['add', 'put', 'delete', 'get']) {
            const call = store[method].bind(store);
            store[method] = (...all) => (++seen.requests, call(...all));
          }
          return store;
        };
        return transaction;
      };
    });
    return request;
  } };
  const store = await IndexedDbStore.open('a', { ...browser, indexedDB: watching });
  const disk = files(store);
  disk.append('one', [1]);
  disk.append('two', [2]);
  await store.settled();
  made.length = 0;
  disk.append('one', [11]);
  disk.append('two', [22]);
  await store.settled();
  assert.deepEqual(made, [{ stores: ['extents'], requests: 1 }]);
  const again = files(await IndexedDbStore.open('a', browser));
  assert.deepEqual([again.read('one'), again.read('two')], [[1, 11], [2, 22]]);
});

test('the log is put into extents when it is long, and an owner of before is refused nevertheless', { skip }, async () => {
  const browser = newBrowser();
  const before = await IndexedDbStore.open('a', browser);
  files(before).append('log', [0]);
  await before.settled();
  const store = await IndexedDbStore.open('a', browser);
  const disk = files(store);
  for (let at = 1; at <= 1200; ++at) {
    disk.append('log', [at & 0xff]);
    await store.settled();
  }
  const numbers = await logOf(browser, 'a');
  assert.ok(numbers.length < 520 && numbers.at(-1) === 1202, `${numbers.length} entries to ${numbers.at(-1)}`);
  files(before).append('log', [7]);
  await assert.rejects(before.settled(), (error) => error.errorName === 'FileLocked');
  await store.close();
  for (let round = 0; round < 2; ++round) {
    const again = await IndexedDbStore.open('a', browser);
    assert.deepEqual(files(again).read('log'), Array.from({ length: 1201 }, (_, at) => at & 0xff));
    await again.close();
  }
});

test('openings that write nothing do not make the log longer to read', { skip }, async () => {
  const browser = newBrowser();
  const store = await IndexedDbStore.open('a', browser);
  files(store).append('log', [1]);
  await store.settled();
  files(store).append('log', [2]);
  await store.close();
  for (let round = 0; round < 600; ++round) await (await IndexedDbStore.open('a', browser)).close();
  const [numbers, first] = [await logOf(browser, 'a'), await inside(browser, 'a', ({ meta }) => meta.get('log'))];
  assert.ok(numbers.at(-1) - first < 520, `the log begins at ${first} and ends at ${numbers.at(-1)}`);
  assert.deepEqual(files(await IndexedDbStore.open('a', browser)).read('log'), [1, 2]);
});

test('a store of format 1 is opened, and its owner can write no more', { skip }, async () => {
  const browser = newBrowser();
  await inside(browser, 'a', ({ meta, names, extents }) => {
    names.put({ id: 1, size: 1 }, 'log');
    extents.put(Uint8Array.of(5), [1, 0]);
    extents.put(Uint8Array.of(6), [1, 1]);
    meta.put(7, 'epoch');
    meta.put(null, ['over', 6]);
    return meta.put(1, 'format');
  });
  const store = await IndexedDbStore.open('a', browser);
  assert.deepEqual(files(store).read('log'), [5, 6]);
  assert.equal(await inside(browser, 'a', ({ meta }) => meta.get('format')), 2);
  // What it adds with each of its commits.
  await assert.rejects(inside(browser, 'a', ({ meta }) => meta.add(null, ['over', 7])), (error) => error.name === 'ConstraintError');
  files(store).append('log', [7]);
  await store.close();
  assert.deepEqual(files(await IndexedDbStore.open('a', browser)).read('log'), [5, 6, 7]);
});

test('a later format and a log with a hole are refused', { skip }, async () => {
  const browser = newBrowser();
  const store = await IndexedDbStore.open('a', browser);
  files(store).append('log', [1]);
  await store.settled();
  for (const more of [2, 3]) {
    files(store).append('log', [more]);
    await store.settled();
  }
  await store.close();
  const numbers = await logOf(browser, 'a');
  await inside(browser, 'a', ({ extents }) => extents.delete(numbers.at(-2)));
  await assert.rejects(IndexedDbStore.open('a', browser), (error) => error.errorName === 'IoError' && /damaged/.test(error.message));
  await inside(browser, 'a', ({ meta }) => meta.put(3, 'format'));
  await assert.rejects(IndexedDbStore.open('a', browser), (error) => error.errorName === 'IoError' && /format 3/.test(error.message));
});

// The connection is lost after the n-th commit from now, and nobody said whether it was kept.
function losing(browser) {
  let left = Infinity;
  const lost = Object.assign(new Error('connection lost'), { name: 'UnknownError' });
  const indexedDB = { open(...given) {
    const request = browser.indexedDB.open(...given);
    request.addEventListener('success', () => {
      const make = request.result.transaction.bind(request.result);
      request.result.transaction = (...all) => {
        const transaction = make(...all);
        if (--left !== 0) return transaction;
        let told = null;
        Object.defineProperty(transaction, 'onabort', { set: (tell) => { told = tell; } });
        Object.defineProperty(transaction, 'oncomplete', { set() {} });
        transaction.addEventListener('complete', async () => {
          Object.defineProperty(transaction, 'error', { value: lost });
          await indexedDB.meanwhile?.();
          told();
        });
        return transaction;
      };
    });
    return request;
  } };
  return { indexedDB, IDBKeyRange: browser.IDBKeyRange, loseAt: (n) => { left = n; } };
}

test('a commit whose answer was lost is not made twice', { skip }, async () => {
  const browser = newBrowser();
  const lossy = losing(browser);
  const store = await IndexedDbStore.open('a', lossy);
  for (const [name, bytes] of [['log', [1]], ['log', [2]], ['other', [3]]]) {
    lossy.loseAt(1);
    files(store).append(name, bytes);
    await store.settled();
  }
  files(store).append('log', [4]);
  await store.settled();
  // Opened elsewhere while nobody knew: refused, although the commit itself was kept.
  let second = null;
  lossy.indexedDB.meanwhile = async () => { second ??= await IndexedDbStore.open('a', browser); };
  lossy.loseAt(1);
  files(store).append('log', [5]);
  await assert.rejects(store.settled(), (error) => error.errorName === 'FileLocked');
  assert.deepEqual([files(second).read('log'), files(second).read('other')], [[1, 2, 4, 5], [3]]);
});

// An IndexedDB whose n-th writing transaction, counted from now, is aborted with `error`.
function failing(browser, error) {
  let left = Infinity;
  const factory = browser.indexedDB;
  const indexedDB = {
    deleteDatabase: (name) => factory.deleteDatabase(name),
    open(...given) {
      const request = factory.open(...given);
      request.addEventListener('success', () => {
        const database = request.result;
        const make = database.transaction.bind(database);
        database.transaction = (stores, mode, options) => {
          const transaction = make(stores, mode, options);
          if (mode === 'readwrite' && --left === 0) {
            Object.defineProperty(transaction, 'error', { value: error });
            transaction.commit = () => transaction.abort();
          }
          return transaction;
        };
      });
      return request;
    },
  };
  return { indexedDB, IDBKeyRange: browser.IDBKeyRange, failAt: (n) => { left = n; } };
}

test('a full quota refuses the commit, and the engine goes on from what is durable', { skip }, async () => {
  const quota = failing(newBrowser(), Object.assign(new Error('full'), { name: 'QuotaExceededError' }));
  const host = new EngineHost({ name: 'a', wasm, ...quota });
  const run = async (text) => rowsOf(await host.request('me', 'run', asked(text)));
  await run('CREATE (:Kept)');
  quota.failAt(1);
  await assert.rejects(run('CREATE (:Refused)'), (error) => error.errorName === 'DiskFull' && error.retryable);
  assert.deepEqual(await run('MATCH (n) RETURN labels(n)[0]'), [['Kept']]);
  await run('CREATE (:Next)');
  await host.close();
});

test('whatever commit the tab dies at, what was answered is there', { skip }, async () => {
  const died = Object.assign(new Error('the tab died'), { name: 'AbortError' });
  const statements = ['CREATE DATABASE shop', 'USE shop CREATE (:P {n: 1})', 'USE shop CREATE (:P {n: 2})', 'USE shop MATCH (p:P) SET p.seen = true',
    'STOP DATABASE shop', 'START DATABASE shop', 'USE shop MATCH (p:P {n: 1}) DELETE p', 'DROP DATABASE shop'];
  let deaths = 0;
  for (let at = 1; at <= 24; ++at) {
    const browser = newBrowser();
    const crash = failing(browser, died);
    const host = new EngineHost({ name: 'a', wasm, ...crash });
    await host.open();
    crash.failAt(at);
    const answered = [];
    for (const text of statements) {
      try {
        await host.request('me', 'run', asked(text));
        answered.push(text);
      } catch (error) {
        assert.equal(error.errorName, 'IoError', error.message);
        ++deaths;
        break;
      }
    }
    // Another tab opens what is there; it must be exactly the answered statements.
    const reference = new EngineHost({ name: 'b', wasm, ...newBrowser() });
    const next = new EngineHost({ name: 'a', wasm, ...browser });
    const ask = (which, text) => which.request('me', 'run', asked(text)).then(rowsOf, (error) => error.errorName);
    for (const text of answered) await ask(reference, text);
    for (const text of ['SHOW DATABASES YIELD name, currentStatus RETURN name, currentStatus', 'USE shop MATCH (p:P) RETURN p.n, p.seen ORDER BY p.n']) {
      assert.deepEqual(await ask(next, text), await ask(reference, text), `${answered.length} answered: ${text}`);
    }
    await Promise.all([next.close(), reference.close()]);
    if (answered.length === statements.length) break;
  }
  assert.ok(deaths >= statements.length - 2, `${deaths} deaths`);
});

const member = (browser, locks, more = {}) => new Member({ name: `t${Math.random()}`, wasm, locks, ...browser, ...more });
const run = async (tab, text, parameters = {}) => {
  const reply = await tab.request('run', asked(text, parameters));
  if (reply.error) throw Object.assign(new Error(reply.error.message), { errorName: reply.error.name, retryable: reply.error.retryable });
  return rowsOf(reply.answer);
};

test('a second tab asks the first, and takes over when it closes', { skip }, async () => {
  const [browser, locks, name] = [newBrowser(), new Locks(), `tabs-${Math.random()}`];
  const [first, second] = [member(browser, locks, { name }), member(browser, locks, { name })];
  await first.open();
  await second.open();
  assert.deepEqual([first.role, second.role], ['leader', 'follower']);
  await run(first, 'CREATE (:A)');
  await run(second, 'CREATE (:B)');
  assert.deepEqual(await run(first, 'MATCH (n) RETURN count(n)'), [[2]]);
  await assert.rejects(run(second, 'RETURN 1 +'), (error) => error.errorName === 'UnexpectedSyntax');
  await first.close();
  while (second.role !== 'leader') await new Promise((resolve) => setTimeout(resolve, 5));
  assert.deepEqual(await run(second, 'MATCH (n) RETURN count(n)'), [[2]]);
  await run(second, 'CREATE (:C)');
  await second.close();
});

test('what a dead tab never took is done by the tab that follows', { skip }, async () => {
  const [browser, locks, name] = [newBrowser(), new Locks(), `tabs-${Math.random()}`];
  let die;
  // A tab that has crashed: its lock is not yet given up, and nobody listens.
  const dead = locks.request(`nexus:${name}`, () => new Promise((resolve) => { die = resolve; }));
  const second = member(browser, locks, { name });
  await second.open();
  assert.equal(second.role, 'follower');
  const answer = run(second, 'CREATE (n:A) RETURN count(n)');
  await new Promise((resolve) => setTimeout(resolve, 20));
  die();
  await dead;
  assert.deepEqual(await answer, [[1]]);
  assert.deepEqual(await run(second, 'MATCH (n) RETURN count(n)'), [[1]]);
  await second.close();
});

test('a closed tab rolls back what it left open', { skip }, async () => {
  const [browser, locks, name] = [newBrowser(), new Locks(), `tabs-${Math.random()}`];
  const [first, second] = [member(browser, locks, { name }), member(browser, locks, { name })];
  await first.open();
  await second.open();
  await run(first, 'CREATE (:A {n: 0})');
  await second.request('openSession', { session: 1 });
  const ask = (text) => second.request('run', asked(text, {}, { session: 1 }));
  assert.equal((await ask('BEGIN')).error, undefined);
  assert.equal((await ask('MATCH (a:A) SET a.n = 1')).error, undefined);
  await second.close();
  await new Promise((resolve) => setTimeout(resolve, 20));
  await run(first, 'MATCH (a:A) SET a.n = a.n + 10');
  assert.deepEqual(await run(first, 'MATCH (a:A) RETURN a.n'), [[10]]);
  await first.close();
});

test('a second tab is refused where sharing is not wanted', { skip }, async () => {
  const [browser, locks] = [newBrowser(), new Locks()];
  const first = member(browser, locks, { name: 'x', multiTab: 'exclusive' });
  await first.open();
  await assert.rejects(member(browser, locks, { name: 'x', multiTab: 'exclusive' }).open(), (error) => error.errorName === 'DatabaseLocked');
  await first.close();
  const second = member(browser, locks, { name: 'x', multiTab: 'exclusive' });
  await second.open();
  await second.close();
});

test('a page has the whole interface over its worker', { skip }, async () => {
  const nexus = await opened();
  assert.equal(nexus.role, 'leader');
  const shop = await nexus.createDatabase('shop');
  const { records } = await shop.run('CREATE (p:P {n: $n, d: date($d)}) RETURN p, p.d AS d', { n: 5, d: '2020-01-02' });
  assert.ok(records[0].p instanceof Node);
  assert.deepEqual(records[0].p.properties.n, 5);
  assert.ok(records[0].d instanceof Temporal);
  await assert.rejects(shop.transaction(async (session) => {
    await session.run('CREATE (:P)');
    throw new Error('rolled back');
  }), /rolled back/);
  assert.deepEqual((await shop.run('MATCH (n) RETURN count(n) AS n')).records, [{ n: 1 }]);
  assert.deepEqual((await shop.run('UNWIND range(1, 5000) AS n RETURN n', {}, { as: 'rows', rowsMax: 3 })), {
    columns: ['n'], rows: [[1], [2], [3]], summary: null, truncated: true });
  assert.ok((await nexus.databases()).some(({ name }) => name === 'shop'));
  await assert.rejects(nexus.run('USE nowhere RETURN 1'), (error) => error instanceof NexusError && /not found/.test(error.message));
  await nexus.close();
  await assert.rejects(nexus.run('RETURN 1'), (error) => error.errorName === 'DatabaseUnavailable');
});

test('a page pulls rows as it needs them, and may leave early', { skip }, async () => {
  const nexus = await opened();
  const seen = [];
  for await (const { i } of nexus.stream('UNWIND range(1, 1000000) AS i RETURN i')) {
    seen.push(i);
    if (i === 3) break;
  }
  assert.deepEqual(seen, [1, 2, 3]);
  let sum = 0;
  for await (const { i } of nexus.database('neo4j').stream('UNWIND range(1, $n) AS i RETURN i', { n: 5000 })) {
    sum += i;
    if (i === 1) await nexus.run('CREATE (:Meanwhile)');
  }
  assert.equal(sum, 5000 * 5001 / 2);
  await assert.rejects(nexus.stream('RETURN 1/0 AS x').next(), NexusError);
  await nexus.close();
});

test('a page dumps, restores, copies, renames and asks the REST API', { skip }, async () => {
  const nexus = await opened();
  const shop = await nexus.createDatabase('shop');
  await shop.run('UNWIND range(1, 100) AS i CREATE (:P {i: i})');
  const dump = await shop.dump();
  await nexus.copyDatabase('shop', 'twin');
  await nexus.renameDatabase('twin', 'double');
  await (await nexus.database('double').run('MATCH (n) WHERE n.i > 50 DELETE n'));
  const back = await nexus.restore('back', new Blob([dump]));
  const counts = await Promise.all(['shop', 'double', 'back'].map(async (name) => (await nexus.database(name).run('MATCH (n) RETURN count(n) AS n')).records[0].n));
  assert.deepEqual(counts, [100, 50, 100]);
  assert.equal((await back.run('MATCH (n) RETURN sum(n.i) AS sum')).records[0].sum, 5050);
  await assert.rejects(nexus.restore('broken', dump.slice(0, 100)), NexusError);
  const answer = await nexus.fetch('/api/v1/databases/shop/dump');
  assert.equal(answer.status, 200);
  assert.equal((await answer.arrayBuffer()).byteLength, dump.length);
  await nexus.close();
});

test('the engine that refused a commit takes its streams with it', { skip }, async () => {
  const quota = failing(newBrowser(), Object.assign(new Error('full'), { name: 'QuotaExceededError' }));
  const nexus = await opened({ indexedDB: quota.indexedDB });
  const rows = nexus.stream('UNWIND range(1, 5000) AS i RETURN i');
  await rows.next();
  quota.failAt(1);
  await assert.rejects(nexus.run('CREATE (:N)'), (error) => error.errorName === 'DiskFull');
  await assert.rejects((async () => { for await (const _ of rows); })(), (error) => error.errorName === 'SessionLost' && error.retryable);
  assert.deepEqual((await nexus.run('MATCH (n) RETURN count(n) AS n')).records, [{ n: 0 }]);
  await nexus.close();
});

// The private file system of an origin: folders, and files that one handle at a time may have.
class Folder {
  entries = new Map();
  #get(name, create, make) {
    if (!this.entries.has(name)) {
      if (!create) throw Object.assign(new Error(name), { name: 'NotFoundError' });
      this.entries.set(name, make());
    }
    return this.entries.get(name);
  }
  getDirectoryHandle = async (name, { create } = {}) => this.#get(name, create, () => new Folder());
  getFileHandle = async (name, { create } = {}) => this.#get(name, create, () => new OriginFile());
  removeEntry = async (name) => { this.entries.delete(name); };
  async *keys() {
    yield* [...this.entries.keys()];
  }
}
class OriginFile {
  bytes = new Uint8Array(0);
  isHeld = false;
  quota = Infinity;
  async createSyncAccessHandle() {
    if (this.isHeld) throw Object.assign(new Error('held'), { name: 'NoModificationAllowedError' });
    this.isHeld = true;
    return {
      getSize: () => this.bytes.length,
      read: (into, { at }) => (into.set(this.bytes.subarray(at, at + into.length)), Math.min(into.length, this.bytes.length - at)),
      write: (from, { at }) => {
        const fits = Math.min(from.length, Math.max(0, this.quota - at));
        const larger = new Uint8Array(Math.max(this.bytes.length, at + fits));
        larger.set(this.bytes);
        larger.set(from.subarray(0, fits), at);
        this.bytes = larger;
        if (fits < from.length) throw Object.assign(new Error('full'), { name: 'QuotaExceededError' });
        return fits;
      },
      truncate: (size) => {
        const cut = new Uint8Array(size);
        cut.set(this.bytes.subarray(0, size));
        this.bytes = cut;
      },
      flush: () => {},
      close: () => { this.isHeld = false; },
    };
  }
}
const journalsOf = (root) => root.entries.get('nexus').entries.get('a').entries;
const journalOf = (root) => [...journalsOf(root)].find(([name]) => name.startsWith('journal-'))[1];

test('private files: what was settled is there again, and one owner at a time', async () => {
  const root = new Folder();
  const store = await OpfsStore.open('a', { root });
  await assert.rejects(OpfsStore.open('a', { root }), (error) => error.errorName === 'FileLocked');
  const disk = files(store);
  disk.append('x/log', [1, 2, 3]);
  disk.replace('x/head', [9]);
  await store.settled();
  disk.append('x/log', [4]);
  disk.replace('x/head', [8, 8]);
  disk.rename('x', 'y');
  await store.settled();
  await store.close();
  const again = await OpfsStore.open('a', { root });
  assert.deepEqual([files(again).read('y/log'), files(again).read('y/head'), files(again).exists('x')], [[1, 2, 3, 4], [8, 8], 0]);
  await again.close();
});

test('private files: a torn frame is cut, a damaged one refused', async () => {
  for (let cut = 1, frameBytes = 2; cut < frameBytes; cut += 7) {
    const root = new Folder();
    const store = await OpfsStore.open('a', { root });
    files(store).append('log', [1]);
    await store.settled();
    const journal = journalOf(root);
    frameBytes = -journal.bytes.length;
    files(store).append('log', [2]);
    await store.settled();
    await store.close();
    frameBytes += journal.bytes.length;
    assert.ok(frameBytes > 40);
    journal.bytes = journal.bytes.slice(0, journal.bytes.length - cut);
    const again = await OpfsStore.open('a', { root });
    assert.deepEqual(files(again).read('log'), [1], `cut by ${cut}`);
    await again.close();
  }
  const root = new Folder();
  const store = await OpfsStore.open('a', { root });
  for (const value of [1, 2, 3]) {
    files(store).append('log', [value]);
    await store.settled();
  }
  await store.close();
  journalOf(root).bytes[24] ^= 1; // In the first frame; two whole ones follow.
  await assert.rejects(OpfsStore.open('a', { root }), (error) => error.errorName === 'IoError' && /damaged/.test(error.message));
});

test('private files: a full quota refuses the commit, and it is not found later', async () => {
  const root = new Folder();
  const store = await OpfsStore.open('a', { root });
  files(store).append('log', [1]);
  await store.settled();
  const journal = journalOf(root);
  journal.quota = journal.bytes.length + 20;
  files(store).append('log', [2]);
  await assert.rejects(store.settled(), (error) => error.errorName === 'DiskFull');
  await store.close();
  journal.quota = Infinity;
  const again = await OpfsStore.open('a', { root });
  assert.deepEqual(files(again).read('log'), [1]);
  await again.close();
});

test('private files: a journal of dead bytes is written anew, and the one before counts until it is whole', async () => {
  const root = new Folder();
  const store = await OpfsStore.open('a', { root });
  for (let round = 0; round < 30; ++round) {
    files(store).replace('big', new Uint8Array(500_000).fill(round));
    await store.settled();
  }
  await store.close();
  const before = journalOf(root).bytes;
  const again = await OpfsStore.open('a', { root });
  assert.deepEqual([...journalsOf(root).keys()].sort(), ['journal-2', 'lock']);
  assert.ok(journalOf(root).bytes.length < 600_000);
  assert.equal(files(again).read('big')[7], 29);
  await again.close();
  // As if it had died while writing it.
  const whole = journalOf(root).bytes;
  const old = new OriginFile();
  old.bytes = before;
  journalsOf(root).set('journal-1', old);
  journalsOf(root).get('journal-2').bytes = whole.slice(0, 1000);
  const third = await OpfsStore.open('a', { root });
  assert.equal(files(third).read('big')[7], 29);
  await third.close();
});
