// Ctrl-K: every screen, database, action and saved query by a few letters.
import { useMemo } from 'react';
import { useApp } from '../state/app';
import { setTheme, useSaved } from '../state/kept';
import { go, screens } from '../state/route';
import { strings } from '../strings';
import { FilterList } from './FilterList';
import { Modal } from './parts';

interface Action {
  key: string;
  group: string;
  text: string;
  run(): void;
}

const t = strings.palette;

export function Palette({ open, onClose, onConnect }: { open: boolean; onClose(): void; onConnect(): void }) {
  const { client, databases, database, choose, refresh } = useApp();
  const saved = useSaved(client!.key, database);
  const actions = useMemo<Action[]>(() => [
    ...screens.map((screen): Action => ({ key: `screen:${screen}`, group: t.go, text: strings.screens[screen], run: () => go({ screen, database }) })),
    ...saved.map(({ name, text }): Action => ({ key: `saved:${name}`, group: t.saved, text: name, run: () => go({ screen: 'query', database, query: text }) })),
    ...(['light', 'dark', 'system'] as const).map((theme): Action => ({ key: `theme:${theme}`, group: t.theme, text: strings.themes[theme], run: () => setTheme(theme) })),
    { key: 'connect', group: t.action, text: strings.connection.change, run: onConnect },
    { key: 'refresh', group: t.action, text: t.refresh, run: () => void refresh() },
    ...databases.map(({ name }): Action => ({ key: `database:${name}`, group: t.database, text: name, run: () => choose(name) })),
  ], [databases, database, saved, choose, refresh, onConnect]);
  return (
    <Modal open={open} onClose={onClose} title={t.title}>
      <FilterList
        items={actions} label={t.title} placeholder={t.filter} rowHeight={36} keyOf={({ key }) => key} textOf={({ text, group }) => `${text} ${group}`}
        onPick={(action) => { onClose(); action.run(); }}
        render={({ text, group }) => <><span className="selector-name">{text}</span><span className="spring" /><span className="muted small">{group}</span></>}
      />
    </Modal>
  );
}
