// Users, roles and privileges, as the instance lists them.
import type { NexusClient } from '../client/types';
import type { PrivilegeRow } from './privileges';

export interface UserInfo {
  name: string;
  roles: string[];
  mustChangePassword: boolean;
  isSuspended: boolean;
  home: string | null;
}

const on = { database: 'system' };

export async function loadUsers(client: NexusClient): Promise<UserInfo[]> {
  const { rows } = await client.run('SHOW USERS YIELD user, roles, passwordChangeRequired, suspended, home', on);
  return rows.map(([name, roles, must, suspended, home]) => ({
    name: name as string, roles: (roles as string[]).filter((role) => role !== 'PUBLIC'), mustChangePassword: must as boolean, isSuspended: suspended as boolean, home: home as string | null,
  }));
}

export async function loadRoles(client: NexusClient): Promise<string[]> {
  const { rows } = await client.run('SHOW ROLES YIELD role', on);
  return rows.map(([role]) => role as string);
}

const privilegeRows = (rows: unknown[][]): PrivilegeRow[] =>
  rows.map(([access, action, graph, role]) => ({ access, action, graph, role }) as PrivilegeRow);
const columns = 'YIELD access, action, graph, role';

export async function loadRolePrivileges(client: NexusClient, role: string): Promise<{ rows: PrivilegeRow[]; commands: string[]; revokes: string[] }> {
  const parameters = { role };
  const { rows } = await client.run(`SHOW ROLE $role PRIVILEGES ${columns}`, { ...on, parameters });
  const texts = async (form: string) => (await client.run(`SHOW ROLE $role PRIVILEGES ${form}`, { ...on, parameters })).rows.map(([command]) => command as string);
  return { rows: privilegeRows(rows), commands: await texts('AS COMMANDS'), revokes: await texts('AS REVOKE COMMANDS') };
}

export async function loadUserPrivileges(client: NexusClient, user: string): Promise<PrivilegeRow[]> {
  const { rows } = await client.run(`SHOW USER $user PRIVILEGES ${columns}`, { ...on, parameters: { user } });
  return privilegeRows(rows);
}

/** Administration, a statement after the other. */
export async function administerAccess(client: NexusClient, statements: string[], parameters: Record<string, unknown> = {}): Promise<void> {
  for (const statement of statements) await client.run(statement, { ...on, parameters });
}
