/**
 * The answers that an SMS offers: a digit, then '=' or ':' or ')', then the words ("1 = Je suis en sécurité").
 * @param {string} text
 * @returns {{ digit: string, words: string }[]}
 */
export function findOfferedAnswers(text) {
  const pattern = /(?:^|[\s,;(])([1-9]) ?[=:)] ?([^\n,;=.]+?)(?=\s*(?:$|[\n,;.]|\s[1-9] ?[=:)]))/g;
  const found = [];
  for (const [, digit, words] of text.matchAll(pattern)) found.push({ digit, words: words.trim() });
  // A list of answers counts from 1; anything else ("at 9: the meeting") is not one.
  return found.every((answer, index) => answer.digit === String(index + 1)) ? found : [];
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
