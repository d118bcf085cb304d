// Kills a page, or the whole browser, in the middle of commits, again and again; then opens the
// databases and looks whether every commit that was acknowledged is there, whole.
//
//   node host-wasm/test/kill_rounds.mjs --rounds 200 [--browser-every 4] [--store indexedDB|opfs] [--durability strict]
import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { launch, openPage, servePages } from './chromium.mjs';

// In the page: opens the store, checks what earlier rounds left, and writes until it is killed.
async function writeUntilKilled({ round, store, durability, expected }) {
  const { Nexus, indexedDB, opfs } = window.nexus;
  const nexus = await Nexus.open({ store: (store === 'opfs' ? opfs : indexedDB)('kill', { durability }) });
  const states = (await nexus.databases()).map(({ name, currentStatus }) => `${name} ${currentStatus}`).filter((state) => !state.endsWith(' online'));
  if (states.length > 0) throw new Error(`not online: ${states}`);
  await nexus.createDatabase('second', { ifNotExists: true });
  // Commits of one writer follow one another: those of a round are 0…n without a hole.
  const { records } = await nexus.database('second').run('MATCH (n:N) RETURN n.round AS round, n.writer AS writer, count(n) AS n, max(n.i) AS last, min(size(n.text)) AS short');
  const { records: pairs } = await nexus.run('MATCH (a:A) WITH count(a) AS a OPTIONAL MATCH (b:B) RETURN a, count(b) AS b');
  const problems = [];
  if (pairs[0].a !== pairs[0].b) problems.push(`half a transaction: ${JSON.stringify(pairs[0])}`);
  const found = new Map(records.map((record) => [`${record.round}/${record.writer}`, record]));
  for (const [key, acknowledged] of expected) {
    const { n = 0, last = -1, short = 0 } = found.get(key) ?? {};
    if (last < acknowledged) problems.push(`${key}: ${acknowledged} was acknowledged, ${last} is the last`);
    if (n !== last + 1) problems.push(`${key}: ${n} of ${last + 1} are there`);
    if (n > 0 && short < 10) problems.push(`${key}: a text is cut`);
  }
  if (problems.length > 0) throw new Error(problems.join('\n'));
  await window.checked(records.reduce((sum, { n }) => sum + n, 0));
  const write = async (writer) => {
    const database = nexus.database('second');
    for (let i = 0; ; ++i) {
      await database.run('CREATE (:N {round: $round, writer: $writer, i: $i, text: $text})', { round, writer, i, text: 'x'.repeat(10 + (i * 7919) % 3000) });
      window.acknowledged(writer, i);
      if (writer === 0) await nexus.database('neo4j').transaction(async (session) => {
        await session.run('CREATE (:A)');
        await session.run('CREATE (:B)');
      });
    }
  };
  await Promise.all(Array.from({ length: 4 }, (_, writer) => write(writer)));
}

// Answers how many commits were acknowledged and found again.
export async function killRounds({ rounds, browserEvery = 4, store = 'indexedDB', durability = 'strict', report = () => {} }) {
  const server = await servePages();
  const expected = new Map(); // "round/writer" → the last i that was acknowledged.
  let browser = await launch();
  let found = 0;
  const kills = { page: 0, browser: 0 };
  try {
    for (let round = 0; round <= rounds; ++round) {
      const page = await openPage(browser.context, server.origin);
      let acknowledged = 0;
      let enough = () => {};
      const isEnough = new Promise((resolve) => { enough = resolve; });
      let isChecked = false;
      await page.exposeFunction('checked', (n) => {
        isChecked = true;
        found = n;
      });
      // Some rounds end soon after the start, others in the midst of a checkpoint.
      const wanted = 1 + (round * 37) % 150;
      await page.exposeFunction('acknowledged', (writer, i) => {
        expected.set(`${round}/${writer}`, i);
        if (++acknowledged >= wanted) enough();
      });
      const run = page.evaluate(writeUntilKilled, { round, store, durability, expected: [...expected] });
      const failed = run.then(() => {}, (error) => { if (!/closed|crashed|Target/.test(error.message) || !isChecked) throw error; });
      await Promise.race([isEnough, failed]);
      assert.ok(isChecked, 'the round before was checked');
      if (round === rounds) break;
      if (round % browserEvery === browserEvery - 1) {
        ++kills.browser;
        await browser.kill();
        browser = await launch(browser.profile);
      } else {
        ++kills.page;
        const session = await browser.context.newCDPSession(page);
        const crashed = new Promise((resolve) => page.once('crash', resolve));
        session.send('Page.crash').catch(() => {});
        await crashed;
        await page.close().catch(() => {});
      }
      if (round % 10 === 9) report(`${round + 1} rounds, ${found} commits found`);
    }
  } finally {
    await browser.close();
    server.close();
  }
  return { found, kills };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: {
    rounds: { type: 'string', default: '200' }, 'browser-every': { type: 'string', default: '4' }, store: { type: 'string', default: 'indexedDB' },
    durability: { type: 'string', default: 'strict' },
  } });
  const { found, kills } = await killRounds({
    rounds: Number(values.rounds), browserEvery: Number(values['browser-every']), store: values.store, durability: values.durability, report: console.log });
  console.log(`${kills.page} kills of the page, ${kills.browser} of the browser: every acknowledged commit is there, ${found} in all`);
}
