// A worker of a page that opens databases itself; what chromium.test.mjs asks, it answers.
import { Nexus, indexedDB } from '/package/nexus.js';

let nexus = null;
onmessage = async ({ data: { store, options, texts } }) => {
  if (store) {
    nexus = await Nexus.open({ store: indexedDB(store, options) });
    return postMessage({ role: nexus.role, loaded: performance.getEntriesByType('resource').map(({ name }) => name) });
  }
  return postMessage(await Promise.all(texts.map((text) => nexus.run(text).then(({ records }) => records, ({ errorName }) => errorName))));
};
