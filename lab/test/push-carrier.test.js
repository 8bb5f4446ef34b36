import assert from 'node:assert/strict';
import { createCipheriv, createECDH, createSign, generateKeyPairSync, hkdfSync, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { createPushCarrier } from '../carriers/push.js';
import { Exchange } from '../model/exchange.js';
import { createRandom } from '../model/random.js';
import { createManualClock } from './manual-clock.js';

const base64url = (value) => Buffer.from(value).toString('base64url');

/** RFC 8291 section 3: one record encrypted to a subscription. */
function encrypt(text, { p256dh, auth }) {
  const sender = createECDH('prime256v1');
  sender.generateKeys();
  const phone = Buffer.from(p256dh, 'base64url');
  const salt = randomBytes(16);
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), phone, sender.getPublicKey()]);
  const inputKey = hkdfSync('sha256', sender.computeSecret(phone), Buffer.from(auth, 'base64url'), info, 32);
  const key = Buffer.from(hkdfSync('sha256', inputKey, salt, 'Content-Encoding: aes128gcm\0', 16));
  const nonce = Buffer.from(hkdfSync('sha256', inputKey, salt, 'Content-Encoding: nonce\0', 12));
  const cipher = createCipheriv('aes-128-gcm', key, nonce);
  const record = Buffer.concat([cipher.update(text), cipher.update(Buffer.from([2])), cipher.final(), cipher.getAuthTag()]);
  return Buffer.concat([salt, Buffer.from([0, 0, 16, 0, 65]), sender.getPublicKey(), record]);
}

/** RFC 8292: who sends, signed. */
function vapid(origin) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const { x, y } = publicKey.export({ format: 'jwk' });
  const point = Buffer.concat([Buffer.from([4]), Buffer.from(x ?? '', 'base64url'), Buffer.from(y ?? '', 'base64url')]);
  const claims = { aud: origin, exp: Math.floor(Date.now() / 1000) + 3600, sub: 'mailto:admin@chu.example' };
  const signed = `${base64url(JSON.stringify({ typ: 'JWT', alg: 'ES256' }))}.${base64url(JSON.stringify(claims))}`;
  const signature = createSign('sha256').update(signed).sign({ key: privateKey, dsaEncoding: 'ieee-p1363' });
  return `vapid t=${signed}.${base64url(signature)}, k=${base64url(point)}`;
}

async function withPushCarrier(work) {
  const exchange = new Exchange({ random: createRandom(1), clock: createManualClock() });
  exchange.announce([{ id: 'marie', name: 'Marie Dupont', mobile: '+33612345678' }]);
  const carrier = createPushCarrier(exchange, { host: '127.0.0.1', pushPort: 0 });
  await carrier.open();
  const subscription = exchange.subscribe('marie');
  assert.ok(subscription);
  const push = async (payload) => {
    const response = await fetch(subscription.endpoint, {
      method: 'POST',
      headers: { ttl: '60', 'content-encoding': 'aes128gcm', authorization: vapid(carrier.address) },
      body: encrypt(JSON.stringify(payload), subscription.keys),
    });
    return response.status;
  };
  try {
    await work({ exchange, push, subscription });
  } finally {
    await carrier.close();
  }
}

test('a push is read by the phone that it was encrypted to', () =>
  withPushCarrier(async ({ exchange, push, subscription }) => {
    assert.equal(await push({ title: 'EXERCICE — Incendie', body: 'Sortez.', link: 'http://localhost/a/x' }), 201);
    const [message] = exchange.messages.list({ limit: 10 });
    assert.deepEqual(
      [message.person, message.to, message.title, message.text, message.link],
      ['marie', subscription.endpoint, 'EXERCICE — Incendie', 'Sortez.', 'http://localhost/a/x'],
    );
  }));

test('a throttled push service shows nothing of what it turns away', () =>
  withPushCarrier(async ({ exchange, push }) => {
    await exchange.setMode('push', 'throttled');
    const statuses = [];
    for (let count = 0; count < 6; count += 1) statuses.push(await push({ title: `${count}`, body: '' }));
    assert.deepEqual(statuses, [201, 201, 201, 201, 201, 429]);
    assert.equal(exchange.messages.list({ limit: 10 }).length, 5);
  }));

test('nobody subscribes for a person who is not there', () =>
  withPushCarrier(async ({ exchange }) => {
    assert.equal(exchange.subscribe('nobody'), undefined);
  }));
