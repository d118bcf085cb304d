// What may somebody do on a database, and which role says so?
import { useEffect, useState } from 'react';
import type { ClientError } from '../client/types';
import { asError, useApp } from '../state/app';
import { strings } from '../strings';
import { ErrorBox } from '../ui/parts';
import { loadUserPrivileges, type UserInfo } from './load-access';
import { capabilities, verdict, type PrivilegeRow } from './privileges';

const t = strings.access.verdict;

export function VerdictView({ users, own }: { users: UserInfo[]; own: string }) {
  const { client, databases, database, defaultDatabase } = useApp();
  const [user, setUser] = useState(users[0]?.name ?? own);
  const [name, setName] = useState(database);
  const [rows, setRows] = useState<PrivilegeRow[]>([]);
  const [error, setError] = useState<ClientError | null>(null);
  useEffect(() => {
    let is = true;
    loadUserPrivileges(client!, user).then((found) => { if (is) { setRows(found); setError(null); } }, (failure) => { if (is) setError(asError(failure)); });
    return () => { is = false; };
  }, [client, user]);
  const home = users.find((one) => one.name === user)?.home ?? defaultDatabase;
  return (
    <section aria-label={t.tab}>
      <div className="pair verdict">
        <label className="labelled"><span>{t.user}</span>
          {users.length === 0 ? <input className="field" readOnly value={user} />
            : <select className="field" value={user} onChange={(event) => setUser(event.target.value)}>{users.map((one) => <option key={one.name} value={one.name}>{one.name}</option>)}</select>}
        </label>
        <label className="labelled"><span>{t.database}</span>
          <input className="field" list="places" spellCheck={false} value={name} onChange={(event) => setName(event.target.value.trim().toLowerCase())} />
          <datalist id="places">{databases.filter(({ type }) => type !== 'system').slice(0, 200).map((one) => <option key={one.name} value={one.name} />)}</datalist></label>
      </div>
      {error ? <ErrorBox title={error.message} detail={error.code} /> : (
        <table className="plain">
          <thead><tr><th>{t.what}</th><th>{t.answer}</th><th>{t.why}</th></tr></thead>
          <tbody>
            {capabilities.map((capability) => {
              const { may, grants, denials } = verdict(rows, capability, name, home);
              return (
                <tr key={capability}>
                  <th scope="row">{strings.access.roles.capabilities[capability]}</th>
                  <td><span className={`badge ${may === 'yes' ? 'good' : may === 'no' ? 'bad' : 'warn'}`}>{t.may[may]}</span></td>
                  <td className="wraps">{[grants.length > 0 && t.granted(grants.join(', ')), denials.length > 0 && t.denied(denials.join(', '))].filter(Boolean).join('; ') || t.nobody}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
    </section>
  );
}
