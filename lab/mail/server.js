import { SMTPServer } from 'smtp-server';

const MAXIMUM_MAIL_BYTES = 1024 * 1024;

/**
 * What the server does with a mail. 'hang-up' cuts every connection that is open; 'silent' answers only once `breakSilence` is called.
 * @typedef {'accept' | 'refuse' | 'throttle' | 'silent' | 'hang-up'} MailVerdict
 */

/**
 * A mail that was handed over.
 * @typedef {object} HandedMail
 * @property {string} from Envelope sender; empty for a report.
 * @property {string[]} to Envelope recipients.
 * @property {Buffer} raw As it came, RFC 5322.
 */

/**
 * At which step of the transaction a refusal is said: 'recipient' is where greylisting and unknown mailboxes show, 'content' where filters do.
 * @typedef {'recipient' | 'content'} VerdictStep
 */

/** @type {Record<VerdictStep, Record<'refuse' | 'throttle', [code: number, text: string]>>} */
const REPLIES = {
  recipient: {
    refuse: [550, '5.1.1 No such mailbox'],
    throttle: [450, '4.7.1 Greylisted, come again later'],
  },
  content: {
    refuse: [554, '5.6.0 Content refused'],
    throttle: [451, '4.7.1 Too many mails, come again later'],
  },
};

/** A mail server that keeps nothing itself, does as it is told with each mail, and can close its doors and open them again at the same port. */
export class MailServer {
  /** @type {SMTPServer | undefined} */
  #server;

  /** @type {Set<import('node:net').Socket>} */
  #sockets = new Set();

  /** @type {(() => void)[]} Answers that are being withheld. */
  #silent = [];

  #port;

  /**
   * @param {object} options
   * @param {string} [options.host]
   * @param {number} [options.port] 0 takes a free one, which is kept from then on.
   * @param {(to: string, step: VerdictStep) => MailVerdict | Promise<MailVerdict>} options.decide Asked for each recipient and then for the content.
   * @param {(mail: HandedMail) => void | Promise<void>} options.onMail Called before the content is decided on; what it does is done before the answer leaves.
   * @param {import('smtp-server').SMTPServerOptions} [options.smtp] Authentication, certificates, extensions to hide.
   */
  constructor({ host = '127.0.0.1', port = 0, decide, onMail, smtp = {} }) {
    this.host = host;
    this.decide = decide;
    this.onMail = onMail;
    this.smtp = smtp;
    this.#port = port;
  }

  get port() {
    return this.#port;
  }

  get address() {
    return `${this.host}:${this.#port}`;
  }

  async open() {
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      disableReverseLookup: true,
      closeTimeout: 1,
      size: MAXIMUM_MAIL_BYTES,
      rejectOversized: true,
      ...this.smtp,
      onRcptTo: (address, _session, callback) => this.#answer(address.address, 'recipient', callback),
      onData: (stream, session, callback) => this.#take(stream, session, callback),
    });
    // A client that breaks off is this server's daily bread.
    server.on('error', () => {});
    server.server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    await new Promise((resolve, reject) => {
      server.server.once('error', reject);
      server.listen(this.#port, this.host, () => resolve(undefined));
    });
    this.#port = /** @type {import('node:net').AddressInfo} */ (server.server.address()).port;
    this.#server = server;
  }

  async close() {
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    const closed = new Promise((resolve) => server.close(() => resolve(undefined)));
    this.#cut();
    await closed;
  }

  /** Accepts everything that it was silent on. */
  breakSilence() {
    for (const accept of this.#silent.splice(0)) accept();
  }

  /**
   * @param {import('node:stream').Readable & { sizeExceeded: boolean }} stream
   * @param {import('smtp-server').SMTPServerSession} session
   * @param {(error?: Error | null, message?: string) => void} callback
   */
  #take(stream, session, callback) {
    /** @type {Buffer[]} */
    const pieces = [];
    stream.on('data', (piece) => {
      if (!stream.sizeExceeded) pieces.push(piece);
    });
    stream.on('end', async () => {
      const from = session.envelope.mailFrom ? session.envelope.mailFrom.address : '';
      const to = session.envelope.rcptTo.map((recipient) => recipient.address);
      await this.onMail({ from, to, raw: Buffer.concat(pieces) });
      await this.#answer(to[0], 'content', callback);
    });
  }

  /**
   * @param {string} to
   * @param {VerdictStep} step
   * @param {(error?: Error | null) => void} callback
   */
  async #answer(to, step, callback) {
    const verdict = await this.decide(to, step);
    switch (verdict) {
      case 'accept':
        return callback();
      case 'silent':
        return this.#silent.push(() => callback());
      case 'hang-up':
        return this.#cut();
      default: {
        const [code, text] = REPLIES[step][verdict];
        return callback(Object.assign(new Error(text), { responseCode: code }));
      }
    }
  }

  #cut() {
    for (const socket of this.#sockets) socket.destroy();
  }
}
