// Colours and indentation for Cypher in the editor. Errors come from the engine, not from here.
import { HighlightStyle, LanguageSupport, StreamLanguage, syntaxHighlighting } from '@codemirror/language';
import { tags } from '@lezer/highlight';

export const keywords = `ALL ALTER AND ANY AS ASC ASCENDING ACCESS ALIAS BY CALL CASE CONTAINS COUNT CREATE COLLECT DATABASE DATABASES DEFAULT DELETE DESC
DESCENDING DETACH DISTINCT DROP ELSE END ENDS EXISTS EXPLAIN FINISH FOREACH HOME IF IN IS LIMIT MATCH MERGE NONE NOT NULL OF OFFSET ON ONLY OPTIONAL
OR ORDER PROFILE READ REMOVE REPLACE RETURN SET SHOW SINGLE SKIP START STARTS STOP THEN UNION UNWIND USE WHEN WHERE WITH WRITE XOR YIELD FUNCTIONS
PROCEDURES TRUE FALSE COPY RENAME TO`.split(/\s+/);

const known = new Set(keywords);
const atoms = new Set(['TRUE', 'FALSE', 'NULL', 'NAN', 'INF', 'INFINITY']);

const parser = StreamLanguage.define<{ comment: boolean; quote: string; after: string }>({
  name: 'cypher',
  startState: () => ({ comment: false, quote: '', after: '' }),
  token(stream, state) {
    if (state.comment) {
      if (stream.skipTo('*/')) {
        stream.match('*/');
        state.comment = false;
      } else stream.skipToEnd();
      return 'comment';
    }
    if (state.quote) return inString(stream, state);
    if (stream.eatSpace()) return null;
    if (stream.match('//')) {
      stream.skipToEnd();
      return 'comment';
    }
    if (stream.match('/*')) {
      state.comment = true;
      return 'comment';
    }
    const after = state.after;
    state.after = '';
    const next = stream.next()!;
    if (next === '"' || next === "'") {
      state.quote = next;
      return inString(stream, state);
    }
    if (next === '`') {
      stream.skipTo('`');
      stream.next();
      return after === ':' ? 'typeName' : 'variableName';
    }
    if (next === '$' && stream.match(/^[\p{L}_][\p{L}\p{N}_]*/u)) return 'special';
    if (/\d/.test(next)) {
      stream.match(/^[\dA-Fa-fxXo_]*(\.\d+)?([eE][+-]?\d+)?/);
      return 'number';
    }
    if (/[\p{L}_]/u.test(next)) {
      stream.match(/^[\p{L}\p{N}_]*/u);
      const word = stream.current();
      if (after === '.') return 'propertyName';
      if (after === ':') {
        state.after = stream.match(/^\s*[|&]/, false) ? '' : state.after;
        return 'typeName';
      }
      if (stream.match(/^\s*:(?!:)/, false) && !known.has(word.toUpperCase())) return 'propertyName';
      if (atoms.has(word.toUpperCase())) return 'atom';
      if (known.has(word.toUpperCase())) return 'keyword';
      return stream.match(/^[\w.]*\s*\(/, false) ? 'function' : 'variableName';
    }
    if (next === ':' || next === '.' || next === '|' || next === '&' || next === '!') {
      state.after = next === '.' ? '.' : ':';
      return 'operator';
    }
    return /[-+*/%=<>^~]/.test(next) ? 'operator' : 'punctuation';
  },
  tokenTable: { function: tags.function(tags.variableName), special: tags.special(tags.variableName) },
  languageData: { commentTokens: { line: '//', block: { open: '/*', close: '*/' } }, closeBrackets: { brackets: ['(', '[', '{', "'", '"', '`'] } },
});

function inString(stream: { next(): string | void; eol(): boolean }, state: { quote: string }): string {
  while (!stream.eol()) {
    const next = stream.next();
    if (next === '\\') stream.next();
    else if (next === state.quote) {
      state.quote = '';
      break;
    }
  }
  return 'string';
}

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: 'var(--code-keyword)', fontWeight: '600' },
  { tag: tags.string, color: 'var(--code-string)' },
  { tag: tags.number, color: 'var(--code-number)' },
  { tag: tags.atom, color: 'var(--code-number)' },
  { tag: tags.comment, color: 'var(--text-faint)', fontStyle: 'italic' },
  { tag: tags.typeName, color: 'var(--code-label)' },
  { tag: tags.propertyName, color: 'var(--code-property)' },
  { tag: tags.function(tags.variableName), color: 'var(--code-function)' },
  { tag: tags.special(tags.variableName), color: 'var(--code-parameter)' },
  { tag: [tags.operator, tags.punctuation], color: 'var(--text-muted)' },
]);

export const cypher = () => new LanguageSupport(parser, syntaxHighlighting(colours));
