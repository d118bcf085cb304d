// Every database with its state and sizes, and everything that can be done with one.
import { DropdownMenu } from 'radix-ui';
import { useVirtualizer } from '@tanstack/react-virtual';
import { Copy, Lock, MoreHorizontal, Pencil, Play, Plus, Square, Tag, Trash2, Unlock, Waypoints } from 'lucide-react';
import { useMemo, useRef, useState, type FormEvent } from 'react';
import type { ClientError, DatabaseInfo } from '../client/types';
import { administer, useApp } from '../state/app';
import { setEnvironment, useEnvironments, type Environment } from '../state/kept';
import { go } from '../state/route';
import { strings } from '../strings';
import { DatabaseDot, ErrorBox, IconButton, Modal, StateBadge, bytes, count } from '../ui/parts';

type Task =
  | { kind: 'create' } | { kind: 'copy' | 'rename' | 'alias' | 'drop'; info: DatabaseInfo } | null;

const t = strings.databases;
const environments: Environment[] = ['', 'dev', 'staging', 'prod'];

export function DatabasesScreen() {
  const { client, databases, database, choose, defaultDatabase } = useApp();
  const [filter, setFilter] = useState('');
  const [task, setTask] = useState<Task>(null);
  const labels = useEnvironments(client!.key);
  const scroller = useRef<HTMLDivElement>(null);
  const shown = useMemo(() => databases.filter(({ name, aliases }) =>
    [name, ...aliases].some((text) => text.toLowerCase().includes(filter.toLowerCase()))), [databases, filter]);
  const rows = useVirtualizer({ count: shown.length, getScrollElement: () => scroller.current, estimateSize: () => 52, overscan: 10 });

  return (
    <div className="page databases">
      <header className="page-head">
        <div><h1>{t.title}</h1><p className="muted">{t.summary(databases.length)}</p></div>
        <input type="search" className="field" placeholder={t.filter} aria-label={t.filter} value={filter} onChange={(event) => setFilter(event.target.value)} />
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
                <div key={info.name} role="row" className={`list-row${info.name === database ? ' current' : ''}`} style={{ position: 'absolute', top: row.start, height: row.size, left: 0, right: 0 }}>
                  <span role="cell" className="name-cell">
                    <DatabaseDot name={info.name} />
                    <button type="button" className="link strong" onClick={() => { choose(info.name); go({ screen: 'query', database: info.name }); }}>{info.name}</button>
                    {info.name === defaultDatabase && <span className="badge quiet">{t.isDefault}</span>}
                    {info.type === 'system' && <span className="badge quiet">{t.isSystem}</span>}
                    {info.access === 'read-only' && <span className="badge warn">{t.readOnly}</span>}
                    {labels[info.name] && <span className={`badge env-${labels[info.name]}`}>{labels[info.name]}</span>}
                    {info.aliases.map((alias) => <span key={alias} className="badge quiet">{alias}</span>)}
                  </span>
                  <span role="cell"><StateBadge info={info} /></span>
                  <span role="cell" className="number">{count(info.nodeCount)}</span>
                  <span role="cell" className="number">{count(info.relationshipCount)}</span>
                  <span role="cell" className="number">{bytes(info.storeBytes)}</span>
                  <span role="cell" className="number">{bytes(info.memoryBytes)}</span>
                  <span role="cell" className="row-actions"><Actions info={info} onTask={setTask} environment={labels[info.name] ?? ''} /></span>
                </div>
              );
            })}
          </div>
        </div>
      </div>
      <TaskDialog key={task ? task.kind + ('info' in task ? task.info.name : '') : 'none'} task={task} environments={labels} onClose={() => setTask(null)} />
    </div>
  );
}

