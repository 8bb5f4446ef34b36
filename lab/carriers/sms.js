import smpp from 'smpp';
import { SmsCentre } from '../smsc/centre.js';

/** Phones reply to numbers; a sender that is a name cannot be answered. */
const NAME = /[A-Za-z]/;

/** SMPP 3.4 section 5.1.3: the subscriber cannot be reached now. */
const ABSENT = '027';

/** Messages whose first parts came and whose last has not; the oldest is forgotten. */
const MOST_UNFINISHED = 1_000;

/**
 * The SMS centre, tied to the phones.
 * @param {import('../model/exchange.js').Exchange} exchange
 * @param {{ host: string, smppPort: number }} options
 * @returns {import('../model/exchange.js').Carrier}
 */
export function createSmsCarrier(exchange, { host, smppPort }) {
  const admission = exchange.createAdmission();
  const parts = new PartIds();
  const centre = new SmsCentre({
    host,
    port: smppPort,
    answer: async () => {
      const verdict = await admission.ask();
      if (verdict === 'accept') return 'accept';
      return verdict === 'throttle' ? { status: smpp.ESME_RTHROTTLED } : 'silence';
    },
    accepted: ({ from, to, text }, id) => {
      const ids = parts.add(`${from} ${to}`, id, text !== null);
      if (text !== null) void deliver(exchange, centre, { from, to, text, ids });
    },
  });
  const carrier = {
    kind: /** @type {const} */ ('sms'),
    get address() {
      return centre.address;
    },
    open: () => centre.open(),
    close: () => centre.close(),
    /** @param {import('../model/messages.js').Message} message @param {string} text */
    reply: async (message, text) => !NAME.test(message.from) && (await centre.sendText({ from: message.to, to: message.from, text })),
  };
  exchange.register(carrier, admission);
  return carrier;
}

/**
 * Shows the text on the phone and, after a while, says for each of its parts what became of it.
 * @param {import('../model/exchange.js').Exchange} exchange
 * @param {SmsCentre} centre
 * @param {{ from: string, to: string, text: string, ids: string[] }} sms
 */
async function deliver(exchange, centre, { from, to, text, ids }) {
  const message = exchange.arrive({ channel: 'sms', from, to, text });
  const delivered = (await exchange.settle(message)) === 'delivered';
  for (const id of ids) await centre.sendReceipt({ id, from, to, state: delivered ? 'DELIVRD' : 'UNDELIV', error: delivered ? '000' : ABSENT });
}

/** The message ids of the parts of one text: each gets a receipt of its own. */
class PartIds {
  /** @type {Map<string, string[]>} */
  #unfinished = new Map();

  /**
   * @param {string} key
   * @param {string} id
   * @param {boolean} isLast
   * @returns {string[]} All ids of the text so far.
   */
  add(key, id, isLast) {
    const ids = [...(this.#unfinished.get(key) ?? []), id];
    this.#unfinished.delete(key);
    if (!isLast) this.#unfinished.set(key, ids);
    const [oldest] = this.#unfinished.keys();
    if (this.#unfinished.size > MOST_UNFINISHED) this.#unfinished.delete(oldest);
    return ids;
  }
}
