// The statement editor: CodeMirror with Cypher's colours, completion and the engine's errors.
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { bracketMatching, indentOnInput } from '@codemirror/language';
import { forEachDiagnostic, lintKeymap, setDiagnostics, type Diagnostic } from '@codemirror/lint';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { Compartment, EditorState, Prec } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers, placeholder } from '@codemirror/view';
import { forwardRef, useEffect, useImperativeHandle, useRef } from 'react';
import { strings } from '../strings';
import type { Completer } from './completion';
import { cypher } from './cypher-language';
import type { Problem, ShownProblem } from './diagnostics';
import { statementAt, statementsIn, type Statement } from './statements';

export interface EditorHandle {
  text(): string;
  setText(text: string): void;
  focus(): void;
  /** What Ctrl-Enter runs: the selection, else the statement at the cursor. */
  current(): Statement | null;
  all(): Statement[];
  /** Underlines what is wrong. Unless `atOnce`, what is under the cursor waits until the cursor leaves it: it may be half a word. */
  mark(problems: Problem[], atOnce: boolean): void;
  goTo(offset: number): void;
}

interface Props {
  initial: string;
  completer: Completer | null;
  onChange(text: string): void;
  onRun(): void;
  onRunAll(): void;
  onSave(): void;
  onOlder(): void;
  onNewer(): void;
  onProblems(shown: ShownProblem[]): void;
}

