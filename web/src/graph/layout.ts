// Where nodes stand: ForceAtlas2 in a worker for a bounded time, then overlaps are removed.
import forceAtlas2 from 'graphology-layout-forceatlas2';
import ForceAtlas2Worker from 'graphology-layout-forceatlas2/worker';
import noverlap from 'graphology-layout-noverlap';
import type { DrawnGraph } from './model';

const settingsFor = (graph: DrawnGraph) => ({
  ...forceAtlas2.inferSettings(graph), gravity: 1, scalingRatio: graph.order < 200 ? 14 : 6, barnesHutOptimize: graph.order > 400,
  adjustSizes: graph.order < 400, slowDown: 4,
});

/** Starts a layout; answers how to stop it early. `onDone` runs once. */
export function startLayout(graph: DrawnGraph, animated: boolean, onDone: () => void): () => void {
  if (graph.order < 2) {
    onDone();
    return () => {};
  }
  const finish = () => {
    if (graph.order <= 2000) noverlap.assign(graph, { maxIterations: 60, settings: { margin: 4, ratio: 1.3 } });
    onDone();
  };
  // A start that is nearly there: the worker then only polishes what is on screen.
  if (graph.order <= 1500) forceAtlas2.assign(graph, { iterations: graph.order <= 300 ? 220 : 60, settings: settingsFor(graph) });
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
