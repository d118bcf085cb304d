// The package as it is published: `node host-wasm/pack.mjs [DIRECTORY]` (build/npm).
//
// A page asks for one file of JavaScript instead of eight, its worker for one instead of eleven; the module
// is asked for meanwhile. Needs what `scripts/gui` installs (the bundler), and the built module.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const repository = path.dirname(here);
const sources = path.join(here, 'package');
const target = path.resolve(process.argv[2] ?? path.join(repository, 'build/npm'));
const wasm = process.env.NEXUS_WASM ?? path.join(repository, 'build/wasm/package/nexus.wasm');

const bundler = createRequire(path.join(repository, 'web/package.json')).resolve('rolldown');
const { rolldown } = await import(pathToFileURL(bundler));

// A page's file and everything it needs are one; what is beside it imports it, so that a class is the same from wherever it came.
async function bundle(names, external = []) {
  const built = await rolldown({
    input: Object.fromEntries(names.map((name) => [name, path.join(sources, `${name}.js`)])),
    external: [/^node:/, ...external],
    platform: 'neutral',
    resolve: { extensions: ['.js'] },
  });
  await built.write({ dir: target, format: 'esm', entryFileNames: '[name].js', chunkFileNames: '[name].js', minify: true });
  await built.close();
}

fs.rmSync(target, { recursive: true, force: true });
fs.mkdirSync(target, { recursive: true });
await bundle(['nexus'], ['./serving.js']);
await bundle(['node', 'testing'], ['./nexus.js']);
for (const name of ['worker', 'serving']) await bundle([name]); // The engine's side, which says everything in messages.
fs.writeFileSync(path.join(target, 'browser.js'), "export * from './nexus.js';\n");
for (const name of fs.readdirSync(sources)) if (name.endsWith('.d.ts') || name === 'package.json') fs.copyFileSync(path.join(sources, name), path.join(target, name));
fs.copyFileSync(wasm, path.join(target, 'nexus.wasm'));
fs.copyFileSync(path.join(repository, 'LICENSE'), path.join(target, 'LICENSE'));
fs.copyFileSync(path.join(repository, 'docs/javascript.md'), path.join(target, 'README.md'));
for (const name of fs.readdirSync(target).sort()) console.log(`${String(fs.statSync(path.join(target, name)).size).padStart(9)}  ${name}`);
