import { expect, test } from 'vitest';
import { ImportError, convertRecords, guessMapping, guessType, parseCsv, parseFile, parseJson } from './convert';

test('CSV is read with quotes, line breaks in fields and a byte order mark', () => {
  const source = parseCsv('a.csv', '\uFEFFid,text\n1,"a ""b"", c\nd"\n\n2,x\n');
  expect(source.columns).toEqual(['id', 'text']);
  expect(source.records).toEqual([{ id: '1', text: 'a "b", c\nd' }, { id: '2', text: 'x' }]);
});

test('a JSON document with several lists is several sources; lines are one', () => {
  expect(parseJson('g.json', '{"nodes": [{"a": 1}], "links": [{"b": 2}], "other": 5}').map(({ name }) => name)).toEqual(['g.json#nodes', 'g.json#links']);
  const [lines] = parseJson('g.jsonl', '{"a": 1}\nbroken\n{"a": 2, "b": 3}\n');
  expect([lines.records.length, lines.columns, lines.problems.length]).toEqual([2, ['a', 'b'], 1]);
  expect(() => parseFile('g.json', 'broken')).toThrow();
  expect(() => parseFile('g.json', '{"a": 5}')).toThrow(ImportError);
});

test('types are guessed narrowly, and leading zeros stay text', () => {
  const source = parseCsv('a.csv', 'i,f,mixed,zip,b,d,t\n1,1.5,1,007,true,2020-01-01,2020-01-01T10:00\n-2,2,x,123,FALSE,2020-02-29,2020-01-01T11:00Z\n');
  expect(source.columns.map((column) => guessType(source, column))).toEqual(['integer', 'float', 'string', 'string', 'boolean', 'date', 'datetime']);
});

test('a file with ends becomes relationships, anything else nodes', () => {
  expect(guessMapping(parseCsv('works at.csv', 'source,target,since\n1,2,3\n'), [{ label: 'P', key: 'id' }])).toMatchObject(
    { kind: 'relationships', name: 'WORKS_AT', start: { label: 'P', key: 'id', column: 'source' }, end: { column: 'target' } });
  expect(guessMapping(parseCsv('people.csv', 'id,name\n1,a\n'), [])).toMatchObject({ kind: 'nodes', name: 'People', key: 'id' });
});

test('records with problems are rejected one by one, and named', () => {
  const source = parseCsv('a.csv', 'id,age\n1,36\n2,x\n,40\n4,\n');
  const mapping = guessMapping(source, []);
  mapping.columns[1].type = 'integer';
  const { rows, rejected, problems } = convertRecords(source, mapping);
  expect(rows).toEqual([{ key: 1, properties: { id: 1, age: 36 } }, { key: 4, properties: { id: 4 } }]);
  expect(rejected).toBe(2);
  expect(problems).toEqual([{ record: 2, column: 'age', message: "'x' is not an integer" }, { record: 3, column: 'id', message: 'is empty' }]);
});
