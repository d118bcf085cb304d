// The openCypher TCK's feature files, read into scenarios (outlines expanded).
import fs from 'node:fs';
import path from 'node:path';

function cells(line) {
  const row = [];
  let cell = '';
  for (let at = 1; at < line.length; ++at) {
    if (line[at] === '\\' && at + 1 < line.length) {
      const next = line[++at];
      cell += next === 'n' ? '\n' : next === '|' || next === '\\' ? next : '\\' + next;
    } else if (line[at] === '|') {
      row.push(cell.replace(/^ +| +$/g, ''));
      cell = '';
    } else {
      cell += line[at];
    }
  }
  return row;
}

class Reader {
  constructor(file, stem) {
    Object.assign(this, { file, stem, at: 0, scenarios: [], background: [] });
    this.lines = fs.readFileSync(file, 'utf8').split('\n').map((line) => line.replace(/\r$/, ''));
  }
  fail(what) {
    throw new Error(`${this.file}:${this.at + 1}: ${what}`);
  }
  read() {
    while (this.at < this.lines.length) {
      const line = this.lines[this.at].trim();
      const heading = /^Scenario( Outline)?: *(.*)$/.exec(line);
      if (line === 'Background:') this.readBackground();
      else if (heading) this.scenario(heading[2], heading[1] !== undefined);
      else if (line === '' || /^[#@]/.test(line) || line.startsWith('Feature:')) this.at++;
      else this.fail(`not a scenario: ${line}`);
    }
    return this.scenarios;
  }
  // The steps that every scenario of the file begins with.
  readBackground() {
    for (this.at++; this.at < this.lines.length;) {
      const line = this.lines[this.at].trim();
      if (line === '' || line.startsWith('#')) this.at++;
      else if (/^(Scenario|@)/.test(line)) break;
      else this.background.push(this.step(line));
    }
  }
  scenario(name, outline) {
    this.at++;
    const steps = [...this.background];
    const examples = [];
    while (this.at < this.lines.length) {
      const line = this.lines[this.at].trim();
      if (line === '' || line.startsWith('#')) this.at++;
      else if (line.startsWith('Examples:')) (this.at++, examples.push(...this.table()));
      else if (line.startsWith('Scenario') || line.startsWith('@')) break;
      else steps.push(this.step(line));
    }
    const id = `${this.stem} ${name.slice(0, name.indexOf(']') + 1)}`;
    if (!outline) return this.scenarios.push({ id, steps });
    for (let row = 1; row < examples.length; ++row) {
      const fill = (text) => examples[0].reduce((filled, key, at) => filled.replaceAll(`<${key}>`, () => examples[row][at]), text);
      const filled = steps.map((step) => ({ ...step, text: fill(step.text), table: step.table.map((line) => line.map(fill)) }));
      this.scenarios.push({ id: `${id} #${row}`, steps: filled });
    }
  }
  step(line) {
    const sentence = line.slice(line.indexOf(' ') + 1);
    this.at++;
    const make = (kind, text = '', table = [], extra = {}) => ({ kind, text, table, ...extra });
    if (sentence === 'an empty graph' || sentence === 'any graph') return make('graph');
    if (/^the .* graph$/.test(sentence)) return make('named graph', sentence.slice(4, -6));
    if (sentence === 'having executed:') return make('prepare', this.docString());
    if (sentence === 'executing query:' || sentence === 'executing control query:') return make('execute', this.docString());
    if (sentence === 'parameters are:') return make('parameters', '', this.table());
    if (sentence === 'no side effects') return make('effects');
    if (sentence === 'the side effects should be:') return make('effects', '', this.table());
    if (sentence === 'the result should be empty') return make('empty result');
    if (sentence.startsWith('the result should be')) {
      return make('result', '', this.table(), {
        ordered: sentence.includes(', in order'),
        bagLists: sentence.includes('ignoring element order for lists'),
      });
    }
    if (sentence.startsWith('there exists a procedure ')) return make('procedure', sentence.slice(25, -1), this.table());
    const error = /^a (\w+) should be raised at ([^:]+): (.*)$/.exec(sentence);
    if (error) return make('error', error.slice(1).join('|'));
    this.at--;
    return this.fail(`not a step: ${line}`);
  }
  docString() {
    while (this.lines[this.at].trim() === '') this.at++;
    const indent = this.lines[this.at].indexOf('"');
    const text = [];
    for (this.at++; this.lines[this.at].trim() !== '"""'; this.at++) {
      const line = this.lines[this.at];
      text.push(line.slice(Math.min(indent, line.length - line.trimStart().length)));
    }
    this.at++;
    return text.join('\n');
  }
  table() {
    const rows = [];
    for (; this.at < this.lines.length; this.at++) {
      const line = this.lines[this.at].trim();
      if (line.startsWith('|')) rows.push(cells(line));
      else if (line !== '' && !line.startsWith('#')) break;
    }
    return rows;
  }
}

export function readFeatures(root) {
  const files = fs.readdirSync(root, { recursive: true }).filter((name) => name.endsWith('.feature')).sort();
  return files.flatMap((name) => new Reader(path.join(root, name), name.slice(0, -8)).read());
}
