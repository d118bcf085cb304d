// The openCypher TCK through the JavaScript API: every scenario of tests/tck/passing.txt, the same list as
// natively. NEXUS_TCK names the TCK. What reads and runs it; where the engine is, the caller says.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { readFeatures } from './gherkin.mjs';
import { repository } from './package.mjs';
import { canonical, parseValue } from './table-value.mjs';

export const root = process.env.NEXUS_TCK ?? path.join(repository, '../shared/tck');
const list = fs.readFileSync(path.join(repository, 'tests/tck/passing.txt'), 'utf8');
export const passing = new Set(list.split('\n').filter((line) => line !== '' && !line.startsWith('#')));

const details = {
  InvalidArgumentTypeSyntax: 'InvalidArgumentType',
  InvalidArgumentTypeRuntime: 'InvalidArgumentType',
  ArgumentTypeMismatch: 'InvalidArgumentType',
  NegativeIntegerArgumentRuntime: 'NegativeIntegerArgument',
};

async function texts(nexus, query) {
  const { rows } = await nexus.run(query, {}, { as: 'text' });
  return new Set(rows.map((row) => row.join('|')));
}

async function observe(nexus) {
  const properties = await texts(nexus, "MATCH (n) UNWIND keys(n) AS key RETURN 'n', id(n), key, n[key]");
  for (const line of await texts(nexus, "MATCH ()-[r]->() UNWIND keys(r) AS key RETURN 'r', id(r), key, r[key]")) properties.add(line);
  return {
    nodes: await texts(nexus, 'MATCH (n) RETURN id(n)'),
    relationships: await texts(nexus, 'MATCH ()-[r]->() RETURN id(r)'),
    labels: await texts(nexus, 'MATCH (n) UNWIND labels(n) AS label RETURN DISTINCT label'),
    properties,
  };
}

function sideEffects(before, after) {
  const effects = {};
  for (const kind of Object.keys(before)) {
    const added = [...after[kind]].filter((line) => !before[kind].has(line)).length;
    const removed = [...before[kind]].filter((line) => !after[kind].has(line)).length;
    if (added > 0) effects[`+${kind}`] = added;
    if (removed > 0) effects[`-${kind}`] = removed;
  }
  return effects;
}

function addProcedure(nexus, signature, table) {
  const width = signature.slice(0, signature.indexOf(')')).split('::').length - 1;
  const rows = table.slice(1).map((row) => row.map(parseValue));
  const plain = (value) => (value !== null && typeof value === 'object' && 'value' in value ? value.value : typeof value === 'bigint' ? Number(value) : value);
  nexus.procedure(signature, (...given) =>
    rows.filter((row) => given.every((value, at) => plain(row[at]) === plain(value))).map((row) => row.slice(width)));
}

async function runScenario(scenario, nexus) {
  let parameters = {};
  let outcome = {};
  let expectsError = false;
  const prepare = (text) => nexus.run(text, parameters);
  for (const step of scenario.steps) {
    if (step.kind === 'named graph') {
      const script = fs.readFileSync(path.join(root, 'graphs', step.text, `${step.text}.cypher`), 'utf8');
      for (const statement of script.split(';')) if (statement.trim() !== '') await prepare(statement);
    } else if (step.kind === 'prepare') {
      await prepare(step.text);
    } else if (step.kind === 'parameters') {
      parameters = Object.fromEntries(step.table.map(([name, value]) => [name, parseValue(value)]));
    } else if (step.kind === 'procedure') {
      addProcedure(nexus, step.text, step.table);
    } else if (step.kind === 'execute') {
      outcome = { before: await observe(nexus) };
      try {
        outcome.result = await nexus.run(step.text, parameters, { as: 'text' });
      } catch (error) {
        outcome.error = error;
      }
      outcome.after = await observe(nexus);
    } else if (step.kind === 'result') {
      if (outcome.error) throw outcome.error;
      assert.deepEqual(outcome.result.columns, step.table[0]);
      const wanted = step.table.slice(1).map((row) => row.map((cell) => canonical(cell, step.bagLists)).join(' | '));
      const actual = outcome.result.rows.map((row) => row.map((cell) => canonical(cell, step.bagLists)).join(' | '));
      assert.deepEqual(step.ordered ? actual : actual.sort(), step.ordered ? wanted : wanted.sort());
    } else if (step.kind === 'empty result') {
      if (outcome.error) throw outcome.error;
      assert.equal(outcome.result.rows.length, 0);
    } else if (step.kind === 'error') {
      expectsError = true;
      const [kind, phase, detail] = step.text.split('|');
      const { error } = outcome;
      assert.ok(error, `succeeded instead of ${step.text}`);
      assert.equal(error.kind, kind);
      if (phase !== 'any time') assert.equal(error.compileTime ? 'compile time' : 'runtime', phase);
      if (detail !== '*') assert.equal(details[error.errorName] ?? error.errorName, detail);
    } else if (step.kind === 'effects') {
      const wanted = Object.fromEntries(step.table.map(([name, amount]) => [name, Number(amount)]));
      assert.deepEqual(sideEffects(outcome.before, outcome.after), wanted);
    }
  }
  if (outcome.error && !expectsError) throw outcome.error;
}

// [{ title, needsProcedure, run(nexus) }] of the passing list; null where there is no TCK.
export function tckCases() {
  if (!fs.existsSync(path.join(root, 'features'))) return null;
  return readFeatures(path.join(root, 'features')).filter(({ id }) => passing.has(id)).map((scenario) => ({
    title: scenario.id, needsProcedure: scenario.steps.some(({ kind }) => kind === 'procedure'), run: (nexus) => runScenario(scenario, nexus),
  }));
}
