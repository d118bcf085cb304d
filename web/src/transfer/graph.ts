// A whole graph from one engine to another, or to a file and back: every label, type, property,
// index and constraint; identities are the target's own. Read in one statement, so that it is the
// graph of one moment.
import { ClientError, quote, type NexusClient } from '../client/types';
import { isNull, isTyped, list, map, text, textsOf, type Typed } from '../client/typed';
import { strings } from '../strings';

export type Piece =
  | { schema: string[] }
  | { node: [id: string, labels: string[], properties: Typed] }
  | { relationship: [type: string, from: string, to: string, properties: Typed] };

export interface Counts {
  nodes: number;
  relationships: number;
}

/** More than this is a matter for a dump, which needs no memory. */
export const entitiesMax = 500_000;
const batchRows = 1000;

const everything =
  'MATCH (n) RETURN labels(n) AS names, properties(n) AS properties, elementId(n) AS id, null AS start, null AS end ' +
  'UNION ALL MATCH (a)-[r]->(b) RETURN [type(r)] AS names, properties(r) AS properties, null AS id, elementId(a) AS start, elementId(b) AS end';

export async function* readGraph(client: NexusClient, database: string, signal: AbortSignal): AsyncGenerator<Piece> {
  const schema: string[] = [];
  const options = { database, readOnly: true, signal };
  for (const statement of [
    'SHOW CONSTRAINTS YIELD createStatement', 'SHOW INDEXES YIELD createStatement, owningConstraint, type WHERE owningConstraint IS NULL AND type <> "LOOKUP" RETURN createStatement',
  ]) {
    for await (const [created] of client.rows(statement, options)) if (!isNull(created)) schema.push(created._value as string);
  }
  yield { schema };
  let seen = 0;
  for await (const [names, properties, id, start, end] of client.rows(everything, { ...options, rowsMax: entitiesMax + 1 })) {
    if (++seen > entitiesMax) throw new ClientError(strings.transfer.tooLarge(entitiesMax), 'LimitExceeded');
    if (isNull(id)) yield { relationship: [textsOf(names)[0], start._value as string, end._value as string, properties] };
    else yield { node: [id._value as string, textsOf(names), properties] };
  }
}

/** Collects rows of one kind and writes them as one statement when there are enough. */
class Batches {
  #rows = new Map<string, Typed[]>();
  constructor(readonly write: (query: string, rows: Typed[]) => Promise<void>) {}

  async add(query: string, row: Typed): Promise<void> {
    const rows = this.#rows.get(query) ?? [];
    this.#rows.set(query, rows);
    rows.push(row);
    if (rows.length >= batchRows) await this.#send(query, rows);
  }
  async flush(): Promise<void> {
    for (const [query, rows] of this.#rows) if (rows.length > 0) await this.#send(query, rows);
  }
  async #send(query: string, rows: Typed[]): Promise<void> {
    this.#rows.set(query, []);
    await this.write(query, rows);
  }
}

/** Writes a graph into an empty database. Indexes and constraints come last: what satisfied them does so again. */
async function writeGraph(client: NexusClient, database: string, pieces: AsyncIterable<Piece>, signal: AbortSignal, onProgress: (now: Counts) => void): Promise<Counts> {
  const now: Counts = { nodes: 0, relationships: 0 };
  const ids = new Map<string, string>();
  let schema: string[] = [];
  const nodes = new Batches(async (query, rows) => {
    for await (const [old, made] of client.rows(query, { database, parameters: { rows: list(rows) }, signal })) ids.set(old._value as string, made._value as string);
    now.nodes += rows.length;
    onProgress({ ...now });
  });
  const relationships = new Batches(async (query, rows) => {
    let written = 0;
    for await (const [count] of client.rows(query, { database, parameters: { rows: list(rows) }, signal })) written = Number(count._value);
    if (written !== rows.length) throw new ClientError(strings.transfer.lost, 'Corruption');
    now.relationships += rows.length;
    onProgress({ ...now });
  });
  let nodesDone = false;
  for await (const piece of pieces) {
    if ('schema' in piece) schema = piece.schema;
    else if ('node' in piece) {
      const [id, labels, properties] = piece.node;
      const query = `UNWIND $rows AS row CREATE (n${labels.map((label) => `:${quote(label)}`).join('')}) SET n = row.properties RETURN row.id AS old, elementId(n) AS made`;
      await nodes.add(query, map({ id: text(id), properties }));
    } else {
      if (!nodesDone) await nodes.flush();
      nodesDone = true;
      const [type, from, to, properties] = piece.relationship;
      const [a, b] = [ids.get(from), ids.get(to)];
      if (a === undefined || b === undefined) throw new ClientError(strings.transfer.lost, 'Corruption');
      const query = 'UNWIND $rows AS row MATCH (a) WHERE elementId(a) = row.a MATCH (b) WHERE elementId(b) = row.b ' +
        `CREATE (a)-[r:${quote(type)}]->(b) SET r = row.properties RETURN count(r) AS written`;
      await relationships.add(query, map({ a: text(a), b: text(b), properties }));
    }
  }
  await nodes.flush();
  await relationships.flush();
  for (const statement of schema) await client.run(statement, { database, signal });
  return now;
}

