import { useApp } from '../state/app';
import { forgetEverything, setPreferences, setTheme, usePreferences, useTheme, type Theme } from '../state/kept';
import { strings } from '../strings';
import { modKey } from '../query/QueryScreen';
import { BrowserStorage } from './BrowserStorage';

const t = strings.settings;
const themes: Theme[] = ['system', 'light', 'dark'];

export function SettingsScreen() {
  const theme = useTheme();
  const preferences = usePreferences();
  const { info, client } = useApp();
  const numberField = (label: string, value: number, max: number, onChange: (value: number) => void) => (
    <label className="labelled inline"><span>{label}</span>
      <input className="field" type="number" min={1} max={max} value={value} onChange={(event) => {
        const next = Math.round(Number(event.target.value));
        if (next >= 1 && next <= max) onChange(next);
      }} /></label>
  );
  return (
    <div className="page settings">
      <header className="page-head"><div><h1>{t.title}</h1><p className="muted">{info && t.connectedTo(info.place, info.version)}</p></div></header>
      <section className="card static">
        <h3>{t.look}</h3>
        <div className="segmented" role="radiogroup" aria-label={t.look}>
          {themes.map((name) => <button key={name} type="button" role="radio" aria-checked={theme === name} onClick={() => setTheme(name)}>{strings.themes[name]}</button>)}
        </div>
      </section>
      <section className="card static">
        <h3>{t.results}</h3>
        {numberField(t.rowsMax, preferences.rowsMax, 1_000_000, (rowsMax) => setPreferences({ rowsMax }))}
        {numberField(t.nodesMax, preferences.graphNodesMax, 10_000, (graphNodesMax) => setPreferences({ graphNodesMax }))}
        <label className="choice"><input type="checkbox" checked={preferences.connectResult} onChange={(event) => setPreferences({ connectResult: event.target.checked })} /><span>{t.connectResult}</span></label>
      </section>
      {client?.kind === 'browser' && <BrowserStorage />}
      <section className="card static">
        <h3>{t.keys}</h3>
        <dl className="keys">
          {t.keyList.map(([keys, what]) => <div key={keys}><dt>{keys.split(' ').map((key) => <kbd key={key}>{key === 'Mod' ? modKey : key}</kbd>)}</dt><dd>{what}</dd></div>)}
        </dl>
      </section>
      <section className="card static">
        <h3>{t.privacy}</h3>
        <p className="muted">{t.privacyText}</p>
        <div className="actions"><button type="button" className="button quiet" onClick={forgetEverything}>{t.forget}</button></div>
      </section>
    </div>
  );
}
