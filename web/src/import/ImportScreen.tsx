// CSV and JSON files become nodes and relationships: choose, map, look at the first records, write.
import { CircleCheck, FileUp, Trash2 } from 'lucide-react';
import { useMemo, useRef, useState, type DragEvent } from 'react';
import { asError, useApp } from '../state/app';
import { go } from '../state/route';
import { strings } from '../strings';
import { DatabaseDot, ErrorBox, IconButton, count } from '../ui/parts';
import { bytesMax, cellTypes, convertRecords, guessMapping, parseFile, type CellType, type Mapping, type Source } from './convert';
import { writeAll, type Progress, type Report } from './write';

interface Job {
  source: Source;
  mapping: Mapping;
}

const t = strings.import;
const previewRows = 5;

function problemWith({ mapping }: Job): string | null {
  if (mapping.name.trim() === '') return mapping.kind === 'nodes' ? t.needsLabel : t.needsType;
  if (mapping.kind === 'relationships') {
    for (const end of [mapping.start, mapping.end]) if (!end.label || !end.key || !end.column) return t.needsEnds;
  }
  return null;
}

export function ImportScreen() {
  const { client, database, databases, choose, refresh } = useApp();
  const [jobs, setJobs] = useState<Job[]>([]);
  const [failure, setFailure] = useState<string | null>(null);
  const [over, setOver] = useState(false);
  const [target, setTarget] = useState<'current' | 'new'>('current');
  const [name, setName] = useState('');
  const [progress, setProgress] = useState<Progress | null>(null);
  const [reports, setReports] = useState<Report[] | null>(null);
  const picker = useRef<HTMLInputElement>(null);
  const abort = useRef<AbortController | null>(null);
  const readOnly = databases.find((info) => info.name === database)?.access === 'read-only';

  const labels = useMemo(() => jobs.filter(({ mapping }) => mapping.kind === 'nodes' && mapping.name)
    .map(({ mapping }) => ({ label: mapping.name, key: mapping.columns.find(({ column }) => column === mapping.key)?.property ?? '' })), [jobs]);

  const add = async (files: FileList | null) => {
    setFailure(null);
    setReports(null);
    const added: Source[] = [];
    for (const file of [...(files ?? [])]) {
      try {
        if (file.size > bytesMax) throw new Error(t.tooLarge);
        added.push(...parseFile(file.name, await file.text()));
      } catch (error) {
        setFailure(`${file.name}: ${(error as Error).message}`);
      }
    }
    setJobs((before) => {
      const known = before.filter(({ mapping }) => mapping.kind === 'nodes').map(({ mapping }) => ({ label: mapping.name, key: mapping.key }));
      const made = added.map((source) => ({ source, mapping: guessMapping(source, known) }));
      const nodes = [...known, ...made.filter(({ mapping }) => mapping.kind === 'nodes').map(({ mapping }) => ({ label: mapping.name, key: mapping.key }))];
      return [...before, ...made.map((job) => {
        if (job.mapping.kind === 'nodes' || nodes.length === 0 || job.mapping.start.label) return job;
        return { ...job, mapping: { ...job.mapping, start: { ...job.mapping.start, ...nodes[0] }, end: { ...job.mapping.end, ...nodes[0] } } };
      })];
    });
  };
  const change = (at: number, mapping: Partial<Mapping>) =>
    setJobs((before) => before.map((job, place) => (place === at ? { ...job, mapping: { ...job.mapping, ...mapping } } : job)));

  const blocked = jobs.map(problemWith).find((problem) => problem !== null) ?? (target === 'new' && name.trim() === '' ? t.needsName : null)
    ?? (target === 'current' && readOnly ? t.isReadOnly(database) : null);
  const start = async () => {
    const into = target === 'new' ? name.trim() : database;
    abort.current = new AbortController();
    setFailure(null);
    setProgress({ done: 0, total: 1 });
    try {
      if (target === 'new') await client!.createDatabase(into);
      setReports(await writeAll(client!, into, jobs, abort.current.signal, setProgress));
      setJobs([]);
      await refresh();
      if (target === 'new') choose(into.toLowerCase());
      setTarget('current');
      setName('');
    } catch (error) {
      setFailure(asError(error).message);
      await refresh();
    } finally {
      setProgress(null);
    }
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void add(event.dataTransfer.files);
  };

  return (
    <div className="page import">
      <header className="page-head"><div><h1>{t.title}</h1><p className="muted">{t.description}</p></div></header>
      <button type="button" className={`drop${over ? ' over' : ''}`} onClick={() => picker.current?.click()} onDrop={drop}
        onDragOver={(event) => { event.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)}>
        <FileUp size={26} strokeWidth={1.5} aria-hidden /><strong>{t.drop}</strong><span className="muted">{t.formats}</span>
      </button>
      <input ref={picker} type="file" hidden multiple accept=".csv,.tsv,.txt,.json,.jsonl,.ndjson" aria-label={t.drop}
        onChange={(event) => { void add(event.target.files); event.target.value = ''; }} />
      {failure && <ErrorBox title={failure} />}
      {jobs.map((job, at) => (
        <JobCard key={job.source.name + at} job={job} labels={labels} onChange={(mapping) => change(at, mapping)}
          onRemove={() => setJobs(jobs.filter((_, place) => place !== at))} />
      ))}
      {jobs.length > 0 && (
        <section className="card static import-target">
          <h3>{t.target}</h3>
          <label className="choice"><input type="radio" checked={target === 'current'} onChange={() => setTarget('current')} /><span>{t.intoCurrent} <DatabaseDot name={database} /> <strong>{database}</strong></span></label>
          <label className="choice"><input type="radio" checked={target === 'new'} onChange={() => setTarget('new')} /><span>{t.intoNew}</span></label>
          {target === 'new' && <input className="field" aria-label={t.newName} placeholder={t.newName} value={name} maxLength={63} onChange={(event) => setName(event.target.value)} />}
          <div className="actions">
            {blocked && <span className="muted">{blocked}</span>}
            {progress ? <button type="button" className="button quiet" onClick={() => abort.current?.abort()}>{strings.cancel}</button>
              : <button type="button" className="button primary" disabled={blocked !== null} onClick={() => void start()}>{t.start(count(jobs.reduce((sum, { source }) => sum + source.records.length, 0)))}</button>}
          </div>
          {progress && <progress max={progress.total} value={progress.done} aria-label={t.title} />}
        </section>
      )}
      {reports && (
        <section className="card static" role="status">
          <h3 className="good-text"><CircleCheck size={17} aria-hidden /> {t.finished}</h3>
          {reports.map((report) => (
            <div key={report.source}>
              <p><strong>{report.source}</strong>: {t.report(report.mapping.kind, count(report.written), report.mapping.name)}
                {report.rejected > 0 && ` ${t.rejected(count(report.rejected))}`}{report.unmatched > 0 && ` ${t.unmatched(count(report.unmatched))}`}</p>
              {report.problems.length > 0 && <Problems problems={report.problems} />}
            </div>
          ))}
          <div className="actions">
            <button type="button" className="button quiet" onClick={() => go({ screen: 'schema', database })}>{strings.screens.schema}</button>
            <button type="button" className="button primary" onClick={() => go({ screen: 'query', database, query: 'MATCH (n) RETURN n LIMIT 100' })}>{t.look}</button>
          </div>
        </section>
      )}
    </div>
  );
}

