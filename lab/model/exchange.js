import { EventEmitter } from 'node:events';
import { Admission } from './admission.js';
import { Messages } from './messages.js';
import { normaliseAddress, People } from './people.js';

const QUICKEST_DELIVERY_MS = 300;
const SLOWEST_DELIVERY_MS = 4_000;

/**
 * A carrier as the exchange sees it. `open` and `close` are its doors: while they are closed, connections are refused and those that were open are cut.
 * @typedef {object} Carrier
 * @property {'sms' | 'mail' | 'push'} kind
 * @property {string} address host:port, or an http:// address.
 * @property {() => Promise<void>} open
 * @property {() => Promise<void>} close
 * @property {(message: import('./messages.js').Message, text: string) => Promise<boolean>} [reply] Sends a person's reply back to who sent the message;
 *   false where nobody took it.
 * @property {(person: import('./people.js').Person) => { endpoint: string, keys: { p256dh: string, auth: string } }} [subscribe] As a browser's
 *   `PushSubscription.toJSON()`.
 */

/**
 * Between the carriers and the phones: what a carrier accepted appears on a phone; what is written on the phone goes back through the carrier.
 * Emits 'message' (arrived or changed), 'carrier' and 'people'.
 */
export class Exchange extends EventEmitter {
  /** @type {Map<string, { carrier: Carrier, admission: Admission }>} */
  #carriers = new Map();

  /**
   * @param {{ random: import('./random.js').Random, clock: import('./clock.js').Clock, messageLimit?: number, phoneLimit?: number }} options
   */
  constructor({ random, clock, messageLimit = 5_000, phoneLimit = 20_000 }) {
    super();
    this.random = random;
    this.clock = clock;
    this.messages = new Messages(messageLimit);
    this.people = new People(phoneLimit);
  }

  /** A carrier asks this Admission about each message before it accepts it. */
  createAdmission() {
    return new Admission(this.random, this.clock);
  }

  /**
   * @param {Carrier} carrier
   * @param {Admission} admission
   */
  register(carrier, admission) {
    this.#carriers.set(carrier.kind, { carrier, admission });
  }

  carriers() {
    return [...this.#carriers.values()].map(({ carrier, admission }) => ({
      kind: carrier.kind,
      address: carrier.address,
      mode: admission.mode,
      accepted: admission.accepted,
      turnedAway: admission.turnedAway,
      canReply: carrier.reply !== undefined,
    }));
  }

  /**
   * @param {string} kind
   * @param {import('./admission.js').CarrierMode} mode
   * @returns {Promise<boolean>} Whether there is such a carrier.
   */
  async setMode(kind, mode) {
    const found = this.#carriers.get(kind);
    if (!found) return false;
    const before = found.admission.mode;
    found.admission.mode = mode;
    if (mode === 'down' && before !== 'down') await found.carrier.close();
    if (mode !== 'down' && before === 'down') await found.carrier.open();
    this.emit('carrier');
    return true;
  }

  /**
   * A carrier accepted a message: it shows on the phone at once as arriving.
   * @param {Pick<import('./messages.js').Message, 'channel' | 'from' | 'to' | 'text'> & Partial<import('./messages.js').Message>} message
   */
  arrive(message) {
    const person = message.person ?? this.people.at(message.to).id;
    const kept = this.messages.add({ ...message, to: normaliseAddress(message.to), person, at: this.clock.now() });
    this.emit('message', kept);
    return kept;
  }

  /**
   * The message reaches the phone, or not if the phone is switched off, after a while of its own.
   * @param {import('./messages.js').Message} message
   * @returns {Promise<'delivered' | 'undelivered'>} What the carrier's receipt says.
   */
  async settle(message) {
    await this.clock.delay(this.random.between(QUICKEST_DELIVERY_MS, SLOWEST_DELIVERY_MS));
    message.state = this.people.find(message.person)?.off ? 'undelivered' : 'delivered';
    this.emit('message', message);
    return message.state;
  }

  /**
   * @param {number} messageId
   * @param {string} text
   * @returns {Promise<'sent' | 'no-such-message' | 'cannot-reply' | 'not-taken'>}
   */
  async reply(messageId, text) {
    const message = this.messages.find(messageId);
    if (!message) return 'no-such-message';
    const carrier = this.#carriers.get(message.channel)?.carrier;
    if (!carrier?.reply) return 'cannot-reply';
    if (!(await carrier.reply(message, text))) return 'not-taken';
    this.messages.addReply(message, { text, at: this.clock.now() });
    this.emit('message', message);
    return 'sent';
  }

  /**
   * Subscribes a person's phone to notifications, as a browser does.
   * @param {string} personId
   */
  subscribe(personId) {
    const person = this.people.find(personId);
    const carrier = this.#carriers.get('push')?.carrier;
    return person && carrier?.subscribe?.(person);
  }

  /** @param {Parameters<People['announce']>[0]} announced */
  announce(announced) {
    this.people.announce(announced);
    this.emit('people');
  }

  /**
   * @param {string} personId
   * @param {boolean} off
   */
  switchPhone(personId, off) {
    const person = this.people.find(personId);
    if (!person) return false;
    person.off = off;
    this.emit('people');
    return true;
  }
}
