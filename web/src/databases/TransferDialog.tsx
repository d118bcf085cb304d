// A database to a file and back, and between a server and this browser.
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { browserClient, canKeepDatabases } from '../client/browser';
import { ServerClient } from '../client/server';
import { ClientError, type NexusClient } from '../client/types';
import { asError, useApp } from '../state/app';
import { strings } from '../strings';
import { createFrom, fileOf, kindOf, piecesOf, readGraph, type Counts } from '../transfer/graph';
import { download } from '../ui/download';
import { ErrorBox, Modal, bytes, count } from '../ui/parts';
import type { TransferTask } from './TaskDialog';

const t = strings.transfer;

interface Progress {
  text: string;
  /** Of one; null: nobody knows how much there is. */
  part: number | null;
}

export default function TransferDialog({ task, onClose }: { task: TransferTask; onClose(): void }) {
  const { client, info: backend, refresh, choose, tell } = useApp();
  const info = 'info' in task ? task.info : null;
  const toBrowser = task.kind === 'send' && client!.kind === 'server';
  const toServer = task.kind === 'send' && client!.kind === 'browser';
  const [name, setName] = useState(info?.name ?? '');
  const [file, setFile] = useState<File | null>(null);
  const [asDump, setAsDump] = useState(true);
  const [login, setLogin] = useState({ url: '', user: '', password: '' });
  const [progress, setProgress] = useState<Progress | null>(null);
  const [refused, setRefused] = useState<ClientError | null>(null);
  const control = useRef<AbortController | null>(null);
  useEffect(() => () => control.current?.abort(), []);

  const total = info ? info.nodeCount + info.relationshipCount : 0;
  const counted = ({ nodes, relationships }: Counts) =>
    setProgress({ text: t.counted(count(nodes), count(relationships)), part: total > 0 ? Math.min(1, (nodes + relationships) / total) : null });
  const sized = (all: number | null) => (now: number) => setProgress({ text: t.sized(bytes(now)), part: all ? Math.min(1, now / all) : null });

  const save = async (signal: AbortSignal) => {
    const blob = asDump ? await client!.dump(info!.name, signal, sized(null)) : await fileOf(readGraph(client!, info!.name, signal), counted);
    download(`${info!.name}.${asDump ? 'nexusdump' : 'nexusgraph'}`, blob.type || 'application/gzip', blob);
    tell('done', t.saved(info!.name, bytes(blob.size)));
  };
  const send = async (signal: AbortSignal) => {
    const target: NexusClient = toBrowser ? await browserClient()
      : new ServerClient(login.url.trim().replace(location.origin, ''), login.user ? { user: login.user, password: login.password } : undefined);
    try {
      const made = await createFrom(target, name.trim(), readGraph(client!, info!.name, signal), signal, counted);
      tell('done', t.sent(name.trim(), toBrowser ? strings.connection.browser : (await target.info()).place, count(made.nodes), count(made.relationships)));
    } finally {
      await target.close().catch(() => {});
    }
  };
  const restore = async (signal: AbortSignal) => {
    const kind = await kindOf(file!);
    const wanted = name.trim();
    if (kind === null) throw new ClientError(t.notOurs, 'InvalidRequest');
    if (kind === 'graph') await createFrom(client!, wanted, piecesOf(file!), signal, counted);
    else {
      const most = backend?.dumpBytesMax ?? null;
      if (most !== null && file!.size > most) throw new ClientError(t.dumpTooLarge(bytes(file!.size), bytes(most)), 'LimitExceeded');
      await client!.restore(wanted, file!, signal, sized(file!.size));
    }
    tell('done', t.restored(wanted));
    await refresh();
    choose(wanted.toLowerCase());
  };
  const start = async (event: FormEvent) => {
    event.preventDefault();
    if (control.current) return;
    const mine = new AbortController();
    control.current = mine;
    setRefused(null);
    setProgress({ text: t.begins, part: null });
    try {
      await { download: save, send, restore }[task.kind](mine.signal);
      if (!mine.signal.aborted) onClose();
    } catch (error) {
      if (!mine.signal.aborted) setRefused(asError(error));
    } finally {
      control.current = null;
      setProgress(null);
      void refresh();
    }
  };
  const words = t[task.kind === 'send' ? (toBrowser ? 'toBrowser' : 'toServer') : task.kind];
  const needsName = task.kind !== 'download';
  const isReady = (!needsName || name.trim() !== '') && (task.kind !== 'restore' || file !== null) && (!toBrowser || canKeepDatabases);
  return (
    <Modal open onClose={onClose} title={words.title(info?.name ?? '')} description={words.description}>
      <form onSubmit={(event) => void start(event)}>
        <fieldset className="bare" disabled={progress !== null}>
          {task.kind === 'restore' && (
            <label className="labelled"><span>{t.file}</span>
              <input type="file" className="field file" accept=".nexusdump,.nexusgraph" onChange={(event) => {
                const chosen = event.target.files?.[0] ?? null;
                setFile(chosen);
                setRefused(null);
                if (chosen && name === '') setName(chosen.name.replace(/\.[^.]*$/, '').toLowerCase().replace(/[^a-z0-9.-]+/g, '-').slice(0, 63));
              }} /></label>
          )}
          {task.kind === 'download' && (
            <div className="choices" role="radiogroup" aria-label={t.kind}>
              <label className="choice"><input type="radio" name="kind" checked={asDump} onChange={() => setAsDump(true)} /><span><strong>{t.dump}</strong> {t.dumpHint}</span></label>
              <label className="choice"><input type="radio" name="kind" checked={!asDump} onChange={() => setAsDump(false)} /><span><strong>{t.graph}</strong> {t.graphHint}</span></label>
            </div>
          )}
          {toServer && (
            <>
              <label className="labelled"><span>{strings.connection.url}</span>
                <input className="field" type="url" placeholder={location.origin} value={login.url} onChange={(event) => setLogin({ ...login, url: event.target.value })} /></label>
              <div className="pair">
                <label className="labelled"><span>{strings.connection.user}</span><input className="field" autoComplete="username" value={login.user} onChange={(event) => setLogin({ ...login, user: event.target.value })} /></label>
                <label className="labelled"><span>{strings.connection.password}</span><input className="field" type="password" autoComplete="current-password" value={login.password} onChange={(event) => setLogin({ ...login, password: event.target.value })} /></label>
              </div>
            </>
          )}
          {toBrowser && !canKeepDatabases && <p className="warning">{strings.connection.noEngine}</p>}
          {needsName && (
            <label className="labelled"><span>{t.name}</span>
              <input className="field" spellCheck={false} autoComplete="off" maxLength={63} value={name} onChange={(event) => { setName(event.target.value); setRefused(null); }} /></label>
          )}
        </fieldset>
        {progress && <div className="transfer-progress"><progress aria-label={progress.text} {...(progress.part === null ? {} : { value: progress.part })} /><span role="status" className="muted small">{progress.text}</span></div>}
        {refused && <div className="refused"><ErrorBox title={refused.message} detail={refused.code} /></div>}
        <div className="actions">
          <button type="button" className="button quiet" onClick={onClose}>{strings.cancel}</button>
          <button type="submit" className="button primary" disabled={!isReady || progress !== null}>{words.submit}</button>
        </div>
      </form>
    </Modal>
  );
}
