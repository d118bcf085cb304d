// What the database contains, drawn and listed: labels, types, properties, counts.
import { RefreshCw } from 'lucide-react';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import { NodeValue, RelationshipValue, type Value } from '../client/values';
import type { ClientError } from '../client/types';
import { asError, useApp } from '../state/app';
import { go } from '../state/route';
import { strings } from '../strings';
import { Empty, ErrorBox, IconButton, count } from '../ui/parts';
import { loadSchema, written, type LabelInfo, type Schema } from './load-schema';

const GraphView = lazy(() => import('../graph/GraphView'));
const t = strings.schema;

/** The schema as entities, so that the same view draws it. */
function asRows({ labels, connections }: Schema): Value[][] {
  const nodes = labels.map(({ name, count: n, properties }) => [new NodeValue(`label:${name}`, [name], {
    [t.count]: n, ...Object.fromEntries(properties.map((property) => [property.name, property.types.join(' | ')])),
  })]);
  const edges = connections.map(({ from, type, to, count: n }) =>
    [new RelationshipValue(`${from}-${type}-${to}`, type, `label:${from}`, `label:${to}`, { [t.count]: n })]);
  return [...nodes, ...edges];
}

export function SchemaScreen() {
  const { client, database } = useApp();
  const [schema, setSchema] = useState<Schema | null>(null);
  const [error, setError] = useState<ClientError | null>(null);
  const [round, setRound] = useState(0);
  const [filter, setFilter] = useState('');

  useEffect(() => {
    const control = new AbortController();
    setSchema(null);
    setError(null);
    loadSchema(client!, database, control.signal).then(setSchema, (failure) => {
      if (!control.signal.aborted) setError(asError(failure));
    });
    return () => control.abort();
  }, [client, database, round]);

  const rows = useMemo(() => (schema ? asRows(schema) : []), [schema]);
  const fits = ({ name, properties }: LabelInfo) =>
    [name, ...properties.map((property) => property.name)].some((text) => text.toLowerCase().includes(filter.toLowerCase()));
  if (error) return <div className="page"><ErrorBox title={error.message} detail={error.code} /></div>;
  if (!schema) return <p className="padded muted">{strings.loading}</p>;
  if (schema.labels.length === 0 && schema.types.length === 0) {
    return (
      <Empty title={t.empty(database)}>
        <p className="muted">{t.emptyHint}</p>
        <div className="actions centred">
          <button type="button" className="button primary" onClick={() => go({ screen: 'import', database })}>{strings.screens.import}</button>
          <button type="button" className="button quiet" onClick={() => go({ screen: 'samples', database })}>{strings.screens.samples}</button>
        </div>
      </Empty>
    );
  }
  const section = (title: string, all: LabelInfo[], query: (name: string) => string) => (
    <section>
      <h3>{title} <span className="muted">{count(all.length)}</span></h3>
      {all.filter(fits).map((info) => (
        <details key={info.name} className="schema-item" open={all.length <= 6}>
          <summary><strong>{info.name}</strong><span className="muted number">{count(info.count)}</span></summary>
          <table>
            <tbody>
              {info.properties.map(({ name, types, mandatory }) => (
                <tr key={name}><th scope="row">{name}</th><td>{types.join(' | ')}</td><td className="muted">{mandatory ? t.always : t.sometimes}</td></tr>
              ))}
            </tbody>
          </table>
          {info.properties.length === 0 && <p className="muted">{strings.inspector.noProperties}</p>}
          <button type="button" className="link" onClick={() => go({ screen: 'query', database, query: query(info.name) })}>{t.look}</button>
        </details>
      ))}
    </section>
  );
  return (
    <div className="schema">
      <div className="schema-graph">
        <Suspense fallback={<p className="padded muted">{strings.loading}</p>}>
          <GraphView rows={rows} client={client!} database={database} nodesMax={300} connect={false} isSchema />
        </Suspense>
      </div>
      <aside className="schema-list" aria-label={t.title}>
        <div className="row">
          <input type="search" className="field" placeholder={t.filter} aria-label={t.filter} value={filter} onChange={(event) => setFilter(event.target.value)} />
          <IconButton label={t.again} onClick={() => setRound(round + 1)}><RefreshCw size={15} /></IconButton>
        </div>
        {section(t.labels, schema.labels, (name) => `MATCH (n:${written(name)}) RETURN n LIMIT 25`)}
        {section(t.types, schema.types, (name) => `MATCH (a)-[r:${written(name)}]->(b) RETURN a, r, b LIMIT 25`)}
      </aside>
    </div>
  );
}
