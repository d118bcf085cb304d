// What is measured inside a page, or in a worker of one (in_worker.mjs); each function is sent there whole. Times are in milliseconds.

// One way to use each package: open(name, options of its own) answers { first(), insert(i, text), rows(), close() }.
export const engines = {
  nexus: async (name, options = {}) => {
    const { Nexus, indexedDB } = await import('/package/nexus.js');
    const nexus = await Nexus.open({ store: indexedDB(name, options) });
    return {
      first: () => nexus.run('RETURN 1 AS one'),
      insert: (i, text) => nexus.run('CREATE (:N {i: $i, text: $text})', { i, text }),
      rows: async () => (await nexus.run("UNWIND range(1, 100000) AS i RETURN i, i * 2 AS j, i * 0.5 AS f, 'name' + i AS s, i % 2 = 0 AS b")).records,
      close: () => nexus.close(),
    };
  },
  pglite: async (name) => {
    const { PGlite } = await import('/rivals/@electric-sql/pglite/dist/index.js');
    const db = await PGlite.create(`idb://${name}`);
    await db.exec('CREATE TABLE IF NOT EXISTS n (i integer, text text)');
    return {
      first: () => db.query('SELECT 1 AS one'),
      insert: (i, text) => db.query('INSERT INTO n VALUES ($1, $2)', [i, text]),
      rows: async () => (await db.query("SELECT i, i * 2 AS j, i * 0.5::float8 AS f, 'name' || i AS s, i % 2 = 0 AS b FROM generate_series(1, 100000) AS i")).rows,
      close: () => db.close(),
    };
  },
  kuzu: async (name) => {
    const { default: kuzu } = await import('/rivals/kuzu-wasm/index.js');
    kuzu.setWorkerPath('/rivals/kuzu-wasm/kuzu_wasm_worker.js');
    await kuzu.FS.mkdir(`/${name}`);
    await kuzu.FS.mountIdbfs(`/${name}`);
    await kuzu.FS.syncfs(true);
    const db = new kuzu.Database(`/${name}/db`);
    const connection = new kuzu.Connection(db);
    const query = async (text) => {
      const result = await connection.query(text);
      const rows = await result.getAllObjects();
      await result.close();
      return rows;
    };
    await query('CREATE NODE TABLE IF NOT EXISTS N (i INT64 PRIMARY KEY, text STRING)');
    return {
      first: () => query('RETURN 1 AS one'),
      // A commit is in IndexedDB only after syncfs.
      insert: async (i, text) => {
        await query(`CREATE (:N {i: ${i}, text: '${text}'})`);
        await kuzu.FS.syncfs(false);
      },
      rows: () => query("UNWIND range(1, 100000) AS i RETURN i, i * 2 AS j, i * 0.5 AS f, concat('name', CAST(i AS STRING)) AS s, i % 2 = 0 AS b"),
      close: async () => {
        await connection.close();
        await db.close();
      },
    };
  },
};

