import { once } from 'node:events';
import { createConnection } from 'node:net';
import { createInterface } from 'node:readline';

const TIME_LIMIT_MS = 10_000;
const LINE_OCTETS = 57;

/**
 * A mail of plain text, as a phone's mail program writes a reply.
 * @typedef {object} PlainMail
 * @property {string} from A mailbox, without name.
 * @property {string} to The same.
 * @property {string} subject
 * @property {string} text
 * @property {string} inReplyTo Message-ID of the mail that is answered, with its angle brackets; empty where it had none.
 * @property {Date} at
 */

/**
 * Hands a mail to a server by SMTP (RFC 5321), without encryption.
 * @param {string} server host:port
 * @param {PlainMail} mail
 * @returns {Promise<boolean>} Whether the server took it.
 */
export async function sendMail(server, mail) {
  if (![mail.from, mail.to].every(isMailbox)) return false;
  const [, host, port] = /^(.+):(\d+)$/.exec(server) ?? [];
  const socket = createConnection({ host, port: Number(port), timeout: TIME_LIMIT_MS });
  socket.on('timeout', () => socket.destroy());
  try {
    await once(socket, 'connect');
    return await converse(socket, mail);
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** Each command waits for the answer to the one before. @param {import('node:net').Socket} socket @param {PlainMail} mail */
async function converse(socket, mail) {
  const commands = [
    ['EHLO phone.lab.example', 220],
    [`MAIL FROM:<${mail.from}>`, 250],
    [`RCPT TO:<${mail.to}>`, 250],
    ['DATA', 250],
    [`${write(mail)}\r\n.`, 354],
    ['QUIT', 250],
  ];
  let taken = false;
  for await (const line of createInterface({ input: socket })) {
    if (line[3] === '-') continue;
    const [command, expected] = commands.shift() ?? ['', 221];
    if (Number(line.slice(0, 3)) !== expected) break;
    taken ||= command === 'QUIT';
    if (command === '') break;
    socket.write(`${command}\r\n`);
  }
  return taken;
}

/** Base64 has neither long lines nor a line that is a dot. @param {PlainMail} mail */
function write({ from, to, subject, text, inReplyTo, at }) {
  const body = Buffer.from(text.replaceAll(/\r?\n/g, '\r\n'), 'utf8');
  const lines = [];
  for (let start = 0; start < body.length; start += LINE_OCTETS) lines.push(body.subarray(start, start + LINE_OCTETS).toString('base64'));
  return [
    `From: <${from}>`,
    `To: <${to}>`,
    `Subject: =?utf-8?B?${Buffer.from(`Re: ${subject.slice(0, 30)}`, 'utf8').toString('base64')}?=`,
    `Date: ${at.toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${at.getTime()}.${Math.trunc(body.length)}@phone.lab.example>`,
    ...(/^<[^<>\s]{1,200}>$/.test(inReplyTo) ? [`In-Reply-To: ${inReplyTo}`] : []),
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    '',
    ...lines,
  ].join('\r\n');
}

/** @param {string} text */
function isMailbox(text) {
  return /^[^\s<>@]{1,64}@[^\s<>@]{1,255}$/.test(text);
}
