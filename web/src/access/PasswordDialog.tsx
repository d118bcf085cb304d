// One's own password.
import { useState, type FormEvent } from 'react';
import type { ClientError } from '../client/types';
import { administer, useApp } from '../state/app';
import { strings } from '../strings';
import { ErrorBox, Modal } from '../ui/parts';

const t = strings.access.password;

export function PasswordDialog({ onClose }: { onClose(): void }) {
  const client = useApp((app) => app.client)!;
  const [old, setOld] = useState('');
  const [next, setNext] = useState('');
  const [refused, setRefused] = useState<ClientError | null>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const refusal = await administer(t.done, () => client.changePassword!(old, next), true);
    setRefused(refusal);
    if (!refusal) onClose();
  };
  return (
    <Modal open onClose={onClose} title={t.own} description={t.description}>
      <form onSubmit={(event) => void submit(event)}>
        <label className="labelled"><span>{t.old}</span><input autoFocus className="field" type="password" autoComplete="current-password" value={old} onChange={(event) => setOld(event.target.value)} /></label>
        <label className="labelled"><span>{t.next}</span><input className="field" type="password" autoComplete="new-password" value={next} onChange={(event) => setNext(event.target.value)} /></label>
        <p className="muted small">{strings.access.users.passwordRule}</p>
        {refused && <div className="refused"><ErrorBox title={refused.message} detail={refused.code} /></div>}
        <div className="actions">
          <button type="button" className="button quiet" onClick={onClose}>{strings.cancel}</button>
          <button type="submit" className="button primary" disabled={next.length < 8}>{t.submit}</button>
        </div>
      </form>
    </Modal>
  );
}
