// Writes converted rows in batches: one statement, and so one transaction, a batch.
import { quote, type NexusClient } from '../client/types';
import { TextValue } from '../client/values';
import { ImportError, convertRecords, recordsMax, type Batch, type CellType, type Mapping, type Problem, type Source } from './convert';

const batchRows = 1000;

/** Temporal columns travel as text and become values in the statement. */
function conversions(mapping: Mapping, variable: string): string {
  const wanted: Partial<Record<CellType, string>> = { date: 'date', datetime: 'datetime' };
  return mapping.columns.filter(({ used, property, type }) => used && property !== '' && wanted[type])
    .map(({ property, type }) => ` SET ${variable}.${quote(property)} = ${wanted[type]}(row.properties[${JSON.stringify(property)}])`).join('');
}

const propertyOf = (mapping: Mapping, column: string) => mapping.columns.find((plan) => plan.column === column)?.property || column;
/** Dates travel to the database as text and come back as dates: they are the same key. */
const keyText = (value: unknown) => (value instanceof TextValue ? `string:${value.text}` : `${typeof value}:${String(value)}`);

/** Which nodes have which key: read once, so that no record needs a scan of its label. */
async function nodesByKey(client: NexusClient, database: string, label: string, key: string, signal: AbortSignal): Promise<Map<string, string[]>> {
  const { rows, truncated } = await client.run(
    `MATCH (n:${quote(label)}) WHERE n.${quote(key)} IS NOT NULL RETURN n.${quote(key)}, elementId(n)`, { database, signal, rowsMax: recordsMax });
  if (truncated) throw new ImportError(`more than ${recordsMax} nodes with label ${label}`);
  const found = new Map<string, string[]>();
  for (const [value, id] of rows) {
    const ids = found.get(keyText(value));
    if (ids) ids.push(String(id));
    else found.set(keyText(value), [String(id)]);
  }
  return found;
}

interface Write {
  query: string;
  rows: Record<string, unknown>[];
}

/** New keys are created, known ones get the properties; records of one key become one node. */
async function writesOfNodes(client: NexusClient, database: string, mapping: Mapping, rows: Batch['rows'], signal: AbortSignal): Promise<Write[]> {
  const set = ` SET n += row.properties${conversions(mapping, 'n')} RETURN count(n) AS n`;
  const create = `UNWIND $rows AS row CREATE (n:${quote(mapping.name)})${set}`;
  if (mapping.key === '') return [{ query: create, rows }];
  const property = propertyOf(mapping, mapping.key);
  const known = await nodesByKey(client, database, mapping.name, property, signal);
  const fresh = new Map<string, Record<string, unknown>>();
  const changed: Record<string, unknown>[] = [];
  for (const { key, properties } of rows) {
    const all = { ...(properties as object), [property]: key };
    const ids = known.get(keyText(key));
    if (ids) changed.push(...ids.map((id) => ({ id, properties: all })));
    else fresh.set(keyText(key), { properties: { ...(fresh.get(keyText(key))?.properties as object | undefined), ...all } });
  }
  return [{ query: create, rows: [...fresh.values()] }, { query: `UNWIND $rows AS row MATCH (n) WHERE elementId(n) = row.id${set}`, rows: changed }];
}

async function writesOfRelationships(
  client: NexusClient, database: string, mapping: Mapping, rows: Batch['rows'], signal: AbortSignal,
): Promise<{ writes: Write[]; unmatched: number }> {
  const starts = await nodesByKey(client, database, mapping.start.label, mapping.start.key, signal);
  const ends = await nodesByKey(client, database, mapping.end.label, mapping.end.key, signal);
  const pairs: Record<string, unknown>[] = [];
  let unmatched = 0;
  for (const { start, end, properties } of rows) {
    const [from, to] = [starts.get(keyText(start)) ?? [], ends.get(keyText(end)) ?? []];
    if (from.length === 0 || to.length === 0) ++unmatched;
    for (const a of from) for (const b of to) pairs.push({ a, b, properties });
  }
  const query = 'UNWIND $rows AS row MATCH (a) WHERE elementId(a) = row.a MATCH (b) WHERE elementId(b) = row.b ' +
    `CREATE (a)-[r:${quote(mapping.name)}]->(b) SET r += row.properties${conversions(mapping, 'r')} RETURN count(r) AS n`;
  return { writes: [{ query, rows: pairs }], unmatched };
}

export interface Report {
  source: string;
  mapping: Mapping;
  written: number;
  rejected: number;
  /** Relationships whose ends were not found. */
  unmatched: number;
  problems: Problem[];
}

export interface Progress {
  done: number;
  total: number;
}

/** Nodes of every source first, so that relationships find their ends. */
export async function writeAll(
  client: NexusClient, database: string, jobs: { source: Source; mapping: Mapping }[], signal: AbortSignal, onProgress: (progress: Progress) => void,
): Promise<Report[]> {
  const ordered = [...jobs].sort((a, b) => Number(a.mapping.kind === 'relationships') - Number(b.mapping.kind === 'relationships'));
  const total = jobs.reduce((sum, { source }) => sum + source.records.length, 0);
  const reports: Report[] = [];
  let done = 0;
  for (const { source, mapping } of ordered) {
    const { rows, problems, rejected } = convertRecords(source, mapping);
    const report: Report = { source: source.name, mapping, written: 0, rejected, unmatched: 0, problems };
    reports.push(report);
    const isNodes = mapping.kind === 'nodes';
    const { writes, unmatched } = isNodes ? { writes: await writesOfNodes(client, database, mapping, rows, signal), unmatched: 0 }
      : await writesOfRelationships(client, database, mapping, rows, signal);
    report.unmatched = unmatched;
    let sent = 0;
    for (const { query, rows: all } of writes) {
      for (let at = 0; at < all.length; at += batchRows) {
        const part = all.slice(at, at + batchRows);
        const result = await client.run(query, { database, parameters: { rows: part }, signal });
        report.written += Number(result.rows[0]?.[0] ?? 0);
        sent += part.length;
        onProgress({ done: done + Math.min(sent, source.records.length), total });
      }
    }
    done += source.records.length;
    onProgress({ done, total });
  }
  return reports;
}
