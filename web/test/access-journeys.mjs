// Users, roles and privileges, against a server whose host has the account 'root'.
import assert from 'node:assert/strict';
import { accessible, create, gone, open, run, table, toast } from './steps.mjs';

async function signIn({ page, origin }, user, password) {
  await page.goto(`${origin}/`);
  await page.getByLabel('User', { exact: true }).fill(user);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
}

const submit = ({ page }, name) => page.locator('.modal').getByRole('button', { name, exact: true }).click();

export const accessJourneys = [
  ['nobody sees anything before signing in', async (world) => {
    await world.page.goto(`${world.origin}/`);
    await world.page.getByLabel('User', { exact: true }).waitFor();
    assert.equal(await world.page.locator('.selector').count(), 0);
    await signIn(world, 'root', 'wrong password');
    await world.page.waitForSelector('.error-box:has-text("missing or wrong")');
    await signIn(world, 'root', 'a good one');
    await world.page.waitForSelector('.selector');
  }],

  ['a role is given what it may do on one database, cell by cell', async (world) => {
    await create(world, 'acme');
    await create(world, 'globex');
    await open(world, 'access');
    await world.page.getByRole('tab', { name: /^Roles/ }).click();
    await world.page.getByRole('button', { name: 'New role' }).click();
    await world.page.locator('.modal').getByLabel('Name', { exact: true }).fill('acme_team');
    await submit(world, 'Create');
    await gone(world);
    for (const what of ['Use', 'Read', 'Write', 'New names']) {
      await world.page.getByRole('button', { name: `${what} on acme: nothing said`, exact: true }).click();
      await world.page.getByRole('button', { name: `${what} on acme: granted`, exact: true }).waitFor();
    }
    // Round once: denied, and nothing said again.
    await world.page.getByRole('button', { name: 'Use on globex: nothing said', exact: true }).click();
    await world.page.getByRole('button', { name: 'Use on globex: granted', exact: true }).click();
    await world.page.getByRole('button', { name: 'Use on globex: denied', exact: true }).click();
    await world.page.getByRole('button', { name: 'Use on globex: nothing said', exact: true }).waitFor();
    await world.page.getByText('All privileges as commands (4)').click();
    assert.match(await world.page.locator('.commands').innerText(), /GRANT MATCH \{\*\} ON GRAPH `acme` TO `acme_team`/);
  }],

  ['a user is created with a role, and the password is in no request as text of a statement', async (world) => {
    const bodies = [];
    const listen = (request) => bodies.push(request.postData() ?? '');
    world.page.on('request', listen);
    await world.page.getByRole('tab', { name: /^Users/ }).click();
    await world.page.getByRole('button', { name: 'New user' }).click();
    await world.page.locator('.modal').getByLabel('Name', { exact: true }).fill('ada');
    await world.page.getByRole('button', { name: 'Generate' }).click();
    assert.ok((await world.page.getByLabel('Password', { exact: true }).inputValue()).length >= 16);
    await world.page.getByLabel('Password', { exact: true }).fill('until first login');
    await world.page.locator('.modal').getByLabel('Home database').fill('acme');
    await world.page.locator('.modal').getByLabel('acme_team').check();
    await submit(world, 'Create');
    await toast(world, 'ada was created');
    await gone(world);
    await world.page.waitForSelector('tr:has-text("ada") .badge:has-text("must change password")');
    world.page.off('request', listen);
    const made = bodies.map((body) => (body ? JSON.parse(body) : {})).find(({ query }) => query?.startsWith('CREATE USER'));
    assert.equal(made.query, 'CREATE USER `ada` SET PASSWORD $password CHANGE REQUIRED SET HOME DATABASE `acme`');
    assert.equal(made.parameters.password, 'until first login');
    await accessible(world, 'users');
  }],

  ['who may what is answered with its reason', async (world) => {
    await world.page.getByRole('tab', { name: 'Who may what?' }).click();
    await world.page.getByLabel('Database', { exact: true }).fill('acme');
    await world.page.waitForSelector('tr:has-text("Write") .badge.good');
    assert.match(await world.page.locator('tr:has-text("Write")').innerText(), /granted by acme_team/);
    await world.page.getByLabel('Database', { exact: true }).fill('globex');
    await world.page.waitForSelector('tr:has-text("Write") .badge.bad');
    await accessible(world, 'who may what');
    await world.page.getByRole('tab', { name: /^Roles/ }).click();
    await world.page.locator('.role', { hasText: 'acme_team' }).click();
    await accessible(world, 'roles');
  }],

  ['the user must change the password, and then sees one database only', async (world) => {
    world.page = await (await world.newContext()).newPage();
    await signIn(world, 'ada', 'until first login');
    await world.page.waitForSelector('.warning:has-text("must be changed")');
    await world.page.getByLabel('New password').fill('a better one');
    await world.page.getByRole('button', { name: 'Change and connect' }).click();
    await world.page.waitForSelector('.selector:has-text("acme")');
    await open(world, 'databases');
    await world.page.waitForSelector('.list-row');
    assert.deepEqual((await world.page.locator('.list-row .link.strong').allInnerTexts()).sort(), ['acme', 'system']);
    await open(world, 'query', 'acme');
    await run(world, "CREATE (n:Thing {name: 'Kettle'}) RETURN n.name AS name");
    assert.deepEqual(await table(world), [['Kettle']]);
    await run(world, 'USE globex MATCH (n) RETURN n');
    assert.match(await world.page.locator('.query-result .error-box').innerText(), /not allowed for user 'ada'[^]*Forbidden/);
  }],

  ['who may not list users is told so, and sees what is allowed', async (world) => {
    await open(world, 'access');
    await world.page.waitForSelector('tr:has-text("Write") .badge.good');
    assert.match(await world.page.locator('.page').innerText(), /Signed in as ada/);
    assert.equal(await world.page.getByRole('tab', { name: /^Users/ }).count(), 0);
  }],

  ['one changes one’s own password and goes on', async (world) => {
    await world.page.getByRole('button', { name: 'Change my password' }).click();
    await world.page.getByLabel('Password now').fill('not this one');
    await world.page.getByLabel('New password').fill('the best one');
    await submit(world, 'Change');
    await world.page.waitForSelector('.modal .error-box');
    await world.page.getByLabel('Password now').fill('a better one');
    await submit(world, 'Change');
    await gone(world);
    await open(world, 'query', 'acme');
    await run(world, 'MATCH (n:Thing) RETURN count(n) AS n');
    assert.deepEqual(await table(world), [['1']]);
  }],

  ['a user who is suspended is out, and comes back', async (world) => {
    const theirs = world.page;
    world.page = await (await world.newContext()).newPage();
    await signIn(world, 'root', 'a good one');
    await world.page.waitForSelector('.selector');
    await open(world, 'access');
    for (const [item, words] of [['Suspend', 'suspended'], ['Activate', 'active']]) {
      await world.page.getByRole('button', { name: 'Actions for ada' }).click();
      await world.page.getByRole('menuitem', { name: item }).click();
      await world.page.waitForSelector(`tr:has-text("ada") .badge:has-text("${words}")`);
      const there = { ...world, page: theirs };
      await run(there, 'RETURN 1 AS one');
      if (item === 'Suspend') assert.match(await theirs.locator('.query-result .error-box').innerText(), /Unauthorized/);
      else assert.deepEqual(await table(there), [['1']]);
    }
    await world.page.getByRole('button', { name: 'Actions for ada' }).click();
    await world.page.getByRole('menuitem', { name: 'Drop…' }).click();
    await world.page.getByLabel('Type ada to confirm').fill('ada');
    await submit(world, 'Drop');
    await gone(world);
    await world.page.waitForSelector('text=No users yet');
  }],
];
