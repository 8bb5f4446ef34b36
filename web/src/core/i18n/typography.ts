import type { Dictionary, LanguageCode, Message } from './message';

const narrow = '\u202f';
const wide = '\u00a0';

/**
 * Writes the spaces and the apostrophes as each language prints them, so that dictionaries can be typed on a plain keyboard.
 * French: a narrow no-break space before ; ! ?, a no-break space before : and %, and inside « ».
 */
export function typeset(text: string, language: LanguageCode): string {
  const apostrophes = text.replace(/(\p{L})'/gu, '$1’');
  if (language === 'en') return apostrophes;
  return apostrophes
    .replace(/ ([;!?])/g, `${narrow}$1`)
    .replace(/ ([:%»])/g, `${wide}$1`)
    .replace(/« /g, `«${wide}`)
    .replace(/(\d|\}) (min|h|s|kB|Ko|Mo)\b/g, `$1${wide}$2`);
}

/** What people wrote keeps its signs at the words before them, in whatever language: French puts a space there, where a line must not begin with the sign. */
export function keepSigns(text: string): string {
  return text
    .replace(/ ([;!?])/g, `${narrow}$1`)
    .replace(/ ([:»])/g, `${wide}$1`)
    .replace(/« /g, `«${wide}`);
}

export function typesetDictionary<Texts extends Dictionary>(texts: Texts, language: LanguageCode): Texts {
  const set = (message: Message): Message =>
    typeof message === 'string' ? typeset(message, language) : { one: typeset(message.one, language), other: typeset(message.other, language) };
  return Object.fromEntries(Object.entries(texts).map(([key, message]) => [key, set(message)])) as Texts;
}