/** A new database from pieces. When it does not work out, nothing of it is left. */
export async function createFrom(
  client: NexusClient, name: string, pieces: AsyncIterable<Piece>, signal: AbortSignal, onProgress: (now: Counts) => void,
): Promise<Counts> {
  await client.createDatabase(name);
  try {
    return await writeGraph(client, name, pieces, signal, onProgress);
  } catch (error) {
    await client.dropDatabase(name, { destroy: true }).catch(() => {});
    throw error;
  }
}

// A file of a graph: gzip, whose checksum tells damage, around one JSON document a line: the
// format, pieces as above, and at the end how many there were.
const format = 'nexus-graph';
const version = 1;

export async function fileOf(pieces: AsyncIterable<Piece>, onProgress: (now: Counts) => void): Promise<Blob> {
  const now: Counts = { nodes: 0, relationships: 0 };
  async function* lines(): AsyncGenerator<string> {
    yield JSON.stringify({ format, version });
    for await (const piece of pieces) {
      if ('node' in piece) ++now.nodes;
      else if ('relationship' in piece) ++now.relationships;
      if ((now.nodes + now.relationships) % batchRows === 0) onProgress({ ...now });
      yield JSON.stringify(piece);
    }
    yield JSON.stringify({ end: now });
  }
  const source = lines();
  const encoder = new TextEncoder();
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      // Some lines at a time: a chunk for each would be slow.
      let chunk = '';
      for (let left = batchRows; left > 0; --left) {
        const { done, value } = await source.next();
        if (done) {
          controller.enqueue(encoder.encode(chunk));
          return controller.close();
        }
        chunk += value + '\n';
      }
      controller.enqueue(encoder.encode(chunk));
    },
  });
  return new Response(stream.pipeThrough(new CompressionStream('gzip'))).blob();
}

export const damaged = (why: string) => new ClientError(strings.transfer.damaged(why), 'Corruption');

function pieceOf(line: string): Piece | { end: Counts } {
  const { schema, node, relationship, end } = JSON.parse(line) as { schema?: unknown; node?: unknown[]; relationship?: unknown[]; end?: Counts };
  const isText = (value: unknown) => typeof value === 'string';
  if (Array.isArray(schema) && schema.every(isText)) return { schema: schema as string[] };
  if (Array.isArray(node) && isText(node[0]) && Array.isArray(node[1]) && node[1].every(isText) && isTyped(node[2])) return { node: node as [string, string[], Typed] };
  if (Array.isArray(relationship) && relationship.slice(0, 3).every(isText) && isTyped(relationship[3])) {
    return { relationship: relationship as [string, string, string, Typed] };
  }
  if (end) return { end };
  throw new Error(line.slice(0, 60));
}

export async function* piecesOf(file: Blob): AsyncGenerator<Piece> {
  const reader = file.stream().pipeThrough(new DecompressionStream('gzip')).pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  const seen: Counts = { nodes: 0, relationships: 0 };
  let [rest, at, ended] = ['', 0, false];
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((error: Error) => { throw damaged(error.message); });
      if (done) break;
      const parts = (rest + value).split('\n');
      rest = parts.pop()!;
      for (const line of parts) {
        if (++at === 1) {
          checkHead(line);
          continue;
        }
        const piece = parsed(line, at);
        if ('end' in piece) {
          ended = piece.end.nodes === seen.nodes && piece.end.relationships === seen.relationships;
          continue;
        }
        if ('node' in piece) ++seen.nodes;
        if ('relationship' in piece) ++seen.relationships;
        // Statements of a file make indexes and constraints, and nothing else.
        if ('schema' in piece && !piece.schema.every((statement) => /^CREATE ((\w+ )?INDEX|CONSTRAINT) /.test(statement))) throw damaged(strings.transfer.line(at));
        yield piece;
      }
    }
    if (!ended) throw damaged(strings.transfer.noEnd);
  } finally {
    await reader.cancel().catch(() => {});
  }
}

function parsed(line: string, at: number): ReturnType<typeof pieceOf> {
  try {
    return pieceOf(line);
  } catch {
    throw damaged(strings.transfer.line(at));
  }
}

function checkHead(line: string): void {
  let head: { format?: string; version?: number } = {};
  try {
    head = JSON.parse(line) as typeof head;
  } catch {
    // Said below.
  }
  if (head.format !== format) throw damaged(strings.transfer.notOurs);
  if (head.version !== version) throw new ClientError(strings.transfer.tooNew, 'FormatTooNew');
}

export async function kindOf(file: Blob): Promise<'dump' | 'graph' | null> {
  const head = new Uint8Array(await file.slice(0, 8).arrayBuffer());
  if (new TextDecoder('latin1').decode(head) === 'NEXUSDMP') return 'dump';
  return head[0] === 0x1f && head[1] === 0x8b ? 'graph' : null;
}
