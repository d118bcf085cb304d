// What a cell of a result is in the interface, whichever backend it came from.
import type { Typed, TypedVector } from './typed';

export class NodeValue {
  constructor(readonly elementId: string, readonly labels: string[], readonly properties: Properties) {}
}

export class RelationshipValue {
  constructor(
    readonly elementId: string, readonly type: string, readonly startId: string, readonly endId: string,
    readonly properties: Properties,
  ) {}
}

export class PathValue {
  constructor(readonly nodes: NodeValue[], readonly relationships: RelationshipValue[]) {}
}

/** A temporal value or a point: its type's name and its canonical text. */
export class TextValue {
  constructor(readonly type: string, readonly text: string) {}
}

export type Properties = { [key: string]: Value };
export type Value =
  | null | boolean | number | bigint | string | Value[] | Properties | NodeValue | RelationshipValue | PathValue | TextValue;

type TypedMap = Record<string, Typed>;

function mapOf(map: TypedMap): Properties {
  const made: Properties = {};
  for (const [key, value] of Object.entries(map)) made[key] = fromTyped(value);
  return made;
}

function integer(text: string): number | bigint {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : BigInt(text);
}

/** Reads one value of `application/vnd.nexus.typed+json`. */
export function fromTyped({ $type, _value }: Typed): Value {
  switch ($type) {
    case 'Null': return null;
    case 'Boolean':
    case 'String': return _value as boolean | string;
    case 'Integer': return integer(_value as string);
    case 'Float': return Number(_value);
    case 'List': return (_value as Typed[]).map(fromTyped);
    case 'Map': return mapOf(_value as TypedMap);
    case 'Node': {
      const node = _value as { _element_id: string; _labels: string[]; _properties: TypedMap };
      return new NodeValue(node._element_id, node._labels, mapOf(node._properties));
    }
    case 'Relationship': {
      const found = _value as {
        _element_id: string; _start_node_element_id: string; _end_node_element_id: string; _type: string; _properties: TypedMap;
      };
      return new RelationshipValue(
        found._element_id, found._type, found._start_node_element_id, found._end_node_element_id, mapOf(found._properties));
    }
    case 'Path': {
      const steps = (_value as Typed[]).map(fromTyped);
      return new PathValue(
        steps.filter((step) => step instanceof NodeValue), steps.filter((step) => step instanceof RelationshipValue));
    }
    case 'Vector': { // Shown as the list of its coordinates.
      const { coordinatesType, coordinates } = _value as TypedVector;
      return coordinates.map(coordinatesType.startsWith('FLOAT') ? Number : integer);
    }
    default: return new TextValue($type, String(_value));
  }
}

/** Plain JSON: what `JSON.stringify` should write for a value. */
export function toJson(value: Value): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof TextValue) return value.text;
  if (value instanceof NodeValue) return { elementId: value.elementId, labels: value.labels, properties: mapJson(value.properties) };
  if (value instanceof RelationshipValue) {
    const { elementId, type, startId, endId, properties } = value;
    return { elementId, type, startNodeElementId: startId, endNodeElementId: endId, properties: mapJson(properties) };
  }
  if (value instanceof PathValue) return { nodes: value.nodes.map(toJson), relationships: value.relationships.map(toJson) };
  if (Array.isArray(value)) return value.map(toJson);
  return mapJson(value);
}

function mapJson(map: Properties): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(map)) made[key] = toJson(value);
  return made;
}

/** One line of text for a table's cell. */
export function toText(value: Value): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return value;
  if (typeof value !== 'object') return String(value);
  if (value instanceof TextValue) return value.text;
  if (value instanceof NodeValue) return `(${value.labels.map((label) => `:${label}`).join('')}${propertiesText(value.properties)})`;
  if (value instanceof RelationshipValue) return `[:${value.type}${propertiesText(value.properties)}]`;
  if (value instanceof PathValue) {
    let text = value.nodes.length > 0 ? toText(value.nodes[0]) : '';
    value.relationships.forEach((step, at) => {
      const forward = step.startId === value.nodes[at]?.elementId;
      text += forward ? `-${toText(step)}->` : `<-${toText(step)}-`;
      text += toText(value.nodes[at + 1]);
    });
    return text;
  }
  if (Array.isArray(value)) return `[${value.map(quoted).join(', ')}]`;
  return `{${Object.entries(value).map(([key, item]) => `${key}: ${quoted(item)}`).join(', ')}}`;
}

const quoted = (value: Value) => (typeof value === 'string' ? JSON.stringify(value) : toText(value));

function propertiesText(properties: Properties): string {
  const entries = Object.entries(properties);
  return entries.length === 0 ? '' : ` {${entries.map(([key, value]) => `${key}: ${quoted(value)}`).join(', ')}}`;
}

export function typeName(value: Value): string {
  if (value === null) return 'NULL';
  switch (typeof value) {
    case 'boolean': return 'BOOLEAN';
    case 'bigint': return 'INTEGER';
    case 'number': return Number.isInteger(value) ? 'INTEGER' : 'FLOAT';
    case 'string': return 'STRING';
  }
  if (value instanceof TextValue) return value.type;
  if (value instanceof NodeValue) return 'NODE';
  if (value instanceof RelationshipValue) return 'RELATIONSHIP';
  if (value instanceof PathValue) return 'PATH';
  return Array.isArray(value) ? 'LIST' : 'MAP';
}

/** Numbers by size, text by code points, everything else by its text; nulls last. */
export function compareValues(left: Value, right: Value): number {
  if (left === null || right === null) return left === right ? 0 : left === null ? 1 : -1;
  const numeric = (value: Value) => typeof value === 'number' || typeof value === 'bigint';
  if (numeric(left) && numeric(right)) return left! < right! ? -1 : left! > right! ? 1 : 0;
  const [a, b] = [toText(left), toText(right)];
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Every entity in a value, however deep, once for each place it stands at. */
export function* entitiesIn(value: Value): Generator<NodeValue | RelationshipValue> {
  if (value === null || typeof value !== 'object' || value instanceof TextValue) return;
  if (value instanceof NodeValue || value instanceof RelationshipValue) yield value;
  else if (value instanceof PathValue) {
    yield* value.nodes;
    yield* value.relationships;
  } else if (Array.isArray(value)) for (const item of value) yield* entitiesIn(item);
  else for (const item of Object.values(value)) yield* entitiesIn(item);
}
