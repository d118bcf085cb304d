// One click makes a database with a sample graph; its queries are ready to run.
import { Download, Play } from 'lucide-react';
import { useState } from 'react';
import { asError, useApp } from '../state/app';
import { go } from '../state/route';
import { strings } from '../strings';
import { DatabaseDot } from '../ui/parts';
import { samples, type Sample } from './samples';

const t = strings.samples;

export function SamplesScreen() {
  const { client, databases, choose, refresh, tell } = useApp();
  const [loading, setLoading] = useState<string | null>(null);
  const [part, setPart] = useState(0);

  const load = async (sample: Sample) => {
    setLoading(sample.name);
    setPart(0);
    try {
      await client!.createDatabase(sample.name);
      await sample.load(client!, sample.name, new AbortController().signal, ({ done, total }) => setPart(done / total));
      await refresh();
      choose(sample.name);
      tell('done', t.loaded(sample.name));
    } catch (error) {
      tell('failed', asError(error).message, asError(error).code);
      await refresh();
    } finally {
      setLoading(null);
    }
  };
  const open = (sample: Sample, query: string) => {
    choose(sample.name);
    go({ screen: 'query', database: sample.name, query });
  };

  return (
    <div className="page samples">
      <header className="page-head"><div><h1>{t.title}</h1><p className="muted">{t.description}</p></div></header>
      <div className="sample-cards">
        {samples.map((sample) => {
          const there = databases.some(({ name }) => name === sample.name);
          return (
            <article key={sample.name} className="card static sample">
              <h2><DatabaseDot name={sample.name} />{sample.title}</h2>
              <p>{sample.description}</p>
              <p className="muted small">{sample.facts} · {sample.source}</p>
              <ul>
                {sample.queries.map(({ title, query }) => (
                  <li key={title}>
                    <button type="button" className="entry" disabled={!there} onClick={() => open(sample, query)}><strong><Play size={12} aria-hidden /> {title}</strong><code>{query}</code></button>
                  </li>
                ))}
              </ul>
              <div className="actions">
                {loading === sample.name ? <progress max={1} value={part} aria-label={t.loading(sample.name)} />
                  : there ? <span className="badge good">{t.there(sample.name)}</span>
                  : <button type="button" className="button primary" disabled={loading !== null} onClick={() => void load(sample)}><Download size={14} />{t.load}</button>}
              </div>
            </article>
          );
        })}
      </div>
    </div>
  );
}
