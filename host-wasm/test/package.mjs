// The built package: its sources with the module beside them. NEXUS_WASM names another module.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const repository = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export * from '../package/node.js';
const file = process.env.NEXUS_WASM ?? path.join(repository, 'build/wasm/package/nexus.wasm');
export const wasm = await WebAssembly.compile(fs.readFileSync(file));
