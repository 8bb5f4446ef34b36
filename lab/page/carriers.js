import { h } from './dom.js';

const MODES = /** @type {const} */ (['normal', 'slow', 'throttled', 'down']);

/**
 * The switches: how each carrier behaves.
 * @param {import('./state.js').CarrierState[]} carriers
 * @param {typeof import('./words.js').WORDS.fr} words
 * @param {(kind: string, mode: string) => void} setMode
 */
export function showCarriers(carriers, words, setMode) {
  return carriers.map((carrier) =>
    h(
      'fieldset',
      { class: `carrier ${carrier.mode}`, 'data-carrier': carrier.kind },
      h('legend', {}, words[carrier.kind]),
      h('div', { class: 'modes' }, ...MODES.map((mode) => modeChoice(carrier, mode, words, setMode))),
      h('p', { class: 'meta' }, `${words[`${carrier.mode}Meaning`]} ${words.taken(carrier.accepted, carrier.turnedAway)}`),
    ),
  );
}

/**
 * @param {import('./state.js').CarrierState} carrier
 * @param {typeof MODES[number]} mode
 * @param {typeof import('./words.js').WORDS.fr} words
 * @param {(kind: string, mode: string) => void} setMode
 */
function modeChoice(carrier, mode, words, setMode) {
  const choice = h('input', { type: 'radio', name: `mode-${carrier.kind}`, value: mode, onchange: () => setMode(carrier.kind, mode) });
  /** @type {HTMLInputElement} */ (choice).checked = carrier.mode === mode;
  return h('label', { title: words[`${mode}Meaning`] }, choice, h('span', {}, words[mode]));
}
