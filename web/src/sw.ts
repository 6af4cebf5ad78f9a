/**
 * The service worker: the shell from the cache, pages of the API from the network and, where there is none, as they were
 * last seen. A new version waits until the page says that it may take over.
 */
// The build writes here the names of all its files, and a name that changes when one of them does.
declare const __ASSETS__: string[];
declare const __SHELL__: string;
const worker = self as unknown as ServiceWorkerGlobalScope;
const ASSETS = __ASSETS__;
const OWN = new Set(ASSETS);
const SHELL = `shell-${__SHELL__}`;
const DATA = 'data';
/** What is worth having in a kitchen without a network: recipes, sessions, plans, lists, the pantry, one's own account. */
const KEPT =
  /^\/v1\/(recipes\/|cooking\/sessions|plans|lists|pantry|favorites|users\/me|suggestions\/|ingredients\/)/;
const MOST_ANSWERS = 120;

worker.addEventListener('install', (event) => {
  // Only who asks for a page gets one at "/".
  const wanted = ASSETS.map((path) => new Request(path, { headers: { Accept: 'text/html, */*' } }));
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll(wanted)));
});

worker.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) =>
        Promise.all(
          names
            .filter((name) => name.startsWith('shell-') && name !== SHELL)
            .map((name) => caches.delete(name)),
        ),
      )
      .then(() => worker.clients.claim()),
  );
});

worker.addEventListener('message', (event) => {
  if (event.data === 'take-over') void worker.skipWaiting();
});

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== location.origin) return;
  if (request.mode === 'navigate') event.respondWith(page(request, url));
  else if (KEPT.test(url.pathname)) event.respondWith(freshOrKept(request));
  else if (OWN.has(url.pathname)) event.respondWith(keptOrFresh(request));
});

/** Pages that the server renders come from it; all others are the one page of the client. */
async function page(request: Request, url: URL): Promise<Response> {
  if (/^\/(r|admin|docs|v1|static|health|livez|sitemap|robots)\b/.test(url.pathname)) return fetch(request);
  return (await caches.match('/')) ?? fetch(request);
}

async function keptOrFresh(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? fetch(request);
}

async function freshOrKept(request: Request): Promise<Response> {
  const cache = await caches.open(DATA);
  try {
    const response = await fetch(request);
    if (response.ok) {
      await cache.put(request, response.clone());
      void trim(cache);
    }
    return response;
  } catch (error) {
    const kept = await cache.match(request, { ignoreVary: true });
    if (kept) return kept;
    throw error;
  }
}

async function trim(cache: Cache): Promise<void> {
  const requests = await cache.keys();
  await Promise.all(
    requests.slice(0, Math.max(0, requests.length - MOST_ANSWERS)).map((request) => cache.delete(request)),
  );
}
