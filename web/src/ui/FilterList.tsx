// A list that is filtered while typing and walked with the arrow keys, for any number of items.
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { strings } from '../strings';

interface Props<T> {
  items: readonly T[];
  label: string;
  placeholder: string;
  rowHeight?: number;
  keyOf(item: T): string;
  textOf(item: T): string;
  render(item: T): ReactNode;
  onPick(item: T): void;
  current?: string;
  footer?: ReactNode;
}

/** Every word occurs; an occurrence at the start of the text ranks first. */
function matching<T>(items: readonly T[], filter: string, textOf: (item: T) => string): T[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...items];
  const found: { item: T; rank: number }[] = [];
  for (const item of items) {
    const text = textOf(item).toLowerCase();
    if (words.every((word) => text.includes(word))) found.push({ item, rank: text.startsWith(words[0]) ? 0 : 1 });
  }
  return found.sort((a, b) => a.rank - b.rank).map(({ item }) => item);
}

export function FilterList<T>({ items, label, placeholder, rowHeight = 40, keyOf, textOf, render, onPick, current, footer }: Props<T>) {
  const [filter, setFilter] = useState('');
  const shown = useMemo(() => matching(items, filter, textOf), [items, filter, textOf]);
  const [at, setAt] = useState(() => Math.max(0, items.findIndex((item) => keyOf(item) === current)));
  const scroller = useRef<HTMLDivElement>(null);
  const id = useId();
  const rows = useVirtualizer({ count: shown.length, getScrollElement: () => scroller.current, estimateSize: () => rowHeight, overscan: 8 });

  const active = Math.min(at, shown.length - 1);
  useEffect(() => {
    if (active >= 0) rows.scrollToIndex(active);
  }, [active, rows]);

  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (step !== undefined) setAt(Math.max(0, Math.min(shown.length - 1, active + step)));
    else if (event.key === 'Home' && event.ctrlKey) setAt(0);
    else if (event.key === 'End' && event.ctrlKey) setAt(shown.length - 1);
    else if (event.key === 'Enter' && shown[active] !== undefined) onPick(shown[active]);
    else return;
    event.preventDefault();
  };

  return (
    <div className="filter-list">
      <input
        autoFocus className="filter-input" type="text" role="combobox" aria-label={label} aria-expanded="true" aria-controls={id}
        aria-activedescendant={shown.length > 0 ? `${id}-${active}` : undefined} placeholder={placeholder} spellCheck={false}
        value={filter} onKeyDown={onKeyDown}
        onChange={(event) => { setFilter(event.target.value); setAt(0); }}
      />
      <div ref={scroller} className="filter-rows" style={{ height: Math.min(8, Math.max(1, shown.length)) * rowHeight }}>
        <div id={id} role="listbox" aria-label={label} style={{ height: rows.getTotalSize(), position: 'relative' }}>
          {rows.getVirtualItems().map((row) => (
            <div
              key={keyOf(shown[row.index])} id={`${id}-${row.index}`} role="option" aria-selected={row.index === active}
              className={`filter-row${row.index === active ? ' active' : ''}`}
              style={{ position: 'absolute', top: row.start, left: 0, right: 0, height: rowHeight }}
              onMouseMove={() => setAt(row.index)} onClick={() => onPick(shown[row.index])}
            >
              {render(shown[row.index])}
            </div>
          ))}
          {shown.length === 0 && <div className="filter-empty">{strings.nothingFound}</div>}
        </div>
      </div>
      {footer}
    </div>
  );
}
