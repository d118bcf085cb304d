// Write a statement, run it in the current database, look at what it answers.
import { Bookmark, CircleAlert, History, Link2, ListTree, Play, Square } from 'lucide-react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { ClientError, QueryResult } from '../client/types';
import { asError, hasDatabase, useApp } from '../state/app';
import {
  addDraft, closeDraft, readDrafts, readHistory, remember, renameDraft, reopenDraft, save, setActiveDraft, useActiveDraft, useClosedDrafts, useDrafts, usePreferences, writeDraft,
} from '../state/kept';
import { forgetQuery, hashOf, useRoute } from '../state/route';
import { strings } from '../strings';
import { ErrorBox, IconButton, Modal } from '../ui/parts';
import { Completer } from './completion';
import { Checker, useDiagnostics, type ShownProblem } from './diagnostics';
import { DraftTabs, draftName } from './DraftTabs';
import { Editor, type EditorHandle } from './Editor';
import { HistoryPanel } from './HistoryPanel';
import { ResultPane, type View } from './ResultPane';
import { changesDatabases, parametersIn, parameterValue, type Statement } from './statements';

interface Outcome {
  statement: Statement;
  result?: QueryResult;
  error?: ClientError;
  wallMs: number;
}

const mac = navigator.platform.startsWith('Mac');
export const modKey = mac ? '⌘' : 'Ctrl';

function freshName(connection: string, database: string): string {
  const names = new Set(readDrafts(connection, database).map(draftName));
  for (let n = 1; ; ++n) if (!names.has(strings.drafts.unnamed(n))) return strings.drafts.unnamed(n);
}

