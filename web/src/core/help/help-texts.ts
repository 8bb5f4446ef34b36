import type { LanguageCode } from '../i18n/message';
import { typeset } from '../i18n/typography';
import { foldForSearch } from '../search-fold';
import { helpTopics, type HelpText, type HelpTexts, type HelpTopicId } from './topics';

const loaders: Readonly<Record<LanguageCode, () => Promise<HelpTexts>>> = {
  fr: () => import('./fr').then(({ help }) => help),
  en: () => import('./en').then(({ help }) => help),
};

const loaded = new Map<LanguageCode, Promise<HelpTexts>>();

/** The whole help in one language, with its spaces and apostrophes as that language prints them. Part of the offline shell; it fails only where that is incomplete. */
export function helpTexts(language: LanguageCode): Promise<HelpTexts> {
  let texts = loaded.get(language);
  if (!texts) {
    texts = loaders[language]().then((all) => mapTexts(all, (text) => typeset(text, language)));
    // What failed once is asked for again.
    texts.catch(() => loaded.delete(language));
    loaded.set(language, texts);
  }
  return texts;
}

function mapTexts(texts: HelpTexts, set: (text: string) => string): HelpTexts {
  const one = ({ title, purpose, steps, heed, more }: HelpText): HelpText => ({
    title: set(title),
    purpose: set(purpose),
    steps: steps.map(set),
    heed: heed.map(set),
    ...(more ? { more: more.map(set) } : {}),
  });
  return Object.fromEntries(helpTopics.map((topic) => [topic, one(texts[topic])])) as Record<HelpTopicId, HelpText>;
}

/** Topics that have all the words that were typed, those with one in the title first. Accents and case count for nothing. */
export function searchHelp(texts: HelpTexts, query: string): readonly HelpTopicId[] {
  const words = foldForSearch(query).split(/\s+/).filter(Boolean);
  const found = helpTopics.filter((topic) => {
    const { title, purpose, steps, heed, more = [] } = texts[topic];
    const whole = foldForSearch([title, purpose, ...steps, ...heed, ...more].join(' '));
    return words.every((word) => whole.includes(word));
  });
  const inTitle = (topic: HelpTopicId): boolean => words.some((word) => foldForSearch(texts[topic].title).includes(word));
  return [...found.filter(inTitle), ...found.filter((topic) => !inTitle(topic))];
}
