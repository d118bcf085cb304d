// What a statement answered: as a graph, a table, JSON or a plan, with exports.
import { DropdownMenu, Tabs } from 'radix-ui';
import { Braces, Download, ListTree, Share2, Table2 } from 'lucide-react';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import type { NexusClient, QueryResult } from '../client/types';
import { NodeValue, RelationshipValue, entitiesIn, toJson, toText, typeName, type Value } from '../client/values';
import { strings } from '../strings';
import { Grid } from '../ui/Grid';
import { Modal, count } from '../ui/parts';
import { exportResult, toJsonText, type Format } from './export';
import { PlanView } from './PlanView';

const GraphView = lazy(() => import('../graph/GraphView'));

const jsonRowsMax = 500;
const views = ['graph', 'table', 'json', 'plan'] as const;
export type View = (typeof views)[number];
const icons = { graph: Share2, table: Table2, json: Braces, plan: ListTree };

/** Whether the first rows hold something to draw. */
function hasGraph({ rows }: QueryResult): boolean {
  for (const row of rows.slice(0, 50)) {
    for (const entity of entitiesIn(row)) if (entity instanceof NodeValue || entity instanceof RelationshipValue) return true;
  }
  return false;
}

function countersText(result: QueryResult): string {
  return Object.entries(result.summary.counters).filter(([, n]) => n > 0).map(([name, n]) => strings.result.counter(name, count(n))).join(', ');
}

export function ResultPane({ result, client, wallMs, view, onView, nodesMax, connect }: {
  result: QueryResult; client: NexusClient; wallMs: number; view: View | null; onView(view: View): void; nodesMax: number; connect: boolean;
}) {
  const [opened, setOpened] = useState<{ value: Value; column: string } | null>(null);
  const offers = useMemo<Record<View, boolean>>(() => {
    const plan = result.summary.plan !== '';
    // EXPLAIN answers columns and never a row.
    const rows = result.columns.length > 0 && !(plan && result.rows.length === 0);
    return { graph: hasGraph(result), table: rows, json: rows, plan };
  }, [result]);
  const shown: View = view && offers[view] ? view : offers.plan && !offers.table ? 'plan' : offers.graph ? 'graph' : offers.table ? 'table' : 'json';
  const changed = countersText(result);
  const { database, elapsedUs } = result.summary;

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const wanted = event.altKey && event.shiftKey && !event.ctrlKey ? views[Number(/^Digit(\d)$/.exec(event.code)?.[1]) - 1] : undefined;
      if (wanted && offers[wanted]) {
        event.preventDefault();
        onView(wanted);
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [offers, onView]);

  return (
    <Tabs.Root className="result" value={shown} onValueChange={(next) => onView(next as View)}>
      <div className="result-bar">
        <Tabs.List className="tabs" aria-label={strings.result.views.label}>
          {views.filter((name) => offers[name]).map((name) => {
            const Icon = icons[name];
            return <Tabs.Trigger key={name} value={name}><Icon size={14} aria-hidden />{strings.result.views[name]}</Tabs.Trigger>;
          })}
        </Tabs.List>
        <div className="result-facts" role="status">
          {offers.table && <span>{result.truncated ? strings.result.rowsCut(count(result.rows.length)) : strings.result.rows(result.rows.length, count(result.rows.length))}</span>}
          {changed && <span className="changed">{changed}</span>}
          <span className="muted" title={strings.result.wall(wallMs.toFixed(0))}>{strings.result.elapsed(elapsedUs)}</span>
          <span className="muted">{database}</span>
        </div>
        {offers.table && (
          <DropdownMenu.Root>
            <DropdownMenu.Trigger className="button quiet small"><Download size={14} />{strings.result.export}</DropdownMenu.Trigger>
            <DropdownMenu.Portal>
              <DropdownMenu.Content className="menu" align="end" sideOffset={4}>
                {(['csv', 'json', 'jsonl', ...(offers.graph ? ['graphml'] : [])] as Format[]).map((format) => (
                  <DropdownMenu.Item key={format} onSelect={() => exportResult(result, format, `${database}-result`)}>{strings.result.formats[format]}</DropdownMenu.Item>
                ))}
                <DropdownMenu.Item onSelect={() => void navigator.clipboard?.writeText(toJsonText(result))}>{strings.result.copyJson}</DropdownMenu.Item>
              </DropdownMenu.Content>
            </DropdownMenu.Portal>
          </DropdownMenu.Root>
        )}
      </div>
      {!offers.table && !offers.plan && <p className="padded">{changed ? strings.result.doneWith(changed) : strings.result.done}</p>}
      <Tabs.Content value="graph" className="result-body" tabIndex={-1}>
        <Suspense fallback={<p className="padded muted">{strings.loading}</p>}>
          <GraphView rows={result.rows} client={client} database={database} nodesMax={nodesMax} connect={connect} />
        </Suspense>
      </Tabs.Content>
      <Tabs.Content value="table" className="result-body" tabIndex={-1}>
        {result.rows.length === 0 ? <p className="padded muted">{strings.result.noRows}</p>
          : <Grid columns={result.columns} rows={result.rows} label={strings.result.views.table} onOpen={(value, column) => setOpened({ value, column })} />}
      </Tabs.Content>
      <Tabs.Content value="json" className="result-body" tabIndex={-1}>
        <pre className="json" tabIndex={0} aria-label="JSON">{toJsonText({ ...result, rows: result.rows.slice(0, jsonRowsMax) })}</pre>
        {result.rows.length > jsonRowsMax && <p className="padded muted">{strings.result.jsonCut(jsonRowsMax, count(result.rows.length))}</p>}
      </Tabs.Content>
      <Tabs.Content value="plan" className="result-body" tabIndex={-1}><PlanView plan={result.summary.plan} /></Tabs.Content>
      <Modal open={opened !== null} onClose={() => setOpened(null)} title={opened?.column ?? ''} description={opened ? typeName(opened.value) : ''} wide>
        {opened && <pre className="json boxed" tabIndex={0}>{typeof opened.value === 'object' ? JSON.stringify(toJson(opened.value), null, 2) : toText(opened.value)}</pre>}
      </Modal>
    </Tabs.Root>
  );
}
