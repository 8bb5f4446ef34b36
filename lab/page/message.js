import { findOfferedAnswers, isExercise, isWebAddress, splitLinks } from './answers.js';
import { clockTime, h } from './dom.js';

/**
 * One message as the phone shows it. Made anew when the message changes.
 * @param {import('../model/messages.js').Message} message
 * @param {typeof import('./words.js').WORDS.fr} words
 * @param {(text: string) => void} reply
 * @param {string} language
 * @param {string | null} mailReply What the box for a reply by mail is called; null: there is none.
 */
export function showMessage(message, words, reply, language, mailReply) {
  const exercise = isExercise(message.title || message.text);
  return h(
    'li',
    { class: `message ${message.channel}${exercise ? ' exercise' : ''}`, 'data-message': message.id, 'data-state': message.state },
    h(
      'p',
      { class: 'meta' },
      h('span', { class: 'channel' }, words[message.channel]),
      ` ${message.from} · `,
      h('time', { datetime: new Date(message.at).toISOString() }, clockTime(message.at)),
      ' · ',
      h('span', { class: 'state' }, words[message.state]),
    ),
    message.title && h('p', { class: 'title' }, message.title),
    h('p', { class: 'text' }, ...linked(message.text)),
    message.html && formatted(message.html, words, language),
    isWebAddress(message.link) && h('p', {}, h('a', { class: 'open', href: message.link, target: '_blank', rel: 'noopener noreferrer' }, words.open)),
    message.channel === 'sms' && offered(message.text, reply),
    message.channel === 'mail' && message.state === 'delivered' && mailReply !== null && replyBox(words, reply, mailReply),
    ...message.replies.map((sent) => h('p', { class: 'reply' }, h('span', { class: 'meta' }, `${words.sent} · ${clockTime(sent.at)} `), sent.text)),
  );
}

/** @param {string} text */
function linked(text) {
  return splitLinks(text).map((part) => (part.link ? h('a', { href: part.text, target: '_blank', rel: 'noopener noreferrer' }, part.text) : part.text));
}

/** @param {typeof import('./words.js').WORDS.fr} words @param {(text: string) => void} reply @param {string} label */
function replyBox(words, reply, label) {
  const text = /** @type {HTMLTextAreaElement} */ (h('textarea', { rows: '2', maxlength: '1600', 'aria-label': label, placeholder: words.reply }));
  const send = (/** @type {Event} */ event) => {
    event.preventDefault();
    if (text.value.trim() !== '') reply(text.value);
  };
  return h('form', { class: 'write', onsubmit: send }, text, h('button', { type: 'submit' }, words.send));
}

/** The buttons that spare typing "1". @param {string} text @param {(text: string) => void} reply */
function offered(text, reply) {
  const answers = findOfferedAnswers(text);
  if (answers.length === 0) return null;
  return h(
    'p',
    { class: 'answers' },
    ...answers.map(({ digit, words }) => h('button', { type: 'button', 'data-answer': digit, onclick: () => reply(digit) }, h('b', {}, digit), ` ${words}`)),
  );
}

/**
 * A mail's HTML in a frame in which nothing runs and nothing is fetched; its links open beside.
 * @param {string} html
 * @param {typeof import('./words.js').WORDS.fr} words
 * @param {string} language
 */
function formatted(html, words, language) {
  const frame = /** @type {HTMLIFrameElement} */ (
    h('iframe', { sandbox: 'allow-popups allow-popups-to-escape-sandbox', title: words.formatted, lang: language })
  );
  const details = h('details', {}, h('summary', {}, words.formatted), frame);
  // Filled when it is first looked at: a hundred mails need not be laid out.
  details.addEventListener('toggle', () => (frame.srcdoc ||= `<base target="_blank">${html}`), { once: true });
  return details;
}
