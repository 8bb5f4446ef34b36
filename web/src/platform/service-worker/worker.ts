import { handleFetch, installShell, removeOldShells } from './offline-shell';
import { openPushed, showAlert } from './push';
import { readRoomPush, showRoom } from './room-push';

declare const self: ServiceWorkerGlobalScope;

self.addEventListener('install', (event) => {
  event.waitUntil(installShell().then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(removeOldShells().then(() => self.clients.claim()));
});

self.addEventListener('fetch', handleFetch);

self.addEventListener('push', (event) => {
  const room = readRoomPush(event.data);
  event.waitUntil(room === undefined ? showAlert(event.data) : showRoom(room));
});

self.addEventListener('notificationclick', (event) => {
  event.waitUntil(openPushed(event.notification, event.action));
});
