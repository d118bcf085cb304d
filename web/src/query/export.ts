// Exports write what was fetched; no statement runs again.
import type { QueryResult } from '../client/types';
import { NodeValue, RelationshipValue, entitiesIn, toJson, toText, type Value } from '../client/values';
import { download } from '../ui/download';

// A text that a spreadsheet would take for a formula is defused with an apostrophe.
function csvField(value: Value): string {
  if (value === null) return '';
  const isText = typeof value === 'string';
  const text = typeof value === 'object' ? (Array.isArray(value) || value.constructor === Object ? JSON.stringify(toJson(value)) : toText(value)) : String(value);
  const safe = isText && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) || (isText && safe === '') ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export const toCsv = ({ columns, rows }: QueryResult): string =>
  [columns.map(csvField).join(','), ...rows.map((row) => row.map(csvField).join(','))].join('\r\n') + '\r\n';

const record = (columns: string[], row: Value[]) => Object.fromEntries(columns.map((column, at) => [column, toJson(row[at])]));

export const toJsonText = ({ columns, rows }: QueryResult): string => JSON.stringify(rows.map((row) => record(columns, row)), null, 2);
export const toJsonLines = ({ columns, rows }: QueryResult): string => rows.map((row) => JSON.stringify(record(columns, row)) + '\n').join('');

const escapeXml = (text: string) =>
  text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '').replace(/[<>&"]/g, (found) => `&#${found.charCodeAt(0)};`);

/** The entities of the result; every property as text. */
export function toGraphMl({ rows }: QueryResult): string {
  const nodes = new Map<string, NodeValue>();
  const relationships = new Map<string, RelationshipValue>();
  for (const row of rows) {
    for (const entity of entitiesIn(row)) {
      if (entity instanceof NodeValue) nodes.set(entity.elementId, entity);
      else relationships.set(entity.elementId, entity);
    }
  }
  for (const { startId, endId } of relationships.values()) {
    for (const id of [startId, endId]) if (!nodes.has(id)) nodes.set(id, new NodeValue(id, [], {}));
  }
  const keys = (kind: string, all: Iterable<{ properties: Record<string, Value> }>) =>
    [...new Set([...all].flatMap(({ properties }) => Object.keys(properties)))]
      .map((name) => `<key id="${kind}.${escapeXml(name)}" for="${kind}" attr.name="${escapeXml(name)}" attr.type="string"/>`);
  const data = (kind: string, properties: Record<string, Value>) =>
    Object.entries(properties).map(([name, value]) => `<data key="${kind}.${escapeXml(name)}">${escapeXml(toText(value))}</data>`).join('');
  return [
    '<?xml version="1.0" encoding="UTF-8"?>', '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
    '<key id="labels" for="node" attr.name="labels" attr.type="string"/>', '<key id="type" for="edge" attr.name="type" attr.type="string"/>',
    ...keys('node', nodes.values()), ...keys('edge', relationships.values()), '<graph edgedefault="directed">',
    ...[...nodes.values()].map((node) =>
      `<node id="${escapeXml(node.elementId)}"><data key="labels">${escapeXml(node.labels.join(':'))}</data>${data('node', node.properties)}</node>`),
    ...[...relationships.values()].map((found) =>
      `<edge id="${escapeXml(found.elementId)}" source="${escapeXml(found.startId)}" target="${escapeXml(found.endId)}">` +
      `<data key="type">${escapeXml(found.type)}</data>${data('edge', found.properties)}</edge>`),
    '</graph>', '</graphml>', '',
  ].join('\n');
}

const formats = {
  csv: ['text/csv', toCsv], json: ['application/json', toJsonText], jsonl: ['application/x-ndjson', toJsonLines],
  graphml: ['application/xml', toGraphMl],
} as const;
export type Format = keyof typeof formats;

export function exportResult(result: QueryResult, format: Format, name: string): void {
  const [type, write] = formats[format];
  download(`${name}.${format}`, type, write(result));
}
