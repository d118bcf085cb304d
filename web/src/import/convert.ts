// From files to rows of parameters: parsing, guessing of types, conversion with every error named.
import Papa from 'papaparse';

export type Cell = string | number | boolean | null | Cell[] | { [key: string]: Cell };
export interface Source {
  name: string;
  columns: string[];
  /** One object a record; CSV cells are texts. */
  records: Record<string, Cell>[];
  kind: 'csv' | 'json';
  /** Damaged places that the parser stepped over. */
  problems: string[];
}

export const recordsMax = 1_000_000;
export const bytesMax = 256 * 2 ** 20;
const problemsMax = 100;

export class ImportError extends Error {}

export function parseCsv(name: string, text: string): Source {
  const parsed = Papa.parse<Record<string, string>>(text.replace(/^\uFEFF/, ''), { header: true, skipEmptyLines: 'greedy' });
  const columns = (parsed.meta.fields ?? []).filter((field) => field !== '');
  if (columns.length === 0) throw new ImportError('no columns');
  const problems = parsed.errors.filter(({ code }) => code !== 'UndetectableDelimiter')
    .slice(0, problemsMax).map(({ row, message }) => `${row === undefined ? '' : `${row + 2}: `}${message}`);
  return { name, columns, records: parsed.data, kind: 'csv', problems };
}

const isRecord = (value: unknown): value is Record<string, Cell> => value !== null && typeof value === 'object' && !Array.isArray(value);

/** Lists of objects in a document: the document itself, or members of it. */
function listsIn(value: unknown): { suffix: string; records: Record<string, Cell>[] }[] {
  if (Array.isArray(value)) return value.some(isRecord) ? [{ suffix: '', records: value.filter(isRecord) }] : [];
  if (!isRecord(value)) return [];
  return Object.entries(value).filter(([, member]) => Array.isArray(member) && member.some(isRecord))
    .map(([key, member]) => ({ suffix: `#${key}`, records: (member as unknown[]).filter(isRecord) }));
}

/** A JSON document or one object a line. A document with several lists is several sources. */
export function parseJson(name: string, text: string): Source[] {
  const problems: string[] = [];
  let lists: { suffix: string; records: Record<string, Cell>[] }[];
  try {
    lists = listsIn(JSON.parse(text) as unknown);
  } catch (whole) {
    const records: Record<string, Cell>[] = [];
    text.split('\n').forEach((line, at) => {
      if (line.trim() === '') return;
      try {
        const value = JSON.parse(line) as unknown;
        if (isRecord(value)) records.push(value);
        else problems.push(`${at + 1}: not an object`);
      } catch (error) {
        problems.push(`${at + 1}: ${(error as Error).message}`);
      }
    });
    if (records.length === 0) throw new ImportError((whole as Error).message);
    lists = [{ suffix: '', records }];
  }
  if (lists.length === 0) throw new ImportError('no list of objects');
  return lists.map(({ suffix, records }) => {
    const columns = new Set<string>();
    for (const record of records.slice(0, 10_000)) for (const key of Object.keys(record)) columns.add(key);
    return { name: name + suffix, columns: [...columns], records, kind: 'json', problems: problems.slice(0, problemsMax) };
  });
}

export function parseFile(name: string, text: string): Source[] {
  const sources = /\.(json|jsonl|ndjson)$/i.test(name) ? parseJson(name, text) : [parseCsv(name, text)];
  if (sources.some(({ records }) => records.length > recordsMax)) throw new ImportError(`more than ${recordsMax} records`);
  return sources;
}

export const cellTypes = ['string', 'integer', 'float', 'boolean', 'date', 'datetime', 'as it is'] as const;
export type CellType = (typeof cellTypes)[number];

const integerText = /^[-+]?\d{1,15}$/;
const floatText = /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/;
const leadingZero = /^[-+]?0\d/;

/** The narrowest type that every value has; identifiers with leading zeros stay text. */
export function guessType(source: Source, column: string): CellType {
  if (source.kind === 'json') return 'as it is';
  let type: CellType | null = null;
  for (const record of source.records.slice(0, 2000)) {
    const text = String(record[column] ?? '').trim();
    if (text === '') continue;
    const here: CellType = integerText.test(text) && !leadingZero.test(text) ? 'integer' : floatText.test(text) && !leadingZero.test(text) ? 'float'
      : /^(true|false)$/i.test(text) ? 'boolean' : /^\d{4}-\d\d-\d\d$/.test(text) ? 'date' : /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) ? 'datetime' : 'string';
    if (type === null || type === here) type = here;
    else if ((type === 'integer' && here === 'float') || (type === 'float' && here === 'integer')) type = 'float';
    else return 'string';
  }
  return type ?? 'string';
}

