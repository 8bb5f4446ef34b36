import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { ChromiumGateway } from './chromium-gateway.js';
import { PushService } from './service.js';

// A real Chromium that subscribes to pushes, for tests:
//   node push/browser.js --chromium /usr/bin/chromium --certificate FILE --key FILE --application-server-key KEY [--service-port PORT]
// It prints {"ready": true, "origin", "subscription"} and then {"pushed": …} with the text of each push, as the service worker read it, and the titles of the
// notifications that it shows. What is posted to the subscription's endpoint goes through the lab's push service, which checks it but cannot read it,
// and the gateway to the browser, which decrypts it. It ends when its standard input does.

const { values } = parseArgs({
  options: {
    chromium: { type: 'string', default: '/usr/bin/chromium' },
    certificate: { type: 'string', default: '' },
    key: { type: 'string', default: '' },
    'application-server-key': { type: 'string', default: '' },
    'service-port': { type: 'string', default: '0' },
  },
});

const SERVICE_WORKER = `
self.addEventListener('push', (event) => event.waitUntil((async () => {
  const text = event.data.text();
  await self.registration.showNotification(event.data.json().title);
  const notifications = (await self.registration.getNotifications()).map((notification) => notification.title);
  for (const client of await self.clients.matchAll({ includeUncontrolled: true })) client.postMessage({ text, notifications });
})()));`;

const pages = createServer((request, response) => {
  const script = request.url === '/worker.js';
  response.setHeader('content-type', script ? 'text/javascript' : 'text/html').end(script ? SERVICE_WORKER : '<!doctype html><title>Push</title>');
});
pages.listen(0, '127.0.0.1');
await once(pages, 'listening');
const site = `http://127.0.0.1:${/** @type {import('node:net').AddressInfo} */ (pages.address()).port}`;

const gateway = new ChromiumGateway({ certificate: readFileSync(values.certificate), key: readFileSync(values.key) });
await gateway.open();
const service = new PushService({ port: Number(values['service-port']) });
await service.open();

const profile = mkdtempSync(join(tmpdir(), 'tocsin-push-'));
const browser = await chromium.launchPersistentContext(profile, {
  executablePath: values.chromium,
  // Pushes are background networking, and the old headless mode has none.
  ignoreDefaultArgs: ['--disable-background-networking', '--headless'],
  args: [
    '--headless=new',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-component-update',
    '--disable-sync',
    '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    ...gateway.switches,
  ],
});
await browser.grantPermissions(['notifications'], { origin: site });
const page = await browser.newPage();
await page.exposeFunction('report', (/** @type {object} */ pushed) => console.log(JSON.stringify({ pushed })));
await page.goto(site);
const subscription = await page.evaluate(async (applicationServerKey) => {
  navigator.serviceWorker.addEventListener('message', (event) => /** @type {any} */ (window).report(event.data));
  await navigator.serviceWorker.register('/worker.js');
  const registration = await navigator.serviceWorker.ready;
  return (await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey })).toJSON();
}, values['application-server-key']);

// Chromium always names a host of its maker's. The same subscription gets an endpoint of ours; its keys, which are what matters, stay the browser's.
const token = /** @type {string} */ (new URL(/** @type {string} */ (subscription.endpoint)).pathname.split('/').pop());
const endpoint = service.subscribe(({ body, ttl }) => gateway.deliver(token, body, ttl));
console.log(JSON.stringify({ ready: true, origin: service.origin, subscription: { ...subscription, endpoint } }));

process.stdin.resume();
await once(process.stdin, 'end');
await browser.close();
await service.close();
gateway.close();
pages.close();
pages.closeAllConnections();
rmSync(profile, { recursive: true, force: true });
