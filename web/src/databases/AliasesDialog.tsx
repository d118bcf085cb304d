// Other names of databases.
import { Trash2 } from 'lucide-react';
import type { Alias } from '../client/types';
import { administer, useApp } from '../state/app';
import { strings } from '../strings';
import { IconButton, Modal } from '../ui/parts';

const t = strings.databases.aliases;

export function AliasesDialog({ aliases, onClose }: { aliases: Alias[]; onClose(): void }) {
  const client = useApp((app) => app.client)!;
  return (
    <Modal open onClose={onClose} title={t.title} description={t.description}>
      {aliases.length === 0 ? <p className="padded muted">{t.empty}</p> : (
        <table className="plain">
          <thead><tr><th>{t.alias}</th><th>{t.target}</th><th /></tr></thead>
          <tbody>
            {aliases.map(({ name, target }) => (
              <tr key={name}>
                <th scope="row">{name}</th><td>{target}</td>
                <td className="number"><IconButton label={t.remove(name)} onClick={() => void administer(t.removed(name), () => client.dropAlias(name))}><Trash2 size={14} /></IconButton></td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Modal>
  );
}