export const inPage = {
  // Calls another of these, as text, in a worker of this page.
  async there({ call, given }) {
    globalThis.worker ??= new Worker('/bench/in_worker.mjs', { type: 'module' });
    const { answer, error } = await new Promise((resolve) => {
      globalThis.worker.onmessage = ({ data }) => resolve(data);
      globalThis.worker.onerror = ({ message }) => resolve({ error: message });
      globalThis.worker.postMessage({ call, given });
    });
    if (error) throw new Error(error);
    return answer;
  },

  // What no engine in a worker can do without: a module worker that answers, and a new IndexedDB database.
  async nothing() {
    const start = performance.now();
    const worker = new Worker(URL.createObjectURL(new Blob(['onmessage = () => postMessage(0)'], { type: 'text/javascript' })), { type: 'module' });
    await new Promise((resolve) => {
      worker.onmessage = resolve;
      worker.postMessage(0);
    });
    await new Promise((resolve, reject) => {
      const request = indexedDB.open('nothing', 1);
      request.onupgradeneeded = () => request.result.createObjectStore('values');
      request.onsuccess = resolve;
      request.onerror = () => reject(request.error);
    });
    return performance.now() - start;
  },

  // From nothing loaded to the answer of the first query, the store being created.
  async first({ open, name, options }) {
    const start = performance.now();
    globalThis.engine = await eval(`(${open})`)(name, options);
    await globalThis.engine.first();
    return performance.now() - start;
  },

  // One small commit after another, each in turn with a bare transaction of the same bytes.
  async commits({ count, bytes }) {
    const bare = await new Promise((resolve, reject) => {
      const request = indexedDB.open('bare', 1);
      request.onupgradeneeded = () => request.result.createObjectStore('values');
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const put = (i) => new Promise((resolve, reject) => {
      const transaction = bare.transaction('values', 'readwrite', { durability: 'strict' });
      transaction.objectStore('values').put(new Uint8Array(bytes).fill(i), i);
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error);
    });
    const times = { engine: [], bare: [] };
    for (let i = 0; i < count; ++i) {
      let start = performance.now();
      await globalThis.engine.insert(i, 'x'.repeat(100));
      times.engine.push(performance.now() - start);
      start = performance.now();
      await put(i);
      times.bare.push(performance.now() - start);
    }
    bare.close();
    const at = (list, part) => [...list].sort((a, b) => a - b)[Math.floor(list.length * part)];
    const both = (part) => ({ engine: at(times.engine, part), bare: at(times.bare, part) });
    return { ...both(0.5), quick: both(0.1) };
  },

  async writers({ writers, seconds }) {
    let commits = 0;
    const end = performance.now() + seconds * 1000;
    const start = performance.now();
    await Promise.all(Array.from({ length: writers }, async (_, writer) => {
      for (let i = 0; performance.now() < end; ++i) {
        await globalThis.engine.insert(1_000_000 * (writer + 1) + i, 'x'.repeat(100));
        ++commits;
      }
    }));
    return commits / (performance.now() - start) * 1000;
  },

  async rows({ repeats }) {
    const times = [];
    for (let round = 0; round < repeats; ++round) {
      const start = performance.now();
      const rows = await globalThis.engine.rows();
      times.push(performance.now() - start);
      if (rows.length !== 100_000 || rows[99_999].s !== 'name100000') throw new Error('these are not the rows');
    }
    return Math.min(...times);
  },

  // Only delivery: the same rows are made and counted, without being handed over.
  async withoutRows({ repeats }) {
    const { Nexus, indexedDB } = await import('/package/nexus.js');
    const nexus = await Nexus.open({ store: indexedDB('without-rows') });
    const times = [];
    for (let round = 0; round < repeats; ++round) {
      const start = performance.now();
      await nexus.run("UNWIND range(1, 100000) AS i WITH i, i * 2 AS j, i * 0.5 AS f, 'name' + i AS s, i % 2 = 0 AS b RETURN count(i), count(j), count(f), count(s), count(b)");
      times.push(performance.now() - start);
    }
    await nexus.close();
    return Math.min(...times);
  },

  async fill({ name, rows }) {
    const { Nexus, indexedDB } = await import('/package/nexus.js');
    const nexus = await Nexus.open({ store: indexedDB(name) });
    for (let from = 0; from < rows; from += 1000) {
      const texts = Array.from({ length: 1000 }, () => Array.from(crypto.getRandomValues(new Uint8Array(1000)), (byte) => String.fromCharCode(33 + (byte % 90))).join(''));
      await nexus.run('UNWIND range(0, size($texts) - 1) AS at CREATE (:Row {i: $from + at, text: $texts[at]})', { from, texts });
    }
    await nexus.close();
    return (await navigator.storage.estimate()).usage;
  },
  async reopen({ name }) {
    const { Nexus, indexedDB } = await import('/package/nexus.js');
    const start = performance.now();
    const nexus = await Nexus.open({ store: indexedDB(name) });
    const { records } = await nexus.run('MATCH (r:Row) RETURN count(r) AS n');
    const time = performance.now() - start;
    await nexus.close();
    return { time, rows: records[0].n };
  },
};
