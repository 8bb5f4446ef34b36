/**
 * Whose phone it is.
 * @typedef {object} Person
 * @property {string} id
 * @property {string} name
 * @property {string} detail Function and site, for the eye.
 * @property {string | null} mobile E.164
 * @property {string | null} mail
 * @property {boolean} off The phone is switched off: what is sent to it is not delivered.
 */

/** A phone per person, found by the addresses that carriers know. An address that nobody was announced with gets a phone of its own. */
export class People {
  /** @type {Map<string, Person>} */
  #byId = new Map();

  /** @type {Map<string, Person>} */
  #byAddress = new Map();

  /** @param {number} limit How many phones are kept; more are refused when announced, and the oldest unannounced one goes when a stranger's arrives. */
  constructor(limit) {
    this.limit = limit;
  }

  get count() {
    return this.#byId.size;
  }

  /** @returns {Iterable<Person>} */
  all() {
    return this.#byId.values();
  }

  /** @param {string} id */
  find(id) {
    return this.#byId.get(id);
  }

  /**
   * Says who has which number and mailbox. The same person announced again is changed.
   * @param {{ id: string, name: string, detail?: string | null, mobile?: string | null, mail?: string | null }[]} announced
   */
  announce(announced) {
    for (const { id, name, detail, mobile = null, mail = null } of announced) {
      const known = this.#byId.get(id);
      if (known) this.#forgetAddresses(known);
      else if (this.count >= this.limit) continue;
      const person = { id, name, detail: detail ?? '', mobile: mobile && normaliseAddress(mobile), mail: mail && normaliseAddress(mail), off: known?.off ?? false };
      this.#byId.set(id, person);
      if (person.mobile) this.#byAddress.set(person.mobile, person);
      if (person.mail) this.#byAddress.set(person.mail, person);
    }
  }

  /**
   * @param {string} address
   * @returns {Person}
   */
  at(address) {
    const key = normaliseAddress(address);
    return this.#byAddress.get(key) ?? this.#stranger(key);
  }

  /** @param {string} address */
  #stranger(address) {
    if (this.count >= this.limit) this.#dropOldestStranger();
    const isMail = address.includes('@');
    const person = { id: `stranger:${address}`, name: address, detail: '', mobile: isMail ? null : address, mail: isMail ? address : null, off: false };
    this.#byId.set(person.id, person);
    this.#byAddress.set(address, person);
    return person;
  }

  #dropOldestStranger() {
    for (const person of this.#byId.values()) {
      if (!person.id.startsWith('stranger:')) continue;
      this.#forgetAddresses(person);
      this.#byId.delete(person.id);
      return;
    }
  }

  /** @param {Person} person */
  #forgetAddresses(person) {
    for (const address of [person.mobile, person.mail]) {
      if (address && this.#byAddress.get(address)?.id === person.id) this.#byAddress.delete(address);
    }
  }
}

/**
 * "33 6 12…", "0033612…" and "+33612…" are one number to a carrier; mailboxes are compared without regard to case.
 * @param {string} address
 */
export function normaliseAddress(address) {
  if (address.includes('@')) return address.trim().toLowerCase();
  // A push endpoint.
  if (address.includes('/')) return address;
  const digits = address.replace(/[^0-9]/g, '').replace(/^00/, '');
  return digits === '' ? address.trim() : `+${digits}`;
}
