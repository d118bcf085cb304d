// A connection to the IndexedDB database that indexeddb-store.js keeps files in. It takes nothing from anybody: whoever has one
// may begin a transaction, no more.
export const formatVersion = 2;

export const answerOf = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

export async function connect(factory, name) {
  const request = factory.open(name, 1);
  request.onupgradeneeded = () => {
    for (const store of ['meta', 'names', 'extents']) request.result.createObjectStore(store);
    request.transaction.objectStore('meta').put(formatVersion, 'format');
  };
  const connection = await answerOf(request);
  // Somebody deletes the store: let go, so that they need not wait.
  connection.onversionchange = () => connection.close();
  return connection;
}
