import assert from 'node:assert/strict';
import fs from 'node:fs';
import { accessible, act, choose, create, dialog, gone, loadSample, open, pick, run, saved, table, toast, view, write } from './steps.mjs';

const errorText = ({ page }) => page.locator('.query-result .error-box').innerText();
const planets = 'MATCH p = (:Star)<-[:ORBITS]-(:Planet)<-[:ORBITS*0..1]-() RETURN p';

export const serverJourneys = [
  ['the current database is in sight from the start', async (world) => {
    await open(world);
    assert.equal(await world.page.locator('.selector-name').first().innerText(), 'neo4j');
    assert.match(await world.page.title(), /neo4j/);
  }],

  ['a database is created from the keyboard and becomes current', async (world) => {
    await create(world, 'shop');
    await world.page.waitForSelector('.selector:has-text("shop")');
    await world.page.waitForSelector('.list-row:has-text("shop") .badge.good');
  }],

  ['a statement answers a table, and its counters', async (world) => {
    await open(world, 'query', 'shop');
    await run(world, "CREATE (p:Product {name: 'Kettle', price: 29.5})-[:IN]->(:Shelf {no: 1}) RETURN p.name AS name, p.price AS price");
    assert.deepEqual(await table(world), [['Kettle', '29.5']]);
    assert.match(await world.page.locator('.result-facts').innerText(), /1 row.*2 nodes created/s);
  }],

  ['values of every kind are shown as what they are', async (world) => {
    await run(world, "RETURN 9007199254740993 AS big, 1.5 AS float, null AS nothing, [1, 'a'] AS list, {a: true} AS map, date('2020-02-29') AS date, point({x: 1, y: 2}) AS point");
    assert.deepEqual((await table(world))[0].slice(0, 6), ['9007199254740993', '1.5', 'null', '[1, "a"]', '{a: true}', '2020-02-29']);
  }],

  ['the other databases hear nothing of it: no rows, no history', async (world) => {
    await choose(world, 'neo4j');
    await run(world, 'MATCH (p:Product) RETURN count(p) AS n');
    assert.deepEqual(await table(world), [['0']]);
    const history = await world.page.locator('.history').innerText();
    assert.match(history, /count\(p\)/);
    assert.doesNotMatch(history, /Kettle/);
    await choose(world, 'shop');
    await world.page.waitForSelector('.history:has-text("Kettle")');
    assert.doesNotMatch(await world.page.locator('.history').innerText(), /count\(p\)/);
  }],

  ['a mistake is underlined where it is, with code and position', async (world) => {
    await run(world, 'MATCH (n)\nWHER n.x = 1 RETURN n');
    assert.match(await errorText(world), /WHER[^]*line 2, column 1[^]*SyntaxError/);
    assert.equal(await world.page.locator('.cm-lintRange-error').innerText(), 'WHER');
  }],

  ['what is wrong is underlined while it is typed, and nothing runs', async (world) => {
    const asked = [];
    // Completion asks for names beside it.
    const listen = (request) => { if (/^EXPLAIN/.test(request.postDataJSON()?.query)) asked.push(request.postDataJSON()); };
    world.page.on('request', listen);
    await write(world, 'PROFILE CREATE (:Typed {x: $unknown});\nMATCH (n) RETRN n;\nRETURN 1');
    await world.page.waitForSelector('.cm-lintRange-error:has-text("RETRN")');
    assert.equal(await world.page.locator('.cm-lintRange-error').count(), 1);
    assert.match(await world.page.locator('.problems-line').innerText(), /^2:11 Expected a clause/);
    assert.ok(asked.length === 3 && asked.every(({ query, accessMode }) => !/PROFILE/.test(query) && accessMode === 'READ'), JSON.stringify(asked));
    // A half-typed last word is left alone until the cursor leaves it; the statements before it are not asked again.
    await world.page.keyboard.press('Control+End');
    const heard = world.page.waitForResponse((response) => response.request().postData()?.includes('unfinishe"') ?? false);
    await world.page.keyboard.insertText(' AS a, unfinishe');
    await heard;
    assert.equal(await world.page.locator('.cm-lintRange-error').count(), 1);
    assert.equal(asked.length, 4);
    await world.page.keyboard.press('ArrowUp');
    await world.page.waitForSelector('.cm-lintRange-error:has-text("unfinishe")');
    await write(world, 'MATCH (n) RETURN n');
    await world.page.waitForFunction(() => !document.querySelector('.cm-lintRange-error, .problems-line button'));
    world.page.off('request', listen);
    await run(world, 'MATCH (n:Typed) RETURN count(n) AS n');
    assert.deepEqual(await table(world), [['0']]);
  }],

  ['parameters are asked for by name', async (world) => {
    await write(world, 'RETURN $n + 1 AS n, $text AS text');
    await world.page.getByLabel('$n', { exact: true }).fill('41');
    await world.page.getByLabel('$text', { exact: true }).fill('plain words');
    await run(world, 'RETURN $n + 1 AS n, $text AS text');
    assert.deepEqual(await table(world), [['42', 'plain words']]);
  }],

  ['several statements run in order and stop at a failure', async (world) => {
    await run(world, "RETURN 1 AS a; // one; comment\nRETURN ';' AS b;\nRETURN 1 / 0 AS c; RETURN 2 AS never", 'Shift+Enter');
    const tabs = await world.page.locator('.outcomes button').allInnerTexts();
    assert.equal(tabs.length, 3);
    await world.page.locator('.outcomes button').nth(1).click();
    assert.deepEqual(await table(world), [[';']]);
  }],

  ['explain shows the plan', async (world) => {
    await write(world, 'MATCH (p:Product)-[:IN]->(s) RETURN s ORDER BY s.no LIMIT 3');
    await world.page.getByRole('button', { name: 'Explain' }).click();
    await world.page.waitForSelector('.plan-operator:has-text("LabelScan")');
    assert.match(await world.page.locator('.plan-operator').first().innerText(), /Limit/);
  }],

  ['completion offers this database’s labels', async (world) => {
    await write(world, '');
    await world.page.keyboard.type('MATCH (n:Pro');
    await world.page.waitForSelector('.cm-tooltip-autocomplete li:has-text("Product")');
    // What has only just opened under the fingers does not take their keys (75 ms).
    await world.page.waitForTimeout(150);
    await world.page.keyboard.press('Enter');
    assert.match(await world.page.locator('.cm-content').innerText(), /MATCH \(n:Product/);
  }],

  ['a saved query survives a reload, in its database only', async (world) => {
    await write(world, 'MATCH (s:Shelf) RETURN s.no');
    await world.page.keyboard.press('Control+s');
    await world.page.keyboard.type('Every shelf');
    await world.page.keyboard.press('Enter');
    await world.page.reload();
    await world.page.waitForSelector('.history:has-text("Every shelf")');
    assert.match(await world.page.locator('.cm-content').innerText(), /Shelf/, 'the draft is kept too');
    await choose(world, 'neo4j');
    assert.doesNotMatch(await world.page.locator('.history').innerText(), /Every shelf/);
  }],

  ['a link fills the editor and runs nothing', async (world) => {
    const link = new URLSearchParams({ db: 'shop', q: 'CREATE (:Unwanted) RETURN 1' });
    await world.page.goto(`${world.origin}/#/query?${link}`);
    await world.page.waitForSelector('.cm-content:has-text("Unwanted")');
    await world.page.waitForSelector('.selector:has-text("shop")');
    await run(world, 'MATCH (n:Unwanted) RETURN count(n) AS n');
    assert.deepEqual(await table(world), [['0']]);
  }],

  ['drafts lie side by side, named and kept, and a link opens its own', async (world) => {
    const names = () => world.page.locator('.draft').allInnerTexts();
    const current = (name) => world.page.waitForSelector(`.draft[aria-current]:has-text("${name}")`);
    const text = (wanted) => world.page.waitForFunction((part) => document.querySelector('.cm-content')?.textContent.includes(part), wanted);
    const before = await world.page.locator('.draft[aria-current]').innerText();
    const others = (await names()).length;
    await write(world, 'RETURN "one" AS one');
    await world.page.keyboard.press('Control+Alt+n');
    await world.page.waitForFunction((n) => document.querySelectorAll('.draft').length === n, others + 1);
    await run(world, 'RETURN "two" AS two');
    assert.deepEqual(await table(world), [['two']]);
    await world.page.locator('.draft[aria-current]').press('F2');
    await world.page.getByLabel('Name of the draft').fill('Second');
    await world.page.keyboard.press('Enter');
    await current('Second');
    // Alt and a digit open one; each has its own text and its own result.
    const at = (await names()).indexOf(before) + 1;
    await world.page.keyboard.press(`Alt+${at}`);
    await current(before);
    await text('"one"');
    assert.equal(await world.page.getByRole('gridcell', { name: 'two' }).count(), 0);
    await world.page.keyboard.press(`Alt+${others + 1}`);
    await text('"two"');
    assert.deepEqual(await table(world), [['two']]);
    const link = new URLSearchParams({ db: 'shop', q: 'RETURN "of a link" AS three' });
    await world.page.goto(`${world.origin}/#/query?${link}`);
    await text('"of a link"');
    assert.equal((await names()).length, others + 2);
    await world.page.reload();
    await text('"of a link"');
    assert.equal((await names()).length, others + 2);
    await world.page.getByRole('button', { name: 'Second', exact: true }).click();
    await text('"two"');
    // What is closed comes back when it is asked for.
    await world.page.keyboard.press('Control+Alt+w');
    await text('"of a link"');
    assert.ok(!(await names()).includes('Second'));
    await world.page.getByRole('button', { name: 'Open again: Second' }).click();
    await current('Second');
    await text('"two"');
    // Another database has drafts of its own.
    await choose(world, 'neo4j');
    await world.page.waitForFunction(() => ![...document.querySelectorAll('.draft')].some((draft) => draft.textContent === 'Second'));
    await choose(world, 'shop');
    await current('Second');
  }],

  ['a sample becomes a database and is drawn', async (world) => {
    await loadSample(world, 'Planets and moons', 'planets');
    await open(world, 'query', 'planets');
    await run(world, planets);
    await view(world, 'Graph');
    await world.page.waitForSelector('.graph-canvas canvas');
    assert.match(await world.page.locator('.graph-canvas').getAttribute('aria-label'), /27 nodes and 26 relationships/);
    assert.match(await world.page.locator('.graph-legend').innerText(), /Moon\s+18/);
  }],

  ['the graph is walked from the keyboard, and announces itself', async (world) => {
    await world.page.focus('.graph-canvas');
    await world.page.keyboard.press('n');
    await world.page.waitForFunction(() => / relationship/.test(document.querySelector('.graph .announced')?.textContent ?? ''));
    assert.match(await world.page.locator('.inspector').innerText(), /name[^]*STRING/);
    await world.page.keyboard.press('h');
    await world.page.waitForFunction(() => /26 nodes/.test(document.querySelector('.graph-canvas')?.getAttribute('aria-label') ?? ''));
  }],

  ['a node is expanded to its neighbours', async (world) => {
    await run(world, "MATCH (s:Planet {name: 'Saturn'}) RETURN s");
    await view(world, 'Graph');
    await world.page.focus('.graph-canvas');
    await world.page.keyboard.press('n');
    await world.page.keyboard.press('e');
    await world.page.waitForFunction(() => /7 nodes and 6 relationships/.test(document.querySelector('.graph-canvas')?.getAttribute('aria-label') ?? ''));
  }],

  ['the drawn graph is saved as a picture', async (world) => {
    const files = {};
    for (const format of ['PNG', 'SVG']) {
      const file = await saved(world, () => pick(world, 'Save as a picture', format));
      assert.equal(file.name, `planets-graph.${format.toLowerCase()}`);
      files[format] = file.bytes;
    }
    assert.equal(files.PNG.subarray(1, 4).toString(), 'PNG');
    assert.ok(files.PNG.readUInt32BE(16) > 300 && files.PNG.length > 5000, 'it has a width, and something is in it');
    const svg = files.SVG.toString();
    assert.equal(svg.match(/<circle /g).length, 7);
    assert.match(svg, />Saturn<[^]*<\/svg>/);
    assert.equal(svg.match(/>ORBITS</g).length, 6);
    const picture = await world.page.evaluate(async (text) => {
      const parsed = new DOMParser().parseFromString(text, 'image/svg+xml');
      return parsed.querySelector('parsererror')?.textContent ?? '';
    }, svg);
    assert.equal(picture, '');
  }],

  ['exports hold every row and run nothing again', async (world) => {
    await run(world, 'UNWIND range(1, 1500) AS n RETURN n, \'=\' + n AS text');
    const cells = await table(world);
    assert.ok(cells.length < 100, 'only what is seen is in the page');
    let asked = 0;
    world.page.on('request', (request) => { if (request.url().endsWith('/cypher')) ++asked; });
    const [file] = await Promise.all([world.page.waitForEvent('download'), pick(world, 'Export', 'CSV')]);
    const lines = fs.readFileSync(await file.path(), 'utf8').trimEnd().split('\r\n');
    assert.equal(lines.length, 1501);
    assert.deepEqual([lines[0], lines[1500]], ['n,text', "1500,'=1500"]);
    assert.equal(asked, 0);
  }],

  ['the table is walked from the keyboard to its end', async (world) => {
    await world.page.focus('.grid');
    await world.page.keyboard.press('Control+End');
    await world.page.waitForSelector('.grid-cell.active:has-text("=1500")');
    await world.page.keyboard.press('Enter');
    await world.page.waitForSelector('.modal:has-text("=1500")');
    await world.page.keyboard.press('Escape');
  }],

  ['the schema shows labels, properties and what connects them', async (world) => {
    await world.page.keyboard.press('Control+k');
    await world.page.keyboard.type('schema');
    await world.page.keyboard.press('Enter');
    await world.page.waitForSelector('.schema-item:has-text("Planet")');
    const list = await world.page.locator('.schema-list').innerText();
    assert.match(list, /Moon\s+18[^]*Planet\s+8[^]*diameterKm\s+INTEGER[^]*ORBITS\s+26/);
    await world.page.waitForSelector('.graph-canvas');
  }],

  ['files are imported as nodes and relationships, with what is wrong named', async (world) => {
    await create(world, 'imports');
    await open(world, 'import', 'imports');
    await world.page.setInputFiles('input[type=file]', [
      { name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from('id,name,age,joined\n1,Ada,36,1843-01-01\n2,"Grace, Rear Admiral",37,1944-07-01\n3,Edsger,,1960-03-04\n') },
      { name: 'knows.jsonl', mimeType: 'application/json', buffer: Buffer.from('{"from":1,"to":2,"since":1990}\n{"from":2,"to":3}\n{"from":3,"to":99}\n') },
    ]);
    await world.page.waitForSelector('.job >> nth=1');
    const [people, knows] = [world.page.locator('.job').nth(0), world.page.locator('.job').nth(1)];
    assert.equal(await people.getByLabel('Type of joined').inputValue(), 'date');
    assert.equal(await knows.getByLabel('Type', { exact: true }).inputValue(), 'KNOWS');
    await people.getByLabel('Label', { exact: true }).fill('Person');
    for (const side of [0, 1]) await knows.locator('.end').nth(side).getByLabel('Label').fill('Person');
    await world.page.getByRole('button', { name: 'Import 6 records' }).click();
    await world.page.waitForSelector('text=Imported');
    const report = await world.page.locator('section[role=status]').innerText();
    assert.match(report, /3 nodes with label Person[^]*2 relationships of type KNOWS[^]*1 records found no node/);
    await open(world, 'query', 'imports');
    await run(world, 'MATCH (a:Person)-[k:KNOWS]->(b) RETURN a.name, k.since, b.joined, b.age ORDER BY a.id');
    assert.deepEqual(await table(world), [['Ada', '1990', '1944-07-01', '37'], ['Grace, Rear Admiral', 'null', '1960-03-04', 'null']]);
  }],

  ['a read-only database refuses to be written, and says so', async (world) => {
    await open(world, 'databases', 'imports');
    await act(world, 'imports', 'Make read-only');
    await toast(world, 'read-only now');
    await world.page.waitForSelector('.selector:has-text("read-only")');
    await open(world, 'query', 'imports');
    await run(world, 'CREATE (:No)');
    assert.match(await errorText(world), /read.?only|write/i);
    await open(world, 'databases', 'imports');
    await act(world, 'imports', 'Make writable');
    await toast(world, 'can be written');
  }],

  ['a stopped database says that it is stopped, and starts again', async (world) => {
    await world.page.getByRole('button', { name: 'Stop imports' }).click();
    await toast(world, 'is stopped');
    await world.page.waitForSelector('.selector:has-text("stopped")');
    await open(world, 'query', 'imports');
    await run(world, 'RETURN 1');
    assert.match(await errorText(world), /imports/);
    await open(world, 'databases', 'imports');
    await world.page.getByRole('button', { name: 'Start imports' }).click();
    await toast(world, 'is online');
  }],

  ['copy and rename work, and a refusal is shown', async (world) => {
    for (const [item, name, done] of [['Copy…', 'imports-copy', 'is a copy'], ['Rename…', 'imported', 'is called']]) {
      await dialog(world, 'imports', item);
      await world.page.locator('.modal input').first().fill('shop');
      await world.page.keyboard.press('Enter');
      await world.page.locator('.modal .error-box', { hasText: 'exists' }).waitFor();
      await world.page.locator('.modal input').first().fill(name);
      await world.page.keyboard.press('Enter');
      await toast(world, done);
      await gone(world);
      await world.page.locator('.list-row', { hasText: name }).first().waitFor();
    }
  }],

  ['a new database begins as a copy, lives for a while, and carries its label', async (world) => {
    await world.page.getByRole('button', { name: 'New database' }).click();
    const modal = world.page.locator('.modal');
    await modal.getByLabel('Name').fill('scratch');
    await modal.getByLabel('Begins as').selectOption('planets');
    await modal.getByLabel('Label as').fill('staging');
    await modal.getByLabel(/^Temporary/).check();
    await modal.getByLabel('Minutes to live').fill('30');
    await modal.getByRole('button', { name: 'Create' }).click();
    await toast(world, 'scratch is a copy of planets');
    await gone(world);
    const row = world.page.locator('.list-row', { has: world.page.getByRole('button', { name: 'scratch', exact: true }) });
    await row.locator('.badge', { hasText: 'temporary' }).waitFor();
    assert.match(await row.innerText(), /temporary[^]*staging[^]*27\s+26/);
    const answer = await (await fetch(`${world.origin}/api/v1/databases/scratch`)).json();
    const minutes = (new Date(answer.expiresAt) - new Date(answer.creationTime)) / 60_000;
    assert.ok(answer.temporary && minutes > 29 && minutes <= 30.1, JSON.stringify(answer));
  }],

  ['a production database is stopped, renamed and dropped only with its name typed', async (world) => {
    // By the keyboard: a pointer that jumps into a submenu leaves the way to it.
    await world.page.getByRole('button', { name: 'Actions for imported', exact: true }).focus();
    await world.page.keyboard.press('Enter');
    await world.page.getByRole('menuitem', { name: 'Label as' }).focus();
    await world.page.keyboard.press('ArrowRight');
    await world.page.getByRole('menuitemradio', { name: 'production' }).focus();
    await world.page.keyboard.press('Enter');
    await toast(world, 'imported is labelled production');
    const { options } = await (await fetch(`${world.origin}/api/v1/databases/imported`)).json();
    assert.equal(options.environment, 'production', 'the label is the database’s own');
    await world.page.getByRole('button', { name: 'Stop imported' }).click();
    const stop = world.page.locator('.modal').getByRole('button', { name: 'Stop', exact: true });
    assert.ok(await stop.isDisabled());
    await world.page.locator('.modal input').fill('imported');
    await stop.click();
    await toast(world, 'imported is stopped');
    await gone(world);
    await world.page.getByRole('button', { name: 'Start imported' }).click();
    await toast(world, 'imported is online');
    const modal = await dialog(world, 'imported', 'Rename…');
    await modal.locator('input').first().fill('elsewhere');
    assert.ok(await modal.getByRole('button', { name: 'Rename' }).isDisabled());
    await world.page.keyboard.press('Escape');
    await gone(world);
    await dialog(world, 'imported', 'Drop…');
    await world.page.waitForSelector('.modal .warning.strong:has-text("production")');
    await world.page.locator('.modal input').fill('imported');
    await world.page.keyboard.press('Enter');
    await toast(world, 'was dropped');
    await gone(world);
  }],

  ['what was dropped comes back from the trash, also under another name', async (world) => {
    await world.page.getByRole('button', { name: 'Trash (1)' }).click();
    await world.page.getByRole('button', { name: 'Bring back imported' }).click();
    await toast(world, 'imported is back');
    await world.page.locator('.modal', { hasText: 'Nothing that was dropped is kept' }).waitFor();
    await world.page.keyboard.press('Escape');
    await gone(world);
    await open(world, 'query', 'imported');
    await run(world, 'MATCH (n:Person) RETURN count(n) AS n');
    assert.deepEqual(await table(world), [['3']]);
    await open(world, 'databases', 'planets');
    await dialog(world, 'imported', 'Drop…');
    await world.page.locator('.modal input').fill('imported');
    await world.page.keyboard.press('Enter');
    await toast(world, 'was dropped');
    await gone(world);
    await world.page.getByRole('button', { name: 'Trash (1)' }).click();
    await world.page.getByLabel('Name for imported').fill('shop');
    await world.page.getByRole('button', { name: 'Bring back imported' }).click();
    await world.page.locator('.modal .error-box', { hasText: 'taken' }).waitFor();
    await world.page.getByLabel('Name for imported').fill('imported-again');
    await world.page.getByRole('button', { name: 'Bring back imported' }).click();
    await toast(world, 'imported-again is back');
    await world.page.keyboard.press('Escape');
    await gone(world);
  }],

  // The API as it is agreed, whether this server has it already or not.
  ['aliases are listed, added and removed where a server has them', async (world) => {
    const known = new Map([['kept', 'shop']]);
    await world.page.route('**/api/v1/aliases**', async (route) => {
      const request = route.request();
      const name = decodeURIComponent(new URL(request.url()).pathname.split('/')[4] ?? '');
      if (request.method() === 'PUT') known.set(name, request.postDataJSON().target);
      if (request.method() === 'DELETE') known.delete(name);
      if (request.method() === 'DELETE') return route.fulfill({ status: 204 });
      if (request.method() === 'PUT') return route.fulfill({ status: 201, json: { name, target: known.get(name) } });
      return route.fulfill({ json: { aliases: [...known].map(([alias, target]) => ({ name: alias, target })) } });
    });
    await open(world, 'query', 'planets');
    await open(world, 'databases', 'planets');
    await world.page.getByRole('button', { name: 'Aliases (1)' }).waitFor();
    const modal = await dialog(world, 'planets', 'Add alias…');
    await modal.locator('input').fill('kept');
    await world.page.keyboard.press('Enter');
    await modal.locator('.error-box', { hasText: 'already' }).waitFor();
    await modal.locator('input').fill('worlds');
    await world.page.keyboard.press('Enter');
    await toast(world, 'worlds means planets');
    await gone(world);
    await world.page.getByRole('button', { name: 'Aliases (2)' }).click();
    await world.page.locator('.modal tr', { hasText: 'worlds' }).getByText('planets').waitFor();
    await world.page.getByRole('button', { name: 'Remove alias kept' }).click();
    await toast(world, 'kept is gone');
    await world.page.waitForFunction(() => document.querySelectorAll('.modal tbody tr').length === 1);
    assert.deepEqual([...known], [['worlds', 'planets']]);
    await world.page.unroute('**/api/v1/aliases**');
    await world.page.keyboard.press('Escape');
    await gone(world);
  }],

  ['without them nothing speaks of aliases', async (world) => {
    await world.page.route('**/api/v1/aliases', (route) => route.fulfill({ status: 404, json: { title: 'NotFound', status: 404 } }));
    await open(world, 'query', 'planets');
    await Promise.all([world.page.waitForResponse((response) => response.url().endsWith('/aliases')), open(world, 'databases', 'planets')]);
    await world.page.waitForFunction(() => ![...document.querySelectorAll('.page-head button')].some((button) => /Aliases/.test(button.textContent)));
    await world.page.getByRole('button', { name: 'Actions for planets', exact: true }).click();
    assert.equal(await world.page.getByRole('menuitem', { name: 'Add alias…' }).count(), 0);
    await world.page.keyboard.press('Escape');
    await world.page.unroute('**/api/v1/aliases');
  }],

  ['a database is downloaded and restored from its file, a damaged one is refused', async (world) => {
    await open(world, 'databases', 'planets');
    const restore = async (file, name) => {
      await world.page.getByRole('button', { name: 'Restore', exact: true }).click();
      await world.page.setInputFiles('.modal input[type=file]', { mimeType: 'application/octet-stream', ...file });
      const field = world.page.getByLabel('Name of the new database');
      assert.equal(await field.inputValue(), 'planets', 'the name of the file is offered');
      await field.fill(name);
      await world.page.locator('.modal').getByRole('button', { name: 'Restore' }).click();
    };
    const refused = async (pattern) => {
      const box = world.page.locator('.modal .error-box', { hasText: pattern });
      await box.waitFor();
      await world.page.keyboard.press('Escape');
      await gone(world);
    };
    for (const kind of ['Dump', 'Graph']) {
      const modal = await dialog(world, 'planets', 'Download…');
      await modal.getByRole('radio', { name: kind }).check();
      const file = await saved(world, () => modal.getByRole('button', { name: 'Download' }).click());
      await toast(world, 'was written to a file');
      await gone(world);
      assert.equal(file.name, `planets.nexus${kind.toLowerCase()}`);
      await restore({ name: file.name, buffer: file.bytes }, `planets-${kind.toLowerCase()}`);
      await toast(world, 'was restored');
      await gone(world);
      const changed = Buffer.from(file.bytes);
      changed[changed.length >> 1] ^= 0x40;
      await restore({ name: file.name, buffer: changed }, 'damaged');
      await refused(/damaged|checksum|corrupt/i);
      await restore({ name: file.name, buffer: file.bytes }, 'shop');
      await refused(/shop.*exists/);
    }
    await restore({ name: 'planets.nexusdump', buffer: Buffer.from('id,name\n1,x\n') }, 'other');
    await refused(/neither a dump nor a graph/);
    assert.equal(await world.page.locator('.list-row', { hasText: 'damaged' }).count(), 0);
    for (const name of ['planets-dump', 'planets-graph']) {
      await open(world, 'query', name);
      await run(world, 'MATCH (n) OPTIONAL MATCH (n)-[r]->() RETURN count(DISTINCT n) AS n, count(r) AS r');
      assert.deepEqual(await table(world), [['27', '26']]);
    }
    await open(world, 'databases', 'planets');
  }],

  ['dropping asks for the name, typed', async (world) => {
    await create(world, 'doomed');
    await act(world, 'doomed', 'Drop…');
    const drop = world.page.getByRole('button', { name: 'Drop', exact: true });
    assert.ok(await drop.isDisabled());
    await world.page.locator('.modal input').fill('doom');
    assert.ok(await drop.isDisabled());
    await world.page.locator('.modal input').fill('doomed');
    await world.page.keyboard.press('Enter');
    await toast(world, 'was dropped');
    await world.page.waitForFunction(() => ![...document.querySelectorAll('.list-row')].some((row) => /doomed/.test(row.textContent)));
    await world.page.waitForSelector('.selector:has-text("neo4j")');
  }],

  ['many databases are filtered by a few letters', async (world) => {
    const names = Array.from({ length: 60 }, (_, at) => `tenant-${String(at).padStart(3, '0')}`);
    for (const name of names) {
      await fetch(`${world.origin}/api/v1/databases`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ name }) });
    }
    await world.page.reload();
    await world.page.waitForSelector('.selector');
    await choose(world, 'tenant-042');
    await world.page.keyboard.press('Control+p');
    assert.ok(await world.page.locator('.filter-row').count() < 40, 'only what is seen is in the page');
    await world.page.keyboard.press('Escape');
  }],

  ['the theme is kept', async (world) => {
    await open(world, 'settings');
    await world.page.getByRole('radio', { name: 'Dark' }).click();
    await world.page.reload();
    await world.page.waitForSelector('html[data-theme=dark]');
  }],

  ['nothing serious stands in the way of anybody, in dark and in light', async (world) => {
    for (const screen of ['settings', 'query', 'databases', 'schema', 'import', 'samples']) {
      await open(world, screen, 'planets');
      await world.page.waitForSelector({ settings: '.keys', query: '.welcome', databases: '.list-row', schema: '.schema-item', import: '.drop', samples: '.sample' }[screen]);
      await accessible(world, screen);
    }
    await open(world, 'databases', 'planets');
    for (const name of ['New database', 'Restore', /^Trash/]) {
      await world.page.getByRole('button', { name }).click();
      await world.page.waitForSelector('.modal');
      await accessible(world, String(name));
      await world.page.keyboard.press('Escape');
      await gone(world);
    }
    await open(world, 'query', 'planets');
    await run(world, 'MATCH (n:Planet) RETURN n.name AS name, n');
    await view(world, 'Table');
    await accessible(world, 'table');
    await write(world, 'MATCH (n:Planet) RETRN n');
    await world.page.waitForSelector('.problems-line button');
    await accessible(world, 'a problem');
  }],

  ['a narrow window loses nothing', async (world) => {
    await world.page.setViewportSize({ width: 420, height: 800 });
    for (const screen of ['query', 'databases', 'schema', 'samples']) {
      await open(world, screen, 'planets');
      assert.ok(await world.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${screen} does not scroll sideways`);
      assert.ok(await world.page.locator('.selector').isVisible());
    }
    await world.page.setViewportSize({ width: 1280, height: 800 });
  }],

  ['no request went anywhere but to this server, and no page failed', ({ seen, origin }) => {
    const elsewhere = [...seen.requests].filter((url) => !url.startsWith(origin) && !url.startsWith('blob:') && !url.startsWith('data:'));
    assert.deepEqual(elsewhere, []);
    assert.deepEqual(seen.errors, []);
  }],
];
