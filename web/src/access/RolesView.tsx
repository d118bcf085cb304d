// The roles, and what the chosen one may do where.
import { useVirtualizer } from '@tanstack/react-virtual';
import { Check, Minus, Plus, Trash2, X } from 'lucide-react';
import { useCallback, useEffect, useMemo, useRef, useState, type FormEvent } from 'react';
import { quote, type ClientError } from '../client/types';
import { administer, asError, useApp } from '../state/app';
import { strings } from '../strings';
import { ErrorBox, Hint, IconButton, Modal } from '../ui/parts';
import { administerAccess, loadRolePrivileges, type UserInfo } from './load-access';
import { capabilities, change, everywhere, home, matrixOf, type Capability, type Place, type Said } from './privileges';

const t = strings.access.roles;
const builtIn = 'PUBLIC';

type Loaded = Awaited<ReturnType<typeof loadRolePrivileges>>;
type RoleTask = { kind: 'create' } | { kind: 'rename' | 'drop'; role: string };

export function RolesView({ roles, users, onChange }: { roles: string[]; users: UserInfo[]; onChange(): Promise<void> }) {
  const [chosen, setChosen] = useState(roles.find((role) => role !== builtIn) ?? builtIn);
  const [task, setTask] = useState<RoleTask | null>(null);
  const role = roles.includes(chosen) ? chosen : builtIn;
  const members = (name: string) => (name === builtIn ? users.length : users.filter((user) => user.roles.includes(name)).length);
  return (
    <div className="roles">
      <div className="roles-list">
        <ul aria-label={t.list}>
          {roles.map((name) => (
            <li key={name}><button type="button" className="role" aria-pressed={name === role} onClick={() => setChosen(name)}>
              <span>{name}</span><span className="muted small">{t.members(members(name))}</span></button></li>
          ))}
        </ul>
        <button type="button" className="button quiet" onClick={() => setTask({ kind: 'create' })}><Plus size={15} />{t.create}</button>
      </div>
      <RolePrivileges key={role} role={role} onTask={setTask} />
      {task && <RoleDialog task={task} roles={roles} onClose={() => setTask(null)} onDone={async (made) => { await onChange(); if (made) setChosen(made); }} />}
    </div>
  );
}

function RolePrivileges({ role, onTask }: { role: string; onTask(task: RoleTask): void }) {
  const { client, databases } = useApp();
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const [error, setError] = useState<ClientError | null>(null);
  const [filter, setFilter] = useState('');
  const scroller = useRef<HTMLDivElement>(null);
  const look = useCallback(() => loadRolePrivileges(client!, role).then(setLoaded, (failure) => setError(asError(failure))), [client, role]);
  useEffect(() => { void look(); }, [look]);
  const matrix = useMemo(() => matrixOf(loaded?.rows ?? []), [loaded]);
  const places = useMemo<Place[]>(() => [everywhere, home, ...databases.filter(({ name, type }) => type !== 'system' && name.includes(filter.toLowerCase())).map(({ name }) => name)], [databases, filter]);
  const rows = useVirtualizer({ count: places.length, getScrollElement: () => scroller.current, estimateSize: () => 38, overscan: 12 });
  if (error) return <ErrorBox title={error.message} detail={error.code} />;
  const run = async (done: string, statements: string[]) => {
    await administer(done, () => administerAccess(client!, statements));
    await look();
  };
  const placeName = (place: Place) => (place === everywhere ? t.everywhere : place === home ? t.home : place);
  const cell = (place: Place, capability: Capability) => {
    const said: Said = matrix.get(place)?.[capability] ?? 'nothing';
    const inherited: Said = said === 'nothing' && place !== everywhere ? matrix.get(everywhere)?.[capability] ?? 'nothing' : 'nothing';
    const { statements } = change(role, capability, place, said);
    const shown = said === 'nothing' ? inherited : said;
    const label = t.cell(t.capabilities[capability], placeName(place), said === 'nothing' && inherited !== 'nothing' ? t.inherited(t.said[inherited]) : t.said[said]);
    return (
      <span key={capability} role="cell">
        <Hint text={statements.join('; ')}>
          <button type="button" className={`cell ${shown}${said === 'nothing' ? ' inherited' : ''}`} aria-label={label} onClick={() => void run(t.changed(role), statements)}>
            {shown === 'granted' ? <Check size={15} /> : shown === 'denied' ? <X size={15} /> : <Minus size={13} />}
          </button>
        </Hint>
      </span>
    );
  };
  return (
    <section className="role-privileges" aria-label={role}>
      <div className="row access-bar">
        <h2>{role}</h2>
        <span className="spring" />
        <input type="search" className="field" placeholder={t.filter} aria-label={t.filter} value={filter} onChange={(event) => setFilter(event.target.value)} />
        {role !== builtIn && <button type="button" className="button quiet" onClick={() => onTask({ kind: 'rename', role })}>{t.rename}</button>}
        {role !== builtIn && <button type="button" className="button quiet" onClick={() => onTask({ kind: 'drop', role })}>{t.drop}</button>}
      </div>
      <div className="matrix" role="table" aria-label={t.matrix(role)} aria-rowcount={places.length + 1}>
        <div className="matrix-row head" role="row">
          <span role="columnheader">{t.place}</span>
          {capabilities.map((capability) => <span key={capability} role="columnheader">{t.capabilities[capability]}</span>)}
        </div>
        <div ref={scroller} className="matrix-rows">
          <div style={{ height: rows.getTotalSize(), position: 'relative' }}>
            {rows.getVirtualItems().map((row) => (
              <div key={places[row.index]} role="row" aria-rowindex={row.index + 2} className="matrix-row" style={{ position: 'absolute', top: row.start, height: row.size, left: 0, right: 0 }}>
                <span role="rowheader" className={row.index < 2 ? 'strong' : ''}>{placeName(places[row.index])}</span>
                {capabilities.map((capability) => cell(places[row.index], capability))}
              </div>
            ))}
          </div>
        </div>
      </div>
      <details className="commands">
        <summary>{t.commands(loaded?.commands.length ?? 0)}</summary>
        <table className="plain">
          <tbody>
            {loaded?.commands.map((command, at) => (
              <tr key={command}><td className="code wraps">{command}</td>
                <td className="number"><IconButton label={t.revoke(command)} onClick={() => void run(t.changed(role), [loaded.revokes[at]])}><Trash2 size={14} /></IconButton></td></tr>
            ))}
          </tbody>
        </table>
      </details>
    </section>
  );
}

