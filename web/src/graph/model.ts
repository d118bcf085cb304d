// The graph that is drawn: entities of a result, their colours and captions, what is hidden.
import { MultiDirectedGraph } from 'graphology';
import { NodeValue, RelationshipValue, entitiesIn, toText, type Value } from '../client/values';

export interface Entities {
  nodes: Map<string, NodeValue>;
  relationships: Map<string, RelationshipValue>;
  /** Nodes beyond the limit were left out. */
  left: number;
}

/** The nodes and relationships of a result, at most `nodesMax` nodes. */
export function entitiesOf(rows: Value[][], nodesMax: number): Entities {
  const nodes = new Map<string, NodeValue>();
  const relationships = new Map<string, RelationshipValue>();
  const leftOut = new Set<string>();
  for (const row of rows) {
    for (const entity of entitiesIn(row)) {
      if (entity instanceof RelationshipValue) relationships.set(entity.elementId, entity);
      else if (nodes.has(entity.elementId) || nodes.size < nodesMax) nodes.set(entity.elementId, entity);
      else leftOut.add(entity.elementId);
    }
  }
  for (const [id, { startId, endId }] of relationships) {
    if (leftOut.has(startId) || leftOut.has(endId)) {
      relationships.delete(id);
      continue;
    }
    // A relationship may arrive without its ends; they are drawn bare.
    for (const end of [startId, endId]) if (!nodes.has(end)) nodes.set(end, new NodeValue(end, [], {}));
  }
  return { nodes, relationships, left: leftOut.size };
}

// Ten hues that stay apart in both themes, and for most colour-blind eyes by lightness too.
const palette = ['#2a9d8f', '#e76f51', '#6d83f2', '#e9b44c', '#c05299', '#5fa8d3', '#8ab17d', '#b5838d', '#9d7fe0', '#d98c5f'];

export function coloursFor(labels: Iterable<string>): Map<string, string> {
  return new Map([...labels].map((label, at) => [label, palette[at % palette.length]]));
}
export const colourBare = '#8b98a5';

const captionKeys = ['name', 'title', 'caption', 'label', 'iata', 'code', 'username', 'email', 'id'];

/** The text beside a node: the property that names it best, or its label. */
export function captionOf(node: NodeValue, byLabel: boolean): string {
  const { properties } = node;
  const key = byLabel ? undefined
    : captionKeys.find((name) => name in properties) ?? Object.keys(properties).find((name) => typeof properties[name] === 'string');
  if (key !== undefined) {
    const text = toText(properties[key]);
    return text.length > 32 ? `${text.slice(0, 31)}…` : text;
  }
  return node.labels[0] ?? node.elementId.split(':').at(-1)!;
}

export type DrawnGraph = MultiDirectedGraph;

/** A place beside `near`, else on a spiral, so that a layout never starts from one point. */
function place(graph: DrawnGraph, at: number, near: string | null): { x: number; y: number } {
  const angle = at * 2.399963;
  const radius = near ? 8 : 10 * Math.sqrt(at + 1);
  const origin = near && graph.hasNode(near) ? graph.getNodeAttributes(near) as { x: number; y: number } : { x: 0, y: 0 };
  return { x: origin.x + radius * Math.cos(angle), y: origin.y + radius * Math.sin(angle) };
}

/** Adds what is missing to the graph; answers how many nodes are new. */
export function addTo(graph: DrawnGraph, { nodes, relationships }: Entities, near: string | null = null): number {
  let added = 0;
  for (const [id, node] of nodes) {
    if (graph.hasNode(id)) {
      // A node that was drawn bare is completed.
      if (node.labels.length > 0) graph.setNodeAttribute(id, 'node', node);
      continue;
    }
    graph.addNode(id, { ...place(graph, graph.order, near), size: 6, node });
    ++added;
  }
  for (const [id, relationship] of relationships) {
    if (!graph.hasEdge(id)) graph.addEdgeWithKey(id, relationship.startId, relationship.endId, { relationship, size: graph.order <= 200 ? 1.8 : 1.2 });
  }
  return added;
}

/** Sizes by degree, colours by first label, captions. */
export function style(graph: DrawnGraph, colours: Map<string, string>, byLabel: boolean): void {
  const few = graph.order <= 150;
  graph.updateEachNodeAttributes((id, attributes) => {
    const node = attributes.node as NodeValue;
    const degree = graph.degree(id);
    // A relationship to itself has no line to be seen: it is named beside the node.
    const loops = new Set(graph.mapEdges(id, (_, { relationship }, from, to) => (from === to ? ` ↺ ${(relationship as RelationshipValue).type}` : '')));
    return {
      ...attributes, label: captionOf(node, byLabel) + [...loops].join(''), color: colours.get(node.labels[0] ?? '') ?? colourBare,
      size: (few ? 7 : 4) + Math.min(14, Math.sqrt(degree) * (few ? 2 : 1.3)),
    };
  });
}
