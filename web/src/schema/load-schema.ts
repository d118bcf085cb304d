// What a database contains, as it was seen: labels, types, properties and what connects what.
import { quote, type NexusClient } from '../client/types';
import type { Value } from '../client/values';

export interface Property {
  name: string;
  types: string[];
  mandatory: boolean;
}
export interface LabelInfo {
  name: string;
  count: number;
  properties: Property[];
}
export interface Connection {
  from: string;
  type: string;
  to: string;
  count: number;
}
export interface Schema {
  labels: LabelInfo[];
  types: LabelInfo[];
  connections: Connection[];
  /** Relationships beyond this many were not looked at for `connections`. */
  sampled: number;
}

const relationshipsMax = 200_000;

const text = (value: Value) => String(value);

function propertiesBy(rows: Value[][], owner: (row: Value[]) => string[], at: number): Map<string, Property[]> {
  const found = new Map<string, Map<string, Property>>();
  for (const row of rows) {
    if (row[at] === null) continue;
    for (const name of owner(row)) {
      const properties = found.get(name) ?? new Map<string, Property>();
      found.set(name, properties);
      const types = (row[at + 1] as Value[] | null ?? []).map(text);
      const known = properties.get(text(row[at]));
      properties.set(text(row[at]), {
        name: text(row[at]), types: [...new Set([...(known?.types ?? []), ...types])], mandatory: row[at + 2] === true && (known?.mandatory ?? true),
      });
    }
  }
  return new Map([...found].map(([name, properties]) => [name, [...properties.values()]]));
}

const unquoted = (name: string) => name.replace(/^:`?/, '').replace(/`$/, '').replaceAll('``', '`');

export async function loadSchema(client: NexusClient, database: string, signal?: AbortSignal): Promise<Schema> {
  const run = async (query: string) => (await client.run(query, { database, signal })).rows;
  const labels = await run('MATCH (n) UNWIND labels(n) AS label RETURN label, count(*) AS n ORDER BY n DESC, label');
  const types = await run('MATCH ()-[r]->() RETURN type(r) AS type, count(*) AS n ORDER BY n DESC, type');
  const ofNodes = propertiesBy(await run('CALL db.schema.nodeTypeProperties()'), (row) => (row[1] as Value[]).map(text), 2);
  const ofTypes = propertiesBy(await run('CALL db.schema.relTypeProperties()'), (row) => [unquoted(text(row[0]))], 1);
  const connections = await run(
    `MATCH (a)-[r]->(b) WITH a, r, b LIMIT ${relationshipsMax} UNWIND labels(a) AS start UNWIND labels(b) AS end ` +
    'RETURN start, type(r) AS type, end, count(*) AS n ORDER BY n DESC LIMIT 500');
  const info = (rows: Value[][], properties: Map<string, Property[]>): LabelInfo[] =>
    rows.map(([name, count]) => ({ name: text(name), count: Number(count), properties: properties.get(text(name)) ?? [] }));
  return {
    labels: info(labels, ofNodes), types: info(types, ofTypes), sampled: relationshipsMax,
    connections: connections.map(([from, type, to, n]) => ({ from: text(from), type: text(type), to: text(to), count: Number(n) })),
  };
}

/** Names only, for completion: cheap on any size. */
export interface Names {
  labels: string[];
  types: string[];
  keys: string[];
}

export async function loadNames(client: NexusClient, database: string): Promise<Names> {
  const column = async (procedure: string) => (await client.run(`CALL ${procedure}()`, { database })).rows.map(([name]) => text(name));
  return { labels: await column('db.labels'), types: await column('db.relationshipTypes'), keys: await column('db.propertyKeys') };
}

export interface FunctionInfo {
  name: string;
  detail: string;
}

export async function loadFunctions(client: NexusClient): Promise<{ functions: FunctionInfo[]; procedures: FunctionInfo[] }> {
  const list = async (query: string) => {
    const { columns, rows } = await client.run(query);
    const detail = columns.indexOf('description');
    return rows.map((row) => ({ name: text(row[columns.indexOf('name')]), detail: detail < 0 ? '' : text(row[detail]) }));
  };
  return { functions: await list('SHOW FUNCTIONS'), procedures: await list('SHOW PROCEDURES') };
}

/** A name as it must be written in a statement. */
export const written = (name: string) => (/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) ? name : quote(name));
