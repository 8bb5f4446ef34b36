import type { fr } from './fr';
import { composeMessage, type Dictionary, type LanguageCode, type MessageValues } from './message';
import { typesetDictionary } from './typography';

export type Texts = typeof fr;
export type TextKey = keyof Texts;

/** Keys whose text takes no value: what tables of keys may hold. */
export type PlainTextKey = { [Key in TextKey]: MessageValues<Texts[Key]> extends [] ? Key : never }[TextKey];

const loaders: Record<LanguageCode, () => Promise<Dictionary>> = {
  fr: () => import('./fr').then((module) => module.fr),
  en: () => import('./en').then((module) => module.en),
};

let current = $state<LanguageCode>('fr');
let texts = $state.raw<Dictionary>({});

export function language(): LanguageCode {
  return current;
}

/** Fetches the dictionary before it switches, so that no page shows half of each. */
export async function useLanguage(wanted: LanguageCode): Promise<void> {
  const loaded = typesetDictionary(await loaders[wanted](), wanted);
  texts = loaded;
  current = wanted;
  document.documentElement.lang = wanted;
}

/** The first language of the browser that we speak; French where it speaks neither. */
export function preferredLanguage(browserLanguages: readonly string[]): LanguageCode {
  for (const tag of browserLanguages) {
    const primary = tag.toLowerCase().split('-')[0];
    if (primary === 'fr' || primary === 'en') return primary;
  }
  return 'fr';
}

export function t<Key extends TextKey>(key: Key, ...values: MessageValues<Texts[Key]>): string {
  const message = texts[key];
  return message === undefined ? key : composeMessage(message, current, values[0] as Readonly<Record<string, string | number>> | undefined);
}

/** For keys that come from outside (an error code, a failure code): the text, or undefined where we have none for it. */
export function textFor(key: string, values?: Readonly<Record<string, string | number>>): string | undefined {
  const message = texts[key];
  return message === undefined ? undefined : composeMessage(message, current, values);
}
