// Saved queries on top, then what ran, of the current database only.
import { Bookmark, Clock, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { clearHistory, unsave, useHistory, useSaved } from '../state/kept';
import { strings } from '../strings';
import { IconButton } from '../ui/parts';

export function HistoryPanel({ connection, database, onPick }: { connection: string; database: string; onPick(text: string): void }) {
  const saved = useSaved(connection, database);
  const history = useHistory(connection, database);
  const [filter, setFilter] = useState('');
  const fits = (text: string) => text.toLowerCase().includes(filter.toLowerCase());
  return (
    <aside className="history" aria-label={strings.history.title}>
      <input type="search" className="field" placeholder={strings.history.filter} aria-label={strings.history.filter} value={filter}
        onChange={(event) => setFilter(event.target.value)} />
      <h3><Bookmark size={13} aria-hidden />{strings.history.saved}</h3>
      {saved.length === 0 && <p className="muted">{strings.history.noSaved}</p>}
      <ul>
        {saved.filter(({ name, text }) => fits(name) || fits(text)).map(({ name, text }) => (
          <li key={name}>
            <button type="button" className="entry" onClick={() => onPick(text)}><strong>{name}</strong><code>{text}</code></button>
            <IconButton label={strings.history.remove(name)} onClick={() => unsave(connection, database, name)}><Trash2 size={13} /></IconButton>
          </li>
        ))}
      </ul>
      <h3>
        <Clock size={13} aria-hidden />{strings.history.ran}
        {history.length > 0 && <button type="button" className="link" onClick={() => clearHistory(connection, database)}>{strings.history.clear}</button>}
      </h3>
      {history.length === 0 && <p className="muted">{strings.history.noHistory(database)}</p>}
      <ul>
        {history.filter(({ text }) => fits(text)).map((entry) => (
          <li key={entry.at}>
            <button type="button" className={`entry${entry.error ? ' failed' : ''}`} onClick={() => onPick(entry.text)} title={entry.error}>
              <code>{entry.text}</code>
              <small>{new Date(entry.at).toLocaleTimeString()} · {entry.error ? strings.history.failed : strings.history.facts(entry.rows, entry.elapsedMs)}</small>
            </button>
          </li>
        ))}
      </ul>
    </aside>
  );
}
