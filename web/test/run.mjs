// The journeys of a user through the interface, in a real browser, against the native server and
// against databases in the browser. Ends with "gui: N passed, N failed".
import fs from 'node:fs';
import { accessJourneys } from './access-journeys.mjs';
import { chromiumPath, launch } from './browser.mjs';
import { browserJourneys } from './browser-journeys.mjs';
import { startServer } from './server.mjs';
import { serverJourneys } from './server-journeys.mjs';
import { noteMessages } from './steps.mjs';

if (!chromiumPath) {
  console.log('gui: SKIPPED, there is no Chromium (install the package chromium, or set NEXUS_CHROMIUM)');
  process.exit(0);
}

const only = process.argv[2] ? new RegExp(process.argv[2]) : null;
const server = await startServer();
const browser = await launch();
let passed = 0;
let failed = 0;

function watch(context, seen) {
  context.on('request', (request) => seen.requests.add(request.url()));
  context.on('page', (page) => {
    page.setDefaultTimeout(Number(process.env.NEXUS_GUI_TIMEOUT ?? 45_000));
    page.on('pageerror', (error) => seen.errors.push(String(error)));
    page.on('console', (message) => { if (/Content Security Policy/.test(message.text())) seen.errors.push(message.text()); });
  });
}

// Each list of journeys is one user: its steps build on each other in one browser profile.
async function walk(name, journeys, { origin } = server) {
  const contexts = [];
  const seen = { requests: new Set(), errors: [] };
  const newContext = async () => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, acceptDownloads: true });
    contexts.push(context);
    await noteMessages(context);
    watch(context, seen);
    return context;
  };
  const context = await newContext();
  const world = { context, newContext, origin, seen, page: await context.newPage() };
  for (const [title, journey] of journeys) {
    const begin = Date.now();
    try {
      await journey(world);
      ++passed;
      if (process.env.NEXUS_GUI_TIMES) console.log(`${Date.now() - begin} ms: ${title}`);
    } catch (error) {
      ++failed;
      console.log(`not ok: ${name}: ${title}\n  ${String(error?.stack ?? error).split('\n').slice(0, 14).join('\n  ')}`);
      if (process.env.NEXUS_GUI_PICTURES) await world.page.screenshot({ path: `${process.env.NEXUS_GUI_PICTURES}/${passed + failed}.png` }).catch(() => {});
    }
  }
  for (const one of contexts) await one.close().catch(() => {});
}

try {
  if (!only || only.test('server')) await walk('server', serverJourneys);
  if (!only || only.test('access')) {
    const guarded = await startServer({ account: { user: 'root', password: 'a good one' } });
    await walk('access', accessJourneys, guarded).finally(() => guarded.stop());
  }
  const hasEngine = fs.existsSync(new URL('../dist/nexus.wasm', import.meta.url));
  if (!hasEngine) console.log('gui: databases in the browser SKIPPED, build/wasm has no nexus.wasm');
  else if (!only || only.test('browser')) await walk('this browser', browserJourneys);
} finally {
  await browser.close();
  await server.stop();
}
console.log(`gui: ${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
