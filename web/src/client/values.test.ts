import { expect, test } from 'vitest';
import { NodeValue, PathValue, RelationshipValue, TextValue, compareValues, entitiesIn, fromTyped, toJson, toText } from './values';

const int = (value: string) => ({ $type: 'Integer', _value: value });

test('typed JSON is read without loss', () => {
  expect(fromTyped(int('9007199254740993'))).toBe(9007199254740993n);
  expect(fromTyped(int('-5'))).toBe(-5);
  expect(fromTyped({ $type: 'Float', _value: '-Infinity' })).toBe(-Infinity);
  expect(fromTyped({ $type: 'Date', _value: '2020-01-01' })).toEqual(new TextValue('Date', '2020-01-01'));
  expect(fromTyped({ $type: 'Vector', _value: { coordinatesType: 'FLOAT32', coordinates: ['1.0', '2.5'] } })).toEqual([1, 2.5]);
  expect(fromTyped({ $type: 'Vector', _value: { coordinatesType: 'INTEGER64', coordinates: ['9007199254740993'] } })).toEqual([9007199254740993n]);
  const node = { $type: 'Node', _value: { _element_id: '4:x:1', _labels: ['A'], _properties: { n: int('1') } } };
  const edge = { $type: 'Relationship', _value: { _element_id: '5:x:1', _start_node_element_id: '4:x:1', _end_node_element_id: '4:x:1', _type: 'T', _properties: {} } };
  const path = fromTyped({ $type: 'Path', _value: [node, edge, node] }) as PathValue;
  expect([path.nodes.length, path.relationships.length]).toEqual([2, 1]);
  expect([...entitiesIn([{ deep: path }])]).toHaveLength(3);
});

test('paths are written in the direction of their relationships', () => {
  const [a, b] = [new NodeValue('a', ['A'], {}), new NodeValue('b', [], { n: 'x' })];
  expect(toText(new PathValue([a, b], [new RelationshipValue('r', 'T', 'b', 'a', {})]))).toBe('(:A)<-[:T]-( {n: "x"})');
});

test('numbers sort as numbers whatever their size, nulls last', () => {
  expect([10, null, 9n, 9.5, 2n ** 60n].sort(compareValues)).toEqual([9n, 9.5, 10, 2n ** 60n, null]);
  expect(toJson([1n, NaN, new TextValue('Date', 'd')])).toEqual(['1', 'NaN', 'd']);
});
