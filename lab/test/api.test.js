import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { createPageServer } from '../http/server.js';
import { Exchange } from '../model/exchange.js';
import { createRandom } from '../model/random.js';
import { createManualClock } from './manual-clock.js';

const exchange = new Exchange({ random: createRandom(1), clock: createManualClock() });
const replies = [];
exchange.register(
  { kind: 'sms', address: '', open: async () => {}, close: async () => {}, reply: async (_message, text) => text !== 'lost' && replies.push(text) > 0 },
  exchange.createAdmission(),
);
const page = createPageServer(exchange);
let base = '';

before(async () => {
  await new Promise((resolve) => page.server.listen(0, '127.0.0.1', () => resolve(undefined)));
  base = `http://127.0.0.1:${/** @type {import('node:net').AddressInfo} */ (page.server.address()).port}`;
});
after(() => page.close());

const send = (method, path, body, type = 'application/json') =>
  fetch(base + path, { method, headers: { 'content-type': type }, body: typeof body === 'string' ? body : JSON.stringify(body) });

test('every file of the page is served, with a policy that lets nothing foreign in', async () => {
  const files = (await readdir(new URL('../page/', import.meta.url))).map((name) => (name === 'index.html' ? '/' : `/${name}`));
  for (const file of files) {
    const response = await fetch(base + file);
    assert.equal(response.status, 200, file);
    assert.match(response.headers.get('content-security-policy') ?? '', /default-src 'none'/);
  }
});

test('nothing else of the disk is served', async () => {
  for (const path of ['/../package.json', '/%2e%2e/package.json', '/package.json']) assert.equal((await fetch(base + path)).status, 404);
});

test('messages are listed after a number, by channel and address', async () => {
  const first = exchange.arrive({ channel: 'sms', from: 'T', to: '+33611111111', text: 'a' });
  exchange.arrive({ channel: 'mail', from: 'T', to: 'marie@hospital.example', text: 'b' });
  const listed = await (await fetch(`${base}/api/messages?after=${first.id}&channel=mail&to=marie%40hospital.example`)).json();
  assert.deepEqual(listed.map((message) => message.text), ['b']);
});

test('people are announced with what is known of them', async () => {
  assert.equal((await send('PUT', '/api/people', [{ id: 'emile', name: 'Émile', detail: null, mobile: '+33611111112', mail: null }])).status, 200);
  assert.equal(exchange.arrive({ channel: 'sms', from: 'T', to: '+33611111112', text: 'a' }).person, 'emile');
});

test('a reply is sent through the carrier', async () => {
  const message = exchange.arrive({ channel: 'sms', from: 'T', to: '+33611111111', text: 'a' });
  assert.equal((await send('POST', '/api/reply', { message: message.id, text: '1' })).status, 200);
  assert.deepEqual(replies, ['1']);
});

test('a form of a foreign page cannot send anything', async () => {
  assert.equal((await send('POST', '/api/reply', '{"message":1,"text":"1"}', 'text/plain')).status, 415);
});

for (const [what, method, path, body, status, code] of [
  ['a reply to nothing', 'POST', '/api/reply', { message: 9999, text: '1' }, 404, 'no-such-message'],
  ['a reply that nobody takes', 'POST', '/api/reply', { message: 1, text: 'lost' }, 409, 'not-taken'],
  ['a subscription of nobody', 'POST', '/api/push-subscriptions', { person: 'nobody' }, 404, 'no-such-person'],
  ['an empty reply', 'POST', '/api/reply', { message: 1, text: ' ' }, 400, 'bad-reply'],
  ['JSON that is not', 'POST', '/api/reply', '{', 400, 'not-json'],
  ['a list where an object is due', 'POST', '/api/reply', [], 400, 'not-an-object'],
  ['a mode that does not exist', 'PUT', '/api/carriers/sms', { mode: 'broken' }, 400, 'bad-mode'],
  ['a carrier that does not exist', 'PUT', '/api/carriers/pigeon', { mode: 'slow' }, 404, 'no-such-carrier'],
  ['people without names', 'PUT', '/api/people', [{ id: 'x' }], 400, 'bad-people'],
  ['a phone that does not exist', 'PUT', '/api/people/nobody', { off: true }, 404, 'no-such-person'],
]) {
  test(`${what} is refused with a code`, async () => {
    const response = await send(method, path, body);
    assert.equal(response.status, status);
    assert.deepEqual(await response.json(), { error: code });
  });
}

test('an open page is told what changes', async () => {
  const response = await fetch(`${base}/api/changes`);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  const sent = exchange.arrive({ channel: 'sms', from: 'T', to: '+33622222222', text: 'ring' });
  while (!/event: changes\ndata: .*\n\n/.test(text)) text += (await reader.read()).value;
  await reader.cancel();
  const changes = JSON.parse(/event: changes\ndata: (.*)\n/.exec(text)[1]);
  assert.ok(changes.messages.some((message) => message.id === sent.id));
});
