// Runs in WebAssembly what query_fuzz ran natively, and compares.
//
//   build/release/tests/query_fuzz --seed 1 --count 500 --write FILE && node tests/fuzz/replay.mjs FILE
import fs from 'node:fs';
import process from 'node:process';
import { Nexus, wasm } from '../../host-wasm/test/package.mjs';

const parameters = { n: 2n, s: 'a', l: [1n, 'a', null] };
// As in query_fuzz.cc: 1 and 1.0 are one group, -0.0 is 0.
const canonical = (text) => text.replace(/(-?)(\d)\.0(?![0-9E])/g, (whole, sign, digit, at) =>
  (sign && digit === '0' && !/\d/.test(text[at - 1] ?? '') ? '0' : sign + digit));
const isFailure = (rows) => rows.length === 1 && rows[0].startsWith('error ');

async function answer(nexus, text) {
  try {
    const { rows } = await nexus.run(text, parameters, { as: 'text' });
    return rows.map((row) => row.map(canonical).join(' | '));
  } catch (error) {
    if (!error.errorName) throw error;
    return [`error ${error.errorName}`];
  }
}

let nexus = null;
let graph = '';
const counts = { graphs: 0, statements: 0, differences: 0 };
for (const line of fs.readFileSync(process.argv[2], 'utf8').split('\n')) {
  if (line === '') continue;
  const entry = JSON.parse(line);
  if (entry.graph) {
    await nexus?.close();
    nexus = await Nexus.open({ wasm });
    graph = entry.graph;
    await nexus.run(graph);
    ++counts.graphs;
    continue;
  }
  ++counts.statements;
  const here = await answer(nexus, entry.text);
  const there = entry.rows;
  if (isFailure(here) && isFailure(there)) continue;
  const key = (rows) => JSON.stringify(entry.ordered ? rows : [...rows].sort());
  if (key(here) === key(there)) continue;
  ++counts.differences;
  console.log(`on ${graph}\n  ${entry.text}\n  native: ${key(there)}\n  WebAssembly: ${key(here)}`);
}
await nexus?.close();
console.log(`replay: ${counts.graphs} graphs, ${counts.statements} statements, ${counts.differences} differences`);
process.exitCode = counts.differences === 0 && counts.statements > 0 ? 0 : 1;
