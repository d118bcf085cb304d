// A table of any number of rows and columns: only what is seen is in the page. Arrow keys move
// the active cell, Enter opens it, Ctrl-C copies it, the headers sort.
import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { compareValues, toText, typeName, type Value } from '../client/values';
import { strings } from '../strings';

const rowHeight = 30;
const sampleRows = 60;
const gutter = 56;

function widthOf(column: string, rows: Value[][], at: number): number {
  let characters = column.length + 3;
  for (const row of rows.slice(0, sampleRows)) characters = Math.max(characters, Math.min(46, toText(row[at]).length));
  return Math.max(80, Math.min(380, characters * 8 + 28));
}

const isNumber = (value: Value) => typeof value === 'number' || typeof value === 'bigint';

export function Grid({ columns, rows, label, onOpen }: {
  columns: string[]; rows: Value[][]; label: string; onOpen?(value: Value, column: string): void;
}) {
  const scroller = useRef<HTMLDivElement>(null);
  const [sort, setSort] = useState<{ column: number; down: boolean } | null>(null);
  const [active, setActive] = useState({ row: 0, column: 0 });
  const [widths, setWidths] = useState<Record<number, number>>({});
  const measured = useMemo(() => columns.map((column, at) => widthOf(column, rows, at)), [columns, rows]);
  const order = useMemo(() => {
    if (!sort) return null;
    const places = rows.map((_, at) => at);
    places.sort((a, b) => compareValues(rows[a][sort.column], rows[b][sort.column]) * (sort.down ? -1 : 1) || a - b);
    return places;
  }, [rows, sort]);
  const rowAt = (place: number) => rows[order ? order[place] : place];

  const down = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => rowHeight, overscan: 10, paddingStart: rowHeight + 2, scrollPaddingStart: rowHeight + 2 });
  const across = useVirtualizer({
    horizontal: true, count: columns.length, getScrollElement: () => scroller.current, overscan: 2, paddingStart: gutter, scrollPaddingStart: gutter,
    estimateSize: (at) => widths[at] ?? measured[at],
  });

  const move = (row: number, column: number) => {
    const next = { row: Math.max(0, Math.min(rows.length - 1, row)), column: Math.max(0, Math.min(columns.length - 1, column)) };
    setActive(next);
    down.scrollToIndex(next.row);
    across.scrollToIndex(next.column);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 2);
    const { row, column } = active;
    switch (event.key) {
      case 'ArrowDown': move(row + 1, column); break;
      case 'ArrowUp': move(row - 1, column); break;
      case 'ArrowRight': move(row, column + 1); break;
      case 'ArrowLeft': move(row, column - 1); break;
      case 'PageDown': move(row + page, column); break;
      case 'PageUp': move(row - page, column); break;
      case 'Home': move(event.ctrlKey ? 0 : row, 0); break;
      case 'End': move(event.ctrlKey ? rows.length - 1 : row, columns.length - 1); break;
      case 'Enter': if (rows.length > 0) onOpen?.(rowAt(row)[column], columns[column]); break;
      case 'c':
        if (!(event.ctrlKey || event.metaKey) || String(getSelection()) !== '') return;
        void navigator.clipboard?.writeText(toText(rowAt(row)[column]));
        break;
      default: return;
    }
    event.preventDefault();
  };
  const resize = (column: number, startX: number) => {
    const width = widths[column] ?? measured[column];
    const onMove = (event: PointerEvent) => {
      setWidths((before) => ({ ...before, [column]: Math.max(48, width + event.clientX - startX) }));
      across.measure();
    };
    window.addEventListener('pointermove', onMove);
    window.addEventListener('pointerup', () => window.removeEventListener('pointermove', onMove), { once: true });
  };
  const toggle = (column: number) =>
    setSort((before) => (before?.column !== column ? { column, down: false } : before.down ? null : { column, down: true }));

  const cells = across.getVirtualItems();
  const total = across.getTotalSize();
  return (
    <div
      ref={scroller} className="grid" role="grid" tabIndex={0} aria-label={label} aria-rowcount={rows.length + 1} aria-colcount={columns.length}
      aria-activedescendant={rows.length > 0 ? `cell-${active.row}-${active.column}` : undefined} onKeyDown={onKeyDown}
    >
      <div style={{ height: down.getTotalSize(), width: total, minWidth: '100%', position: 'relative' }}>
        <div className="grid-head" role="row" aria-rowindex={1} style={{ width: total, minWidth: '100%' }}>
          <span className="grid-corner" aria-hidden="true" style={{ width: gutter }} />
          {cells.map((cell) => (
            <div
              key={cell.key} role="columnheader" className="grid-header" style={{ left: cell.start, width: cell.size }}
              aria-sort={sort?.column === cell.index ? (sort.down ? 'descending' : 'ascending') : 'none'}
            >
              <button type="button" tabIndex={-1} onClick={() => toggle(cell.index)} title={strings.grid.sortBy(columns[cell.index])}>
                <span>{columns[cell.index]}</span>
                {sort?.column === cell.index && (sort.down ? <ArrowDown size={12} /> : <ArrowUp size={12} />)}
              </button>
              <span className="grid-resize" aria-hidden="true" onPointerDown={(event) => { event.preventDefault(); resize(cell.index, event.clientX); }} />
            </div>
          ))}
        </div>
        {down.getVirtualItems().map((row) => (
          <div
            key={row.key} role="row" aria-rowindex={row.index + 2} className={`grid-row${row.index % 2 ? ' odd' : ''}`}
            style={{ top: row.start, height: rowHeight, width: total, minWidth: '100%' }}
          >
            <span className="grid-number" style={{ width: gutter }}>{row.index + 1}</span>
            {cells.map((cell) => {
              const value = rowAt(row.index)[cell.index];
              const here = active.row === row.index && active.column === cell.index;
              return (
                <div
                  key={cell.key} id={`cell-${row.index}-${cell.index}`} role="gridcell" aria-selected={here}
                  className={`grid-cell type-${typeName(value).toLowerCase().replaceAll(' ', '-')}${isNumber(value) ? ' number' : ''}${here ? ' active' : ''}`}
                  style={{ left: cell.start, width: cell.size }}
                  onClick={() => setActive({ row: row.index, column: cell.index })}
                  onDoubleClick={() => onOpen?.(value, columns[cell.index])}
                >
                  {toText(value)}
                </div>
              );
            })}
          </div>
        ))}
      </div>
    </div>
  );
}
