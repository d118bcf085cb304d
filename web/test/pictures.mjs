// Pictures of every screen, in both themes: `node test/pictures.mjs [directory]`. Without a
// directory they are written into docs/images.
import fs from 'node:fs';
import path from 'node:path';
import { launch } from './browser.mjs';
import { repository, startServer } from './server.mjs';
import { loadSample, noteMessages, open, run, view, write } from './steps.mjs';

// NEXUS_PICTURES: only these, such as 'graph|plan'.
const only = new RegExp(process.env.NEXUS_PICTURES ?? '');
const directory = process.argv[2] ?? path.join(repository, 'docs/images');
fs.mkdirSync(directory, { recursive: true });
const server = await startServer();
const browser = await launch();

const post = (url, body) => fetch(server.origin + url, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
const cypher = (database, query) => post('/api/v1/cypher', { database, query });
async function createMany(names) {
  const left = [...names];
  await Promise.all(Array.from({ length: 12 }, async () => {
    for (let name = left.shift(); name; name = left.shift()) await post('/api/v1/databases', { name });
  }));
}

const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
await noteMessages(context);
const world = { context, origin: server.origin, page: await context.newPage() };
const { page } = world;
page.setDefaultTimeout(120_000);

async function picture(name, prepare = async () => {}) {
  for (const theme of ['light', 'dark']) {
    if (!only.test(name)) continue;
    await page.evaluate((wanted) => localStorage.setItem('nexus:theme', JSON.stringify(wanted)), theme);
    await page.reload();
    await page.waitForSelector(`html[data-theme=${theme}] .selector`);
    await prepare();
    await page.evaluate(() => Promise.all([document.fonts.ready, new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))]));
    await page.mouse.move(2, 798);
    await page.screenshot({ path: path.join(directory, `gui-${name}-${theme}.png`), animations: 'disabled' });
  }
}

