// What is asked before a user is made, changed or dropped. Passwords go as parameters, never as text.
import { useState, type FormEvent } from 'react';
import { quote, type ClientError } from '../client/types';
import { administer, useApp } from '../state/app';
import { strings } from '../strings';
import { ErrorBox, Modal } from '../ui/parts';
import { administerAccess, type UserInfo } from './load-access';

export type UserTask = { kind: 'create'; user: null } | { kind: 'edit' | 'password' | 'rename' | 'drop'; user: UserInfo };

const t = strings.access.users;
const letters = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';

function makePassword(): string {
  const bytes = crypto.getRandomValues(new Uint32Array(20));
  return Array.from(bytes, (byte) => letters[byte % letters.length]).join('');
}

export function UserDialog({ task: { kind, user }, roles, onChange, onClose }: { task: UserTask; roles: string[]; onChange(): Promise<void>; onClose(): void }) {
  const { client, databases } = useApp();
  const [name, setName] = useState(kind === 'rename' ? user.name : '');
  const [password, setPassword] = useState('');
  const [mustChange, setMustChange] = useState(true);
  const [home, setHome] = useState(user?.home ?? '');
  const [chosen, setChosen] = useState<string[]>(user?.roles ?? []);
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<ClientError | null>(null);
  const words = t.tasks[kind];
  const hasName = kind === 'create' || kind === 'rename' || kind === 'drop';
  const hasPassword = kind === 'create' || kind === 'password';
  const hasRoles = kind === 'create' || kind === 'edit';
  const isReady = (!hasName || (kind === 'drop' ? name === user.name : name.trim() !== '' && name.trim() !== user?.name)) && (!hasPassword || password.length >= 8);

  const statements = (): string[] => {
    const who = quote(kind === 'create' ? name.trim() : user!.name);
    const must = `CHANGE ${mustChange ? '' : 'NOT '}REQUIRED`;
    const grants = chosen.filter((role) => !user?.roles.includes(role)).map((role) => `GRANT ROLE ${quote(role)} TO ${who}`);
    const revokes = (user?.roles ?? []).filter((role) => !chosen.includes(role)).map((role) => `REVOKE ROLE ${quote(role)} FROM ${who}`);
    const homes = home === (user?.home ?? '') ? [] : [home === '' ? `ALTER USER ${who} REMOVE HOME DATABASE` : `ALTER USER ${who} SET HOME DATABASE ${quote(home)}`];
    switch (kind) {
      case 'create': return [`CREATE USER ${who} SET PASSWORD $password ${must}${home === '' ? '' : ` SET HOME DATABASE ${quote(home)}`}`, ...grants];
      case 'edit': return [...homes, ...revokes, ...grants];
      case 'password': return [`ALTER USER ${who} SET PASSWORD $password ${must}`];
      case 'rename': return [`RENAME USER ${who} TO ${quote(name.trim())}`];
      case 'drop': return [`DROP USER ${who}`];
    }
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!isReady || busy) return;
    setBusy(true);
    const refusal = await administer(words.done(user?.name ?? name.trim(), name.trim()), () => administerAccess(client!, statements(), hasPassword ? { password } : {}), true);
    await onChange();
    setBusy(false);
    setRefused(refusal);
    if (!refusal) onClose();
  };

  return (
    <Modal open onClose={onClose} title={words.title(user?.name ?? '')} description={words.description}>
      <form onSubmit={(event) => void submit(event)}>
        {hasName && (
          <label className="labelled"><span>{kind === 'drop' ? t.confirm(user.name) : t.columns.name}</span>
            <input autoFocus className="field" spellCheck={false} autoComplete="off" maxLength={128} value={name} onChange={(event) => setName(event.target.value)} /></label>
        )}
        {hasPassword && (
          <>
            <div className="row password">
              <label className="labelled"><span>{t.password}</span>
                <input autoFocus={kind === 'password'} className="field" spellCheck={false} autoComplete="new-password" maxLength={1024} value={password} onChange={(event) => setPassword(event.target.value)} /></label>
              <button type="button" className="button quiet" onClick={() => setPassword(makePassword())}>{t.generate}</button>
            </div>
            <p className="muted small">{t.passwordRule}</p>
            <label className="choice spaced"><input type="checkbox" checked={mustChange} onChange={(event) => setMustChange(event.target.checked)} /><span>{t.askChange}</span></label>
          </>
        )}
        {hasRoles && (
          <>
            <label className="labelled"><span>{t.columns.home}</span>
              <input className="field" list="homes" spellCheck={false} maxLength={63} placeholder={t.noHome} value={home} onChange={(event) => setHome(event.target.value.trim())} />
              <datalist id="homes">{databases.filter(({ type }) => type !== 'system').slice(0, 200).map(({ name: one }) => <option key={one} value={one} />)}</datalist></label>
            <fieldset className="labelled role-choices"><legend className="small muted">{t.columns.roles}</legend>
              {roles.filter((role) => role !== 'PUBLIC').map((role) => (
                <label key={role} className="choice"><input type="checkbox" checked={chosen.includes(role)}
                  onChange={(event) => setChosen(event.target.checked ? [...chosen, role] : chosen.filter((one) => one !== role))} /><span>{role}</span></label>
              ))}
            </fieldset>
          </>
        )}
        {refused && <div className="refused"><ErrorBox title={refused.message} detail={refused.code} /></div>}
        <div className="actions">
          <button type="button" className="button quiet" onClick={onClose}>{strings.cancel}</button>
          <button type="submit" className={`button ${kind === 'drop' ? 'danger' : 'primary'}`} disabled={!isReady || busy}>{words.submit}</button>
        </div>
      </form>
    </Modal>
  );
}
