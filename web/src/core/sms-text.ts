import type { AlertMode, ContentLanguage } from '../transport/contract/content';

/** What an SMS of an alert is made of. */
export interface SmsContent {
  readonly language: ContentLanguage;
  readonly mode: AlertMode;
  readonly organisation: string;
  readonly title: string;
  readonly body: string;
  /** The answers' words, in the order of their digits. */
  readonly answers: readonly string[];
  readonly link: string;
}

const words = {
  fr: { exercise: 'EXERCICE - ', alert: 'ALERTE', reply: 'Répondez' },
  en: { exercise: 'EXERCISE - ', alert: 'ALERT', reply: 'Reply' },
} as const;

/** The SMS of an alert as the server writes it (`SmsText` there), before it is shortened to the parts that are allowed. */
export function composeSms({ language, mode, organisation, title, body, answers, link }: SmsContent): string {
  const { exercise, alert, reply } = words[language];
  const choices = answers.map((answer, index) => `${index + 1} ${onOneLine(answer)}`).join(', ');
  return [
    `${mode === 'exercise' ? exercise : ''}${[alert, onOneLine(organisation)].filter(Boolean).join(' ')}: ${onOneLine(title)}`,
    plainPunctuation(body).trim(),
    choices ? `${reply} ${choices}` : '',
    link,
  ]
    .filter((line) => line !== '')
    .join('\n');
}

const plainSigns: readonly (readonly [RegExp, string])[] = [
  [/[\u2018\u2019\u201A\u2032\u02BC\u00B4`]/g, "'"],
  [/[\u201C\u201D\u201E\u2033«»]/g, '"'],
  [/[\u2010-\u2015\u2212\u2022\u00B7]/g, '-'],
  [/\u2026/g, '...'],
  [/[\t\u00A0\u2007\u2009\u202F\u2002\u2003]/g, ' '],
  [/[\u2028\u2029]/g, '\n'],
  // Control characters but the line's end, and the marks of width zero and direction that pasted text brings along.
  [/(?!\n)\p{Cc}|[\u00AD\u200B\u200E\u200F\u2060\uFEFF\u202A-\u202E]/gu, ''],
];

/** Typographic punctuation with the signs that every phone's short alphabet has, as the server writes every SMS. */
function plainPunctuation(text: string): string {
  return plainSigns.reduce((plain, [signs, sign]) => plain.replace(signs, sign), text).normalize('NFC');
}

function onOneLine(text: string): string {
  return plainPunctuation(text).replaceAll('\n', ' ').trim();
}
