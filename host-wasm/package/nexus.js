// Nexus in-process: many databases in one instance, in memory, in files, or in a browser's storage.
//
//   const nexus = await Nexus.open({ store: nodeFs('./data') });
//   await nexus.createDatabase('shop');
//   const { records } = await nexus.database('shop').run('MATCH (n) RETURN n.name AS name', {});
//
// A promise of run() resolves when everything it wrote is durable in the store.
import { openBrowser } from './browser.js';
import { Instance } from './instance.js';

export * from './browser.js';
export { Session } from './instance.js';

// store: 'memory' (default), nodeFs(directory), indexedDB(name) or opfs(name).
export class Nexus extends Instance {
  // As Instance.open(); the stores of a browser take the options of openBrowser() too.
  static async open(options = {}) {
    const { store } = options;
    if (store?.kind !== 'indexedDB' && store?.kind !== 'opfs') return super.open(options);
    const { kind, ...ofStore } = store;
    return openBrowser({ ...options, ...ofStore, store: kind });
  }
}
