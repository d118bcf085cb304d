// Databases in this browser: the engine in a worker, its files in IndexedDB. Works offline.
import type { NexusClient } from './types';

export const canKeepDatabases = __HAS_ENGINE__ && typeof indexedDB !== 'undefined' && typeof Worker !== 'undefined';

export async function browserClient(): Promise<NexusClient> {
  throw new Error('databases in this browser are not built yet');
}
