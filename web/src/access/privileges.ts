// What privileges come to: the matrix of a role, and what a user may do and why.

export const capabilities = ['use', 'read', 'write', 'names', 'indexes', 'constraints'] as const;
export type Capability = (typeof capabilities)[number];
export type Said = 'granted' | 'denied' | 'nothing';

/** A row of SHOW … PRIVILEGES. */
export interface PrivilegeRow {
  access: string;
  action: string;
  graph: string;
  role: string;
}

/** `*`, `HOME`, or the name of a database. */
export type Place = string;
export const everywhere: Place = '*';
export const home: Place = 'HOME';

const words: Record<Capability, { privilege: string; on: 'DATABASE' | 'GRAPH'; action: string }> = {
  use: { privilege: 'ACCESS', on: 'DATABASE', action: 'access' },
  read: { privilege: 'MATCH {*}', on: 'GRAPH', action: 'match' },
  write: { privilege: 'WRITE', on: 'GRAPH', action: 'write' },
  names: { privilege: 'NAME MANAGEMENT', on: 'DATABASE', action: 'token' },
  indexes: { privilege: 'INDEX MANAGEMENT', on: 'DATABASE', action: 'index' },
  constraints: { privilege: 'CONSTRAINT MANAGEMENT', on: 'DATABASE', action: 'constraint' },
};

/** Actions that bring a capability as a whole, and those that bring a part of it. */
const wholes: Record<Capability, string[]> = {
  use: ['access', 'database_actions'], read: ['match', 'merge', 'graph_actions'], write: ['write', 'graph_actions'], names: ['token', 'database_actions'],
  indexes: ['index', 'database_actions'], constraints: ['constraint', 'database_actions'],
};
const parts: Record<Capability, string[]> = {
  use: [], read: [], write: ['create_element', 'delete_element', 'set_label', 'remove_label', 'set_property', 'merge'],
  names: ['create_label', 'create_reltype', 'create_propertykey'], indexes: ['create_index', 'drop_index', 'show_index'],
  constraints: ['create_constraint', 'drop_constraint', 'show_constraint'],
};

const quoted = (name: string) => '`' + name.replaceAll('`', '``') + '`';
const placeOf = (graph: string): Place => (graph === 'DEFAULT' ? home : graph);

const target = (on: 'DATABASE' | 'GRAPH', place: Place) => (place === home ? `HOME ${on}` : `${on} ${place === everywhere ? '*' : quoted(place)}`);

/** What the role was granted or denied in just these words; privileges that are none of the matrix are left out. */
export function matrixOf(rows: PrivilegeRow[]): Map<Place, Record<Capability, Said>> {
  const matrix = new Map<Place, Record<Capability, Said>>();
  for (const { access, action, graph } of rows) {
    const capability = capabilities.find((name) => words[name].action === action);
    if (!capability) continue;
    const place = placeOf(graph);
    const row = matrix.get(place) ?? { use: 'nothing', read: 'nothing', write: 'nothing', names: 'nothing', indexes: 'nothing', constraints: 'nothing' };
    // Both can be there, and then the denial counts.
    if (row[capability] !== 'denied') row[capability] = access === 'DENIED' ? 'denied' : 'granted';
    matrix.set(place, row);
  }
  return matrix;
}

export const inMatrix = (action: string) => capabilities.some((name) => words[name].action === action);

/** The next state of a cell, and the statements that lead there. */
export function change(role: string, capability: Capability, place: Place, now: Said): { next: Said; statements: string[] } {
  const { privilege, on } = words[capability];
  const what = `${privilege} ON ${target(on, place)}`;
  switch (now) {
    case 'nothing': return { next: 'granted', statements: [`GRANT ${what} TO ${quoted(role)}`] };
    case 'granted': return { next: 'denied', statements: [`REVOKE GRANT ${what} FROM ${quoted(role)}`, `DENY ${what} TO ${quoted(role)}`] };
    case 'denied': return { next: 'nothing', statements: [`REVOKE ${what} FROM ${quoted(role)}`] };
  }
}

export interface Verdict {
  may: 'yes' | 'no' | 'partly';
  /** Roles that grant and that deny it, or a part of it. */
  grants: string[];
  denials: string[];
}

/** What somebody with these privileges may do on a database, and which roles say so. */
export function verdict(rows: PrivilegeRow[], capability: Capability, database: string, homeDatabase: string): Verdict {
  const fits = ({ graph }: PrivilegeRow) => graph === '*' || graph === database || (graph === 'DEFAULT' && database === homeDatabase);
  const here = rows.filter(fits);
  const roles = (found: PrivilegeRow[]) => [...new Set(found.map(({ role }) => role))].sort();
  const of = (access: string, actions: string[]) => here.filter((row) => row.access === access && actions.includes(row.action));
  const whole = wholes[capability];
  const any = [...whole, ...parts[capability]];
  const granted = of('GRANTED', whole);
  const partly = of('GRANTED', any);
  const denied = of('DENIED', whole.filter((action) => action !== 'merge'));
  const cut = of('DENIED', any);
  const everyPart = parts[capability].length > 0 && parts[capability].filter((action) => action !== 'merge').every((action) => partly.some((row) => row.action === action));
  const may = denied.length > 0 || partly.length === 0 ? 'no' : cut.length > 0 || (granted.length === 0 && !everyPart) ? 'partly' : 'yes';
  return { may, grants: roles(partly), denials: roles(cut) };
}
