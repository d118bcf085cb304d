// The .cyt corpus through the JavaScript API: the same files as natively, mode `wasm`. What reads and runs
// it; where the engine is, the caller says.
import fs from 'node:fs';
import path from 'node:path';
import assert from 'node:assert/strict';
import { repository } from './package.mjs';

const directory = path.join(repository, 'tests/query');
const withBody = new Set(['do', 'query', 'error', 'plan', 'expr']);

function readFile(file) {
  const lines = fs.readFileSync(file, 'utf8').split('\n');
  const cases = [];
  let graph = 'empty';
  for (let at = 0; at < lines.length;) {
    const line = lines[at++];
    if (line.trim() === '' || line.startsWith('#')) continue;
    const [, word, rest] = /^(\S+) ?(.*)$/.exec(line);
    const current = cases.at(-1);
    if (word === 'graph') graph = rest;
    else if (word === 'case') cases.push({ name: rest, line: at, graph, directives: [] });
    else if (word === 'skip') current.skip = rest;
    else if (word === 'only') current.only = rest.split(' ')[0];
    else {
      const directive = { word, rest, line: at, body: [], expected: null };
      if (withBody.has(word)) {
        for (; at < lines.length && lines[at].trim() !== ''; ++at) {
          if (lines[at] === '----') directive.expected = [];
          else (directive.expected ?? directive.body).push(lines[at]);
        }
      }
      current.directives.push(directive);
    }
  }
  return cases;
}

function splitCells(line) {
  const cells = [];
  let cell = '';
  let quote = '';
  for (let at = 0; at < line.length; ++at) {
    if (quote && line[at] === '\\') {
      cell += line[at] + (line[++at] ?? '');
      continue;
    }
    if (quote ? line[at] === quote : line[at] === "'" || line[at] === '`') quote = quote ? '' : line[at];
    if (line[at] === '|' && !quote) {
      cells.push(cell.trim());
      cell = '';
    } else cell += line[at];
  }
  return [...cells, cell.trim()];
}

const parts = [
  ['nodesCreated', '+', 'node', 'nodes'], ['nodesDeleted', '-', 'node', 'nodes'],
  ['relationshipsCreated', '+', 'relationship', 'relationships'], ['relationshipsDeleted', '-', 'relationship', 'relationships'],
  ['labelsAdded', '+', 'label', 'labels'], ['labelsRemoved', '-', 'label', 'labels'],
  ['indexesAdded', '+', 'index', 'indexes'], ['indexesRemoved', '-', 'index', 'indexes'],
  ['constraintsAdded', '+', 'constraint', 'constraints'], ['constraintsRemoved', '-', 'constraint', 'constraints'],
  ['propertiesSet', '+', 'property', 'properties'], ['systemUpdates', '+', 'system update', 'system updates'],
];

function countersText(counters) {
  const texts = parts.filter(([name]) => counters[name]).map(([name, sign, one, many]) => `${sign}${counters[name]} ${counters[name] === 1 ? one : many}`);
  return texts.join(', ') || 'no changes';
}

class Run {
  constructor(nexus) {
    Object.assign(this, { nexus, sessions: new Map(), name: 'main', parameters: {} });
  }
  async session() {
    if (!this.sessions.has(this.name)) this.sessions.set(this.name, await this.nexus.session());
    return this.sessions.get(this.name);
  }
  async text(directive) {
    const { parameters } = this;
    this.parameters = {};
    return (await this.session()).run(directive.body.join('\n'), parameters, { as: 'text' });
  }
  async directive(directive) {
    const { word, rest, expected } = directive;
    if (word === 'as') this.name = rest;
    else if (word === 'use') await (await this.session()).use(rest);
    else if (word === 'params') {
      const { rows } = await (await this.session()).run(`RETURN ${rest} AS parameters`, {}, { as: 'rows', integers: 'bigint' });
      this.parameters = rows[0][0];
    } else if (word === 'do') {
      const { summary } = await this.text(directive);
      if (expected) assert.equal(countersText(summary.counters), expected.join(' '));
    } else if (word === 'query') {
      const { columns, rows } = await this.text(directive);
      const wanted = expected.map(splitCells);
      const [head, ...body] = wanted;
      assert.deepEqual(columns, head);
      const key = (row) => row.join('\u0000');
      const sorted = (table) => (rest === 'ordered' ? table : [...table].sort((a, b) => (key(a) < key(b) ? -1 : 1)));
      assert.deepEqual(sorted(rows), sorted(body));
    } else if (word === 'error') {
      await this.error(directive);
    } else if (word === 'expr') {
      for (const line of directive.body) await this.expression(line);
    } else if (word !== 'plan') throw new Error(`not a directive: ${word}`);
  }
  async error(directive) {
    let error = null;
    try {
      await this.text(directive);
    } catch (thrown) {
      error = thrown;
    }
    const [name, ...statuses] = directive.rest.split(' ');
    assert.ok(error, `succeeded instead of failing with ${name}`);
    assert.equal(error.errorName, name, error.message);
    for (const status of statuses) assert.ok([error.gqlStatus, error.code.replace(/^Neo\./, '')].includes(status), status);
    if (!directive.expected) return;
    const at = error.position ? `${error.position.line}:${error.position.column}: ` : '';
    const wanted = directive.expected.join(' ');
    if (/^\d+:\d+$/.test(wanted)) assert.equal(at, `${wanted}: `);  // The place alone.
    else assert.equal(at + error.message, wanted);
  }
  async expression(line) {
    const arrow = line.lastIndexOf('=>');
    const text = line.slice(0, arrow).trim();
    let actual;
    try {
      actual = (await (await this.session()).run(`RETURN ${text} AS value`, this.parameters, { as: 'text' })).rows[0][0];
    } catch (error) {
      actual = `error ${error.errorName}`;
    }
    assert.equal(actual, line.slice(arrow + 2).trim(), text);
  }
}

// [{ title, skip, run(nexus) }]; skip: why not, or false. The caller opens an empty instance and closes it.
export function cytCases() {
  const all = [];
  for (const name of fs.readdirSync(directory, { recursive: true }).filter((file) => file.endsWith('.cyt')).sort()) {
    for (const item of readFile(path.join(directory, name))) {
      const reopens = item.directives.some((directive) => directive.word === 'reopen');
      const skip = item.skip ?? (item.only && item.only !== 'wasm' ? `only ${item.only}` : reopens ? 'reopen is run natively' : false);
      const run = async (nexus) => {
        if (item.graph !== 'empty') {
          const script = fs.readFileSync(path.join(directory, 'fixtures', `${item.graph}.cypher`), 'utf8');
          for (const statement of script.split(';')) if (statement.trim() !== '') await nexus.run(statement);
        }
        const run = new Run(nexus);
        for (const directive of item.directives) await run.directive(directive);
      };
      all.push({ title: `${name}:${item.line} ${item.name}`, skip, run });
    }
  }
  return all;
}
