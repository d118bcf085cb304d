// Every database with its state and sizes, and everything that can be done with one.
import { useVirtualizer } from '@tanstack/react-virtual';
import { ArchiveRestore, FileUp, Plus, Waypoints } from 'lucide-react';
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Alias, DatabaseInfo, DroppedDatabase } from '../client/types';
import { environmentOf, useApp } from '../state/app';
import { go } from '../state/route';
import { strings } from '../strings';
import { DatabaseDot, EnvironmentBadge, StateBadge, bytes, count, moment } from '../ui/parts';
import { AliasesDialog } from './AliasesDialog';
import { RowActions } from './RowActions';
import { TaskDialog, type Task } from './TaskDialog';
import { TrashDialog } from './TrashDialog';

const TransferDialog = lazy(() => import('./TransferDialog'));

const t = strings.databases;

/** What stands beside the list: read again whenever the list was. */
function useBeside(): { dropped: DroppedDatabase[]; aliases: Alias[] | null; look(): void } {
  const { client, databases } = useApp();
  const [dropped, setDropped] = useState<DroppedDatabase[]>([]);
  const [aliases, setAliases] = useState<Alias[] | null>(null);
  const asked = useRef(0);
  const hasAliases = useRef(true);
  const look = useCallback(() => {
    const round = ++asked.current;
    const keep = <T,>(set: (value: T) => void) => (value: T) => { if (round === asked.current) set(value); };
    client!.dropped().then(keep(setDropped), () => {});
    // Where there are none, there are none the next time either.
    if (hasAliases.current) {
      client!.aliases().then(keep((found: Alias[] | null) => {
        hasAliases.current = found !== null;
        setAliases(found);
      }), () => {});
    }
  }, [client]);
  useEffect(look, [look, databases]);
  return { dropped, aliases, look };
}

export function DatabasesScreen() {
  const { databases, database, choose, defaultDatabase } = useApp();
  const [filter, setFilter] = useState('');
  const [task, setTask] = useState<Task>(null);
  const { dropped, aliases, look } = useBeside();
  const scroller = useRef<HTMLDivElement>(null);
  const shown = useMemo(() => databases.filter((info) =>
    [info.name, environmentOf(info), ...info.aliases].some((text) => text.toLowerCase().includes(filter.toLowerCase()))), [databases, filter]);
  const rows = useVirtualizer({ count: shown.length, getScrollElement: () => scroller.current, estimateSize: () => 52, overscan: 10 });
  const close = () => setTask(null);

  return (
    <div className="page databases">
      <header className="page-head">
        <div><h1>{t.title}</h1><p className="muted">{t.summary(databases.length)}</p></div>
        <input type="search" className="field" placeholder={t.filter} aria-label={t.filter} value={filter} onChange={(event) => setFilter(event.target.value)} />
        {aliases && <button type="button" className="button quiet" onClick={() => setTask({ kind: 'aliases' })}><Waypoints size={15} />{t.aliases.button(aliases.length)}</button>}
        <button type="button" className="button quiet" onClick={() => setTask({ kind: 'trash' })}><ArchiveRestore size={15} />{t.trash.button(dropped.length)}</button>
        <button type="button" className="button quiet" onClick={() => setTask({ kind: 'restore' })}><FileUp size={15} />{t.restore}</button>
        <button type="button" className="button primary" onClick={() => setTask({ kind: 'create' })}><Plus size={15} />{t.create}</button>
      </header>
      <div className="list" role="table" aria-label={t.title} aria-rowcount={shown.length + 1}>
        <div className="list-head" role="row">
          {[t.columns.name, t.columns.state, t.columns.nodes, t.columns.relationships, t.columns.store, t.columns.memory, ''].map((column, at) => (
            <span key={at} role="columnheader" className={at >= 2 && at <= 5 ? 'number' : ''}>{column}</span>
          ))}
        </div>
        <div ref={scroller} className="list-rows">
          <div style={{ height: rows.getTotalSize(), position: 'relative' }}>
            {rows.getVirtualItems().map((row) => {
              const info = shown[row.index];
              return (
                <div key={info.name} role="row" aria-rowindex={row.index + 2} className={`list-row${info.name === database ? ' current' : ''}`} style={{ position: 'absolute', top: row.start, height: row.size, left: 0, right: 0 }}>
                  <NameCell info={info} isDefault={info.name === defaultDatabase} onOpen={() => { choose(info.name); go({ screen: 'query', database: info.name }); }} />
                  <span role="cell"><StateBadge info={info} /></span>
                  <span role="cell" className="number">{count(info.nodeCount)}</span>
                  <span role="cell" className="number">{count(info.relationshipCount)}</span>
                  <span role="cell" className="number">{bytes(info.storeBytes)}</span>
                  <span role="cell" className="number">{bytes(info.memoryBytes)}</span>
                  <span role="cell" className="row-actions"><RowActions info={info} hasAliases={aliases !== null} onTask={setTask} /></span>
                </div>
              );
            })}
          </div>
          {shown.length === 0 && <p className="padded muted">{strings.nothingFound}</p>}
        </div>
      </div>
      {task && 'words' in task && <TaskDialog key={task.words + (task.info?.name ?? '')} task={task} aliases={aliases ?? []} onClose={close} />}
      {task?.kind === 'create' && <TaskDialog task={{ kind: 'create', words: 'create', info: null }} aliases={aliases ?? []} onClose={close} />}
      {task?.kind === 'trash' && <TrashDialog dropped={dropped} onChange={look} onClose={close} />}
      {task?.kind === 'aliases' && aliases && <AliasesDialog aliases={aliases} onClose={close} />}
      {task && (task.kind === 'download' || task.kind === 'send' || task.kind === 'restore') && (
        <Suspense fallback={null}><TransferDialog task={task} onClose={close} /></Suspense>
      )}
    </div>
  );
}

function NameCell({ info, isDefault, onOpen }: { info: DatabaseInfo; isDefault: boolean; onOpen(): void }) {
  return (
    <span role="cell" className="name-cell">
      <DatabaseDot name={info.name} />
      <button type="button" className="link strong" title={info.parent ? t.copyOf(info.parent) : undefined} onClick={onOpen}>{info.name}</button>
      {isDefault && <span className="badge quiet">{t.isDefault}</span>}
      {info.type === 'system' && <span className="badge quiet">{t.isSystem}</span>}
      {info.temporary && <span className="badge quiet" title={info.expiresAt ? t.expires(moment(info.expiresAt)) : undefined}>{t.temporary}</span>}
      {info.access === 'read-only' && <span className="badge warn">{t.readOnly}</span>}
      <EnvironmentBadge info={info} />
      {info.aliases.map((alias) => <span key={alias} className="badge quiet">{alias}</span>)}
    </span>
  );
}
