import assert from 'node:assert/strict';
import { createConnection } from 'node:net';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { createMailCarrier } from '../carriers/mail.js';
import { Exchange } from '../model/exchange.js';
import { readMail } from '../mail/read.js';
import { MailServer } from '../mail/server.js';
import { createRandom } from '../model/random.js';
import { createManualClock } from './manual-clock.js';

const MAIL = [
  'From: CHU Val-de-Brume <alerte@chu.example>',
  'To: marie@chu.example',
  'Subject: =?utf-8?Q?EXERCICE_=E2=80=94_Incendie?=',
  'Content-Type: text/plain; charset=utf-8',
  '',
  'Sortez du bâtiment.',
].join('\r\n');

async function withMailCarrier(work, mailInbox) {
  const clock = createManualClock();
  const exchange = new Exchange({ random: createRandom(1), clock });
  const carrier = createMailCarrier(exchange, { host: '127.0.0.1', smtpPort: 0, mailInbox });
  await carrier.open();
  try {
    await work({ exchange, carrier, clock });
  } finally {
    await carrier.close();
  }
}

/** Speaks SMTP line by line: each command waits for the answer to the one before. Returns the codes. */
async function hand(address, to, mail) {
  const [host, port] = address.split(':');
  const socket = createConnection(Number(port), host);
  const codes = [];
  const commands = ['EHLO test', 'MAIL FROM:<alerte@chu.example>', `RCPT TO:<${to}>`, 'DATA', `${mail}\r\n.`, 'QUIT'];
  for await (const line of createInterface({ input: socket })) {
    if (line[3] === '-') continue;
    codes.push(Number(line.slice(0, 3)));
    if (codes.at(-1) >= 400) break;
    const next = commands.shift();
    if (next) socket.write(`${next}\r\n`);
  }
  socket.destroy();
  return codes;
}

test('a mail appears on the phone of the person with that mailbox, and is delivered', () =>
  withMailCarrier(async ({ exchange, carrier, clock }) => {
    exchange.announce([{ id: 'marie', name: 'Marie Dupont', mail: 'marie@chu.example' }]);
    assert.equal((await hand(carrier.address, 'Marie@CHU.example', MAIL)).at(-2), 250);
    const [message] = exchange.messages.list({ limit: 10 });
    assert.equal(message.person, 'marie');
    assert.equal(message.title, 'EXERCICE — Incendie');
    assert.equal(message.text, 'Sortez du bâtiment.');
    await clock.advance(4_000);
    assert.equal(message.state, 'delivered');
  }));

test('a throttled mail server asks to come back later', () =>
  withMailCarrier(async ({ exchange, carrier }) => {
    await exchange.setMode('mail', 'throttled');
    const answers = [];
    for (let count = 0; count < 6; count += 1) answers.push((await hand(carrier.address, 'marie@chu.example', MAIL)).at(-1));
    assert.deepEqual(answers, [221, 221, 221, 221, 221, 450]);
  }));

test('a mail server that is down refuses connections, and takes mail at the same address when it is back', () =>
  withMailCarrier(async ({ exchange, carrier }) => {
    const { address } = carrier;
    await exchange.setMode('mail', 'down');
    await assert.rejects(hand(address, 'marie@chu.example', MAIL), { code: 'ECONNREFUSED' });
    await exchange.setMode('mail', 'normal');
    assert.equal((await hand(address, 'marie@chu.example', MAIL)).at(-1), 221);
  }));

/** @param {import('../mail/server.js').MailVerdict} verdict */
async function withInbox(verdict, work) {
  const received = [];
  const inbox = new MailServer({ decide: () => verdict, onMail: (mail) => void received.push(mail) });
  await inbox.open();
  try {
    await withMailCarrier((carrier) => work({ ...carrier, received }), inbox.address);
  } finally {
    await inbox.close();
  }
}

const ANSWERABLE = MAIL.replace('Subject:', 'Reply-To: "Alertes" <reponse+r2s-abc@chu.example>\r\nMessage-ID: <m1@chu.example>\r\nSubject:');

test('a reply leaves by SMTP, from the mailbox to where the mail asks replies to go', () =>
  withInbox('accept', async ({ exchange, carrier, received }) => {
    await hand(carrier.address, 'marie@chu.example', ANSWERABLE);
    const [message] = exchange.messages.list({ limit: 10 });
    assert.equal(await exchange.reply(message.id, '1\n.\nJe suis à l’abri'), 'sent');
    const [{ from, to, raw }] = received;
    assert.deepEqual([from, to], ['marie@chu.example', ['reponse+r2s-abc@chu.example']]);
    const { subject, text, headers } = await readMail(raw);
    assert.deepEqual([subject, text.trim().replaceAll('\r', ''), headers['in-reply-to']], ['Re: EXERCICE — Incendie', '1\n.\nJe suis à l’abri', '<m1@chu.example>']);
    assert.equal(message.replies.length, 1);
    assert.equal(exchange.carriers().find(({ kind }) => kind === 'mail').canReply, true);
  }));

test('a reply that the inbox refuses, or that finds no inbox, is not taken', async () => {
  for (const verdict of ['refuse', 'hang-up'])
    await withInbox(verdict, async ({ exchange, carrier }) => {
      await hand(carrier.address, 'marie@chu.example', ANSWERABLE);
      const [message] = exchange.messages.list({ limit: 10 });
      assert.equal(await exchange.reply(message.id, '1'), 'not-taken');
      assert.equal(message.replies.length, 0);
    });
  await withMailCarrier(async ({ exchange, carrier }) => {
    await hand(carrier.address, 'marie@chu.example', MAIL);
    const [message] = exchange.messages.list({ limit: 10 });
    assert.equal(await exchange.reply(message.id, '1'), 'cannot-reply');
  });
});