function RoleDialog({ task, roles, onClose, onDone }: { task: RoleTask; roles: string[]; onClose(): void; onDone(made: string | null): Promise<void> }) {
  const client = useApp((app) => app.client)!;
  const [name, setName] = useState(task.kind === 'rename' ? task.role : '');
  const [source, setSource] = useState('');
  const [refused, setRefused] = useState<ClientError | null>(null);
  const words = t.tasks[task.kind];
  const old = task.kind === 'create' ? '' : task.role;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const statement = task.kind === 'create' ? `CREATE ROLE ${quote(name.trim())}${source ? ` AS COPY OF ${quote(source)}` : ''}`
      : task.kind === 'rename' ? `RENAME ROLE ${quote(old)} TO ${quote(name.trim())}` : `DROP ROLE ${quote(old)}`;
    const refusal = await administer(words.done(old || name.trim(), name.trim()), () => administerAccess(client, [statement]), true);
    setRefused(refusal);
    if (refusal) return;
    await onDone(task.kind === 'drop' ? null : name.trim());
    onClose();
  };
  return (
    <Modal open onClose={onClose} title={words.title(old)} description={words.description}>
      <form onSubmit={(event) => void submit(event)}>
        {task.kind !== 'drop' && (
          <label className="labelled"><span>{t.name}</span>
            <input autoFocus className="field" spellCheck={false} autoComplete="off" maxLength={128} value={name} onChange={(event) => setName(event.target.value)} /></label>
        )}
        {task.kind === 'create' && (
          <label className="labelled"><span>{t.source}</span>
            <select className="field" value={source} onChange={(event) => setSource(event.target.value)}>
              <option value="">{t.noSource}</option>
              {roles.map((role) => <option key={role} value={role}>{role}</option>)}
            </select></label>
        )}
        {refused && <div className="refused"><ErrorBox title={refused.message} detail={refused.code} /></div>}
        <div className="actions">
          <button type="button" className="button quiet" onClick={onClose}>{strings.cancel}</button>
          <button type="submit" className={`button ${task.kind === 'drop' ? 'danger' : 'primary'}`} disabled={task.kind !== 'drop' && (name.trim() === '' || name.trim() === old)}>{words.submit}</button>
        </div>
      </form>
    </Modal>
  );
}
