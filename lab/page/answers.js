/**
 * The answers that an SMS of Tocsin offers, on a line of their own: "Répondez 1 Je suis en sécurité, 2 J'ai besoin d'aide".
 * @param {string} text
 * @returns {{ digit: string, words: string }[]}
 */
export function findOfferedAnswers(text) {
  const offer = /^(?:Répondez|Reply) (1 .+)$/m.exec(text)?.[1];
  if (!offer) return [];
  return offer.split(/, (?=[1-9] )/).map((answer) => ({ digit: answer[0], words: answer.slice(2) }));
}

/**
 * Cuts a text into words and web addresses.
 * @param {string} text
 * @returns {{ text: string, link: boolean }[]}
 */
export function splitLinks(text) {
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(/https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]]/g)) {
    if (match.index > end) parts.push({ text: text.slice(end, match.index), link: false });
    parts.push({ text: match[0], link: true });
    end = match.index + match[0].length;
  }
  if (end < text.length) parts.push({ text: text.slice(end), link: false });
  return parts;
}

/** Everything that an exercise sends begins with this word. @param {string} text */
export function isExercise(text) {
  return /^\W*(EXERCICE|EXERCISE)\b/.test(text);
}

/** Whatever a push carries as its link, only such a one can be opened. @param {string | null} link */
export function isWebAddress(link) {
  return /^https?:\/\//.test(link ?? '');
}
