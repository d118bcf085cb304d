// What journeys are made of: a user's moves, and what a user sees.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';

export const open = async ({ page, origin }, screen = 'query', database = '') => {
  const hash = `#/${screen}${database && `?db=${database}`}`;
  if (page.url().startsWith(origin)) await page.evaluate((to) => { location.hash = to; }, hash);
  else await page.goto(`${origin}/${hash}`);
  await page.waitForSelector('.selector');
  if (database) await page.waitForSelector(`.selector:has-text("${database}")`);
};

export async function write({ page }, text) {
  await page.click('.cm-content');
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Delete');
  // Inserted as a paste is: brackets are not closed and nothing completes.
  if (text !== '') await page.keyboard.insertText(text);
  await page.keyboard.press('Escape');
}

export async function run(world, text, keys = 'Control+Enter') {
  await write(world, text);
  await world.page.evaluate(() => { for (const old of document.querySelectorAll('.result-bar, .query-result .error-box')) old.setAttribute('data-old', ''); });
  await world.page.keyboard.press(keys);
  await world.page.waitForFunction(() => {
    const running = document.querySelector('.running')?.textContent !== '';
    return !running && document.querySelector('.result-bar:not([data-old]), .query-result .error-box:not([data-old])');
  });
}

export const view = ({ page }, name) => page.getByRole('tab', { name, exact: true }).click();

// The table's cells that are on screen, row by row.
export async function table(world) {
  await view(world, 'Table');
  await world.page.waitForSelector('.grid-row, .result-body[data-state=active] p');
  return world.page.$$eval('.grid-row', (rows) => rows.map((row) => [...row.querySelectorAll('.grid-cell')].map((cell) => cell.textContent)));
}

export async function choose({ page }, database) {
  await page.keyboard.press('Control+p');
  await page.waitForSelector('.popover .filter-input');
  await page.keyboard.type(database);
  await page.keyboard.press('Enter');
  await page.waitForSelector(`.selector:has-text("${database}")`);
}

// Messages leave by themselves, on a busy machine before anybody looks: each is noted when it comes.
export const noteMessages = (context) => context.addInitScript(() => {
  const noted = globalThis.notedMessages = [];
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) {
      for (const node of addedNodes) {
        if (node.classList?.contains('toast')) noted.push(node.innerText);
        else for (const inner of node.querySelectorAll?.('.toast') ?? []) noted.push(inner.innerText);
      }
    }
  }).observe(document, { childList: true, subtree: true });
});

// The oldest message with these words that was not asked for yet; it is closed where it still stands.
export async function toast({ page }, words) {
  const found = await page.waitForFunction((part) => {
    const at = globalThis.notedMessages.findIndex((text) => text.includes(part));
    if (at < 0) return null;
    const [text] = globalThis.notedMessages.splice(at, 1);
    [...document.querySelectorAll('.toast')].find((shown) => shown.innerText === text)?.querySelector('button').click();
    return text;
  }, words);
  return found.jsonValue();
}

export async function create(world, name) {
  await open(world, 'databases');
  await world.page.getByRole('button', { name: 'New database' }).click();
  await world.page.keyboard.type(name);
  await world.page.keyboard.press('Enter');
  await toast(world, `${name} was created`);
}

export async function act({ page }, database, item) {
  await page.getByRole('button', { name: `Actions for ${database}`, exact: true }).click();
  await page.getByRole('menuitem', { name: item }).click();
}

// An item of the menu that a button opens. Done when the button has the focus back, which the menu gives it
// a moment after it is gone: keys pressed before would go astray.
export async function pick({ page }, button, item) {
  const opener = page.getByRole('button', { name: button });
  await opener.click();
  await page.getByRole('menuitem', { name: item }).click();
  const handle = await opener.elementHandle();
  await page.waitForFunction((element) => document.activeElement === element, handle);
}

// Of the page's menu of a database: opens its dialog.
export async function dialog(world, database, item) {
  await act(world, database, item);
  await world.page.waitForSelector('.modal');
  return world.page.locator('.modal');
}

export async function saved({ page }, press) {
  const [file] = await Promise.all([page.waitForEvent('download'), press()]);
  return { name: file.suggestedFilename(), bytes: fs.readFileSync(await file.path()) };
}

export const gone = ({ page }) => page.waitForFunction(() => !document.querySelector('.modal, .overlay'));

export async function connect({ page }, place) {
  await page.locator('.connection').click();
  await page.getByRole('button', { name: place === 'browser' ? 'Open databases in this browser' : 'Connect', exact: true }).click();
  await page.waitForSelector(place === 'browser' ? '.connection:has-text("This browser")' : '.connection:has-text("127.0.0.1")');
  await gone({ page });
}

export async function loadSample(world, title, name) {
  await open(world, 'samples');
  await world.page.locator('.sample', { hasText: title }).getByRole('button', { name: 'Create this database' }).click();
  await world.page.waitForSelector(`.sample:has-text("${name} is here")`, { timeout: 40_000 });
}

const axe = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

// Serious and critical findings of axe on what is shown now; contrasts in the other theme too.
export async function accessible({ page }, where) {
  await page.evaluate(axe);
  const found = await page.evaluate(async () => {
    const findings = [];
    const look = async (options) => {
      const { violations } = await globalThis.axe.run(document, { resultTypes: ['violations'], ...options });
      for (const { id, impact, nodes } of violations) {
        if (impact !== 'serious' && impact !== 'critical') continue;
        findings.push(`${id}: ${nodes.slice(0, 3).map(({ target, failureSummary }) => `${target} ${failureSummary}`).join(' | ')}`);
      }
    };
    const root = document.documentElement;
    const { theme } = root.dataset;
    await look({});
    root.dataset.theme = theme === 'dark' ? 'light' : 'dark';
    await look({ runOnly: ['color-contrast'] });
    root.dataset.theme = theme;
    return findings;
  });
  assert.deepEqual(found, [], where);
}
