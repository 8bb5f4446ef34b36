import { h } from './dom.js';
import { showMessage } from './message.js';

/** A simulated phone: who holds it, what it shows, and a line to write back. It stays the same element while messages come in, so that typing is not lost. */
export class PhoneView {
  /** @type {Map<number, string>} What each shown message looked like, to leave alone what has not changed. */
  #shown = new Map();

  /**
   * @param {import('../model/people.js').Person} person
   * @param {{ words: typeof import('./words.js').WORDS.fr, language: string, reply: (message: number, text: string) => Promise<boolean>,
   *   switchPhone: (person: string, off: boolean) => void, close: (person: string) => void, canReply: (channel: string) => boolean }} context
   */
  constructor(person, context) {
    this.person = person;
    this.context = context;
    const { words } = context;
    this.list = h('ol', { class: 'messages', tabindex: '0', 'aria-label': person.name });
    this.notice = h('p', { class: 'notice', role: 'alert', hidden: true });
    this.power = h('button', { type: 'button', class: 'quiet', onclick: () => context.switchPhone(person.id, !this.person.off) });
    this.close = h('button', { type: 'button', class: 'quiet', hidden: true, onclick: () => context.close(person.id) }, words.close);
    this.off = h('p', { class: 'off', hidden: true }, words.off);
    this.input = /** @type {HTMLInputElement} */ (h('input', { type: 'text', maxlength: '1600', autocomplete: 'off' }));
    this.form = h('form', { class: 'write', hidden: true, onsubmit: (event) => this.#write(event) }, this.input, h('button', { type: 'submit' }, words.send));
    this.element = h(
      'article',
      { class: 'phone', 'data-person': person.id },
      h(
        'header',
        {},
        h('div', {}, h('h2', {}, person.name), h('p', { class: 'detail' }, [person.detail, person.mobile, person.mail].filter(Boolean).join(' · '))),
        h('div', { class: 'tools' }, this.power, this.close),
      ),
      this.off,
      this.list,
      this.notice,
      this.form,
    );
  }

  /**
   * @param {import('../model/people.js').Person} person
   * @param {import('../model/messages.js').Message[]} messages
   * @param {boolean} chosen Chosen by hand, so that it can be closed.
   */
  update(person, messages, chosen) {
    this.person = person;
    this.close.hidden = !chosen;
    this.power.textContent = person.off ? this.context.words.switchOn : this.context.words.switchOff;
    this.off.hidden = !person.off;
    const wasAtEnd = this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < 40;
    this.#dropForgotten(messages);
    for (const message of messages) this.#show(message);
    if (wasAtEnd) this.list.scrollTop = this.list.scrollHeight;
    this.#offerWriting(messages);
  }

  /** @param {import('../model/messages.js').Message[]} messages */
  #dropForgotten(messages) {
    const oldest = messages[0]?.id ?? Infinity;
    for (const id of this.#shown.keys()) {
      if (id >= oldest) break;
      this.#shown.delete(id);
      this.#elementOf(id)?.remove();
    }
  }

  /** @param {import('../model/messages.js').Message} message */
  #show(message) {
    const looks = `${message.state} ${message.replies.length}`;
    if (this.#shown.get(message.id) === looks) return;
    const mailReply = this.context.canReply('mail') ? this.context.words.replyMailLabel(this.person.name) : null;
    const element = showMessage(message, this.context.words, (text) => this.#reply(message.id, text), this.context.language, mailReply);
    const before = this.#elementOf(message.id);
    if (before) before.replaceWith(element);
    else this.list.append(element);
    this.#shown.set(message.id, looks);
  }

  /** @param {number} id */
  #elementOf(id) {
    return this.list.querySelector(`[data-message="${id}"]`);
  }

  /** One writes back to the last SMS; each mail has a box of its own. @param {import('../model/messages.js').Message[]} messages */
  #offerWriting(messages) {
    this.answered = messages.findLast((message) => message.channel === 'sms' && this.context.canReply('sms'));
    this.form.hidden = !this.answered;
    if (!this.answered) return;
    const { words } = this.context;
    this.input.setAttribute('aria-label', words.replyLabel(this.person.name));
    this.input.placeholder = words.sms;
  }

  /** @param {Event} event */
  async #write(event) {
    event.preventDefault();
    const text = this.input.value.trim();
    if (!this.answered || text === '') return;
    if (await this.#reply(this.answered.id, text)) this.input.value = '';
  }

  /** @param {number} message @param {string} text */
  async #reply(message, text) {
    const sent = await this.context.reply(message, text);
    this.notice.hidden = sent;
    this.notice.textContent = sent ? '' : this.context.words.replyFailed;
    return sent;
  }
}
