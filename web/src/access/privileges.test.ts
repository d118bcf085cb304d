import { expect, test } from 'vitest';
import { change, everywhere, home, matrixOf, verdict, type PrivilegeRow } from './privileges';

const row = (access: string, action: string, graph: string, role = 'team'): PrivilegeRow => ({ access, action, graph, role });

test('the matrix of a role holds what was said in just these words', () => {
  const matrix = matrixOf([
    row('GRANTED', 'access', '*'), row('GRANTED', 'match', 'acme'), row('DENIED', 'match', 'acme'), row('DENIED', 'write', 'DEFAULT'),
    row('GRANTED', 'create_database', '*'), row('GRANTED', 'set_label', 'acme'),
  ]);
  expect(matrix.get(everywhere)?.use).toBe('granted');
  expect(matrix.get('acme')).toMatchObject({ read: 'denied', use: 'nothing', write: 'nothing' });
  expect(matrix.get(home)?.write).toBe('denied');
  expect([...matrix.keys()].sort()).toEqual(['*', 'HOME', 'acme']);
});

test('a cell goes round, and says the statements that lead there', () => {
  expect(change('team', 'use', 'acme', 'nothing')).toEqual({ next: 'granted', statements: ['GRANT ACCESS ON DATABASE `acme` TO `team`'] });
  expect(change('te`am', 'read', everywhere, 'granted')).toEqual({
    next: 'denied', statements: ['REVOKE GRANT MATCH {*} ON GRAPH * FROM `te``am`', 'DENY MATCH {*} ON GRAPH * TO `te``am`'],
  });
  expect(change('team', 'indexes', home, 'denied')).toEqual({ next: 'nothing', statements: ['REVOKE INDEX MANAGEMENT ON HOME DATABASE FROM `team`'] });
});

test('what somebody may do, and why', () => {
  const rows = [
    row('GRANTED', 'access', '*', 'reader'), row('GRANTED', 'match', '*', 'reader'), row('GRANTED', 'graph_actions', 'acme'), row('DENIED', 'delete_element', 'acme', 'careful'),
    row('DENIED', 'access', 'secret', 'careful'), row('GRANTED', 'token', 'DEFAULT'),
  ];
  expect(verdict(rows, 'use', 'acme', 'acme')).toEqual({ may: 'yes', grants: ['reader'], denials: [] });
  expect(verdict(rows, 'use', 'secret', 'acme')).toEqual({ may: 'no', grants: ['reader'], denials: ['careful'] });
  expect(verdict(rows, 'read', 'acme', 'acme')).toEqual({ may: 'yes', grants: ['reader', 'team'], denials: [] });
  expect(verdict(rows, 'write', 'acme', 'acme')).toEqual({ may: 'partly', grants: ['team'], denials: ['careful'] });
  expect(verdict(rows, 'write', 'other', 'acme').may).toBe('no');
  expect(verdict(rows, 'names', 'acme', 'acme').may).toBe('yes');
  expect(verdict(rows, 'names', 'acme', 'other').may).toBe('no');
});

test('parts that make up a whole are as good as it', () => {
  const parts = ['create_element', 'delete_element', 'set_label', 'remove_label', 'set_property'].map((action) => row('GRANTED', action, '*'));
  expect(verdict(parts, 'write', 'acme', '').may).toBe('yes');
  expect(verdict(parts.slice(1), 'write', 'acme', '').may).toBe('partly');
});
