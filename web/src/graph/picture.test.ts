import { MultiDirectedGraph } from 'graphology';
import { expect, test } from 'vitest';
import type Sigma from 'sigma';
import { RelationshipValue } from '../client/values';
import { pictureOf, toSvg } from './picture';

const sigma = { graphToViewport: (place: { x: number; y: number }) => place } as unknown as Sigma;

test('a graph becomes a picture that holds everything, and no text of it becomes markup', () => {
  const graph = new MultiDirectedGraph();
  graph.addNode('a', { x: -500, y: 40, size: 8, color: '#111111', label: '<Ada & "co">' });
  graph.addNode('b', { x: 300, y: -70, size: 8, color: '#222222', label: 'Bob' });
  graph.addEdgeWithKey('r', 'a', 'b', { relationship: new RelationshipValue('r', 'KNOWS', 'a', 'b', {}), size: 1.5, curvature: 0.3 });
  const picture = pictureOf(graph, sigma, (name) => `var-${name}`);
  for (const shape of picture.shapes) {
    if (shape.kind !== 'disc') continue;
    expect(shape.x - shape.radius).toBeGreaterThanOrEqual(0);
    expect(shape.x + shape.radius).toBeLessThanOrEqual(picture.width);
  }
  const svg = toSvg(picture);
  expect(svg).toContain('>&#60;Ada &#38; &#34;co&#34;&#62;</text>');
  expect(svg.match(/<circle /g)).toHaveLength(2);
  expect(svg).toContain('>KNOWS</text>');
  expect(svg).not.toMatch(/NaN|undefined|Infinity/);
});
