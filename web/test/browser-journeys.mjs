import assert from 'node:assert/strict';
import { choose, connect, create, dialog, gone, loadSample, open, run, saved, table, toast, view, act, write } from './steps.mjs';

const count = async (world, query = 'MATCH (n) RETURN count(n) AS n') => {
  await run(world, query);
  return Number((await table(world))[0][0]);
};

// Another tab of the same profile.
async function another(world) {
  const tab = { ...world, page: await world.context.newPage() };
  await tab.page.goto(`${world.origin}/#/query`);
  await tab.page.waitForSelector('.connection:has-text("This browser")');
  return tab;
}

export const browserJourneys = [
  ['the connection is changed to this browser', async (world) => {
    await open(world, 'query');
    await connect(world, 'browser');
  }],

  ['databases are created, filled and apart', async (world) => {
    await create(world, 'notes');
    await loadSample(world, 'Planets and moons', 'planets');
    await open(world, 'query', 'planets');
    assert.equal(await count(world), 27);
    await choose(world, 'notes');
    assert.equal(await count(world), 0);
    await run(world, "CREATE (:Note {text: 'kept'})");
  }],

  ['they are there after a reload', async (world) => {
    await world.page.reload();
    await world.page.waitForSelector('.connection:has-text("This browser")');
    await open(world, 'query', 'notes');
    await run(world, 'MATCH (n:Note) RETURN n.text AS text');
    assert.deepEqual(await table(world), [['kept']]);
    await run(world, 'MATCH (n:Note) RETURN n');
    await view(world, 'Graph');
    await world.page.waitForSelector('.graph-canvas canvas');
  }],

  ['mistakes are underlined as with a server', async (world) => {
    await run(world, 'MATCH (n) RETRN n');
    assert.equal(await world.page.locator('.cm-lintRange-error').innerText(), 'RETRN');
  }],

  ['and while they are typed, by the engine in this browser', async (world) => {
    await write(world, 'CREATE (:Never {x: $p});\nMATCH (n RETURN n');
    await world.page.waitForSelector('.cm-lintRange-error:has-text("RETURN")');
    assert.match(await world.page.locator('.problems-line').innerText(), /^2:10 Expected/);
    await run(world, 'MATCH (n:Never) RETURN count(n) AS n');
    assert.deepEqual(await table(world), [['0']]);
  }],

  ['a database goes to a server and comes back with everything it holds', async (world) => {
    await create(world, 'kinds');
    await open(world, 'query', 'kinds');
    await run(world, 'CREATE CONSTRAINT only FOR (k:Kind) REQUIRE k.no IS UNIQUE', 'Shift+Enter');
    await run(world, 'CREATE INDEX named FOR (k:Kind) ON (k.text)');
    await run(world, `CREATE (a:Kind:\`odd label\` {no: 1, text: 'ein "Wort" ♥', whole: 2.0, large: 9007199254740993, yes: true, date: date('2020-02-29'),
      zoned: datetime('2020-01-01T10:00:00[Europe/Berlin]'), offset: datetime('2020-01-01T10:00:00+02:00'), time: time('10:00:01Z'), bare: localtime('10:00'),
      moment: localdatetime('2020-01-01T10:00:00.123456789'), while: duration('P1M2DT3.5S'), place: point({latitude: 1.5, longitude: 2}), deep: point({x: 1, y: 2, z: 3}),
      texts: ['a', ''], floats: [1.0, 2.5]}), (b), (a)-[:TO {n: 1}]->(b), (a)-[:TO {n: 2.0}]->(b), (b)-[:\`odd type\`]->(b)`);
    const look = async () => {
      await run(world, `MATCH (n) OPTIONAL MATCH (n)-[r]->(m) WITH n, r, m UNWIND keys(n) + keys(r) + [null] AS key
        RETURN labels(n) AS labels, type(r) AS type, labels(m) AS end, key, n[key] AS value, valueType(n[key]) AS kind, r[key] AS other, valueType(r[key]) AS otherKind
        ORDER BY labels, type, r.n, key`);
      const rows = await table(world);
      await run(world, 'SHOW INDEXES YIELD name, type, labelsOrTypes, properties, owningConstraint ORDER BY name');
      return [rows, await table(world)];
    };
    const before = await look();
    assert.ok(before[0].length > 15 && before[1].length === 4, JSON.stringify(before));
    await open(world, 'databases', 'kinds');
    let modal = await dialog(world, 'kinds', 'Copy to a server…');
    await modal.getByLabel('Name of the new database').fill('kinds-there');
    await modal.getByRole('button', { name: 'Copy' }).click();
    assert.match(await toast(world, 'kinds-there is in 127.0.0.1'), /2 nodes, 3 relationships/);
    await gone(world);
    // The name is taken now, and what was there is not touched.
    modal = await dialog(world, 'kinds', 'Copy to a server…');
    await modal.getByLabel('Name of the new database').fill('kinds-there');
    await modal.getByRole('button', { name: 'Copy' }).click();
    await modal.locator('.error-box', { hasText: /exists/ }).waitFor();
    await world.page.keyboard.press('Escape');
    await gone(world);
    await connect(world, 'server');
    await open(world, 'query', 'kinds-there');
    assert.deepEqual(await look(), before);
    await open(world, 'databases', 'kinds-there');
    modal = await dialog(world, 'kinds-there', 'Copy to this browser…');
    await modal.getByLabel('Name of the new database').fill('kinds-back');
    await modal.getByRole('button', { name: 'Copy' }).click();
    await toast(world, 'kinds-back is in This browser');
    await gone(world);
    await connect(world, 'browser');
    await open(world, 'query', 'kinds-back');
    assert.deepEqual(await look(), before);
  }],

  ['a database of this browser is kept in a file, as a dump or as a graph', async (world) => {
    const everything = "MATCH (n) OPTIONAL MATCH (n)-[r]->(m) RETURN labels(n) AS labels, properties(n) AS values, type(r) AS type, properties(r) AS more, labels(m) AS end ORDER BY n.no, type, r.n";
    const look = async (database) => {
      await open(world, 'query', database);
      await run(world, everything);
      return table(world);
    };
    const before = await look('kinds');
    assert.equal(before.length, 3);
    const files = {};
    for (const kind of ['dump', 'graph']) {
      await open(world, 'databases', 'kinds');
      const modal = await dialog(world, 'kinds', 'Download…');
      if (kind === 'graph') await modal.getByLabel(/^Graph/).check();
      files[kind] = await saved(world, () => modal.getByRole('button', { name: 'Download' }).click());
      assert.equal(files[kind].name, `kinds.nexus${kind}`);
      await toast(world, 'was written to a file');
      await gone(world);
    }
    const restore = async ({ bytes, name }, to) => {
      await open(world, 'databases');
      await world.page.getByRole('button', { name: 'Restore', exact: true }).click();
      await world.page.setInputFiles('.modal input[type=file]', { name, mimeType: 'application/octet-stream', buffer: bytes });
      await world.page.getByLabel('Name of the new database').fill(to);
      await world.page.locator('.modal').getByRole('button', { name: 'Restore' }).click();
    };
    const changed = Buffer.from(files.dump.bytes);
    changed[changed.length >> 1] ^= 1;
    for (const [name, bytes, why] of [
      ['graph', files.graph.bytes.subarray(0, -9), /damaged/], ['dump', Buffer.from('NEXUSDMP...'), /dump/], ['dump', files.dump.bytes.subarray(0, -9), /dump/], ['dump', changed, /dump/],
    ]) {
      await restore({ name: `kinds.nexus${name}`, bytes }, 'restored');
      await world.page.locator('.modal .error-box', { hasText: why }).waitFor();
      await world.page.keyboard.press('Escape');
      await gone(world);
      assert.equal(await world.page.getByRole('button', { name: 'Actions for restored', exact: true }).count(), 0);
    }
    for (const kind of ['dump', 'graph']) {
      await restore(files[kind], `restored-${kind}`);
      await toast(world, `restored-${kind} was restored`);
      await gone(world);
      assert.deepEqual(await look(`restored-${kind}`), before);
    }
    // A name that is taken is refused, and what is there stays.
    await restore(files.dump, 'notes');
    await world.page.locator('.modal .error-box', { hasText: /exists/ }).waitFor();
    await world.page.keyboard.press('Escape');
    await gone(world);
    // What this browser wrote, a server reads.
    await connect(world, 'server');
    await restore(files.dump, 'kinds-by-dump');
    await toast(world, 'kinds-by-dump was restored');
    await gone(world);
    assert.deepEqual(await look('kinds-by-dump'), before);
    await connect(world, 'browser');
  }],

  ['a second tab works on the same databases', async (world) => {
    const second = await another(world);
    await open(second, 'query', 'notes');
    await run(second, "CREATE (:Note {text: 'of the second tab'})");
    assert.equal(await count(world), 2);
    // The first tab leads; when it goes, the second goes on.
    await world.page.close();
    world.page = second.page;
    await world.page.waitForTimeout(300);
    for (let tries = 0; ; ++tries) {
      await run(world, 'MATCH (n:Note) RETURN count(n) AS n');
      if (await world.page.locator('.query-result .error-box').count() === 0) break;
      assert.ok(tries < 20, 'the second tab never took over');
      await world.page.waitForTimeout(200);
    }
    assert.deepEqual(await table(world), [['2']]);
    await run(world, "CREATE (:Note {text: 'alone now'})");
    assert.equal(await count(world), 3);
  }],

  ['what was answered survives a tab that is killed at any moment', async (world) => {
    await create(world, 'killed');
    let acknowledged = 0;
    for (let round = 0; round < 5; ++round) {
      const victim = await another(world);
      await victim.page.exposeFunction('acknowledge', () => { ++acknowledged; });
      // The leading tab is the one that is killed: the other is closed first.
      await world.page.close();
      world.page = victim.page;
      await open(world, 'query', 'killed');
      await world.page.waitForTimeout(200);
      await run(world, 'CREATE (:K)');
      if (await world.page.locator('.query-result .error-box').count() === 0) ++acknowledged;
      await world.page.keyboard.press('Control+Enter');
      await world.page.waitForTimeout(round * 3);
      world.page = (await another({ ...world })).page;
      await victim.page.close({ runBeforeUnload: false });
      await open(world, 'query', 'killed');
      await world.page.waitForTimeout(300);
    }
    const found = await count(world);
    assert.ok(found >= acknowledged && acknowledged >= 4, `${found} found, ${acknowledged} acknowledged`);
  }],

  ['dropping works as with a server', async (world) => {
    await open(world, 'databases', 'killed');
    await act(world, 'killed', 'Drop…');
    await world.page.locator('.modal input').fill('killed');
    await world.page.keyboard.press('Enter');
    await toast(world, 'was dropped');
  }],

  ['without a network the page opens and the databases are there', async (world) => {
    await world.page.evaluate(() => navigator.serviceWorker.ready);
    await world.context.setOffline(true);
    await world.page.reload();
    await world.page.waitForSelector('.connection:has-text("This browser")');
    await open(world, 'query', 'planets');
    assert.equal(await count(world), 27);
    for (const [screen, selector] of [['schema', '.schema-item'], ['import', '.drop'], ['samples', '.sample']]) {
      await open(world, screen, 'planets');
      await world.page.waitForSelector(selector);
    }
    await loadSample(world, 'Les Misérables', 'miserables');
    await open(world, 'query', 'miserables');
    assert.equal(await count(world), 77);
    await world.context.setOffline(false);
  }],

  ['no request went anywhere but to this page’s origin, and no page failed', ({ seen, origin }) => {
    assert.deepEqual([...seen.requests].filter((url) => !url.startsWith(origin) && !url.startsWith('blob:') && !url.startsWith('data:')), []);
    assert.deepEqual(seen.errors, []);
  }],
];