function Actions({ info, environment, onTask }: { info: DatabaseInfo; environment: Environment; onTask(task: Task): void }) {
  const client = useApp((app) => app.client)!;
  const isOnline = info.requestedStatus === 'online';
  const isReadOnly = info.access === 'read-only';
  const isSystem = info.type === 'system';
  return (
    <>
      {!isSystem && (
        <IconButton label={isOnline ? t.stop(info.name) : t.start(info.name)}
          onClick={() => void administer(isOnline ? t.stopped(info.name) : t.started(info.name), () => client.setStatus(info.name, isOnline ? 'offline' : 'online'))}>
          {isOnline ? <Square size={14} /> : <Play size={14} />}
        </IconButton>
      )}
      <DropdownMenu.Root>
        <DropdownMenu.Trigger asChild>
          <button type="button" className="icon-button" aria-label={t.actions(info.name)}><MoreHorizontal size={16} /></button>
        </DropdownMenu.Trigger>
        <DropdownMenu.Portal>
          <DropdownMenu.Content className="menu" align="end" sideOffset={4} collisionPadding={8}>
            <DropdownMenu.Item onSelect={() => onTask({ kind: 'copy', info })} disabled={isSystem}><Copy size={14} />{t.menu.copy}</DropdownMenu.Item>
            <DropdownMenu.Item onSelect={() => onTask({ kind: 'rename', info })} disabled={isSystem}><Pencil size={14} />{t.menu.rename}</DropdownMenu.Item>
            <DropdownMenu.Item onSelect={() => onTask({ kind: 'alias', info })} disabled={isSystem}><Waypoints size={14} />{t.menu.alias}</DropdownMenu.Item>
            <DropdownMenu.Item disabled={isSystem} onSelect={() => void administer(isReadOnly ? t.madeWritable(info.name) : t.madeReadOnly(info.name),
              () => client.setAccess(info.name, isReadOnly ? 'read-write' : 'read-only'))}>
              {isReadOnly ? <Unlock size={14} /> : <Lock size={14} />}{isReadOnly ? t.menu.writable : t.menu.readOnly}
            </DropdownMenu.Item>
            <DropdownMenu.Sub>
              <DropdownMenu.SubTrigger><Tag size={14} />{t.menu.environment}</DropdownMenu.SubTrigger>
              <DropdownMenu.Portal>
                <DropdownMenu.SubContent className="menu">
                  <DropdownMenu.RadioGroup value={environment} onValueChange={(next) => setEnvironment(client.key, info.name, next as Environment)}>
                    {environments.map((name) => <DropdownMenu.RadioItem key={name} value={name}>{name || t.menu.noEnvironment}</DropdownMenu.RadioItem>)}
                  </DropdownMenu.RadioGroup>
                </DropdownMenu.SubContent>
              </DropdownMenu.Portal>
            </DropdownMenu.Sub>
            <DropdownMenu.Separator />
            <DropdownMenu.Item className="danger" onSelect={() => onTask({ kind: 'drop', info })} disabled={isSystem}><Trash2 size={14} />{t.menu.drop}</DropdownMenu.Item>
          </DropdownMenu.Content>
        </DropdownMenu.Portal>
      </DropdownMenu.Root>
    </>
  );
}

function TaskDialog({ task, environments: labels, onClose }: { task: Task; environments: Record<string, Environment>; onClose(): void }) {
  const { client, choose } = useApp();
  const info = task && 'info' in task ? task.info : null;
  const [name, setName] = useState(task?.kind === 'copy' ? `${info!.name}-copy` : task?.kind === 'rename' ? info!.name : '');
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<ClientError | null>(null);
  const kind = task?.kind ?? 'create';
  const words = t.tasks[kind];
  const isReady = kind === 'drop' ? name === info?.name : name.trim() !== '' && name !== info?.name;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!isReady || busy) return;
    setBusy(true);
    const wanted = name.trim();
    const action = {
      create: () => client!.createDatabase(wanted),
      copy: () => client!.createDatabase(wanted, { copyOf: info!.name }),
      rename: () => client!.renameDatabase(info!.name, wanted),
      alias: () => client!.createAlias(wanted, info!.name),
      drop: () => client!.dropDatabase(info!.name),
    }[kind];
    const refusal = await administer(words.done(wanted, info?.name ?? ''), action, true);
    setBusy(false);
    setRefused(refusal);
    if (refusal) return;
    if (kind === 'create' || kind === 'copy') choose(wanted.toLowerCase());
    onClose();
  };

  return (
    <Modal open={task !== null} onClose={onClose} title={words.title(info?.name ?? '')} description={words.description(info?.name ?? '')}>
      <form onSubmit={(event) => void submit(event)}>
        {kind === 'drop' && info && (
          <p className={`warning${labels[info.name] === 'prod' ? ' strong' : ''}`}>
            {t.dropCounts(count(info.nodeCount), count(info.relationshipCount))}{labels[info.name] === 'prod' && ` ${t.dropProduction}`}
          </p>
        )}
        <label className="labelled">
          <span>{words.field(info?.name ?? '')}</span>
          <input autoFocus className="field" spellCheck={false} autoComplete="off" maxLength={63} value={name} onChange={(event) => setName(event.target.value)} />
        </label>
        {kind !== 'drop' && <p className="muted small">{t.nameRule}</p>}
        {refused && <div className="refused"><ErrorBox title={refused.message} detail={refused.code} /></div>}
        <div className="actions">
          <button type="button" className="button quiet" onClick={onClose}>{strings.cancel}</button>
          <button type="submit" className={`button ${kind === 'drop' ? 'danger' : 'primary'}`} disabled={!isReady || busy}>{words.submit}</button>
        </div>
      </form>
    </Modal>
  );
}
