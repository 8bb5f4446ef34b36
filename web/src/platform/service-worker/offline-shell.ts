/** Written in by the build: the application's own files, and a version that changes with any of them. */
declare const PRECACHED_FILES: readonly string[];
declare const PRECACHE_VERSION: string;

const prefix = 'tocsin-shell-';
const shell = prefix + PRECACHE_VERSION;
const precached = new Set(PRECACHED_FILES);

/** All or nothing: a shell with a hole would fail on the day without a link. */
export async function installShell(): Promise<void> {
  const cache = await caches.open(shell);
  await cache.addAll(PRECACHED_FILES.map((path) => new Request(path, { cache: 'reload' })));
}

/** All but the last before this one: pages that are still open run from it, and fetch parts of it that the server has no more. */
export async function removeOldShells(): Promise<void> {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(prefix) && name !== shell);
  await Promise.all(old.slice(0, -1).map((name) => caches.delete(name)));
}

/** The application comes from here at once; what people say and do comes from the server, and is never kept here. */
export function handleFetch(event: FetchEvent): void {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== location.origin) return;
  if (precached.has(url.pathname)) event.respondWith(fromShell(url.pathname, request));
  else if (url.pathname.startsWith('/assets/')) event.respondWith(fromAnyShell(url.pathname, request));
  else if (request.mode === 'navigate' && !isServed(url.pathname)) event.respondWith(fromShell('/', request));
}

async function fromShell(path: string, request: Request): Promise<Response> {
  const cache = await caches.open(shell);
  return (await cache.match(path)) ?? fetch(request);
}

/** What is in an asset is in its name: from whichever shell it comes, it is the same. */
async function fromAnyShell(path: string, request: Request): Promise<Response> {
  return (await caches.match(path)) ?? fetch(request);
}

/** Paths that the server answers by itself: data, the answer pages, the public's page, the event stream, health. */
function isServed(path: string): boolean {
  return /^\/(api|a|public|hub|lab|health|ready|metrics|openapi)(\/|$)/.test(path);
}
