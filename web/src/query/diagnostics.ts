// What the engine's own parser says of a text while it is written: every statement is asked as
// EXPLAIN, for reading only, so that nothing of it ever runs.
import { useEffect, type RefObject } from 'react';
import { ClientError, type NexusClient, type Position } from '../client/types';
import type { EditorHandle } from './Editor';
import { pieces, statementsIn, type Statement } from './statements';

export interface Problem {
  statement: Statement;
  message: string;
  position: Position;
  /** Understood, and not built yet. */
  isUnsupported: boolean;
}

const pauseMs = 400;
// Beyond these a text is data more than a query; it is checked when it runs.
export const checkedTextMax = 50_000;
export const checkedStatementsMax = 50;

const prefix = 'EXPLAIN ';

/** The question about a statement, as long as the statement and the prefix. PROFILE would run it: it is blanked, as is EXPLAIN. */
export function questionOf(text: string): string | null {
  let words = '';
  for (const piece of pieces(text)) {
    const part = text.slice(piece.from, piece.to);
    if (piece.kind === 'comment') {
      words += part;
      continue;
    }
    if (piece.kind !== 'text') break;
    const lead = /^(\s*(EXPLAIN|PROFILE)\b)+/i.exec(part)?.[0] ?? '';
    words += lead.replace(/\S/g, ' ');
    if (lead.length < part.trimEnd().length) break;
    words += part.slice(lead.length);
  }
  const rest = text.slice(words.length);
  // `:USE name` is for whoever keeps a session, not for the parser.
  return rest.trimStart().startsWith(':') || rest.trim() === '' ? null : prefix + words + rest;
}

type Finding = Omit<Problem, 'statement'> | null;

function findingOf(error: ClientError, shift: number): Finding {
  const { message, position, code } = error;
  // Without a position it is the database that is wrong (stopped, gone), not the text; within the prefix it is EXPLAIN.
  if (!position || position.offset < shift || /Parameter/.test(code)) return null;
  return { message, position: error.before(shift).position!, isUnsupported: /Unsupported/.test(code) };
}

export class Checker {
  #known = new Map<string, Finding>();

  constructor(readonly client: NexusClient, readonly database: string) {}

  /** What a run said of a statement needs no question any more. */
  learn(text: string, error: ClientError | null): void {
    if (error && !error.position) return;
    this.#known.set(text, error && findingOf(error, 0));
  }

  /** What is known without asking. */
  known(text: string): Problem[] {
    return statementsIn(text).flatMap((statement) => {
      const finding = this.#known.get(statement.text);
      return finding ? [{ statement, ...finding }] : [];
    });
  }

  async check(text: string, signal: AbortSignal): Promise<Problem[]> {
    if (text.length > checkedTextMax) return [];
    const found: Problem[] = [];
    for (const statement of statementsIn(text).slice(0, checkedStatementsMax)) {
      const finding = this.#known.get(statement.text) ?? await this.#ask(statement.text, signal);
      if (signal.aborted) return [];
      if (finding) found.push({ statement, ...finding });
    }
    return found;
  }

  async #ask(text: string, signal: AbortSignal): Promise<Finding> {
    if (this.#known.has(text)) return null;
    const question = questionOf(text);
    let finding: Finding = null;
    if (question !== null) {
      try {
        await this.client.run(question, { database: this.database, readOnly: true, rowsMax: 1, signal });
      } catch (error) {
        if (signal.aborted || !(error instanceof ClientError)) return null;
        // Whether the server answers may change; what it says of a text does not.
        if (!error.position) return null;
        finding = findingOf(error, prefix.length);
      }
    }
    if (this.#known.size > 500) this.#known.clear();
    this.#known.set(text, finding);
    return finding;
  }
}

/** Marks what is wrong once the fingers rest; a newer text ends the questions about the older. */
export function useDiagnostics(editor: RefObject<EditorHandle | null>, text: string, checker: Checker, running: boolean): void {
  useEffect(() => {
    if (running) return;
    const control = new AbortController();
    const timer = setTimeout(() => {
      void checker.check(text, control.signal).then((problems) => {
        if (!control.signal.aborted) editor.current?.mark(problems, false);
      });
    }, pauseMs);
    return () => {
      clearTimeout(timer);
      control.abort();
    };
  }, [editor, text, checker, running]);
}

/** A problem the editor shows now, to be said in words beside it. */
export interface ShownProblem {
  message: string;
  line: number;
  column: number;
  from: number;
}
