// The tests talk to a real server; tests/contract/with_server.py of the repository starts one.
import { NexusClient, type ClientOptions } from '../src/index.js';

function setting(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}

export const url = setting('NEXUS_TEST_URL');
export const tlsUrl = setting('NEXUS_TEST_TLS_URL');
export const caFile = setting('NEXUS_TEST_CA');
export const auth = { user: setting('NEXUS_TEST_USER'), password: setting('NEXUS_TEST_PASSWORD') };

export const clientOf = (options: ClientOptions = {}): NexusClient => new NexusClient({ url, auth, retry: { firstPauseMs: 1 }, ...options });
export const LONG = 'UNWIND range(1, 10000) AS a UNWIND range(1, 10000) AS b UNWIND range(1, 10000) AS c RETURN count(*) AS n';
