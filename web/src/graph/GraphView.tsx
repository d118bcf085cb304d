// The drawn graph: WebGL by sigma. Everything works from the keyboard, and what is selected is
// announced. A page without WebGL says so and points to the table.
import { EdgeCurvedArrowProgram, indexParallelEdgesIndex } from '@sigma/edge-curve';
import { createNodeBorderProgram } from '@sigma/node-border';
import { MultiDirectedGraph } from 'graphology';
import { DropdownMenu } from 'radix-ui';
import { Download, Expand, EyeOff, Maximize2, Pin, Plus, Minus, RotateCw, Share2 } from 'lucide-react';
import { useCallback, useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import Sigma from 'sigma';
import { EdgeArrowProgram } from 'sigma/rendering';
import type { NexusClient } from '../client/types';
import { NodeValue, RelationshipValue, type Value } from '../client/values';
import { strings } from '../strings';
import { download } from '../ui/download';
import { IconButton, count } from '../ui/parts';
import { Inspector } from './Inspector';
import { startLayout } from './layout';
import { addTo, captionOf, colourBare, coloursFor, entitiesOf, style, type DrawnGraph } from './model';
import { pictureOf, toPng, toSvg } from './picture';

interface Props {
  rows: Value[][];
  client: NexusClient;
  database: string;
  nodesMax: number;
  /** Also fetch the relationships between the nodes that are shown. */
  connect: boolean;
  /** The nodes are labels: captions are theirs, and there are no neighbours to ask for. */
  isSchema?: boolean;
}

const expandMax = 100;
const edgeLabelsMax = 80;

function cssColour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

const BorderedNode = createNodeBorderProgram({
  borders: [
    { size: { attribute: 'borderSize', defaultValue: 0 }, color: { attribute: 'borderColor' } },
    { size: { fill: true }, color: { attribute: 'color' } },
  ],
});

export function hasWebGl(): boolean {
  try {
    return document.createElement('canvas').getContext('webgl2') !== null;
  } catch {
    return false;
  }
}

export default function GraphView(props: Props) {
  return hasWebGl() ? <Canvas {...props} /> : <p className="padded muted">{strings.graph.noWebGl}</p>;
}

function Canvas({ rows, client, database, nodesMax, connect, isSchema = false }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const sigma = useRef<Sigma | null>(null);
  const stopLayout = useRef<() => void>(() => {});
  const [chosen, setChosen] = useState<{ kind: 'node' | 'edge'; id: string } | null>(null);
  const [version, setVersion] = useState(0);
  const [notice, setNotice] = useState('');
  const chosenRef = useRef(chosen);
  chosenRef.current = chosen;
  const hovered = useRef<string | null>(null);

  const { graph, left } = useMemo(() => {
    const made: DrawnGraph = new MultiDirectedGraph();
    const entities = entitiesOf(rows, nodesMax);
    addTo(made, entities);
    return { graph: made, left: entities.left };
  }, [rows, nodesMax]);

  const labels = useMemo(() => {
    const found = new Map<string, number>();
    graph.forEachNode((_, { node }) => {
      const label = (node as NodeValue).labels[0] ?? '';
      found.set(label, (found.get(label) ?? 0) + 1);
    });
    return [...found].sort(([a, m], [b, n]) => n - m || a.localeCompare(b));
  }, [graph, version]);
  const colours = useMemo(() => coloursFor(labels.map(([label]) => label).filter(Boolean)), [labels]);
  const types = useMemo(() => {
    const found = new Map<string, number>();
    graph.forEachEdge((_, { relationship }) => {
      const { type } = relationship as RelationshipValue;
      found.set(type, (found.get(type) ?? 0) + 1);
    });
    return [...found].sort(([, m], [, n]) => n - m);
  }, [graph, version]);

  const arrange = useCallback(() => {
    stopLayout.current();
    const animated = !matchMedia('(prefers-reduced-motion: reduce)').matches;
    stopLayout.current = startLayout(graph, animated, () => sigma.current?.refresh());
  }, [graph]);

  const restyle = useCallback(() => {
    style(graph, colours, isSchema);
    indexParallelEdgesIndex(graph, { edgeIndexAttribute: 'parallelIndex', edgeMaxIndexAttribute: 'parallelMax' });
    graph.updateEachEdgeAttributes((_, attributes) => {
      const { parallelIndex, parallelMax } = attributes as { parallelIndex: number | null; parallelMax: number | null };
      const curved = typeof parallelMax === 'number' && parallelMax > 0;
      return {
        ...attributes, label: (attributes.relationship as RelationshipValue).type, type: curved ? 'curved' : 'straight',
        curvature: curved ? 0.25 + 0.6 * ((parallelIndex ?? 0) / parallelMax) : 0,
      };
    });
  }, [graph, colours, isSchema]);
  useEffect(restyle, [restyle, version]);

  useEffect(() => {
    let over = false;
    if (!connect || graph.order < 2) return;
    const ids = graph.nodes();
    client.run('MATCH (a) WHERE elementId(a) IN $ids MATCH (a)-[r]->(b) WHERE elementId(b) IN $ids RETURN r', {
      database, parameters: { ids }, rowsMax: nodesMax * 10,
    }).then((result) => {
      if (over) return;
      const before = graph.size;
      addTo(graph, entitiesOf(result.rows, nodesMax));
      if (graph.size > before) {
        sigma.current?.refresh();
        setVersion((now) => now + 1);
        arrange();
      }
    }, () => {});
    return () => { over = true; };
  }, [graph, connect, client, database, nodesMax, arrange]);

  useEffect(() => {
    style(graph, colours, isSchema);
    arrange();
    const made = new Sigma(graph, host.current!, {
      // A stage that is not laid out yet, or squeezed to nothing, is drawn when it has room.
      allowInvalidContainer: true,
      renderEdgeLabels: true, labelFont: 'Inter Variable, sans-serif', edgeLabelFont: 'Inter Variable, sans-serif', labelSize: 12, edgeLabelSize: 10,
      labelColor: { color: cssColour('--text') }, edgeLabelColor: { color: cssColour('--text-muted') },
      defaultEdgeColor: cssColour('--edge'), defaultNodeColor: colourBare, labelRenderedSizeThreshold: graph.order <= 100 ? 3 : 7,
      labelDensity: graph.order <= 30 ? 2 : 0.8, defaultNodeType: 'bordered', nodeProgramClasses: { bordered: BorderedNode },
      defaultEdgeType: 'straight', edgeProgramClasses: { straight: EdgeArrowProgram, curved: EdgeCurvedArrowProgram },
      enableEdgeEvents: graph.size <= 5000, zIndex: true, minCameraRatio: 0.05, maxCameraRatio: 4, stagePadding: 56, zoomToSizeRatioFunction: (ratio) => ratio ** 0.6,
      nodeReducer: (id, attributes) => {
        const here = chosenRef.current?.id === id;
        const focus = hovered.current ?? (chosenRef.current?.kind === 'node' ? chosenRef.current.id : null);
        const dim = focus !== null && focus !== id && !graph.areNeighbors(id, focus);
        return {
          ...attributes, borderSize: here ? 0.22 : attributes.fixed ? 0.14 : 0.06,
          borderColor: here ? cssColour('--accent') : attributes.fixed ? cssColour('--text') : cssColour('--panel'), zIndex: here ? 2 : dim ? 0 : 1,
          ...(dim ? { color: cssColour('--dimmed'), label: null } : {}), ...(here ? { forceLabel: true } : {}),
        };
      },
      edgeReducer: (id, attributes) => {
        const here = chosenRef.current?.id === id;
        const focus = hovered.current ?? (chosenRef.current?.kind === 'node' ? chosenRef.current.id : null);
        const touches = focus !== null && graph.hasExtremity(id, focus);
        return {
          ...attributes, ...(here || touches ? { color: cssColour('--accent'), size: here ? 3 : 2, zIndex: 2 } : {}),
          ...(focus !== null && !touches ? { color: cssColour('--dimmed'), label: null } : {}),
          // Names of many relationships hide the graph; then only those in focus are shown.
          ...(graph.size > edgeLabelsMax && !touches && !here ? { label: null } : {}),
        };
      },
      defaultDrawNodeHover: () => {},
    });
    sigma.current = made;
    made.on('clickNode', ({ node }) => setChosen({ kind: 'node', id: node }));
    made.on('clickEdge', ({ edge }) => setChosen({ kind: 'edge', id: edge }));
    made.on('clickStage', () => setChosen(null));
    made.on('doubleClickNode', (event) => { event.preventSigmaDefault(); void expandRef.current(event.node); });
    made.on('enterNode', ({ node }) => { hovered.current = node; made.refresh({ skipIndexation: true }); });
    made.on('leaveNode', () => { hovered.current = null; made.refresh({ skipIndexation: true }); });
    let dragged: string | null = null;
    made.on('downNode', ({ node }) => { dragged = node; stopLayout.current(); });
    made.on('moveBody', ({ event }) => {
      if (!dragged) return;
      graph.mergeNodeAttributes(dragged, made.viewportToGraph(event));
      event.preventSigmaDefault();
      event.original.preventDefault();
    });
    const release = () => { dragged = null; };
    made.on('upNode', release);
    made.on('upStage', release);
    // Colours are read from the theme when something is drawn; a change of theme draws anew.
    const watch = new MutationObserver(() => {
      made.setSettings({ labelColor: { color: cssColour('--text') }, edgeLabelColor: { color: cssColour('--text-muted') }, defaultEdgeColor: cssColour('--edge') });
      made.refresh();
    });
    watch.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    return () => {
      watch.disconnect();
      stopLayout.current();
      made.kill();
      sigma.current = null;
    };
    // Why not `colours`: they change when nodes are added, which must not rebuild the canvas.
  }, [graph]); // eslint-disable-line

  useEffect(() => {
    sigma.current?.refresh();
    if (!chosen || chosen.kind !== 'node' || !graph.hasNode(chosen.id)) return;
    const node = graph.getNodeAttribute(chosen.id, 'node') as NodeValue;
    setNotice(strings.graph.selected(captionOf(node, isSchema), node.labels.join(', '), graph.degree(chosen.id)));
  }, [chosen, graph, isSchema]);

  const expand = async (id: string) => {
    if (isSchema) return;
    try {
      const result = await client.run(`MATCH (n)-[r]-(m) WHERE elementId(n) = $id RETURN r, m LIMIT ${expandMax + 1}`, { database, parameters: { id } });
      const added = addTo(graph, entitiesOf(result.rows.slice(0, expandMax), expandMax + 1), id);
      setNotice(result.rows.length > expandMax ? strings.graph.expandedPart(added, expandMax) : strings.graph.expanded(added));
      // What is new is known to the renderer before its looks are changed.
      sigma.current?.refresh();
      setVersion((now) => now + 1);
      if (added > 0) arrange();
    } catch (error) {
      setNotice((error as Error).message);
    }
  };
  const expandRef = useRef(expand);
  expandRef.current = expand;

  const hide = (id: string) => {
    hovered.current = null;
    graph.dropNode(id);
    sigma.current?.refresh();
    setChosen(null);
    setVersion((now) => now + 1);
  };
  const pin = (id: string) => {
    graph.updateNodeAttribute(id, 'fixed', (fixed) => !fixed);
    setVersion((now) => now + 1);
    sigma.current?.refresh();
  };
  const walk = (step: number) => {
    const ids = graph.nodes();
    const at = chosen?.kind === 'node' ? ids.indexOf(chosen.id) : step > 0 ? -1 : 0;
    const next = ids[(at + step + ids.length) % ids.length];
    if (next !== undefined) setChosen({ kind: 'node', id: next });
  };
  const takePicture = async (format: 'png' | 'svg') => {
    const picture = pictureOf(graph, sigma.current!, cssColour);
    const content = format === 'svg' ? toSvg(picture) : await toPng(picture);
    if (content) download(`${database}-graph.${format}`, format === 'svg' ? 'image/svg+xml' : 'image/png', content);
    else setNotice(strings.graph.noPicture);
  };
  const camera = () => sigma.current!.getCamera();
  const pan = (x: number, y: number) => {
    const now = camera().getState();
    camera().setState({ x: now.x + x * now.ratio, y: now.y + y * now.ratio });
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const node = chosen?.kind === 'node' ? chosen.id : null;
    switch (event.key) {
      case 'ArrowLeft': pan(-0.08, 0); break;
      case 'ArrowRight': pan(0.08, 0); break;
      case 'ArrowUp': pan(0, 0.08); break;
      case 'ArrowDown': pan(0, -0.08); break;
      case '+': case '=': void camera().animatedZoom(); break;
      case '-': void camera().animatedUnzoom(); break;
      case 'f': void camera().animatedReset(); break;
      case 'n': walk(1); break;
      case 'N': walk(-1); break;
      case 'e': if (node) void expand(node); break;
      case 'h': case 'Delete': if (node) hide(node); break;
      case 'p': if (node) pin(node); break;
      case 'l': arrange(); break;
      case 'Escape': setChosen(null); break;
      default: return;
    }
    event.preventDefault();
  };

  const node = chosen?.kind === 'node' && graph.hasNode(chosen.id) ? graph.getNodeAttribute(chosen.id, 'node') as NodeValue : null;
  const edge = chosen?.kind === 'edge' && graph.hasEdge(chosen.id) ? graph.getEdgeAttribute(chosen.id, 'relationship') as RelationshipValue : null;
  return (
    <div className="graph">
      <div className="graph-stage">
        <div ref={host} className="graph-canvas" tabIndex={0} role="application" aria-label={strings.graph.canvas(graph.order, graph.size)} onKeyDown={onKeyDown} />
        <div className="graph-legend">
          {labels.map(([label, n]) => (
            <span key={label} className="chip"><i style={{ background: colours.get(label) ?? colourBare }} />{label || strings.graph.unlabelled} <b>{count(n)}</b></span>
          ))}
          {types.slice(0, 8).map(([type, n]) => <span key={type} className="chip type"><i />{type} <b>{count(n)}</b></span>)}
        </div>
        <div className="graph-tools" role="toolbar" aria-label={strings.graph.tools}>
          <IconButton label={strings.graph.zoomIn} onClick={() => void camera().animatedZoom()}><Plus size={16} /></IconButton>
          <IconButton label={strings.graph.zoomOut} onClick={() => void camera().animatedUnzoom()}><Minus size={16} /></IconButton>
          <IconButton label={strings.graph.fit} onClick={() => void camera().animatedReset()}><Maximize2 size={15} /></IconButton>
          <IconButton label={strings.graph.arrange} onClick={arrange}><RotateCw size={15} /></IconButton>
          <span className="rule" />
          {!isSchema && <IconButton label={strings.graph.expand} disabled={!node} onClick={() => node && void expand(node.elementId)}><Share2 size={15} /></IconButton>}
          <IconButton label={strings.graph.pin} disabled={!node} onClick={() => node && pin(node.elementId)}><Pin size={15} /></IconButton>
          <IconButton label={strings.graph.hide} disabled={!node} onClick={() => node && hide(node.elementId)}><EyeOff size={15} /></IconButton>
          <DropdownMenu.Root>
            <DropdownMenu.Trigger className="icon-button" aria-label={strings.graph.picture} title={strings.graph.picture}><Download size={15} /></DropdownMenu.Trigger>
            <DropdownMenu.Portal>
              <DropdownMenu.Content className="menu" align="end" side="left" sideOffset={4}>
                {(['png', 'svg'] as const).map((format) => <DropdownMenu.Item key={format} onSelect={() => void takePicture(format)}>{strings.graph.formats[format]}</DropdownMenu.Item>)}
              </DropdownMenu.Content>
            </DropdownMenu.Portal>
          </DropdownMenu.Root>
          <IconButton label={strings.graph.fullScreen} onClick={() => void host.current?.parentElement?.requestFullscreen?.()}><Expand size={15} /></IconButton>
        </div>
        {left > 0 && <div className="graph-left">{strings.graph.leftOut(graph.order, graph.order + left)}</div>}
        <div className="announced" role="status" aria-live="polite">{notice}</div>
      </div>
      {(node ?? edge) && <Inspector entity={(node ?? edge)!} colours={colours} onClose={() => setChosen(null)} />}
    </div>
  );
}
