// The questions before something is done: a name, what a new database is made of, or a
// confirmation that is typed.
import { useState, type FormEvent } from 'react';
import { ClientError, type Alias, type Creation, type DatabaseInfo } from '../client/types';
import { administer, isProduction, useApp } from '../state/app';
import { strings } from '../strings';
import { ErrorBox, Modal, count } from '../ui/parts';

export type TaskWords = 'create' | 'copy' | 'rename' | 'alias' | 'drop' | 'stop';
export interface AskTask {
  kind: 'ask' | 'create';
  words: TaskWords;
  info: DatabaseInfo | null;
}
export type TransferTask = { kind: 'download' | 'send'; info: DatabaseInfo } | { kind: 'restore' };
export type Task = (AskTask & { kind: 'ask' }) | { kind: 'create' } | { kind: 'trash' } | { kind: 'aliases' } | TransferTask | null;

const t = strings.databases;
const ttlDefault = 60;

export function TaskDialog({ task: { words: kind, info }, aliases, onClose }: { task: AskTask; aliases: Alias[]; onClose(): void }) {
  const { client, databases, choose } = useApp();
  const isConfirmed = kind === 'drop' || kind === 'stop' || (kind === 'rename' && isProduction(info!));
  const [name, setName] = useState(kind === 'copy' ? `${info!.name}-copy` : '');
  const [confirmed, setConfirmed] = useState('');
  const [source, setSource] = useState(info?.name ?? '');
  const [environment, setEnvironment] = useState('');
  const [temporary, setTemporary] = useState(false);
  const [minutes, setMinutes] = useState(ttlDefault);
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<ClientError | null>(null);
  const words = t.tasks[kind];
  const hasName = kind !== 'drop' && kind !== 'stop';
  const makes = kind === 'create' || kind === 'copy';
  const isReady = (!isConfirmed || confirmed === info?.name) && (!hasName || (name.trim() !== '' && name.trim() !== info?.name));

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!isReady || busy) return;
    const wanted = name.trim();
    if (kind === 'alias' && aliases.some((alias) => alias.name === wanted.toLowerCase())) return setRefused(new ClientError(t.aliases.taken(wanted), 'DatabaseExists'));
    setBusy(true);
    const creation: Creation = {
      ...(source ? { copyOf: source } : {}), ...(temporary ? { temporary, ttlSeconds: minutes * 60 } : {}), ...(environment ? { options: { environment } } : {}),
    };
    const action = {
      create: () => client!.createDatabase(wanted, creation), copy: () => client!.createDatabase(wanted, creation),
      rename: () => client!.renameDatabase(info!.name, wanted), alias: () => client!.createAlias(wanted, info!.name),
      drop: () => client!.dropDatabase(info!.name), stop: () => client!.setStatus(info!.name, 'offline'),
    }[kind];
    const done = kind === 'create' && source ? t.tasks.copy.done(wanted, source) : words.done(wanted, info?.name ?? '');
    const refusal = await administer(done, action, true);
    setBusy(false);
    setRefused(refusal);
    if (refusal) return;
    if (makes) choose(wanted.toLowerCase());
    onClose();
  };

  return (
    <Modal open onClose={onClose} title={words.title(info?.name ?? '')} description={words.description(info?.name ?? '')}>
      <form onSubmit={(event) => void submit(event)}>
        {isConfirmed && info && (
          <p className={`warning${isProduction(info) ? ' strong' : ''}`}>
            {kind === 'drop' && t.dropCounts(count(info.nodeCount), count(info.relationshipCount))}{isProduction(info) && ` ${t.isProduction}`}
          </p>
        )}
        {hasName && (
          <label className="labelled"><span>{words.field(info?.name ?? '')}</span>
            <input autoFocus className="field" spellCheck={false} autoComplete="off" maxLength={63} value={name} onChange={(event) => setName(event.target.value)} /></label>
        )}
        {hasName && <p className="muted small">{t.nameRule}</p>}
        {isConfirmed && (
          <label className="labelled"><span>{t.confirm(info!.name)}</span>
            <input autoFocus={!hasName} className="field" spellCheck={false} autoComplete="off" maxLength={63} value={confirmed} onChange={(event) => setConfirmed(event.target.value)} /></label>
        )}
        {makes && (
          <>
            <div className="pair">
              <label className="labelled"><span>{t.source}</span>
                <select className="field" value={source} onChange={(event) => setSource(event.target.value)}>
                  {kind === 'create' && <option value="">{t.emptySource}</option>}
                  {databases.filter(({ type }) => type !== 'system').map(({ name: other }) => <option key={other} value={other}>{t.copyOf(other)}</option>)}
                </select></label>
              <label className="labelled"><span>{t.menu.environment}</span>
                <input className="field" list="environments" spellCheck={false} maxLength={40} placeholder={t.menu.noEnvironment} value={environment} onChange={(event) => setEnvironment(event.target.value)} />
                <datalist id="environments"><option value="development" /><option value="staging" /><option value="production" /></datalist></label>
            </div>
            <label className="choice spaced"><input type="checkbox" checked={temporary} onChange={(event) => setTemporary(event.target.checked)} /><span>{t.makeTemporary}</span></label>
            {temporary && (
              <label className="labelled inline"><span>{t.ttl}</span>
                <input className="field" type="number" min={1} max={43_200} value={minutes} onChange={(event) => setMinutes(Math.max(1, Math.min(43_200, Math.round(Number(event.target.value)))))} /></label>
            )}
          </>
        )}
        {refused && <div className="refused"><ErrorBox title={refused.message} detail={refused.code} /></div>}
        <div className="actions">
          <button type="button" className="button quiet" onClick={onClose}>{strings.cancel}</button>
          <button type="submit" className={`button ${kind === 'drop' || kind === 'stop' ? 'danger' : 'primary'}`} disabled={!isReady || busy}>{words.submit}</button>
        </div>
      </form>
    </Modal>
  );
}
