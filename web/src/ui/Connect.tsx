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
  const [next, setNext] = useState('');
  const needsLogin = failure?.status === 401;
  const isExpired = failure?.code === 'Neo.ClientError.Security.CredentialsExpired';

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
    void attempt(async () => {
      const base = url.trim();
      if (base !== '') new URL(base);
      const client = new ServerClient(base === location.origin ? '' : base, user ? { user, password } : undefined);
      if (isExpired && next !== '') {
        await client.changePassword(password, next);
        setPassword(next);
        setNext('');
      }
      return client;
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
        {isExpired && (
          <>
            <p className="warning">{t.expired}</p>
            <label className="labelled"><span>{t.newPassword}</span><input autoFocus className="field" type="password" autoComplete="new-password" value={next} onChange={(event) => setNext(event.target.value)} /></label>
          </>
        )}
        <div className="actions"><button type="submit" className="button primary" disabled={connecting || (isExpired && next.length < 8)}>{isExpired ? t.changeAndConnect : t.connect}</button></div>
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
