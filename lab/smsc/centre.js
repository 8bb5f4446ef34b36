import smpp from 'smpp';
import { Joining } from './joining.js';

const INTERNATIONAL = 1;
const RECEIPT = 0x04;

/** Long enough for a busy client; a client that does not answer by then will not. */
const ANSWER_TIMEOUT_MS = 30_000;

/**
 * One submit_sm.
 * @typedef {object} Submission
 * @property {string} from
 * @property {string} to E.164 with '+', where the number says that it is international.
 * @property {string | null} text The whole text with its last part; null with the parts before.
 */

/**
 * What becomes of a submission: a message id, or a status of SMPP 3.4 section 5.1.3, or no answer at all.
 * @typedef {{ status: number } | 'accept' | 'silence'} SubmissionAnswer
 */

/** An SMS centre that speaks SMPP 3.4 to whoever binds to it, with any name and password. */
export class SmsCentre {
  /** @type {import('node:net').Server | null} */
  #server = null;
  /** @type {Set<any>} */
  #sessions = new Set();
  #bound = new Set();
  #joining = new Joining();
  #lastMessageId = 0;
  #port;

  /**
   * @param {object} options
   * @param {string} options.host
   * @param {number} options.port 0: a free one, and the same again when it is opened again.
   * @param {(submission: Submission) => SubmissionAnswer | Promise<SubmissionAnswer>} options.answer Asked for every submission, before it is answered.
   * @param {(submission: Submission, messageId: string) => void} [options.accepted] Told of every submission, after it is answered.
   */
  constructor({ host, port, answer, accepted }) {
    this.host = host;
    this.#port = port;
    this.answer = answer;
    this.accepted = accepted ?? (() => {});
  }

  get address() {
    return `${this.host}:${this.#port}`;
  }

  get port() {
    return this.#port;
  }

  /** Whether somebody is bound who takes receipts and replies. */
  get isBound() {
    return this.#bound.size > 0;
  }

  /** Listens; returns once it does. */
  async open() {
    if (this.#server) return;
    const server = smpp.createServer((/** @type {any} */ session) => this.#serve(session));
    this.#server = server;
    await new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#port, this.host, () => resolve(undefined));
    });
    this.#port = /** @type {import('node:net').AddressInfo} */ (server.address()).port;
  }

  /** Stops listening and cuts every connection. */
  async close() {
    const server = this.#server;
    if (!server) return;
    this.#server = null;
    const closed = new Promise((resolve) => server.close(resolve));
    this.hangUp();
    await closed;
  }

  /** Cuts every connection and goes on listening. */
  hangUp() {
    for (const session of this.#sessions) session.destroy();
  }

  /**
   * Reports on a message, in the optional parameters and in the text of SMPP 3.4 appendix B.
   * @param {{ id: string, from: string, to: string, state: 'DELIVRD' | 'UNDELIV' | 'EXPIRED' | 'REJECTD', error?: string }} receipt
   * @returns {Promise<boolean>} Whether the client acknowledged it.
   */
  sendReceipt({ id, from, to, state, error = '000' }) {
    const arrived = state === 'DELIVRD' ? '001' : '000';
    return this.#deliver({
      ...address('source', to),
      ...address('dest', from),
      esm_class: RECEIPT,
      short_message: `id:${id} sub:001 dlvrd:${arrived} submit date:2601010000 done date:2601010000 stat:${state} err:${error} text:`,
      receipted_message_id: id,
      message_state: { DELIVRD: 2, EXPIRED: 3, UNDELIV: 5, REJECTD: 8 }[state],
    });
  }

  /**
   * Brings a person's text.
   * @param {{ from: string, to: string, text: string }} text
   * @returns {Promise<boolean>} Whether the client acknowledged it.
   */
  sendText({ from, to, text }) {
    return this.#deliver({ ...address('source', from), ...address('dest', to), short_message: text });
  }

  /** @param {any} session */
  #serve(session) {
    this.#sessions.add(session);
    // One listener per receipt that awaits its acknowledgement: many at once are no leak.
    session.setMaxListeners(0);
    const bind = (/** @type {any} */ pdu) => {
      session.send(pdu.response({ system_id: 'LAB' }));
      if (pdu.command !== 'bind_transmitter') this.#bound.add(session);
    };
    session.on('bind_transceiver', bind);
    session.on('bind_receiver', bind);
    session.on('bind_transmitter', bind);
    session.on('enquire_link', (/** @type {any} */ pdu) => session.send(pdu.response()));
    session.on('unbind', (/** @type {any} */ pdu) => {
      session.send(pdu.response());
      session.close();
    });
    session.on('submit_sm', (/** @type {any} */ pdu) => this.#take(session, pdu));
    session.on('unknown', (/** @type {any} */ pdu) => session.send(pdu.response()));
    session.on('close', () => {
      this.#sessions.delete(session);
      this.#bound.delete(session);
    });
    // A connection that breaks, or octets that are no PDU: the session is over either way.
    session.on('error', () => session.destroy());
  }

  /**
   * @param {any} session
   * @param {any} pdu
   */
  async #take(session, pdu) {
    const from = number(pdu.source_addr, pdu.source_addr_ton);
    const to = number(pdu.destination_addr, pdu.dest_addr_ton);
    const { udh, message } = pdu.short_message;
    const submission = { from, to, text: this.#joining.add(`${from} ${to}`, udh, String(message)) };
    const answer = await this.answer(submission);
    if (answer === 'accept') {
      const messageId = (this.#lastMessageId += 1).toString(16).padStart(8, '0');
      session.send(pdu.response({ message_id: messageId }));
      this.accepted(submission, messageId);
    } else if (answer !== 'silence') {
      session.send(pdu.response({ command_status: answer.status }));
    }
  }

  /** @param {object} fields */
  #deliver(fields) {
    const [session] = this.#bound;
    if (!session) return Promise.resolve(false);
    return new Promise((resolve) => {
      const giveUp = setTimeout(() => resolve(false), ANSWER_TIMEOUT_MS);
      const settle = (/** @type {boolean} */ taken) => {
        clearTimeout(giveUp);
        session.off('close', lost);
        resolve(taken);
      };
      const lost = () => settle(false);
      session.once('close', lost);
      const sent = session.deliver_sm(fields, (/** @type {any} */ answer) => settle(answer.command_status === 0));
      if (!sent) settle(false);
    });
  }
}

/**
 * @param {string} value
 * @param {number} ton
 */
function number(value, ton) {
  return ton === INTERNATIONAL ? `+${value}` : value;
}

/**
 * @param {'source' | 'dest'} role
 * @param {string} value
 */
function address(role, value) {
  const isInternational = value.startsWith('+');
  return {
    [`${role}_addr_ton`]: isInternational ? INTERNATIONAL : 3,
    [`${role}_addr_npi`]: isInternational ? 1 : 0,
    [role === 'source' ? 'source_addr' : 'destination_addr']: value.replace('+', ''),
  };
}