function Problems({ problems }: { problems: Report['problems'] }) {
  return (
    <ul className="problems">
      {problems.slice(0, 100).map(({ record, column, message }, at) => <li key={at}>{t.problem(record, column)} <code>{message}</code></li>)}
    </ul>
  );
}

function JobCard({ job: { source, mapping }, labels, onChange, onRemove }: {
  job: Job; labels: { label: string; key: string }[]; onChange(mapping: Partial<Mapping>): void; onRemove(): void;
}) {
  const tried = useMemo(() => convertRecords(source, mapping), [source, mapping]);
  const isNodes = mapping.kind === 'nodes';
  const setColumn = (at: number, change: Partial<Mapping['columns'][number]>) =>
    onChange({ columns: mapping.columns.map((plan, place) => (place === at ? { ...plan, ...change } : plan)) });
  const endFields = (side: 'start' | 'end') => (
    <fieldset className="end">
      <legend>{t.ends[side]}</legend>
      <label><span>{t.column}</span>
        <select className="field" value={mapping[side].column} onChange={(event) => onChange({ [side]: { ...mapping[side], column: event.target.value } })}>
          <option value="">–</option>{source.columns.map((column) => <option key={column}>{column}</option>)}
        </select></label>
      <label><span>{t.endLabel}</span>
        <input className="field" list="import-labels" value={mapping[side].label} onChange={(event) => {
          const known = labels.find(({ label }) => label === event.target.value);
          onChange({ [side]: { ...mapping[side], label: event.target.value, key: known?.key || mapping[side].key } });
        }} /></label>
      <label><span>{t.endKey}</span>
        <input className="field" value={mapping[side].key} onChange={(event) => onChange({ [side]: { ...mapping[side], key: event.target.value } })} /></label>
    </fieldset>
  );
  return (
    <section className="card static job" aria-label={source.name}>
      <div className="job-head">
        <h3>{source.name}</h3><span className="muted">{t.records(count(source.records.length))}</span>
        <span className="spring" />
        <IconButton label={t.remove(source.name)} onClick={onRemove}><Trash2 size={15} /></IconButton>
      </div>
      <div className="job-fields">
        <label><span>{t.becomes}</span>
          <select className="field" value={mapping.kind} onChange={(event) => onChange({ kind: event.target.value as Mapping['kind'] })}>
            <option value="nodes">{t.kinds.nodes}</option><option value="relationships">{t.kinds.relationships}</option>
          </select></label>
        <label><span>{isNodes ? t.label : t.type}</span><input className="field" value={mapping.name} onChange={(event) => onChange({ name: event.target.value })} /></label>
        {isNodes && (
          <label><span>{t.key}</span>
            <select className="field" value={mapping.key} onChange={(event) => onChange({ key: event.target.value })}>
              <option value="">{t.noKey}</option>{source.columns.map((column) => <option key={column}>{column}</option>)}
            </select></label>
        )}
        {!isNodes && <>{endFields('start')}{endFields('end')}</>}
        <datalist id="import-labels">{labels.map(({ label }) => <option key={label} value={label} />)}</datalist>
      </div>
      <div className="job-table">
        <table>
          <thead>
            <tr>{mapping.columns.map(({ column, used, property }, at) => (
              <th key={column} scope="col" className={used ? '' : 'unused'}>
                <label className="choice"><input type="checkbox" checked={used} aria-label={t.use(column)} onChange={(event) => setColumn(at, { used: event.target.checked })} />
                  <input className="field tiny" value={property} aria-label={t.property(column)} onChange={(event) => setColumn(at, { property: event.target.value })} /></label>
              </th>
            ))}</tr>
            <tr>{mapping.columns.map(({ column, used, type }, at) => (
              <th key={column} className={used ? '' : 'unused'}>
                <select className="field tiny" value={type} aria-label={t.typeOf(column)} onChange={(event) => setColumn(at, { type: event.target.value as CellType })}>
                  {cellTypes.map((name) => <option key={name} value={name}>{t.types[name]}</option>)}
                </select>
              </th>
            ))}</tr>
          </thead>
          <tbody>
            {source.records.slice(0, previewRows).map((record, row) => (
              <tr key={row}>{mapping.columns.map(({ column, used }) => {
                const cell = record[column];
                return <td key={column} className={used ? '' : 'unused'}>{cell === null || cell === undefined ? '' : typeof cell === 'object' ? JSON.stringify(cell) : String(cell)}</td>;
              })}</tr>
            ))}
          </tbody>
        </table>
      </div>
      {source.problems.length > 0 && <p className="muted">{t.parserProblems(source.problems.length, source.problems[0])}</p>}
      {tried.rejected > 0 && <div className="warning"><p>{t.wouldReject(count(tried.rejected))}</p><Problems problems={tried.problems.slice(0, 8)} /></div>}
    </section>
  );
}
