// A headless Chromium that can be killed, and a server for pages that use the package.
// NEXUS_CHROMIUM names the browser; otherwise the system's own is used.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { repository } from './package.mjs';

const require = createRequire(path.join(repository, 'web/package.json'));
const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable'];
const executable = process.env.NEXUS_CHROMIUM ?? places.find((place) => fs.existsSync(place));

let playwright = null;
try {
  playwright = require('playwright-core');
} catch {
  // Said loudly by those who skip.
}
export const skip = !executable ? 'there is no Chromium: NEXUS_CHROMIUM names one'
  : !playwright ? 'playwright-core is missing: run npm ci in web/' : false;

const types = { '.js': 'text/javascript', '.mjs': 'text/javascript', '.wasm': 'application/wasm', '.html': 'text/html', '.data': 'application/octet-stream' };

// Serves folders by prefix, on a port of its own. Answers {origin, close()}.
export async function servePages(folders = {}, headers = {}) {
  const places = {
    '/package/nexus.wasm': process.env.NEXUS_WASM ?? path.join(repository, 'build/wasm/package/nexus.wasm'),
    '/package/': path.join(repository, 'host-wasm/package/'),
    '/test/': path.join(repository, 'host-wasm/test/'),
    ...folders,
  };
  const server = http.createServer((request, response) => {
    const name = decodeURIComponent(new URL(request.url, 'http://localhost').pathname);
    if (name === '/') return response.writeHead(200, { 'Content-Type': 'text/html', ...headers }).end('<!doctype html><title>Nexus</title>');
    const prefix = Object.keys(places).find((prefix) => name.startsWith(prefix));
    const file = prefix && path.join(places[prefix], path.posix.normalize(`/${name.slice(prefix.length)}`));
    const found = prefix?.endsWith('/') ? file : places[prefix];
    if (!found || !fs.existsSync(found)) return response.writeHead(404).end();
    const body = fs.readFileSync(found);
    response.writeHead(200, { 'Content-Type': types[path.extname(found)] ?? 'application/octet-stream', 'Content-Length': body.length, 'Cache-Control': 'max-age=3600', ...headers });
    return response.end(body);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { origin: `http://127.0.0.1:${server.address().port}`, close };
}

// A browser on a profile of its own or a given one. kill(): SIGKILL to all of its processes.
export async function launch(profile = fs.mkdtempSync(path.join(os.tmpdir(), 'nexus-chromium-'))) {
  fs.rmSync(path.join(profile, 'DevToolsActivePort'), { force: true });
  const browser = spawn(executable, ['--headless=new', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-dev-shm-usage', '--remote-debugging-port=0', `--user-data-dir=${profile}`, 'about:blank'],
  { detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = new Promise((resolve) => browser.on('exit', resolve));
  const address = await new Promise((resolve, reject) => {
    let said = '';
    browser.stderr.on('data', (data) => {
      said += data;
      const found = /DevTools listening on (ws:\S+)/.exec(said);
      if (found) resolve(found[1]);
    });
    browser.on('exit', () => reject(new Error(`Chromium ended: ${said}`)));
  });
  const connection = await playwright.chromium.connectOverCDP(address);
  const context = connection.contexts()[0];
  const kill = async () => {
    try {
      process.kill(-browser.pid, 'SIGKILL');
    } catch (error) {
      if (error.code !== 'ESRCH') throw error;
    }
    await ended;
    await connection.close().catch(() => {});
  };
  const close = async () => {
    await kill();
    fs.rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  return { context, profile, kill, close };
}

// A page on which `window.nexus` is the package's browser entry.
export async function openPage(context, origin) {
  const page = await context.newPage();
  await page.goto(`${origin}/`);
  await page.evaluate(async () => { window.nexus = await import('/package/nexus.js'); });
  return page;
}
