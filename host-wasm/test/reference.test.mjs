// Every example of docs/reference/functions.md in WebAssembly; natively tests/reference runs them.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { Nexus, repository, wasm } from './package.mjs';

const page = fs.readFileSync(path.join(repository, 'docs/reference/functions.md'), 'utf8');
const examples = page.split('\n').map((line) => line.split('  →  ')).filter((parts) => parts.length === 2);

test(`${examples.length} examples of functions answer what their page says`, async () => {
  const nexus = await Nexus.open({ wasm });
  assert.ok(examples.length > 700);
  const wrong = [];
  for (const [call, expected] of examples) {
    let actual;
    try {
      actual = (await nexus.run(`RETURN ${call} AS value`, {}, { as: 'text' })).rows[0][0];
    } catch (error) {
      actual = `error ${error.errorName}`;
      // A type that is wrong in the text is refused before anything runs, under a name of its own.
      if (expected === 'error InvalidArgumentValue' && actual === 'error InvalidArgumentTypeSyntax') continue;
    }
    if (actual !== expected) wrong.push(`${call}: ${actual} instead of ${expected}`);
  }
  await nexus.close();
  assert.deepEqual(wrong, []);
});