export function convert(cell: Cell | undefined, type: CellType): { value: Cell } | { problem: string } {
  if (cell === null || cell === undefined || cell === '') return { value: null };
  if (type === 'as it is') {
    // A property holds a scalar or a list of scalars.
    const isScalar = (item: Cell) => item !== null && typeof item !== 'object';
    if (isScalar(cell) || (Array.isArray(cell) && cell.every(isScalar))) return { value: cell };
    return { value: JSON.stringify(cell) };
  }
  const text = String(cell).trim();
  switch (type) {
    case 'string': return { value: String(cell) };
    case 'integer': return integerText.test(text) ? { value: Number(text) } : { problem: `'${text}' is not an integer` };
    case 'float': return floatText.test(text) ? { value: Number(text) } : { problem: `'${text}' is not a number` };
    case 'boolean': return /^(true|false)$/i.test(text) ? { value: text.toLowerCase() === 'true' } : { problem: `'${text}' is not true or false` };
    case 'date':
    case 'datetime': return Number.isNaN(Date.parse(text)) ? { problem: `'${text}' is not a ${type}` } : { value: text };
  }
}

export interface ColumnPlan {
  column: string;
  property: string;
  type: CellType;
  used: boolean;
}

export interface End {
  label: string;
  key: string;
  column: string;
}

export interface Mapping {
  kind: 'nodes' | 'relationships';
  /** The label of nodes, the type of relationships. */
  name: string;
  /** Nodes: the property that tells them apart; '' creates one a record. */
  key: string;
  start: End;
  end: End;
  columns: ColumnPlan[];
}

const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** `people.csv` → `Person`-like guesses are left alone: `People`. */
function nameFrom(file: string): string {
  const stem = file.replace(/^.*#/, '').replace(/\.[^.]*$/, '').replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
  return stem.split(' ').map(capitalised).join('') || 'Thing';
}

const startNames = ['from', 'source', 'start', 'origin', 'start_id', 'from_id', ':start_id'];
const endNames = ['to', 'target', 'end', 'destination', 'end_id', 'to_id', ':end_id'];
const keyNames = ['id', ':id', 'key', 'iata', 'code', 'uuid', 'index'];

export function guessMapping(source: Source, known: { label: string; key: string }[]): Mapping {
  const find = (names: string[]) => source.columns.find((column) => names.includes(column.toLowerCase())) ?? '';
  const [start, end] = [find(startNames), find(endNames)];
  const isRelationships = start !== '' && end !== '';
  const target = known[0] ?? { label: '', key: '' };
  return {
    kind: isRelationships ? 'relationships' : 'nodes',
    name: isRelationships ? nameFrom(source.name).replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase() : nameFrom(source.name),
    key: isRelationships ? '' : find(keyNames),
    start: { ...target, column: start }, end: { ...target, column: end },
    columns: source.columns.map((column) => ({
      column, property: column.replace(/^:/, ''), type: guessType(source, column), used: !(isRelationships && (column === start || column === end)),
    })),
  };
}

export interface Problem {
  record: number;
  column: string;
  message: string;
}

export interface Batch {
  rows: Record<string, Cell>[];
  problems: Problem[];
  rejected: number;
}

/** The rows of a mapping as parameters. A record with a problem is rejected, the others go on. */
export function convertRecords(source: Source, mapping: Mapping): Batch {
  const used = mapping.columns.filter((column) => column.used && column.property !== '');
  const typeOf = (column: string) => mapping.columns.find((plan) => plan.column === column)?.type ?? 'string';
  const rows: Record<string, Cell>[] = [];
  const problems: Problem[] = [];
  let rejected = 0;
  const ends = mapping.kind === 'relationships' ? [mapping.start, mapping.end] : [];
  source.records.forEach((record, at) => {
    const properties: Record<string, Cell> = {};
    const row: Record<string, Cell> = { properties };
    const found: Problem[] = [];
    const take = (column: string, type: CellType, into: (value: Cell) => void, required: boolean) => {
      const made = convert(record[column], type);
      if ('problem' in made) found.push({ record: at + 1, column, message: made.problem });
      else if (made.value === null && required) found.push({ record: at + 1, column, message: 'is empty' });
      else if (made.value !== null) into(made.value);
    };
    for (const { column, property, type } of used) take(column, type, (value) => { properties[property] = value; }, false);
    if (mapping.kind === 'nodes' && mapping.key !== '') take(mapping.key, typeOf(mapping.key), (value) => { row.key = value; }, true);
    ends.forEach(({ column }, side) => take(column, typeOf(column), (value) => { row[side === 0 ? 'start' : 'end'] = value; }, true));
    if (found.length === 0) rows.push(row);
    else {
      ++rejected;
      if (problems.length < problemsMax) problems.push(...found.slice(0, problemsMax - problems.length));
    }
  });
  return { rows, problems, rejected };
}
