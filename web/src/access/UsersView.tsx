// The users: a table, and what can be done with one.
import { DropdownMenu } from 'radix-ui';
import { MoreHorizontal, Plus } from 'lucide-react';
import { useState } from 'react';
import { quote } from '../client/types';
import { administer, useApp } from '../state/app';
import { strings } from '../strings';
import { administerAccess, type UserInfo } from './load-access';
import { UserDialog, type UserTask } from './UserDialog';

const t = strings.access.users;

export function UsersView({ users, roles, onChange }: { users: UserInfo[]; roles: string[]; onChange(): Promise<void> }) {
  const client = useApp((app) => app.client)!;
  const [filter, setFilter] = useState('');
  const [task, setTask] = useState<UserTask | null>(null);
  const shown = users.filter(({ name, roles: of }) => [name, ...of].some((text) => text.toLowerCase().includes(filter.toLowerCase())));
  const act = async (done: string, statement: string) => {
    await administer(done, () => administerAccess(client, [statement]));
    await onChange();
  };
  return (
    <>
      <div className="row access-bar">
        <input type="search" className="field" placeholder={t.filter} aria-label={t.filter} value={filter} onChange={(event) => setFilter(event.target.value)} />
        <span className="spring" />
        <button type="button" className="button primary" onClick={() => setTask({ kind: 'create', user: null })}><Plus size={15} />{t.create}</button>
      </div>
      {users.length === 0 ? <p className="padded muted">{t.empty}</p> : (
        <table className="plain">
          <thead><tr><th>{t.columns.name}</th><th>{t.columns.roles}</th><th>{t.columns.home}</th><th>{t.columns.state}</th><th /></tr></thead>
          <tbody>
            {shown.map((user) => (
              <tr key={user.name}>
                <th scope="row">{user.name}</th>
                <td className="wraps">{user.roles.map((role) => <span key={role} className="badge">{role}</span>)}</td>
                <td>{user.home ?? <span className="muted">{t.noHome}</span>}</td>
                <td>
                  {user.isSuspended ? <span className="badge bad">{t.suspended}</span> : <span className="badge good">{t.active}</span>}
                  {user.mustChangePassword && <span className="badge warn">{t.mustChange}</span>}
                </td>
                <td className="number">
                  <DropdownMenu.Root>
                    <DropdownMenu.Trigger asChild>
                      <button type="button" className="icon-button" aria-label={t.actions(user.name)}><MoreHorizontal size={16} /></button>
                    </DropdownMenu.Trigger>
                    <DropdownMenu.Portal>
                      <DropdownMenu.Content className="menu" align="end" sideOffset={4} collisionPadding={8}>
                        <DropdownMenu.Item onSelect={() => setTask({ kind: 'edit', user })}>{t.menu.edit}</DropdownMenu.Item>
                        <DropdownMenu.Item onSelect={() => setTask({ kind: 'password', user })}>{t.menu.password}</DropdownMenu.Item>
                        <DropdownMenu.Item onSelect={() => setTask({ kind: 'rename', user })}>{t.menu.rename}</DropdownMenu.Item>
                        <DropdownMenu.Item onSelect={() => void act(user.isSuspended ? t.activated(user.name) : t.wasSuspended(user.name),
                          `ALTER USER ${quote(user.name)} SET STATUS ${user.isSuspended ? 'ACTIVE' : 'SUSPENDED'}`)}>
                          {user.isSuspended ? t.menu.activate : t.menu.suspend}
                        </DropdownMenu.Item>
                        <DropdownMenu.Separator />
                        <DropdownMenu.Item className="danger" onSelect={() => setTask({ kind: 'drop', user })}>{t.menu.drop}</DropdownMenu.Item>
                      </DropdownMenu.Content>
                    </DropdownMenu.Portal>
                  </DropdownMenu.Root>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {users.length > 0 && shown.length === 0 && <p className="padded muted">{strings.nothingFound}</p>}
      {task && <UserDialog task={task} roles={roles} onChange={onChange} onClose={() => setTask(null)} />}
    </>
  );
}
