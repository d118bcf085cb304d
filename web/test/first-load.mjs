// What the first screen loads, in bytes as a server with brotli would send them; fails above the limit.
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { repository } from './server.mjs';

const limit = 350 * 1024;
const dist = process.env.NEXUS_GUI_DIST ?? path.join(repository, 'web/dist');
const read = (name) => fs.readFileSync(path.join(dist, name));
const html = read('index.html').toString();
const files = new Set(['index.html']);
for (const [, name] of html.matchAll(/(?:src|href)="\.\/([^"]+)"/g)) files.add(name);
// Chunks that the entry imports before it runs, and theirs.
for (const name of files) {
  if (!name.endsWith('.js')) continue;
  for (const [, chunk] of read(name).toString().matchAll(/(?:^|[;\n}])import\s*(?:[^'"();]*from\s*)?["']\.\/([^"']+\.js)["']/g)) files.add(`assets/${chunk}`);
}
// The latin letters of both fonts; others are loaded when a text has them.
for (const name of fs.readdirSync(path.join(dist, 'assets'))) if (/-latin-wght-normal-.*\.woff2$/.test(name)) files.add(`assets/${name}`);
let total = 0;
for (const name of [...files].sort()) {
  const bytes = read(name);
  const sent = name.endsWith('.woff2') ? bytes.length : zlib.brotliCompressSync(bytes).length;
  total += sent;
  console.log(`${String(sent).padStart(8)}  ${name}`);
}
console.log(`first load: ${total} bytes of ${limit}`);
process.exit(total <= limit ? 0 : 1);
