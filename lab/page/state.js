/**
 * What the page knows, and how it follows what the lab tells.
 * @typedef {import('../model/people.js').Person} Person
 * @typedef {import('../model/messages.js').Message} Message
 * @typedef {ReturnType<import('../model/exchange.js').Exchange['carriers']>[number]} CarrierState
 */

/** As many as the lab keeps. */
const MESSAGE_LIMIT = 5_000;

export class LabState {
  /** @type {Map<string, Person>} */
  people = new Map();

  /** @type {CarrierState[]} */
  carriers = [];

  /** @type {Map<number, Message>} */
  #messages = new Map();

  /** @type {Map<string, Message[]>} In order of arrival. */
  #byPerson = new Map();

  /** @type {Map<string, number>} The last message of each person that was looked at. */
  #seen = new Map();

  /** @param {{ people: Person[], carriers: CarrierState[], messages: Message[] }} whole */
  replace({ people, carriers, messages }) {
    this.#messages.clear();
    this.#byPerson.clear();
    this.apply({ people, carriers, messages });
  }

  /**
   * @param {{ people?: Person[], carriers?: CarrierState[], messages?: Message[] }} changes
   * @returns {Message[]} The messages that are new.
   */
  apply({ people, carriers, messages = [] }) {
    if (people) this.people = new Map(people.map((person) => [person.id, person]));
    if (carriers) this.carriers = carriers;
    return messages.filter((message) => this.#take(message));
  }

  /** @param {Message} message */
  #take(message) {
    const known = this.#messages.get(message.id);
    if (known) {
      Object.assign(known, message);
      return false;
    }
    this.#messages.set(message.id, message);
    const ofPerson = this.#byPerson.get(message.person);
    if (ofPerson) ofPerson.push(message);
    else this.#byPerson.set(message.person, [message]);
    if (!this.people.has(message.person)) this.people.set(message.person, strangerOf(message));
    if (this.#messages.size > MESSAGE_LIMIT) this.#forgetOldest();
    return true;
  }

  #forgetOldest() {
    const [id, message] = /** @type {[number, Message]} */ (this.#messages.entries().next().value);
    this.#messages.delete(id);
    this.#byPerson.get(message.person)?.shift();
  }

  /** @param {string} personId @returns {Message[]} */
  messagesOf(personId) {
    return this.#byPerson.get(personId) ?? [];
  }

  /** @param {string} personId */
  unseenOf(personId) {
    const seen = this.#seen.get(personId) ?? 0;
    return this.messagesOf(personId).filter((message) => message.id > seen).length;
  }

  /** @param {string} personId */
  markSeen(personId) {
    const last = this.messagesOf(personId).at(-1);
    if (last) this.#seen.set(personId, last.id);
  }

  /**
   * Those whose phone rang last come first; then the others by name.
   * @param {string} query
   * @returns {Person[]}
   */
  find(query) {
    const wanted = fold(query);
    const digits = query.replace(/\D/g, '').replace(/^0/, '');
    const fits = (person) =>
      wanted === '' ||
      fold(`${person.name} ${person.detail} ${person.mail ?? ''}`).includes(wanted) ||
      (digits.length > 2 && (person.mobile ?? '').includes(digits));
    const lastOf = (person) => this.messagesOf(person.id).at(-1)?.id ?? 0;
    return [...this.people.values()].filter(fits).sort((one, other) => lastOf(other) - lastOf(one) || one.name.localeCompare(other.name, 'fr'));
  }

  /** @param {number} count */
  lastActive(count) {
    return this.find('')
      .filter((person) => this.messagesOf(person.id).length > 0)
      .slice(0, count);
  }
}

/** @param {Message} message @returns {Person} */
function strangerOf(message) {
  const isMail = message.to.includes('@');
  return { id: message.person, name: message.to, detail: '', mobile: isMail ? null : message.to, mail: isMail ? message.to : null, off: false };
}

/** Letter case and accents do not matter when one searches. @param {string} text */
function fold(text) {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim();
}
