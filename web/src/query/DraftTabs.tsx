// The drafts of one database, side by side above the editor.
import { Plus, RotateCcw, X } from 'lucide-react';
import { useState } from 'react';
import type { Draft } from '../state/kept';
import { strings } from '../strings';
import { IconButton } from '../ui/parts';

const t = strings.drafts;

/** The first one has no name until it is given one. */
export const draftName = ({ name }: Draft) => name || t.unnamed(1);

export function DraftTabs({ drafts, active, closed, onPick, onNew, onClose, onRename, onReopen }: {
  drafts: Draft[]; active: string; closed: Draft | undefined; onPick(id: string): void; onNew(): void; onClose(id: string): void; onRename(id: string, name: string): void; onReopen(): void;
}) {
  const [renaming, setRenaming] = useState<string | null>(null);
  return (
    <div className="drafts">
      <ul aria-label={t.label}>
        {drafts.map((draft, at) => {
          const name = draftName(draft);
          const here = draft.id === active;
          const done = (text: string) => {
            if (renaming === null) return;
            setRenaming(null);
            onRename(draft.id, text.trim());
          };
          return (
            <li key={draft.id} className={here ? 'current' : ''}>
              {renaming === draft.id ? (
                <input autoFocus className="draft-name" aria-label={t.name} maxLength={60} defaultValue={draft.name} onFocus={(event) => event.target.select()}
                  onBlur={(event) => done(event.target.value)}
                  onKeyDown={(event) => {
                    if (event.key === 'Enter') done(event.currentTarget.value);
                    if (event.key === 'Escape') setRenaming(null);
                  }} />
              ) : (
                <button type="button" className="draft" aria-current={here ? 'true' : undefined} title={at < 9 ? t.hint(at + 1) : t.rename} onClick={() => onPick(draft.id)}
                  onDoubleClick={() => setRenaming(draft.id)} onAuxClick={(event) => { if (event.button === 1) onClose(draft.id); }}
                  onKeyDown={(event) => {
                    if (event.key === 'F2') setRenaming(draft.id);
                    if (event.key === 'Delete') onClose(draft.id);
                  }}>{name}</button>
              )}
              {(drafts.length > 1 || draft.text !== '') && <button type="button" className="draft-close" aria-label={t.close(name)} onClick={() => onClose(draft.id)}><X size={12} /></button>}
            </li>
          );
        })}
      </ul>
      <IconButton label={t.add} onClick={onNew}><Plus size={14} /></IconButton>
      {closed && <IconButton label={t.reopen(closed.name || closed.text.trim().slice(0, 30))} onClick={onReopen}><RotateCcw size={13} /></IconButton>}
    </div>
  );
}
