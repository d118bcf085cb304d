// Writes converted rows in batches: one statement, and so one transaction, a batch.
import { quote, type NexusClient } from '../client/types';
import { convertRecords, type CellType, type Mapping, type Problem, type Source } from './convert';

const batchRows = 1000;

/** Temporal columns travel as text and become values in the statement. */
function conversions(mapping: Mapping, variable: string): string {
  const wanted: Partial<Record<CellType, string>> = { date: 'date', datetime: 'datetime' };
  return mapping.columns.filter(({ used, property, type }) => used && property !== '' && wanted[type])
    .map(({ property, type }) => ` SET ${variable}.${quote(property)} = ${wanted[type]}(row.properties[${JSON.stringify(property)}])`).join('');
}

export function statementFor(mapping: Mapping): string {
  const set = (variable: string) => ` SET ${variable} += row.properties${conversions(mapping, variable)}`;
  if (mapping.kind === 'nodes') {
    if (mapping.key === '') return `UNWIND $rows AS row CREATE (n:${quote(mapping.name)})${set('n')} RETURN count(n) AS n`;
    const property = mapping.columns.find(({ column }) => column === mapping.key)?.property || mapping.key;
    return `UNWIND $rows AS row MERGE (n:${quote(mapping.name)} {${quote(property)}: row.key})${set('n')} RETURN count(n) AS n`;
  }
  const { start, end } = mapping;
  // Ends are found through two maps, built once a batch: a scan for each row would be quadratic.
  return `MATCH (a:${quote(start.label)}) WHERE a.${quote(start.key)} IN $starts WITH collect(a) AS starts ` +
    `MATCH (b:${quote(end.label)}) WHERE b.${quote(end.key)} IN $ends WITH starts, collect(b) AS ends ` +
    `UNWIND $rows AS row ` +
    `WITH row, [a IN starts WHERE a.${quote(start.key)} = row.start] AS from, [b IN ends WHERE b.${quote(end.key)} = row.end] AS to ` +
    `UNWIND from AS a UNWIND to AS b CREATE (a)-[r:${quote(mapping.name)}]->(b)${set('r')} RETURN count(r) AS n`;
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
    const query = statementFor(mapping);
    const size = mapping.kind === 'relationships' ? 250 : batchRows;
    for (let at = 0; at < rows.length; at += size) {
      const part = rows.slice(at, at + size);
      const parameters: Record<string, unknown> = { rows: part };
      if (mapping.kind === 'relationships') {
        parameters.starts = [...new Set(part.map(({ start }) => start))];
        parameters.ends = [...new Set(part.map(({ end }) => end))];
      }
      const result = await client.run(query, { database, parameters, signal });
      const written = Number(result.rows[0]?.[0] ?? 0);
      report.written += written;
      if (mapping.kind === 'relationships') report.unmatched += Math.max(0, part.length - written);
      onProgress({ done: done + Math.min(rows.length, at + size), total });
    }
    done += source.records.length;
    onProgress({ done, total });
  }
  return reports;
}