function diagnosticOf({ message, position, statement, isUnsupported }: Problem, { doc }: EditorState): Diagnostic {
  // The engine counts code points from the statement's start; the editor counts UTF-16 units.
  const units = [...statement.text].slice(0, position.offset).join('').length;
  const from = Math.min(doc.length, statement.from + units);
  const rest = /^[\p{L}\p{N}_$`]+|^\S/u.exec(doc.sliceString(from, Math.min(doc.length, from + 200)));
  const to = Math.min(doc.length, from + (rest?.[0].length ?? 0));
  // At the end of a statement there is nothing to underline but what stands before it.
  const start = from === to ? Math.max(0, Math.min(from, statement.to) - 1) : from;
  return { from: start, to: Math.max(start, from === to ? Math.min(from, statement.to) : to), severity: isUnsupported ? 'warning' : 'error', message };
}

const look = EditorView.theme({
  '&': { height: '100%', fontSize: '13.5px', backgroundColor: 'transparent', color: 'var(--text)' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.6', fontVariantLigatures: 'none' },
  '.cm-content': { padding: '10px 0', caretColor: 'var(--accent)' },
  '.cm-cursor': { borderLeftColor: 'var(--accent)', borderLeftWidth: '2px' },
  '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--text-faint)', border: 'none', paddingLeft: '8px' },
  '.cm-activeLine': { backgroundColor: 'var(--hover)' },
  '.cm-activeLineGutter': { backgroundColor: 'transparent', color: 'var(--text-muted)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-selectionBackground, &.cm-focused .cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground':
    { backgroundColor: 'var(--selection)' },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--selection)', outline: 'none' },
  '.cm-tooltip': { backgroundColor: 'var(--raised)', border: '1px solid var(--line)', borderRadius: '8px', boxShadow: 'var(--shadow)', overflow: 'hidden' },
  '.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--mono)', fontSize: '12.5px', maxHeight: '15em' },
  '.cm-tooltip-autocomplete > ul > li': { padding: '3px 10px' },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': { backgroundColor: 'var(--accent-soft)', color: 'var(--text)' },
  '.cm-completionInfo': { padding: '6px 10px', maxWidth: '320px', fontFamily: 'var(--sans)' },
  '.cm-panels': { backgroundColor: 'var(--panel)', color: 'var(--text)' },
  '.cm-placeholder': { color: 'var(--text-faint)' },
});

export const Editor = forwardRef<EditorHandle, Props>(function Editor(props, handle) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const completion = useRef(new Compartment());
  const held = useRef<Diagnostic[]>([]);
  const typed = useRef(false);

  // What is shown is told in words too, with its place in the text.
  const show = (diagnostics: Diagnostic[]) => {
    const made = view.current!;
    made.dispatch(setDiagnostics(made.state, diagnostics));
    latest.current.onProblems(diagnostics.map(({ from, message }) => {
      const line = made.state.doc.lineAt(from);
      return { from, message, line: line.number, column: from - line.from + 1 };
    }));
  };
  const release = () => {
    typed.current = false;
    if (held.current.length === 0) return;
    const shown: Diagnostic[] = [];
    forEachDiagnostic(view.current!.state, (diagnostic, from, to) => shown.push({ ...diagnostic, from, to }));
    const all = [...shown, ...held.current].sort((a, b) => a.from - b.from);
    held.current = [];
    show(all);
  };

  useEffect(() => {
    const act = (action: 'onRun' | 'onRunAll' | 'onSave' | 'onOlder' | 'onNewer') => () => (latest.current[action](), true);
    const made = new EditorView({
      parent: host.current!,
      state: EditorState.create({
        doc: latest.current.initial,
        extensions: [
          Prec.highest(keymap.of([
            { key: 'Mod-Enter', run: act('onRun') }, { key: 'Shift-Enter', run: act('onRunAll') }, { key: 'Mod-s', run: act('onSave') },
            { key: 'Mod-ArrowUp', run: act('onOlder') }, { key: 'Mod-ArrowDown', run: act('onNewer') },
          ])),
          lineNumbers(), history(), drawSelection(), indentOnInput(), bracketMatching(), closeBrackets(), highlightActiveLine(),
          highlightSelectionMatches(), search({ top: true }), EditorView.lineWrapping, cypher(), look, placeholder(strings.query.placeholder),
          completion.current.of([]),
          // Tab leaves the editor after Escape, so the keyboard is never trapped.
          keymap.of([...closeBracketsKeymap, ...completionKeymap, ...searchKeymap, ...historyKeymap, ...lintKeymap, ...defaultKeymap, indentWithTab]),
          EditorView.contentAttributes.of({ 'aria-label': strings.query.editor }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) {
              held.current = [];
              typed.current = update.transactions.some((change) => change.isUserEvent('input.type') || change.isUserEvent('delete'));
              latest.current.onChange(update.state.doc.toString());
              // Why later: a view takes no change while it tells of another.
            } else if (update.selectionSet || (update.focusChanged && !update.view.hasFocus)) queueMicrotask(() => view.current && release());
          }),
        ],
      }),
    });
    view.current = made;
    return () => {
      view.current = null;
      made.destroy();
    };
  }, []);

  useEffect(() => {
    const source = props.completer?.source;
    view.current?.dispatch({
      effects: completion.current.reconfigure(source ? autocompletion({ override: [source], icons: false, activateOnTyping: true }) : []),
    });
  }, [props.completer]);

  useImperativeHandle(handle, () => ({
    text: () => view.current!.state.doc.toString(),
    setText(text) {
      const { state } = view.current!;
      view.current!.dispatch({ changes: { from: 0, to: state.doc.length, insert: text }, selection: { anchor: text.length }, scrollIntoView: true });
    },
    focus: () => view.current!.focus(),
    current() {
      const { state } = view.current!;
      const { from, to, head } = state.selection.main;
      const chosen = state.sliceDoc(from, to);
      if (chosen.trim() !== '') return statementsIn(chosen).map((found) => ({ ...found, from: found.from + from, to: found.to + from }))[0] ?? null;
      return statementAt(state.doc.toString(), head);
    },
    all: () => statementsIn(view.current!.state.doc.toString()),
    mark(problems, atOnce) {
      const { state, hasFocus } = view.current!;
      const { head } = state.selection.main;
      if (atOnce) typed.current = false;
      const all = problems.map((problem) => diagnosticOf(problem, state)).sort((a, b) => a.from - b.from);
      const isHeld = ({ from, to }: Diagnostic) => typed.current && hasFocus && from <= head && head <= to;
      held.current = all.filter(isHeld);
      show(all.filter((diagnostic) => !isHeld(diagnostic)));
    },
    goTo(offset) {
      view.current!.dispatch({ selection: { anchor: Math.min(offset, view.current!.state.doc.length) }, scrollIntoView: true });
      view.current!.focus();
    },
  }), []);

  return <div ref={host} className="editor" />;
});
