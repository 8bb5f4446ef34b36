import { readMail } from '../mail/read.js';
import { MailServer } from '../mail/server.js';

/** @type {Record<import('../model/admission.js').Verdict, import('../mail/server.js').MailVerdict>} */
const ANSWERS = { accept: 'accept', throttle: 'throttle', refuse: 'hang-up' };

/**
 * The mail server, tied to the phones. Admission is decided on the recipient, where greylisting servers decide too.
 * @param {import('../model/exchange.js').Exchange} exchange
 * @param {{ host: string, smtpPort: number }} options
 * @returns {import('../model/exchange.js').Carrier}
 */
export function createMailCarrier(exchange, { host, smtpPort }) {
  const admission = exchange.createAdmission();
  const server = new MailServer({
    host,
    port: smtpPort,
    decide: async (_to, step) => (step === 'recipient' ? ANSWERS[await admission.ask()] : 'accept'),
    onMail: (mail) => putInMailboxes(exchange, mail),
  });
  const carrier = {
    kind: /** @type {const} */ ('mail'),
    get address() {
      return server.address;
    },
    open: () => server.open(),
    close: () => server.close(),
  };
  exchange.register(carrier, admission);
  return carrier;
}

/**
 * @param {import('../model/exchange.js').Exchange} exchange
 * @param {import('../mail/server.js').HandedMail} mail
 */
async function putInMailboxes(exchange, { to, raw }) {
  const { subject, text, html, headers } = await readMail(raw);
  for (const mailbox of to) {
    const message = exchange.arrive({ channel: 'mail', from: headers.from ?? '', to: mailbox, title: subject, text: text.trim(), html: html || null });
    // Not awaited: the server answers that it has the mail before the person sees it.
    void exchange.settle(message);
  }
}
