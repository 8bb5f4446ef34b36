import assert from 'node:assert/strict';
import { test } from 'node:test';
import { THROTTLED_PER_SECOND } from '../model/admission.js';
import { Exchange } from '../model/exchange.js';
import { createRandom } from '../model/random.js';
import { createManualClock } from './manual-clock.js';

const SMS = { channel: /** @type {const} */ ('sms'), from: 'TOCSIN', to: '+33612345678', text: 'Evacuate' };

function createExchange(limits = {}) {
  const clock = createManualClock();
  const exchange = new Exchange({ random: createRandom(7), clock, ...limits });
  return { clock, exchange };
}

test('a message shows as arriving on the phone of the person with that number, however the number is written', () => {
  const { exchange } = createExchange();
  exchange.announce([{ id: 'marie', name: 'Marie Dupont', mobile: '+33 6 12 34 56 78' }]);
  const message = exchange.arrive({ ...SMS, to: '0033612345678' });
  assert.equal(message.person, 'marie');
  assert.equal(message.to, '+33612345678');
  assert.equal(message.state, 'arriving');
});

test('a number that nobody was announced with gets a phone of its own', () => {
  const { exchange } = createExchange();
  const message = exchange.arrive(SMS);
  assert.equal(exchange.people.find(message.person)?.name, '+33612345678');
});

test('a message is delivered after a while', async () => {
  const { exchange, clock } = createExchange();
  const settled = exchange.settle(exchange.arrive(SMS));
  await clock.advance(4_000);
  assert.equal(await settled, 'delivered');
});

test('what is sent to a phone that is switched off is not delivered', async () => {
  const { exchange, clock } = createExchange();
  exchange.announce([{ id: 'marie', name: 'Marie Dupont', mobile: SMS.to }]);
  exchange.switchPhone('marie', true);
  const settled = exchange.settle(exchange.arrive(SMS));
  await clock.advance(4_000);
  assert.equal(await settled, 'undelivered');
});

test('two labs with one seed deliver after the same delays', () => {
  const delays = (seed) => {
    const random = createRandom(seed);
    return [random.between(300, 4_000), random.between(300, 4_000), random.between(300, 4_000)];
  };
  assert.deepEqual(delays(3), delays(3));
  assert.notDeepEqual(delays(3), delays(4));
});

test('only the last messages are kept, and their numbers go on', () => {
  const { exchange } = createExchange({ messageLimit: 3 });
  for (let count = 0; count < 5; count += 1) exchange.arrive(SMS);
  assert.deepEqual(
    exchange.messages.list({ limit: 10 }).map((message) => message.id),
    [3, 4, 5],
  );
});

test('strangers beyond the limit of phones push out the oldest stranger, never somebody announced', () => {
  const { exchange } = createExchange({ phoneLimit: 2 });
  exchange.announce([{ id: 'marie', name: 'Marie Dupont', mobile: '+33600000000' }]);
  exchange.arrive({ ...SMS, to: '+33600000001' });
  exchange.arrive({ ...SMS, to: '+33600000002' });
  assert.deepEqual(
    [...exchange.people.all()].map((person) => person.id),
    ['marie', 'stranger:+33600000002'],
  );
});

test('a throttled carrier takes so many a second and turns the others away', async () => {
  const { exchange, clock } = createExchange();
  const admission = exchange.createAdmission();
  admission.mode = 'throttled';
  const ask = async (times) => Promise.all(Array.from({ length: times }, () => admission.ask()));
  const first = await ask(THROTTLED_PER_SECOND + 2);
  assert.equal(first.filter((verdict) => verdict === 'throttle').length, 2);
  await clock.advance(1_000);
  assert.deepEqual(await ask(1), ['accept']);
  assert.equal(admission.turnedAway, 2);
});

test('a slow carrier takes everything, seconds later', async () => {
  const { exchange, clock } = createExchange();
  const admission = exchange.createAdmission();
  admission.mode = 'slow';
  const verdict = admission.ask();
  assert.equal(admission.accepted, 0);
  await clock.advance(8_000);
  assert.equal(await verdict, 'accept');
});

test('a carrier that goes down closes its doors once, and opens them when it comes back', async () => {
  const { exchange } = createExchange();
  const done = [];
  const carrier = { kind: /** @type {const} */ ('sms'), address: '', open: async () => void done.push('open'), close: async () => void done.push('close') };
  exchange.register(carrier, exchange.createAdmission());
  await exchange.setMode('sms', 'down');
  await exchange.setMode('sms', 'down');
  await exchange.setMode('sms', 'slow');
  await exchange.setMode('sms', 'normal');
  assert.deepEqual(done, ['close', 'open']);
});

test('a reply goes back through the carrier that brought the message, and shows once it has left', async () => {
  const { exchange } = createExchange();
  const sent = [];
  const carrier = {
    kind: /** @type {const} */ ('sms'),
    address: '',
    open: async () => {},
    close: async () => {},
    reply: async (message, text) => sent.push([message.to, message.from, text]) > 0,
  };
  exchange.register(carrier, exchange.createAdmission());
  const message = exchange.arrive(SMS);
  assert.equal(await exchange.reply(message.id, '1'), 'sent');
  assert.deepEqual(sent, [['+33612345678', 'TOCSIN', '1']]);
  assert.equal(message.replies[0].text, '1');
  assert.equal(await exchange.reply(99, '1'), 'no-such-message');
});