try {
  const towns = ['berlin', 'bogota', 'cairo', 'dakar', 'delhi', 'hanoi', 'kyiv', 'lagos', 'lima', 'madrid', 'nairobi', 'osaka', 'paris', 'quito'];
  await createMany(towns.map((town) => `shop-${town}`));
  await cypher('shop-berlin', "UNWIND range(1, 240) AS n CREATE (:Order {no: n, total: n * 1.5})-[:OF]->(:Customer {name: 'Customer ' + n})");
  await post('/api/v1/databases', { name: 'payments', options: { environment: 'production' } });
  await post('/api/v1/databases', { name: 'payments-test', options: { environment: 'staging' } });
  await post('/api/v1/databases', { name: 'scratch', temporary: true, ttlSeconds: 3600, copyOf: 'shop-berlin' });
  const patch = (name, body) => fetch(`${server.origin}/api/v1/databases/${name}`, { method: 'PATCH', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  await patch('shop-cairo', { requestedStatus: 'offline' });
  await patch('shop-osaka', { access: 'read-only' });
  await cypher('shop-quito', 'CREATE (:Order)');
  await fetch(`${server.origin}/api/v1/databases/shop-quito`, { method: 'DELETE' });
  await loadSample(world, 'Planets and moons', 'planets');
  await loadSample(world, 'Les Misérables', 'miserables');

  for (const command of [
    'CREATE ROLE shop_team', 'GRANT ACCESS ON DATABASE * TO shop_team', 'DENY ACCESS ON DATABASE payments TO shop_team', 'GRANT MATCH {*} ON GRAPH * TO shop_team',
    'GRANT WRITE ON GRAPH `shop-berlin`, `shop-paris` TO shop_team', 'GRANT NAME MANAGEMENT ON DATABASE `shop-berlin` TO shop_team', 'GRANT INDEX MANAGEMENT ON DATABASE `shop-berlin` TO shop_team',
    "CREATE USER ada SET PASSWORD 'not shown anywhere' CHANGE NOT REQUIRED SET HOME DATABASE `shop-berlin`", 'GRANT ROLE shop_team TO ada',
    "CREATE USER lin SET PASSWORD 'not shown anywhere'", 'GRANT ROLE reader, shop_team TO lin',
    "CREATE USER noor SET PASSWORD 'not shown anywhere' CHANGE NOT REQUIRED SET STATUS SUSPENDED", 'GRANT ROLE architect TO noor',
    "CREATE USER root SET PASSWORD 'not shown anywhere' CHANGE NOT REQUIRED", 'GRANT ROLE admin TO root',
  ]) await cypher('system', command);

  const at = (screen, database, selector) => async () => {
    await open(world, screen, database);
    await page.waitForSelector(selector);
  };
  const asked = (database, query, name) => async () => {
    await open(world, 'query', database);
    await run(world, query);
    if (name) await view(world, name);
  };
  await picture('welcome', at('query', 'planets', '.welcome'));
  await picture('graph', async () => {
    await asked('miserables', 'MATCH p = (:Character)-[:APPEARS_WITH]->(:Character) RETURN p', 'Graph')();
    await page.waitForSelector('.graph-canvas canvas');
  });
  await picture('table', asked('planets', 'MATCH (p:Planet)-[r:ORBITS]->() RETURN p.name AS name, p.diameterKm AS diameter, r AS orbit, p', 'Table'));
  await picture('plan', asked('planets', 'EXPLAIN MATCH (m:Moon)-[:ORBITS]->(p:Planet) WITH p, count(m) AS moons ORDER BY moons DESC LIMIT 3 RETURN p.name, moons', 'Plan'));
  await picture('problem', async () => {
    await open(world, 'query', 'planets');
    await write(world, 'MATCH (p:Planet)\nRETURN p.name AS name;\n\nMATCH (m:Moon)-[:ORBITS]->(p)\nRETRN m.name, p.name');
    await page.hover('.cm-lintRange-error');
    await page.waitForSelector('.cm-tooltip-lint');
  });
  await picture('error', asked('planets', 'MATCH (p:Planet)\nRETURN p.name, 1 / 0 AS never'));
  await picture('schema', async () => {
    await at('schema', 'planets', '.schema-item')();
    await page.waitForSelector('.graph-canvas canvas');
  });
  await picture('schema-empty', at('schema', 'neo4j', '.empty'));
  await picture('databases', at('databases', 'planets', '.list-row'));
  await picture('create', async () => {
    await at('databases', 'planets', '.list-row')();
    await page.getByRole('button', { name: 'New database' }).click();
    await page.getByLabel('Name').fill('trial');
    await page.getByLabel('Begins as').selectOption('shop-berlin');
    await page.getByLabel(/^Temporary/).check();
  });
  await picture('download', async () => {
    await at('databases', 'planets', '.list-row')();
    await page.getByRole('button', { name: 'Actions for planets', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Download…' }).click();
    await page.waitForSelector('.modal .choices');
  });
  await picture('menu', async () => {
    await at('databases', 'planets', '.list-row')();
    await page.getByRole('button', { name: 'Actions for payments', exact: true }).click();
    await page.waitForSelector('.menu');
  });
  await picture('trash', async () => {
    await at('databases', 'planets', '.list-row')();
    await page.getByRole('button', { name: 'Trash (1)' }).click();
    await page.waitForSelector('.modal table');
  });
  const access = (tab, selector) => async () => {
    await at('access', 'planets', '.access')();
    await page.getByRole('tab', { name: tab }).click();
    await page.waitForSelector(selector);
  };
  await picture('access-users', access(/^Users/, 'tr:has-text("noor")'));
  await picture('access-roles', async () => {
    await access(/^Roles/, '.role')();
    await page.locator('.role', { hasText: 'shop_team' }).click();
    await page.waitForSelector('.cell.denied');
  });
  await picture('access-verdict', async () => {
    await access('Who may what?', '.verdict')();
    await page.getByLabel('Database', { exact: true }).fill('shop-paris');
  });
  await picture('import', async () => {
    await at('import', 'shop-berlin', '.drop')();
    await page.setInputFiles('input[type=file]', [{ name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from('id,name,age,joined\n1,Ada,36,1843-01-01\n2,"Grace, Rear Admiral",37,1944-07-01\n3,Edsger,,1960-03-04\n') }]);
    await page.waitForSelector('.job');
  });
  await picture('samples', at('samples', 'planets', '.sample'));
  await picture('settings', at('settings', 'planets', '.keys'));
  await picture('connection', async () => {
    await at('databases', 'planets', '.list-row')();
    await page.locator('.connection').click();
    await page.waitForSelector('.connect');
  });
  await createMany(Array.from({ length: 4980 }, (_, n) => `tenant-${String(n).padStart(4, '0')}`));
  await picture('databases-many', at('databases', 'planets', '.list-row'));
} finally {
  await browser.close();
  await server.stop();
}
for (const name of fs.readdirSync(directory)) {
  const { size } = fs.statSync(path.join(directory, name));
  if (name.endsWith('.png') && size > 150_000) console.log(`${name} has ${size} bytes`);
}
