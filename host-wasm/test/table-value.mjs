// Values in TCK tables: to one canonical text (both the table's cells and the engine's own
// text go through it), and to JavaScript values for parameters.
import { Float } from './package.mjs';

const escapes = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' };

// {text, value}: labels, keys and, with bagLists, list elements sorted.
function parse(source, bagLists) {
  let at = 0;
  const fail = (wanted) => {
    throw new Error(`expected ${wanted} at ${at} of ${source}`);
  };
  const blanks = () => {
    while (source[at] === ' ' || source[at] === '\n') at++;
  };
  const take = (token) => {
    blanks();
    if (!source.startsWith(token, at)) return false;
    at += token.length;
    return true;
  };
  const peek = () => (blanks(), source[at]);
  const name = () => {
    blanks();
    let text = '';
    if (take('`')) {
      while (source[at] !== '`') text += source[at++];
      at++;
      return text;
    }
    while (at < source.length && !': {}[]()<>,|'.includes(source[at])) text += source[at++];
    return text;
  };
  const string = () => {
    let text = '';
    for (at++; source[at] !== "'"; at++) {
      if (at >= source.length) fail('a closing quote');
      if (source[at] === '\\') text += escapes[source[++at]] ?? source[at];
      else text += source[at];
    }
    at++;
    return { text: `'${text}'`, value: text };
  };
  const word = () => {
    const start = at;
    while (at < source.length && !',]}):> \n|'.includes(source[at])) at++;
    const text = source.slice(start, at);
    if (text === 'null') return { text, value: null };
    if (text === 'true' || text === 'false') return { text, value: text === 'true' };
    if (/^[+-]?\d+$/.test(text)) {
      const value = BigInt(text);
      return { text: String(value), value };
    }
    const number = Number(text.replace(/^([+-]?)Inf$/, '$1Infinity'));
    if (Number.isNaN(number) && text !== 'NaN') fail('a value');
    return { text: `float ${number === 0 ? 0 : number}`, value: new Float(number) }; // The two zeros are one.
  };
  const map = () => {
    take('{');
    const texts = [];
    const entries = {};
    while (!take('}')) {
      if (texts.length > 0 && !take(',')) fail('a comma');
      const key = name();
      if (!take(':')) fail('a colon');
      const entry = value();
      texts.push(`${key}: ${entry.text}`);
      entries[key] = entry.value;
    }
    return { text: `{${texts.sort().join(', ')}}`, value: entries };
  };
  const inside = (close) => {
    const labels = [];
    while (take(':')) labels.push(`:${name()}`);
    let text = labels.sort().join('');
    if (peek() === '{') {
      const properties = map().text;
      if (properties !== '{}') text += ` ${properties}`;
    }
    if (!take(close)) fail(close);
    return text;
  };
  const node = () => (take('('), { text: `(${inside(')')})` });
  const list = () => {
    take('[');
    if (peek() === ':') return { text: `[${inside(']')}]` };
    const items = [];
    while (!take(']')) {
      if (items.length > 0 && !take(',')) fail('a comma');
      items.push(value());
    }
    const texts = items.map((item) => item.text);
    if (bagLists) texts.sort();
    return { text: `[${texts.join(', ')}]`, value: items.map((item) => item.value) };
  };
  const path = () => {
    take('<');
    let text = `<${node().text}`;
    while (!take('>')) {
      const left = take('<-');
      if (!left && !take('-')) fail('a relationship');
      take('[');
      const relationship = inside(']');
      if (!take('->') && !take('-')) fail('an arrow');
      text += `${left ? '<-' : '-'}[${relationship}]${left ? '-' : '->'}${node().text}`;
    }
    return { text: `${text}>` };
  };
  const value = () => {
    switch (peek()) {
      case "'": return string();
      case '[': return list();
      case '{': return map();
      case '(': return node();
      case '<': return path();
      default: return word();
    }
  };
  const parsed = value();
  blanks();
  if (at !== source.length) fail('the end');
  return parsed;
}

export const canonical = (text, bagLists = false) => parse(text, bagLists).text;
export const parseValue = (text) => parse(text, false).value;
