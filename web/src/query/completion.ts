// Completion from the current database's own names, the engine's functions, and the keywords.
import { snippetCompletion, type Completion, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete';
import type { NexusClient } from '../client/types';
import { loadFunctions, loadNames, written, type Names } from '../schema/load-schema';
import { keywords } from './cypher-language';

const snippets = [
  snippetCompletion('MATCH (${n}:${Label}) RETURN ${n} LIMIT ${25}', { label: 'match', detail: '(n:Label) RETURN n', type: 'text' }),
  snippetCompletion('MATCH (${a})-[${r}:${TYPE}]->(${b}) RETURN ${a}, ${r}, ${b} LIMIT ${25}', { label: 'path', detail: 'MATCH (a)-[r]->(b)', type: 'text' }),
];

export class Completer {
  #names: Promise<Names> | null = null;
  #functions: ReturnType<typeof loadFunctions> | null = null;

  constructor(readonly client: NexusClient, readonly database: string) {}

  /** After a write there may be new names. */
  forget(): void {
    this.#names = null;
  }

  source = async (context: CompletionContext): Promise<CompletionResult | null> => {
    const line = context.state.doc.lineAt(context.pos);
    const before = line.text.slice(0, context.pos - line.from);
    const word = /[\p{L}\p{N}_`]*$/u.exec(before)![0];
    const from = context.pos - word.length;
    const lead = before.slice(0, before.length - word.length);
    if (word === '' && !context.explicit && !/[:.|&]$/.test(lead)) return null;
    const names = await this.#loadNames();
    const options = /\[[^\]]*[:|]\s*!?$/.test(lead) ? entries(names.types, 'class')
      : /[(\w`)][^[\]{}]*[:|&]\s*!?$/.test(lead) || /^\s*[:|&]$/.test(lead) ? entries(names.labels, 'type')
      : /[\p{L}\p{N}_`)\]]\.$/u.test(lead) ? entries(names.keys, 'property')
      : /\{[^}]*$/.test(lead) && /[{,]\s*$/.test(lead) ? entries(names.keys, 'property')
      : await this.#words(names, context.state.doc.toString());
    return options.length === 0 ? null : { from, options, validFor: /^[\p{L}\p{N}_`.]*$/u };
  };

  #loadNames(): Promise<Names> {
    this.#names ??= loadNames(this.client, this.database).catch(() => {
      this.#names = null;
      return { labels: [], types: [], keys: [] };
    });
    return this.#names;
  }

  async #words(names: Names, text: string): Promise<Completion[]> {
    this.#functions ??= loadFunctions(this.client);
    const { functions, procedures } = await this.#functions.catch(() => {
      this.#functions = null;
      return { functions: [], procedures: [] };
    });
    const variables = new Set([...text.matchAll(/[([]\s*([\p{L}_][\p{L}\p{N}_]*)\s*[:)\]{]/gu)].map(([, name]) => name));
    return [
      ...snippets,
      ...[...variables].map((label): Completion => ({ label, type: 'variable', boost: 2 })),
      ...keywords.map((label): Completion => ({ label, type: 'keyword', boost: 1 })),
      ...functions.map(({ name, detail }) => snippetCompletion(`${name}(\${})`, { label: name, info: detail || undefined, type: 'function' })),
      ...procedures.map(({ name, detail }): Completion => ({ label: name, apply: `${name}()`, info: detail || undefined, type: 'method', boost: -1 })),
      ...entries(names.labels, 'type').map((entry) => ({ ...entry, boost: -2 })),
    ];
  }
}

const entries = (names: string[], type: string): Completion[] => names.map((name) => ({ label: name, apply: written(name), type }));
