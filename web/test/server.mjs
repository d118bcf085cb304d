// A native server with the built interface on a free port and an empty data directory.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const repository = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const nexus = process.env.NEXUS_BINARY ?? path.join(repository, 'build/release/host-native/nexus');

const freePort = () => new Promise((resolve, reject) => {
  const server = net.createServer().once('error', reject).listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});

/** With `account`, {user, password}, it lets in that one and the users of the instance; else everybody. */
export async function startServer({ account } = {}) {
  const data = fs.mkdtempSync(path.join(os.tmpdir(), 'nexus-gui-'));
  const port = await freePort();
  const secret = `${data}-password`;
  if (account) fs.writeFileSync(secret, `${account.password}\n`, { mode: 0o600 });
  const login = account ? ['--auth-user', account.user, '--auth-password-file', secret] : [];
  const process_ = spawn(nexus, ['serve', '--data', data, '--port', String(port), '--gui', process.env.NEXUS_GUI_DIST ?? path.join(repository, 'web/dist'), '--log-level', 'warning', ...login],
    { stdio: ['ignore', 'ignore', 'inherit'] });
  const origin = `http://127.0.0.1:${port}`;
  for (let tries = 0; ; ++tries) {
    const answer = await fetch(`${origin}/health/ready`).catch(() => null);
    if (answer?.ok) break;
    if (tries === 200 || process_.exitCode !== null) throw new Error('the server did not start');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    origin,
    async stop() {
      if (process_.exitCode === null) {
        const gone = new Promise((resolve) => process_.once('exit', resolve));
        process_.kill('SIGTERM');
        await gone;
      }
      fs.rmSync(data, { recursive: true, force: true });
      fs.rmSync(secret, { force: true });
    },
  };
}
