/** 3GPP TS 23.038, section 6.2.1: the default alphabet, in the order of its codes. */
const basic = '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
/** Section 6.2.1.1: each takes an escape before it, so counts double. */
const extension = '^{}\\[~]|€\f';

const basicSet = new Set(basic);
const extensionSet = new Set(extension);

export interface SmsMeasure {
  readonly encoding: 'gsm-7' | 'ucs-2';
  /** Septets for GSM-7, 16-bit units for UCS-2. */
  readonly units: number;
  readonly parts: number;
  /** The characters that force UCS-2, each once, in order. */
  readonly costly: readonly string[];
}

/** Parts of a concatenated message lose room to the header that numbers them: 153 and 67 instead of 160 and 70. */
const room = { 'gsm-7': { single: 160, part: 153 }, 'ucs-2': { single: 70, part: 67 } } as const;

export function measureSms(text: string): SmsMeasure {
  const characters = [...text];
  const costly = [...new Set(characters.filter((character) => !basicSet.has(character) && !extensionSet.has(character)))];
  const encoding = costly.length === 0 ? 'gsm-7' : 'ucs-2';
  const sizes = characters.map((character) => (encoding === 'ucs-2' ? character.length : extensionSet.has(character) ? 2 : 1));
  const units = sizes.reduce<number>((sum, size) => sum + size, 0);
  return { encoding, units, parts: units <= room[encoding].single ? 1 : countParts(sizes, room[encoding].part), costly };
}

/** A character that takes two units is never cut between two parts. */
function countParts(sizes: readonly number[], partRoom: number): number {
  let parts = 1;
  let used = 0;
  for (const size of sizes) {
    if (used + size > partRoom) {
      parts += 1;
      used = 0;
    }
    used += size;
  }
  return parts;
}

const plainer: Readonly<Record<string, string>> = {
  '’': "'",
  '‘': "'",
  '“': '"',
  '”': '"',
  '«': '"',
  '»': '"',
  '–': '-',
  '—': '-',
  '…': '...',
  œ: 'oe',
  Œ: 'OE',
  '\u00a0': ' ',
  '\u202f': ' ',
  '•': '-',
};

/** The same words in letters that fit GSM-7 where there are such: ê becomes e, œ becomes oe; what has none stays. */
export function plainLetters(text: string): string {
  const written = text.replace(/«[ \u00a0\u202f]?/g, '"').replace(/[ \u00a0\u202f]?»/g, '"');
  return [...written].map((character) => (fits(character) ? character : (plainer[character] ?? bare(character)))).join('');
}

function fits(character: string): boolean {
  return basicSet.has(character) || extensionSet.has(character);
}

function bare(character: string): string {
  const base = character.normalize('NFD').replace(/\p{Diacritic}/gu, '');
  return base.length > 0 && [...base].every(fits) ? base : character;
}
