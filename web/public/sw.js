// Keeps the interface's own files, so that it opens without a network. Nothing of a server's API
// is ever kept: those requests are not touched.
const listing = 'files.json';
// By its name: '/' alone answers programs with a document of the API.
const page = 'index.html';

async function newest() {
  const response = await fetch(listing, { cache: 'no-store' });
  if (!response.ok) throw new Error('no list of files');
  const { version, files } = await response.json();
  return { name: `nexus-${version}`, files };
}

self.addEventListener('install', (event) => {
  event.waitUntil((async () => {
    const { name, files } = await newest();
    const cache = await caches.open(name);
    await cache.addAll([page, ...files].map((file) => new Request(file, { cache: 'no-cache' })));
    await self.skipWaiting();
  })());
});

self.addEventListener('activate', (event) => {
  event.waitUntil((async () => {
    const { name } = await newest().catch(() => ({ name: null }));
    if (name) for (const old of await caches.keys()) if (old.startsWith('nexus-') && old !== name) await caches.delete(old);
    await self.clients.claim();
  })());
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  const inside = url.origin === location.origin && url.pathname.startsWith(new URL('./', location.href).pathname);
  const path = url.pathname.slice(new URL('./', location.href).pathname.length);
  if (request.method !== 'GET' || !inside || /^(api|db|health|metrics)(\/|$)/.test(path)) return;
  const isPage = request.mode === 'navigate';
  if (!isPage && path === '') return;
  event.respondWith((async () => {
    // Files with a hash in their name never change; everything else is asked for first.
    const kept = () => caches.match(isPage ? page : request, { ignoreSearch: true, ignoreVary: true });
    if (path.startsWith('assets/')) return await kept() ?? fetch(request);
    try {
      return await fetch(request);
    } catch (error) {
      const found = await kept();
      if (found) return found;
      throw error;
    }
  })());
});
