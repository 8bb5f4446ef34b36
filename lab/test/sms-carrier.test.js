import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import smpp from 'smpp';
import { createSmsCarrier } from '../carriers/sms.js';
import { Exchange } from '../model/exchange.js';
import { createRandom } from '../model/random.js';
import { createManualClock } from './manual-clock.js';

/** A bound client beside the carrier; both end with the work. */
async function withClient(work) {
  const clock = createManualClock();
  const exchange = new Exchange({ random: createRandom(1), clock });
  const carrier = createSmsCarrier(exchange, { host: '127.0.0.1', smppPort: 0 });
  await carrier.open();
  const client = smpp.connect({ url: `smpp://${carrier.address}`, auto_enquire_link_period: 0 });
  client.on('error', () => {});
  await new Promise((resolve) => client.bind_transceiver({ system_id: 't', password: 'p' }, resolve));
  try {
    await work({ exchange, clock, client });
  } finally {
    client.destroy();
    await carrier.close();
  }
}

const submit = (client, fields) =>
  new Promise((resolve) =>
    client.submit_sm({ source_addr: '38080', source_addr_ton: 3, destination_addr: '33612345678', dest_addr_ton: 1, registered_delivery: 1, ...fields }, resolve),
  );

const nextDelivery = async (client) => {
  const [pdu] = await once(client, 'deliver_sm');
  client.send(pdu.response());
  return pdu;
};

test('an SMS appears on the phone and its receipt comes back', () =>
  withClient(async ({ exchange, clock, client }) => {
    const answer = await submit(client, { short_message: 'Sortez' });
    const [message] = exchange.messages.list({ limit: 10 });
    assert.equal(message.to, '+33612345678');
    assert.equal(message.text, 'Sortez');
    const receipt = nextDelivery(client);
    await clock.advance(4_000);
    assert.match(String((await receipt).short_message.message), new RegExp(`id:${answer.message_id} .*stat:DELIVRD`));
  }));

test('a long SMS appears once, whole, and each of its parts gets a receipt', () =>
  withClient(async ({ exchange, clock, client }) => {
    const part = (number, text) => submit(client, { esm_class: 0x40, short_message: { udh: Buffer.from([5, 0, 3, 9, 2, number]), message: text } });
    const ids = [(await part(1, 'Quittez le ')).message_id, (await part(2, 'bâtiment')).message_id];
    const listed = exchange.messages.list({ limit: 10 });
    assert.deepEqual(listed.map((message) => message.text), ['Quittez le bâtiment']);
    const receipts = [];
    client.on('deliver_sm', (pdu) => {
      receipts.push(/id:(\w+)/.exec(String(pdu.short_message.message))?.[1]);
      client.send(pdu.response());
    });
    await clock.advance(4_000);
    while (receipts.length < 2) await once(client, 'deliver_sm');
    assert.deepEqual(receipts, ids);
  }));

test('what a phone that is off gets is reported as undelivered', () =>
  withClient(async ({ exchange, clock, client }) => {
    exchange.announce([{ id: 'marie', name: 'Marie', mobile: '+33612345678' }]);
    exchange.switchPhone('marie', true);
    await submit(client, { short_message: 'Sortez' });
    const receipt = nextDelivery(client);
    await clock.advance(4_000);
    assert.match(String((await receipt).short_message.message), /stat:UNDELIV err:027/);
  }));

test('a reply comes from the phone to the number that wrote', () =>
  withClient(async ({ exchange, client }) => {
    await submit(client, { short_message: 'Répondez 1' });
    const [message] = exchange.messages.list({ limit: 10 });
    const reply = nextDelivery(client);
    assert.equal(await exchange.reply(message.id, '1'), 'sent');
    const pdu = await reply;
    assert.deepEqual([pdu.source_addr, pdu.destination_addr, String(pdu.short_message.message)], ['33612345678', '38080', '1']);
  }));

test('nobody can reply to a sender that is a name', () =>
  withClient(async ({ exchange, client }) => {
    await submit(client, { source_addr: 'TOCSIN', source_addr_ton: 5, short_message: 'Sortez' });
    const [message] = exchange.messages.list({ limit: 10 });
    assert.equal(await exchange.reply(message.id, '1'), 'not-taken');
  }));

test('a throttled centre says so', () =>
  withClient(async ({ exchange, client }) => {
    await exchange.setMode('sms', 'throttled');
    const answers = [];
    for (let count = 0; count < 6; count += 1) answers.push((await submit(client, { short_message: 'x' })).command_status);
    assert.deepEqual(answers.slice(-2), [smpp.ESME_ROK, smpp.ESME_RTHROTTLED]);
  }));
