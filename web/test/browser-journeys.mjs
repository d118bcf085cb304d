import assert from 'node:assert/strict';
import { choose, create, loadSample, open, run, table, toast, view, act, write } from './steps.mjs';

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
    await world.page.locator('.connection').click();
    await world.page.getByRole('button', { name: 'Open databases in this browser' }).click();
    await world.page.waitForSelector('.connection:has-text("This browser")');
    await world.page.waitForFunction(() => !document.querySelector('.modal'));
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
