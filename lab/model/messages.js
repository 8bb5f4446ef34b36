/**
 * One message on one phone.
 * @typedef {object} Message
 * @property {number} id Grows by one with each message.
 * @property {'sms' | 'mail' | 'push'} channel
 * @property {string} person Id of the person whose phone shows it.
 * @property {string} from
 * @property {string} to
 * @property {string} title Subject of a mail, title of a notification; empty for an SMS.
 * @property {string} text
 * @property {string | null} html
 * @property {string | null} link What tapping a notification opens.
 * @property {'arriving' | 'delivered' | 'undelivered'} state
 * @property {{ text: string, at: number }[]} replies
 * @property {number} at Unix milliseconds.
 */

const MAXIMUM_REPLIES = 20;

/** The last messages, oldest forgotten first: a lab left running for a week holds as much as after an hour. */
export class Messages {
  /** @type {Map<number, Message>} In order of arrival. */
  #kept = new Map();

  #lastId = 0;

  /** @param {number} limit */
  constructor(limit) {
    this.limit = limit;
  }

  get lastId() {
    return this.#lastId;
  }

  /**
   * @param {Pick<Message, 'channel' | 'person' | 'from' | 'to' | 'text' | 'at'> & Partial<Message>} message
   * @returns {Message}
   */
  add(message) {
    this.#lastId += 1;
    /** @type {Message} */
    const kept = { title: '', html: null, link: null, state: 'arriving', replies: [], ...message, id: this.#lastId };
    this.#kept.set(kept.id, kept);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > this.limit) this.#kept.delete(oldest);
    return kept;
  }

  /** @param {number} id */
  find(id) {
    return this.#kept.get(id);
  }

  /**
   * @param {Message} message
   * @param {{ text: string, at: number }} reply
   */
  addReply(message, reply) {
    message.replies.push(reply);
    if (message.replies.length > MAXIMUM_REPLIES) message.replies.shift();
  }

  /**
   * In order of arrival.
   * @param {{ after?: number, channel?: string, person?: string, to?: string, limit: number }} filter
   * @returns {Message[]}
   */
  list({ after = 0, channel, person, to, limit }) {
    const found = [];
    for (const message of this.#kept.values()) {
      if (message.id <= after || (channel && message.channel !== channel) || (person && message.person !== person) || (to && message.to !== to)) continue;
      found.push(message);
      if (found.length >= limit) break;
    }
    return found;
  }

  /**
   * The newest, in order of arrival.
   * @param {number} count
   */
  latest(count) {
    return [...this.#kept.values()].slice(-count);
  }
}
