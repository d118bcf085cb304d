// What was dropped and can be had back.
import { useState } from 'react';
import type { ClientError, DroppedDatabase } from '../client/types';
import { administer, useApp } from '../state/app';
import { strings } from '../strings';
import { ErrorBox, Modal, count, moment } from '../ui/parts';

const t = strings.databases.trash;

export function TrashDialog({ dropped, onChange, onClose }: { dropped: DroppedDatabase[]; onChange(): void; onClose(): void }) {
  const { client, databases } = useApp();
  const [refused, setRefused] = useState<ClientError | null>(null);
  const [busy, setBusy] = useState(false);
  const [names, setNames] = useState<Record<string, string>>({});
  // Of those with one name only the last can be had back by its name.
  const latest = new Map<string, DroppedDatabase>();
  for (const info of dropped) if (!latest.has(info.name) || latest.get(info.name)!.dropTime < info.dropTime) latest.set(info.name, info);
  const bring = async ({ name }: DroppedDatabase, as: string) => {
    setBusy(true);
    setRefused(await administer(t.done(as), () => client!.undrop(name, as), true));
    setBusy(false);
    onChange();
  };
  return (
    <Modal open onClose={onClose} title={t.title} description={t.description} wide>
      {latest.size === 0 ? <p className="padded muted">{t.empty}</p> : (
        <table className="plain">
          <thead><tr><th>{t.columns.name}</th><th>{t.columns.dropped}</th><th>{t.columns.until}</th><th className="number">{t.columns.nodes}</th><th>{t.columns.as}</th><th /></tr></thead>
          <tbody>
            {[...latest.values()].sort((a, b) => (a.dropTime < b.dropTime ? 1 : -1)).map((info) => {
              const taken = databases.some(({ name }) => name === info.name);
              const as = names[info.databaseId] ?? (taken ? `${info.name}-back` : info.name);
              return (
                <tr key={info.databaseId}>
                  <th scope="row">{info.name}</th>
                  <td>{moment(info.dropTime)}</td><td>{moment(info.expiresAt)}</td><td className="number">{count(info.nodeCount)}</td>
                  <td><input className="field tiny" aria-label={t.as(info.name)} maxLength={63} spellCheck={false} value={as} onChange={(event) => setNames({ ...names, [info.databaseId]: event.target.value })} /></td>
                  <td className="number"><button type="button" className="button quiet small" aria-label={t.bring(info.name)} disabled={busy || as.trim() === ''} onClick={() => void bring(info, as.trim())}>{t.submit}</button></td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
      {refused && <div className="refused"><ErrorBox title={refused.message} detail={refused.code} /></div>}
    </Modal>
  );
}
