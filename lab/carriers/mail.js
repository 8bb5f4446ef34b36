import { readMail } from '../mail/read.js';
import { sendMail } from '../mail/send.js';
import { MailServer } from '../mail/server.js';

/** @type {Record<import('../model/admission.js').Verdict, import('../mail/server.js').MailVerdict>} */
const ANSWERS = { accept: 'accept', throttle: 'throttle', refuse: 'hang-up' };

/**
 * The mail server, tied to the phones. Admission is decided on the recipient, where greylisting servers decide too.
 * @param {import('../model/exchange.js').Exchange} exchange
 * @param {{ host: string, smtpPort: number, mailInbox?: string }} options `mailInbox`: host:port of the server that takes mail back; without one, nobody can reply.
 * @returns {import('../model/exchange.js').Carrier}
 */
export function createMailCarrier(exchange, { host, smtpPort, mailInbox }) {
  const admission = exchange.createAdmission();
  /** @type {WeakMap<import('../model/messages.js').Message, { replyTo: string, messageId: string }>} What a reply goes by; forgotten with the message. */
  const origins = new WeakMap();
  const server = new MailServer({
    host,
    port: smtpPort,
    decide: async (_to, step) => (step === 'recipient' ? ANSWERS[await admission.ask()] : 'accept'),
    onMail: (mail) => putInMailboxes(exchange, origins, mail),
  });
  const carrier = {
    kind: /** @type {const} */ ('mail'),
    get address() {
      return server.address;
    },
    open: () => server.open(),
    close: () => server.close(),
    ...(mailInbox ? { reply: (message, text) => reply(exchange, mailInbox, message, text, origins.get(message)) } : {}),
  };
  exchange.register(carrier, admission);
  return carrier;
}

/**
 * From the person's mailbox to where the mail asks replies to go.
 * @param {import('../model/exchange.js').Exchange} exchange
 * @param {string} mailInbox
 * @param {import('../model/messages.js').Message} message
 * @param {string} text
 * @param {{ replyTo: string, messageId: string } | undefined} origin
 */
async function reply(exchange, mailInbox, message, text, origin) {
  if (!origin) return false;
  return sendMail(mailInbox, { from: message.to, to: origin.replyTo, subject: message.title, text, inReplyTo: origin.messageId, at: new Date(exchange.clock.now()) });
}

/** @param {string} header A mailbox, with or without a name before it. */
function mailboxIn(header) {
  return (/<([^<>]+)>\s*$/.exec(header)?.[1] ?? header).trim();
}

/**
 * @param {import('../model/exchange.js').Exchange} exchange
 * @param {WeakMap<import('../model/messages.js').Message, { replyTo: string, messageId: string }>} origins
 * @param {import('../mail/server.js').HandedMail} mail
 */
async function putInMailboxes(exchange, origins, { to, raw }) {
  const { sender, subject, text, html, headers } = await readMail(raw);
  for (const mailbox of to) {
    const message = exchange.arrive({ channel: 'mail', from: sender || (headers.from ?? ''), to: mailbox, title: subject, text: text.trim(), html: html || null });
    origins.set(message, { replyTo: mailboxIn(headers['reply-to'] ?? headers.from ?? ''), messageId: (headers['message-id'] ?? '').trim() });
    // Not awaited: the server answers that it has the mail before the person sees it.
    void exchange.settle(message);
  }
}
