// README.md's JavaScript, as it stands there: in a directory of its own, with the module beside node.js.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { repository } from './package.mjs';

test("README.md's JavaScript does what it says", () => {
  const section = fs.readFileSync(path.join(repository, 'README.md'), 'utf8').split('\n## In JavaScript\n')[1];
  const [code] = /(?:^ {4}.*\n|\n)+/m.exec(section);
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'nexus-readme-'));
  try {
    const beside = path.join(directory, 'host-wasm/package');
    fs.cpSync(path.join(repository, 'host-wasm/package'), beside, { recursive: true });
    fs.copyFileSync(process.env.NEXUS_WASM ?? path.join(repository, 'build/wasm/package/nexus.wasm'), path.join(beside, 'nexus.wasm'));
    fs.writeFileSync(path.join(directory, 'example.mjs'), `${code.trim()}\nconsole.log(JSON.stringify(records));\n`);
    const said = execFileSync(process.execPath, ['example.mjs'], { cwd: directory, encoding: 'utf8' });
    assert.equal(said.trim().split('\n').at(-1), '[{"k":1}]');
    assert.ok(fs.existsSync(path.join(directory, 'data')));
  } finally {
    fs.rmSync(directory, { recursive: true });
  }
});
