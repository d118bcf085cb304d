// Where nodes stand: ForceAtlas2 in a worker for a bounded time, then overlaps are removed.
import forceAtlas2 from 'graphology-layout-forceatlas2';
import ForceAtlas2Worker from 'graphology-layout-forceatlas2/worker';
import noverlap from 'graphology-layout-noverlap';
import type { DrawnGraph } from './model';

const settingsFor = (graph: DrawnGraph) => ({
  ...forceAtlas2.inferSettings(graph), gravity: 1, strongGravityMode: false, scalingRatio: 8, barnesHutOptimize: graph.order > 400,
  adjustSizes: false, slowDown: 2,
});

/** Scales positions to about the pixels they are drawn at, so that sizes and distances compare. */
function toPixels(graph: DrawnGraph): void {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  graph.forEachNode((_, { x, y }) => {
    [left, right] = [Math.min(left, x as number), Math.max(right, x as number)];
    [top, bottom] = [Math.min(top, y as number), Math.max(bottom, y as number)];
  });
  const factor = (450 + 22 * Math.sqrt(graph.order)) / Math.max(right - left, bottom - top, 1e-6);
  graph.updateEachNodeAttributes((_, attributes) => ({ ...attributes, x: (attributes.x as number) * factor, y: (attributes.y as number) * factor }));
}

/** Starts a layout; answers how to stop it early. `onDone` runs once. */
export function startLayout(graph: DrawnGraph, animated: boolean, onDone: () => void): () => void {
  if (graph.order < 2) {
    onDone();
    return () => {};
  }
  const finish = () => {
    if (graph.order <= 2000) {
      toPixels(graph);
      noverlap.assign(graph, { maxIterations: 120, settings: { margin: graph.order <= 60 ? 18 : 7, ratio: 1.1, gridSize: 30 } });
    }
    onDone();
  };
  // A start that is nearly there: the worker then only polishes what is on screen.
  if (graph.order <= 1500) forceAtlas2.assign(graph, { iterations: graph.order <= 300 ? 500 : 80, settings: settingsFor(graph) });
  if (!animated || graph.order <= 300) {
    finish();
    return () => {};
  }
  const layout = new ForceAtlas2Worker(graph, { settings: settingsFor(graph) });
  layout.start();
  const end = () => {
    clearTimeout(timer);
    if (layout.isRunning()) layout.stop();
    layout.kill();
  };
  const timer = setTimeout(() => { end(); finish(); }, Math.min(8000, 1200 + graph.order * 3));
  return end;
}
