// Who may do what: users, roles, and what privileges come to.
import { KeyRound } from 'lucide-react';
import { Tabs } from 'radix-ui';
import { useCallback, useEffect, useState } from 'react';
import type { ClientError } from '../client/types';
import { asError, useApp } from '../state/app';
import { strings } from '../strings';
import { Empty, ErrorBox } from '../ui/parts';
import { loadRoles, loadUsers, type UserInfo } from './load-access';
import { PasswordDialog } from './PasswordDialog';
import { RolesView } from './RolesView';
import { UsersView } from './UsersView';
import { VerdictView } from './VerdictView';

const t = strings.access;

export function AccessScreen() {
  const { client, info } = useApp();
  const [users, setUsers] = useState<UserInfo[] | null>(null);
  const [roles, setRoles] = useState<string[]>([]);
  const [error, setError] = useState<ClientError | null>(null);
  const [changing, setChanging] = useState(false);
  const look = useCallback(async () => {
    try {
      const [found, names] = [await loadUsers(client!), await loadRoles(client!)];
      setRoles(names);
      setUsers(found);
      setError(null);
    } catch (failure) {
      setError(asError(failure));
    }
  }, [client]);
  useEffect(() => { void look(); }, [look]);

  const head = (
    <header className="page-head">
      <div><h1>{t.title}</h1><p className="muted">{t.signedIn(info!.user)}</p></div>
      {client!.changePassword && <button type="button" className="button quiet" onClick={() => setChanging(true)}><KeyRound size={15} />{t.password.own}</button>}
    </header>
  );
  const dialog = changing && <PasswordDialog onClose={() => setChanging(false)} />;
  if (error) {
    const isMissing = error.code === 'Neo.ClientError.Statement.UnsupportedOperationError';
    const isForbidden = error.code === 'Neo.ClientError.Security.Forbidden';
    return (
      <div className="page">
        {head}
        {isMissing ? <Empty title={t.none}><p className="muted">{t.noneHint}</p></Empty>
          : isForbidden ? <><p className="muted">{t.forbidden}</p><VerdictView users={[]} own={info!.user} /></>
            : <ErrorBox title={error.message} detail={error.code} />}
        {dialog}
      </div>
    );
  }
  if (!users) return <p className="padded muted">{strings.loading}</p>;
  return (
    <div className="page access">
      {head}
      <Tabs.Root defaultValue="users" className="access-tabs">
        <Tabs.List className="tabs" aria-label={t.title}>
          <Tabs.Trigger value="users">{t.users.tab(users.length)}</Tabs.Trigger>
          <Tabs.Trigger value="roles">{t.roles.tab(roles.length)}</Tabs.Trigger>
          <Tabs.Trigger value="verdict">{t.verdict.tab}</Tabs.Trigger>
        </Tabs.List>
        <Tabs.Content value="users"><UsersView users={users} roles={roles} onChange={look} /></Tabs.Content>
        <Tabs.Content value="roles"><RolesView roles={roles} users={users} onChange={look} /></Tabs.Content>
        <Tabs.Content value="verdict"><VerdictView users={users} own={info!.user} /></Tabs.Content>
      </Tabs.Root>
      {dialog}
    </div>
  );
}
