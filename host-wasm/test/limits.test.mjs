// Long, wide and deep statements in WebAssembly, whose stack is one megabyte: they run or are refused.
import assert from 'node:assert/strict';
import test from 'node:test';
import { Nexus, wasm } from './package.mjs';

const nexus = await Nexus.open({ wasm });
test.after(() => nexus.close());

async function value(text) {
  return (await nexus.run(text, {}, { as: 'rows' })).rows[0][0];
}
async function failure(text) {
  try {
    await nexus.run(text);
  } catch (error) {
    return error.errorName;
  }
  return null;
}

for (const [name, head, part, count, tail, expected] of [
  ['a sum of 10,000 terms', 'RETURN 1', ' + 1', 9999, ' AS n', 10000],
  ['10,000 conditions', 'RETURN true', ' AND true', 9999, ' AS n', true],
  ['a list of 150,001 items', 'RETURN size([0', ', 0', 150000, ']) AS n', 150001],
  ['a string of a megabyte', "RETURN size('", 'x', (1 << 20) - 100, "') AS n", 1048476],
  ['450 lists inside each other', 'RETURN size([', '[', 450, `1${']'.repeat(450)}]) AS n`, 1],
  ['450 brackets', 'RETURN (', '(', 450, `1${')'.repeat(450)}) AS n`, 1],
  ['a CASE of 10,000 branches', 'RETURN CASE', ' WHEN false THEN 0', 9999, ' ELSE 1 END AS n', 1],
  ['a UNION of 1,000 queries', 'CALL () { RETURN 1 AS x', ' UNION ALL RETURN 1 AS x', 999, ' } RETURN count(x) AS n', 1000],
  ['400 queries in a row', 'RETURN 1 AS x', ' NEXT RETURN x + 1 AS x', 400, '', 401],
]) {
  test(`${name} runs`, async () => assert.equal(await value(head + part.repeat(count) + tail), expected));
}

for (const [name, head, part, count, tail] of [
  ['100,000 brackets', 'RETURN ', '(', 100000, '1'],
  ['100,000 lists', 'RETURN ', '[', 100000, ''],
  ['100,000 times NOT', 'RETURN ', 'NOT ', 100000, 'true'],
  ['10,000 queries in a row', 'RETURN 1 AS x', ' NEXT RETURN x', 10000, ''],
  ['10,000 queries inside each other', 'RETURN ', 'COUNT { RETURN ', 10000, '1'],
]) {
  test(`${name} are refused`, async () => {
    assert.equal(await failure(head + part.repeat(count) + tail), 'NestingTooDeep');
    assert.equal(await value('RETURN 1 AS n'), 1);
  });
}
