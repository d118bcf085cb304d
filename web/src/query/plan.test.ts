import { expect, test } from 'vitest';
import { readPlan } from './plan';

test('indentation is the tree', () => {
  const tree = readPlan('Distinct x\nUnion\n  Project x = n\n  Apply\n    Expand (n)-[_4]-(m)\n    Argument\n  AllNodesScan (n)\nLast\n');
  expect(tree.map(({ name }) => name)).toEqual(['Distinct', 'Union', 'Last']);
  expect(tree[1].children.map(({ name, detail }) => `${name} ${detail}`.trim())).toEqual(['Project x = n', 'Apply', 'AllNodesScan (n)']);
  expect(tree[1].children[1].children.map(({ name }) => name)).toEqual(['Expand', 'Argument']);
});
