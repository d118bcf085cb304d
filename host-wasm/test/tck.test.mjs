// The openCypher TCK in WebAssembly, in memory; without the TCK the test says so and skips.
import assert from 'node:assert/strict';
import test from 'node:test';
import { Nexus, wasm } from './package.mjs';
import { passing, root, tckCases } from './tck-corpus.mjs';

const cases = tckCases();
test('every scenario of the passing list passes in WebAssembly', { skip: cases ? false : `the openCypher TCK is not at ${root}` }, async () => {
  const failures = [];
  let passed = 0;
  for (const { title, run } of cases) {
    const nexus = await Nexus.open({ wasm });
    try {
      await run(nexus);
      passed++;
    } catch (error) {
      failures.push(`${title}: ${error.message.split('\n')[0]}`);
    }
    await nexus.close();
  }
  console.log(`TCK in WebAssembly: ${passed} of ${passing.size} scenarios of the list pass`);
  assert.deepEqual(failures, []);
  assert.equal(passed, passing.size);
});
