// Where the databases are: the server of this page, another server, or this browser.
import { HardDrive, Server } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { browserClient, canKeepDatabases } from '../client/browser';
import { ServerClient } from '../client/server';
import { asError, useApp } from '../state/app';
import { strings } from '../strings';
import { ErrorBox } from './parts';

const t = strings.connection;

export function Connect({ onDone }: { onDone(): void }) {
  const { connect, failure, connecting } = useApp();
  const [url, setUrl] = useState('');
  const [user, setUser] = useState('');
  const [password, setPassword] = useState('');
  const [error, setError] = useState<string | null>(failure && failure.code !== 'Unreachable' ? failure.message : null);
  const needsLogin = failure?.status === 401;

  const attempt = async (make: Parameters<typeof connect>[0]) => {
    setError(null);
    try {
      await connect(make);
      onDone();
    } catch (failed) {
      setError(asError(failed).message);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void attempt(() => {
      const base = url.trim();
      if (base !== '') new URL(base);
      return new ServerClient(base === location.origin ? '' : base, user ? { user, password } : undefined);
    });
  };
  return (
    <div className="connect">
      <form className="card static" onSubmit={submit}>
        <h3><Server size={17} aria-hidden />{t.server}</h3>
        <p className="muted">{t.serverHint}</p>
        <label className="labelled"><span>{t.url}</span><input className="field" type="url" placeholder={location.origin} value={url} onChange={(event) => setUrl(event.target.value)} /></label>
        <div className="pair">
          <label className="labelled"><span>{t.user}</span><input className="field" autoComplete="username" autoFocus={needsLogin} value={user} onChange={(event) => setUser(event.target.value)} /></label>
          <label className="labelled"><span>{t.password}</span><input className="field" type="password" autoComplete="current-password" value={password} onChange={(event) => setPassword(event.target.value)} /></label>
        </div>
        <div className="actions"><button type="submit" className="button primary" disabled={connecting}>{t.connect}</button></div>
      </form>
      <div className="card static">
        <h3><HardDrive size={17} aria-hidden />{t.browser}</h3>
        <p className="muted">{t.browserHint}</p>
        {canKeepDatabases ? <div className="actions"><button type="button" className="button primary" disabled={connecting} onClick={() => void attempt(browserClient)}>{t.openBrowser}</button></div>
          : <p className="muted">{t.noEngine}</p>}
      </div>
      {error && <ErrorBox title={error} />}
    </div>
  );
}
