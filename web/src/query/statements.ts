// Where statements begin and end in a text, by the lexical rules of Cypher alone.

export interface Statement {
  text: string;
  /** Offsets into the whole text. */
  from: number;
  to: number;
}

type Piece = { kind: 'text' | 'comment' | 'string' | 'name' | 'end'; from: number; to: number };

/** Cuts a text into comments, strings, backticked names, semicolons and the rest. */
export function* pieces(text: string): Generator<Piece> {
  let at = 0;
  let plain = 0;
  const rest = function* (to: number): Generator<Piece> {
    if (to > plain) yield { kind: 'text', from: plain, to };
  };
  while (at < text.length) {
    const two = text.slice(at, at + 2);
    let to = at;
    let kind: Piece['kind'] | null = null;
    if (two === '//') {
      kind = 'comment';
      to = text.indexOf('\n', at);
    } else if (two === '/*') {
      kind = 'comment';
      to = text.indexOf('*/', at + 2);
      if (to >= 0) to += 2;
    } else if (text[at] === '`') {
      kind = 'name';
      to = text.indexOf('`', at + 1);
      if (to >= 0) to += 1;
    } else if (text[at] === "'" || text[at] === '"') {
      kind = 'string';
      to = endOfString(text, at);
    } else if (text[at] === ';') {
      kind = 'end';
      to = at + 1;
    }
    if (kind === null) {
      ++at;
      continue;
    }
    if (to < 0) to = text.length;
    yield* rest(at);
    yield { kind, from: at, to };
    plain = at = to;
  }
  yield* rest(text.length);
}

function endOfString(text: string, from: number): number {
  for (let at = from + 1; at < text.length; ++at) {
    if (text[at] === '\\') ++at;
    else if (text[at] === text[from]) return at + 1;
  }
  return -1;
}

/** The statements of a text; one that is only white space and comments is none. */
export function statementsIn(text: string): Statement[] {
  const found: Statement[] = [];
  let from = 0;
  let hasCode = false;
  const close = (to: number) => {
    if (hasCode) {
      const raw = text.slice(from, to);
      const lead = raw.length - raw.trimStart().length;
      found.push({ text: raw.trim(), from: from + lead, to: from + raw.trimEnd().length });
    }
    hasCode = false;
  };
  for (const piece of pieces(text)) {
    if (piece.kind === 'end') {
      close(piece.from);
      from = piece.to;
    } else if (piece.kind !== 'comment' && text.slice(piece.from, piece.to).trim() !== '') hasCode = true;
  }
  close(text.length);
  return found;
}

/** The statement the cursor stands in, or the last one before it. */
export function statementAt(text: string, cursor: number): Statement | null {
  const all = statementsIn(text);
  return all.find((statement) => cursor <= statement.to + 1) ?? all.at(-1) ?? null;
}

/** The names of the parameters a text uses, in the order of their first use. */
export function parametersIn(text: string): string[] {
  const names = new Set<string>();
  for (const piece of pieces(text)) {
    if (piece.kind !== 'text') continue;
    for (const [, name] of text.slice(piece.from, piece.to).matchAll(/\$([\p{L}_][\p{L}\p{N}_]*)/gu)) names.add(name);
  }
  return [...names];
}

/** What a field of the parameters panel means: JSON where it is JSON, else the text itself. */
export function parameterValue(field: string): unknown {
  if (field.trim() === '') return null;
  try {
    return JSON.parse(field) as unknown;
  } catch {
    return field;
  }
}

const administration = /^\s*(CREATE|DROP|ALTER|START|STOP)\s+(OR\s+REPLACE\s+)?(TEMPORARY\s+)?(COMPOSITE\s+)?(DATABASE|ALIAS)\b/i;
export const changesDatabases = (text: string) => administration.test(text);
