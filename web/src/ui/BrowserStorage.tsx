// How much this browser holds and whether it may delete it by itself.
import { useEffect, useState } from 'react';
import { strings } from '../strings';
import { bytes } from './parts';

const t = strings.storage;

export function BrowserStorage() {
  const [state, setState] = useState<{ used: number | null; quota: number | null; kept: boolean } | null>(null);
  const look = async () => {
    const estimate = await navigator.storage?.estimate?.();
    setState({ used: estimate?.usage ?? null, quota: estimate?.quota ?? null, kept: await navigator.storage?.persisted?.() ?? false });
  };
  useEffect(() => { void look(); }, []);
  if (!state) return null;
  return (
    <section className="card static">
      <h3>{t.title}</h3>
      <p>{t.used(bytes(state.used), bytes(state.quota))}</p>
      <p className={state.kept ? 'muted' : 'warning'}>{state.kept ? t.kept : t.mayBeDeleted}</p>
      {!state.kept && <div className="actions"><button type="button" className="button quiet" onClick={() => void navigator.storage?.persist?.().then(look)}>{t.ask}</button></div>}
    </section>
  );
}
