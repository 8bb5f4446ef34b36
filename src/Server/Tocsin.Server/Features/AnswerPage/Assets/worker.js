// Keeps the last shown answer pages, so that one opens without a network too. Nothing else is kept.
'use strict';
const cacheName = 'tocsin-answer-1';
const mostKept = 20;

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
self.addEventListener('fetch', (event) => {
  if (event.request.method !== 'GET') return;
  event.respondWith(
    fetch(event.request).then(
      async (response) => {
        if (response.ok) {
          const copy = response.clone();
          const cache = await caches.open(cacheName);
          const kept = await cache.keys();
          for (const old of kept.slice(0, Math.max(0, kept.length - mostKept))) await cache.delete(old);
          await cache.put(event.request, copy);
        }
        return response;
      },
      async (failure) => (await caches.match(event.request, { ignoreSearch: true })) ?? Promise.reject(failure),
    ),
  );
});
