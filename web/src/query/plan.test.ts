import { expect, test } from 'vitest';
import { readPlan } from './plan';

test('indentation is the tree', () => {
  const tree = readPlan('Distinct $5\nUnion\n  Project $5 = $0\n  Apply\n    Expand ($0)-[$4]-($3)\n    Argument\n  AllNodesScan ($0)\nLast\n');
  expect(tree.map(({ name }) => name)).toEqual(['Distinct', 'Union', 'Last']);
  expect(tree[1].children.map(({ name, detail }) => `${name} ${detail}`.trim())).toEqual(['Project $5 = $0', 'Apply', 'AllNodesScan ($0)']);
  expect(tree[1].children[1].children.map(({ name }) => name)).toEqual(['Expand', 'Argument']);
});
