import { showCarriers } from './carriers.js';
import { h } from './dom.js';
import { PhoneView } from './phone.js';

/** More rows than anyone reads; the search finds the others. */
const MAXIMUM_ROWS = 80;

/** How many of the phones that rang last are shown beside the chosen ones. */
const SHOWN_PHONES = 6;

/** The page: carriers above, people on the left, phones on the right. On a narrow screen, the people or one phone. */
export class Board {
  /** @type {Map<string, PhoneView>} */
  #phones = new Map();

  /** @type {string[]} Chosen by a tap, latest first. */
  #chosen = [];

  #carriersShown = '';

  /**
   * @param {import('./state.js').LabState} state
   * @param {typeof import('./words.js').WORDS.fr} words
   * @param {string} language
   * @param {{ reply: (message: number, text: string) => Promise<boolean>, setMode: (kind: string, mode: string) => void,
   *   switchPhone: (person: string, off: boolean) => void, changeLanguage: () => void }} actions
   */
  constructor(state, words, language, actions) {
    this.state = state;
    this.words = words;
    this.language = language;
    this.actions = actions;
    this.connection = h('p', { class: 'connection', role: 'status' }, words.connecting);
    this.carriers = h('div', { class: 'carriers' });
    this.search = /** @type {HTMLInputElement} */ (
      h('input', { type: 'search', placeholder: words.search, 'aria-label': words.search, oninput: () => this.render() })
    );
    this.rows = h('ul', { class: 'rows' });
    this.phones = h('section', { class: 'phones', 'aria-label': words.recent });
    this.announcement = h('p', { class: 'unseen-text', 'aria-live': 'polite' });
    this.elements = [
      h(
        'header',
        { class: 'top' },
        h('p', { class: 'demonstration' }, h('strong', {}, words.demonstration), ` ${words.demonstrationMeaning}`),
        h('div', { class: 'line' }, h('h1', {}, words.title), this.connection, this.#languageButton()),
      ),
      h('details', { class: 'switches', open: matchMedia('(min-width: 761px)').matches }, h('summary', {}, words.carriers), this.carriers),
      h('main', {}, h('section', { class: 'people', 'aria-label': words.people }, this.search, this.rows), this.phones),
      this.announcement,
    ];
  }

  #languageButton() {
    return h('button', { type: 'button', class: 'quiet', lang: this.words.languageTag, onclick: this.actions.changeLanguage }, this.words.language);
  }

  /** @param {'connecting' | 'connected' | 'lost'} connection */
  showConnection(connection) {
    this.connection.textContent = this.words[connection];
    this.connection.dataset.connection = connection;
  }

  /** @param {import('../model/messages.js').Message[]} messages */
  announce(messages) {
    const last = messages.at(-1);
    const person = last && this.state.people.get(last.person);
    if (last && person) this.announcement.textContent = this.words.newMessage(this.words[last.channel], person.name);
  }

  render() {
    this.#renderCarriers();
    this.#renderPhones();
    this.#renderRows();
  }

  #renderCarriers() {
    const looks = JSON.stringify(this.state.carriers);
    if (looks === this.#carriersShown || this.carriers.contains(document.activeElement)) {
      this.#carriersShown = looks === this.#carriersShown ? looks : '';
      this.#renderCounts();
      return;
    }
    this.#carriersShown = looks;
    this.carriers.replaceChildren(...showCarriers(this.state.carriers, this.words, this.actions.setMode));
  }

  // The switch that has the focus keeps it: only the sentence below it changes.
  #renderCounts() {
    for (const fresh of showCarriers(this.state.carriers, this.words, this.actions.setMode)) {
      const shown = this.carriers.querySelector(`[data-carrier="${fresh.dataset.carrier}"]`);
      if (!shown) continue;
      shown.className = fresh.className;
      shown.querySelector('p')?.replaceWith(/** @type {Element} */ (fresh.querySelector('p')));
    }
  }

  #renderRows() {
    const people = this.state.find(this.search.value);
    const rows = people.slice(0, MAXIMUM_ROWS).map((person) => this.#row(person));
    if (people.length === 0) rows.push(h('li', { class: 'meta' }, this.words.nobody));
    if (people.length > MAXIMUM_ROWS) rows.push(h('li', { class: 'meta' }, this.words.more(people.length - MAXIMUM_ROWS)));
    const focused = this.rows.contains(document.activeElement) ? /** @type {HTMLElement} */ (document.activeElement).dataset.person : undefined;
    this.rows.replaceChildren(...rows);
    if (focused) /** @type {HTMLElement | null} */ (this.rows.querySelector(`[data-person="${CSS.escape(focused)}"]`))?.focus();
  }

  /** @param {import('../model/people.js').Person} person */
  #row(person) {
    const last = this.state.messagesOf(person.id).at(-1);
    const unseen = this.state.unseenOf(person.id);
    return h(
      'li',
      {},
      h(
        'button',
        { type: 'button', class: 'row', 'data-person': person.id, 'aria-pressed': String(this.#chosen.includes(person.id)), onclick: () => this.#choose(person.id) },
        h('span', { class: 'name' }, person.name),
        unseen > 0 && h('span', { class: 'unseen' }, String(unseen)),
        h('span', { class: 'snippet' }, last ? last.title || last.text : person.detail || person.mobile || person.mail || ''),
      ),
    );
  }

  /** @param {string} personId */
  #choose(personId) {
    this.#chosen = this.#chosen.includes(personId) ? this.#chosen.filter((id) => id !== personId) : [personId, ...this.#chosen].slice(0, SHOWN_PHONES);
    document.body.classList.toggle('one-phone', this.#chosen.length > 0);
    this.render();
    if (this.#chosen.includes(personId)) this.#phones.get(personId)?.element.scrollIntoView({ block: 'nearest' });
  }

  #renderPhones() {
    const shown = this.#shownPeople();
    for (const [id, phone] of this.#phones) {
      if (shown.some((person) => person.id === id)) continue;
      phone.element.remove();
      this.#phones.delete(id);
    }
    for (const person of shown) this.#phoneOf(person).update(person, this.state.messagesOf(person.id), this.#chosen.includes(person.id));
    if (shown.length === 0) this.phones.replaceChildren(h('p', { class: 'empty' }, this.words.noPhones));
    else this.phones.querySelector('.empty')?.remove();
  }

  /** The chosen ones; where none is chosen, those that rang last, each keeping its place while it is among them. */
  #shownPeople() {
    if (this.#chosen.length > 0) return this.#chosen.flatMap((id) => this.state.people.get(id) ?? []);
    return this.state.lastActive(SHOWN_PHONES);
  }

  /** @param {import('../model/people.js').Person} person */
  #phoneOf(person) {
    const known = this.#phones.get(person.id);
    if (known) return known;
    const phone = new PhoneView(person, {
      words: this.words,
      language: this.language,
      reply: this.actions.reply,
      switchPhone: this.actions.switchPhone,
      close: (id) => this.#choose(id),
      canReply: (channel) => this.state.carriers.some((carrier) => carrier.kind === channel && carrier.canReply),
    });
    this.#phones.set(person.id, phone);
    this.phones.append(phone.element);
    this.state.markSeen(person.id);
    return phone;
  }
}
