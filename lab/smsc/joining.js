/** Texts that wait for their missing parts at once; the oldest goes first. */
const MOST_TEXTS = 10_000;

/**
 * Joins texts that were sent in several short messages.
 * 3GPP TS 23.040 section 9.2.3.24.1: information elements 0x00 (reference, total, number) and 0x08 (reference of two octets).
 */
export class Joining {
  /** @type {Map<string, { pieces: (string | undefined)[] }>} */
  #texts = new Map();

  /**
   * @param {string} key Who to whom.
   * @param {Buffer[] | undefined} elements The information elements, each with its identifier and length before it.
   * @param {string} words
   * @returns {string | null} The whole text, once this was its last part; null before.
   */
  add(key, elements, words) {
    const part = partOf(elements ?? []);
    if (part === null) return words;
    const textKey = `${key} ${part.reference} ${part.total}`;
    const text = this.#texts.get(textKey) ?? { pieces: new Array(part.total).fill(undefined) };
    this.#texts.set(textKey, text);
    text.pieces[part.number - 1] = words;
    if (text.pieces.some((piece) => piece === undefined)) {
      this.#forgetOldest();
      return null;
    }
    this.#texts.delete(textKey);
    return text.pieces.join('');
  }

  #forgetOldest() {
    const [oldest] = this.#texts.keys();
    if (this.#texts.size > MOST_TEXTS && oldest !== undefined) this.#texts.delete(oldest);
  }
}

/** @param {Buffer[]} elements */
function partOf(elements) {
  for (const [identifier, , ...value] of elements.map((element) => [...element])) {
    const isShort = identifier === 0x00 && value.length === 3;
    if (!isShort && !(identifier === 0x08 && value.length === 4)) continue;
    const [total, number] = value.slice(-2);
    const reference = isShort ? value[0] : value[0] * 256 + value[1];
    return total > 0 && number > 0 && number <= total ? { reference, total, number } : null;
  }
  return null;
}