export function QueryScreen() {
  const { client, database, refresh, tell } = useApp();
  const preferences = usePreferences();
  const route = useRoute();
  const editor = useRef<EditorHandle>(null);
  const abort = useRef<AbortController | null>(null);
  const historyAt = useRef(-1);
  const shownFor = useRef('');
  const [text, setText] = useState('');
  const [fields, setFields] = useState<Record<string, string>>({});
  const [running, setRunning] = useState(false);
  const [results, setResults] = useState<Record<string, { outcomes: Outcome[]; shown: number }>>({});
  const [round, setRound] = useState(0);
  const [view, setView] = useState<View | null>(null);
  const [panel, setPanel] = useState(() => window.innerWidth > 1100);
  const [saving, setSaving] = useState<string | null>(null);
  const [height, setHeight] = useState(190);
  const connection = client!.key;
  const drafts = useDrafts(connection, database);
  const closed = useClosedDrafts(connection, database);
  const asked = useActiveDraft(connection, database);
  const active = (drafts.find(({ id }) => id === asked) ?? drafts[0]).id;
  const place = `${connection} ${database} ${active}`;
  const placeNow = useRef(place);
  placeNow.current = place;
  const { outcomes, shown } = results[place] ?? { outcomes: [], shown: 0 };
  const completer = useMemo(() => new Completer(client!, database), [client, database]);
  const checker = useMemo(() => new Checker(client!, database), [client, database]);
  const [problems, setProblems] = useState<ShownProblem[]>([]);
  useDiagnostics(editor, text, checker, running);
  const parameters = useMemo(() => parametersIn(text), [text]);

  // Each database has its own drafts; a shared link opens one of its own, and waits to be run.
  useEffect(() => {
    const { query } = route;
    const elsewhere = route.database !== null && route.database !== database;
    // The link's database is chosen first; until then its query is not for this one.
    if (query !== null && elsewhere && hasDatabase(useApp.getState().databases, route.database)) return;
    if (query !== null) {
      const known = readDrafts(connection, database).find((draft) => draft.text === query || draft.text.trim() === '');
      if (known && known.text !== query) writeDraft(connection, database, known.id, query);
      const id = known?.id ?? addDraft(connection, database, query, freshName(connection, database));
      if (id) setActiveDraft(connection, database, id);
      else tell('failed', strings.drafts.tooMany);
      // What is shown for it is read again, as the draft may be the one that is open.
      if (id === active) shownFor.current = '';
      if (elsewhere) tell('failed', strings.query.linkElsewhere(route.database!));
      forgetQuery();
      if (id !== active) return;
    }
    if (shownFor.current === place) return;
    shownFor.current = place;
    const { text: draft } = readDrafts(connection, database).find(({ id }) => id === active)!;
    editor.current?.setText(draft);
    setText(draft);
    historyAt.current = -1;
    editor.current?.focus();
  }, [connection, database, active, place, route, tell]);
  useEffect(() => setResults({}), [connection, database]);

  const pick = useCallback((id: string | null) => {
    if (id) setActiveDraft(connection, database, id);
    else tell('failed', strings.drafts.tooMany);
  }, [connection, database, tell]);
  const close = useCallback((id: string) => {
    const all = readDrafts(connection, database);
    const at = all.findIndex((draft) => draft.id === id);
    if (id === active && all.length > 1) setActiveDraft(connection, database, (all[at + 1] ?? all[at - 1]).id);
    closeDraft(connection, database, id);
    // The last one is emptied where it stands.
    if (all.length === 1) {
      shownFor.current = `${connection} ${database} 1`;
      editor.current?.setText('');
      setText('');
    }
  }, [connection, database, active]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!event.altKey || event.metaKey || event.shiftKey || event.getModifierState('AltGraph')) return;
      const digit = /^Digit([1-9])$/.exec(event.code)?.[1];
      const wanted = digit && !event.ctrlKey ? readDrafts(connection, database)[Number(digit) - 1] : undefined;
      if (wanted) pick(wanted.id);
      else if (event.ctrlKey && event.code === 'KeyN') pick(addDraft(connection, database, '', freshName(connection, database)));
      else if (event.ctrlKey && event.code === 'KeyW') close(active);
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', onKey, true);
    return () => window.removeEventListener('keydown', onKey, true);
  }, [connection, database, active, pick, close]);

  const run = useCallback(async (statements: Statement[], prefix = '') => {
    if (statements.length === 0 || abort.current) return;
    const control = new AbortController();
    const begun = placeNow.current;
    abort.current = control;
    setRunning(true);
    editor.current?.mark([], true);
    const done: Outcome[] = [];
    for (const statement of statements) {
      const wanted = parametersIn(statement.text);
      const given = Object.fromEntries(wanted.map((name) => [name, parameterValue(fields[name] ?? '')]));
      const begin = performance.now();
      const outcome: Outcome = { statement, wallMs: 0 };
      try {
        outcome.result = await client!.run(prefix + statement.text, { database, parameters: given, rowsMax: preferences.rowsMax, signal: control.signal });
      } catch (error) {
        outcome.error = asError(error).before(prefix.length);
      }
      outcome.wallMs = performance.now() - begin;
      done.push(outcome);
      remember(connection, database, {
        text: statement.text, at: Date.now(), elapsedMs: outcome.wallMs, rows: outcome.result?.rows.length ?? null, error: outcome.error?.message,
      });
      checker.learn(statement.text, outcome.error ?? null);
      if (outcome.error) break;
    }
    abort.current = null;
    historyAt.current = -1;
    setRunning(false);
    // The answer belongs to the draft that asked, whichever is open now.
    setResults((before) => ({ ...before, [begun]: { outcomes: done, shown: done.length - 1 } }));
    setRound((before) => before + 1);
    if (placeNow.current === begun) {
      const now = editor.current?.text() ?? '';
      if (done.at(-1)?.error) editor.current?.mark(checker.known(now), true);
    }
    completer.forget();
    if (done.some(({ statement, result }) => changesDatabases(statement.text) || result?.summary.statementType !== 'r')) void refresh();
  }, [client, database, connection, fields, preferences.rowsMax, completer, checker, refresh]);

  const runCurrent = (prefix = '') => {
    const statement = editor.current?.current();
    if (statement) void run([statement], prefix);
  };
  const stepHistory = (step: number) => {
    const known = readHistory(connection, database);
    const at = Math.max(-1, Math.min(known.length - 1, historyAt.current + step));
    historyAt.current = at;
    if (at >= 0) editor.current?.setText(known[at].text);
  };
  const share = async () => {
    const link = location.origin + location.pathname + hashOf({ screen: 'query', database, query: editor.current?.text() ?? '' });
    await navigator.clipboard?.writeText(link);
    tell('done', strings.query.linkCopied);
  };
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && abort.current) abort.current.abort();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  useEffect(() => () => abort.current?.abort(), []);

  const resize = (startY: number) => {
    const before = height;
    const onMove = (event: PointerEvent) => setHeight(Math.max(90, Math.min(window.innerHeight - 260, before + event.clientY - startY)));
    window.addEventListener('pointermove', onMove);
    window.addEventListener('pointerup', () => window.removeEventListener('pointermove', onMove), { once: true });
  };

  const outcome = outcomes[shown];
  return (
    <div className="query">
      <div className="query-main">
        <DraftTabs drafts={drafts} active={active} closed={closed[0]} onPick={pick} onNew={() => pick(addDraft(connection, database, '', freshName(connection, database)))} onClose={close}
          onRename={(id, name) => { renameDraft(connection, database, id, name); editor.current?.focus(); }} onReopen={() => pick(reopenDraft(connection, database))} />
        <section className="query-editor" style={{ height }} aria-label={strings.query.editor}>
          <Editor
            ref={editor} initial="" completer={completer} onRun={() => runCurrent()} onRunAll={() => void run(editor.current?.all() ?? [])}
            onSave={() => setSaving('')} onOlder={() => stepHistory(1)} onNewer={() => stepHistory(-1)}
            onProblems={setProblems}
            onChange={(next) => { setText(next); writeDraft(connection, database, active, next); }}
          />
        </section>
        {parameters.length > 0 && (
          <div className="parameters" role="group" aria-label={strings.query.parameters}>
            {parameters.map((name) => (
              <label key={name}>
                <span>${name}</span>
                <input className="field" placeholder={strings.query.parameterHint} value={fields[name] ?? ''}
                  onChange={(event) => setFields({ ...fields, [name]: event.target.value })} />
              </label>
            ))}
          </div>
        )}
        <div className="query-bar">
          {running ? <button type="button" className="button danger" onClick={() => abort.current?.abort()}><Square size={13} />{strings.query.cancel}</button>
            : <button type="button" className="button primary" onClick={() => runCurrent()} disabled={text.trim() === ''}>
                <Play size={14} />{strings.query.run}<kbd>{modKey} ↵</kbd>
              </button>}
          <button type="button" className="button quiet" disabled={running || text.trim() === ''} onClick={() => runCurrent('EXPLAIN ')}><ListTree size={14} />{strings.query.explain}</button>
          <span className="running" role="status">{running ? strings.query.running : ''}</span>
          <span className="problems-line" role="status" aria-live="polite">
            {!running && problems.length > 0 && (
              <button type="button" className="link" title={problems[0].message} onClick={() => editor.current?.goTo(problems[0].from)}>
                <CircleAlert size={14} aria-hidden /><span>{strings.query.problem(problems[0].line, problems[0].column, problems[0].message, problems.length - 1)}</span>
              </button>
            )}
          </span>
          <IconButton label={strings.query.save} disabled={text.trim() === ''} onClick={() => setSaving('')}><Bookmark size={15} /></IconButton>
          <IconButton label={strings.query.share} disabled={text.trim() === ''} onClick={() => void share()}><Link2 size={15} /></IconButton>
          <IconButton label={strings.query.history} aria-pressed={panel} onClick={() => setPanel(!panel)}><History size={15} /></IconButton>
          <div className="splitter" role="separator" aria-orientation="horizontal" aria-label={strings.query.resize} tabIndex={0} aria-valuenow={height} aria-valuemin={90} aria-valuemax={1000}
            onPointerDown={(event) => { event.preventDefault(); resize(event.clientY); }}
            onKeyDown={(event) => {
              if (event.key === 'ArrowUp') setHeight(Math.max(90, height - 24));
              if (event.key === 'ArrowDown') setHeight(height + 24);
            }} />
        </div>
        {outcomes.length > 1 && (
          <div className="outcomes" role="tablist" aria-label={strings.query.statements}>
            {outcomes.map(({ statement, error }, at) => (
              <button key={at} type="button" role="tab" aria-selected={at === shown} className={error ? 'failed' : ''} onClick={() => setResults({ ...results, [place]: { outcomes, shown: at } })}>
                {at + 1}. {statement.text.slice(0, 40)}
              </button>
            ))}
          </div>
        )}
        <section className="query-result" aria-label={strings.result.title}>
          {outcome?.error && (
            <div className="padded" key={round}>
              <ErrorBox title={outcome.error.message} detail={[
                outcome.error.position && strings.query.position(outcome.error.position.line, outcome.error.position.column),
                outcome.error.code, outcome.error.gqlStatus].filter(Boolean).join(' · ')} />
            </div>
          )}
          {outcome?.result && (
            <ResultPane key={`${place}-${round}-${shown}`} result={outcome.result} wallMs={outcome.wallMs} client={client!} view={view} onView={setView}
              nodesMax={preferences.graphNodesMax} connect={preferences.connectResult} />
          )}
          {!outcome && <Welcome database={database} onPick={(query) => { editor.current?.setText(query); editor.current?.focus(); }} />}
        </section>
      </div>
      {panel && <HistoryPanel connection={connection} database={database} onPick={(picked) => { editor.current?.setText(picked); editor.current?.focus(); }} />}
      <Modal open={saving !== null} onClose={() => setSaving(null)} title={strings.query.save}>
        <form onSubmit={(event) => {
          event.preventDefault();
          const name = (saving ?? '').trim();
          if (name === '') return;
          save(connection, database, { name, text: editor.current?.text() ?? '' });
          setSaving(null);
          setPanel(true);
        }}>
          <label className="labelled"><span>{strings.query.saveName(database)}</span>
            <input autoFocus className="field" maxLength={120} value={saving ?? ''} onChange={(event) => setSaving(event.target.value)} /></label>
          <div className="actions"><button type="submit" className="button primary" disabled={(saving ?? '').trim() === ''}>{strings.save}</button></div>
        </form>
      </Modal>
    </div>
  );
}

function Welcome({ database, onPick }: { database: string; onPick(query: string): void }) {
  return (
    <div className="welcome">
      <h2>{strings.query.welcome(database)}</h2>
      <div className="starters">
        {strings.query.starters.map(({ title, query }) => (
          <button key={title} type="button" className="card" onClick={() => onPick(query)}><strong>{title}</strong><code>{query}</code></button>
        ))}
      </div>
      <p className="muted">
        <kbd>{modKey}</kbd> <kbd>↵</kbd> {strings.query.keys.run} · <kbd>Shift</kbd> <kbd>↵</kbd> {strings.query.keys.runAll} · <kbd>{modKey}</kbd> <kbd>Space</kbd> {strings.query.keys.complete} ·{' '}
        <kbd>{modKey}</kbd> <kbd>↑</kbd> {strings.query.keys.history} · <kbd>{modKey}</kbd> <kbd>K</kbd> {strings.query.keys.palette}
      </p>
    </div>
  );
}
