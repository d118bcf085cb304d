import { expect, test } from 'vitest';
import { NodeValue, RelationshipValue, type Value } from '../client/values';
import { toCsv, toGraphMl, toJsonLines } from './export';

const result = (columns: string[], rows: Value[][]) => ({
  columns, rows, truncated: false, summary: { statementType: 'r', counters: {}, plan: '', database: 'd', elapsedUs: 0 },
});

test('CSV quotes what needs it, tells null from empty, and defuses formulas', () => {
  expect(toCsv(result(['a', 'b,c'], [['x"y', null], ['', '=1+1'], [-5, [1, 'z']], ['line\nbreak', 2n ** 60n]]))).toBe(
    'a,"b,c"\r\n"x""y",\r\n"",\'=1+1\r\n-5,"[1,""z""]"\r\n"line\nbreak",1152921504606846976\r\n');
});

test('JSON Lines are one object a row', () => {
  expect(toJsonLines(result(['n'], [[1], [null]]))).toBe('{"n":1}\n{"n":null}\n');
});

test('GraphML holds each entity once, and ends that were not returned', () => {
  const node = new NodeValue('4:x:1', ['A'], { name: '<&>' });
  const text = toGraphMl(result(['r'], [[node], [node], [new RelationshipValue('5:x:1', 'T', '4:x:1', '4:x:2', {})]]));
  expect(text.match(/<node /g)).toHaveLength(2);
  expect(text.match(/<edge /g)).toHaveLength(1);
  expect(text).toContain('&#60;&#38;&#62;');
});
