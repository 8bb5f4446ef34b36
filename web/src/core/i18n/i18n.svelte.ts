import type { fr } from './fr';
import type { attendance } from './fr/attendance';
import type { bulletins } from './fr/bulletins';
import type { crises } from './fr/crises';
import type { crisisRecord } from './fr/crisis-record';
import type { exercises } from './fr/exercises';
import type { meetings } from './fr/meetings';
import type { plans } from './fr/plans';
import type { readiness } from './fr/readiness';
import type { reporting } from './fr/reporting';
import type { roomFiles } from './fr/room-files';
import type { roomGroups } from './fr/room-groups';
import type { roomRefusals } from './fr/room-refusals';
import type { roomSettings } from './fr/room-settings';
import type { rooms } from './fr/rooms';
import type { sharedBoard } from './fr/shared-board';
import type { situation } from './fr/situation';
import type { stakeholders } from './fr/stakeholders';
import type { trainings } from './fr/trainings';
import { composeMessage, type Dictionary, type LanguageCode, type MessageValues } from './message';
import { typesetDictionary } from './typography';

export type Texts = typeof fr &
  typeof attendance &
  typeof bulletins &
  typeof crises &
  typeof crisisRecord &
  typeof exercises &
  typeof meetings &
  typeof plans &
  typeof readiness &
  typeof reporting &
  typeof sharedBoard &
  typeof situation &
  typeof stakeholders &
  typeof trainings &
  typeof rooms &
  typeof roomFiles &
  typeof roomRefusals &
  typeof roomSettings &
  typeof roomGroups;
export type TextKey = keyof Texts;

/** Keys whose text takes no value: what tables of keys may hold. */
export type PlainTextKey = { [Key in TextKey]: MessageValues<Texts[Key]> extends [] ? Key : never }[TextKey];

const loaders: Record<LanguageCode, () => Promise<Dictionary>> = {
  fr: () => import('./fr').then((module) => module.fr),
  en: () => import('./en').then((module) => module.en),
};

/** Texts of parts that few open: they come with the part, so that everybody's first page does not wait for them. */
const partLoaders = {
  bulletins: {
    fr: () => import('./fr/bulletins').then((module): Dictionary => module.bulletins),
    en: () => import('./en/bulletins').then((module): Dictionary => module.bulletins),
  },
  crises: {
    fr: () =>
      Promise.all([
        import('./fr/crises'),
        import('./fr/crisis-record'),
        import('./fr/reporting'),
        import('./fr/situation'),
        import('./fr/stakeholders'),
      ]).then(([{ crises }, { crisisRecord }, { reporting }, { situation }, { stakeholders }]): Dictionary => ({
        ...crises,
        ...crisisRecord,
        ...reporting,
        ...situation,
        ...stakeholders,
      })),
    en: () =>
      Promise.all([
        import('./en/crises'),
        import('./en/crisis-record'),
        import('./en/reporting'),
        import('./en/situation'),
        import('./en/stakeholders'),
      ]).then(([{ crises }, { crisisRecord }, { reporting }, { situation }, { stakeholders }]): Dictionary => ({
        ...crises,
        ...crisisRecord,
        ...reporting,
        ...situation,
        ...stakeholders,
      })),
  },
  exercises: {
    fr: () =>
      Promise.all([import('./fr/exercises'), import('./fr/trainings')]).then(([{ exercises }, { trainings }]): Dictionary => ({
        ...exercises,
        ...trainings,
      })),
    en: () =>
      Promise.all([import('./en/exercises'), import('./en/trainings')]).then(([{ exercises }, { trainings }]): Dictionary => ({
        ...exercises,
        ...trainings,
      })),
  },
  meetings: {
    fr: () => import('./fr/meetings').then((module): Dictionary => module.meetings),
    en: () => import('./en/meetings').then((module): Dictionary => module.meetings),
  },
  plans: {
    fr: () => import('./fr/plans').then((module): Dictionary => module.plans),
    en: () => import('./en/plans').then((module): Dictionary => module.plans),
  },
  readiness: {
    fr: () => import('./fr/readiness').then((module): Dictionary => module.readiness),
    en: () => import('./en/readiness').then((module): Dictionary => module.readiness),
  },
  rooms: {
    fr: () =>
      Promise.all([
        import('./fr/rooms'),
        import('./fr/room-files'),
        import('./fr/room-refusals'),
        import('./fr/room-settings'),
        import('./fr/room-groups'),
        import('./fr/shared-board'),
        import('./fr/attendance'),
      ]).then(([{ rooms }, { roomFiles }, { roomRefusals }, { roomSettings }, { roomGroups }, { sharedBoard }, { attendance }]): Dictionary => ({
        ...rooms,
        ...roomFiles,
        ...roomRefusals,
        ...roomSettings,
        ...roomGroups,
        ...sharedBoard,
        ...attendance,
      })),
    en: () =>
      Promise.all([
        import('./en/rooms'),
        import('./en/room-files'),
        import('./en/room-refusals'),
        import('./en/room-settings'),
        import('./en/room-groups'),
        import('./en/shared-board'),
        import('./en/attendance'),
      ]).then(([{ rooms }, { roomFiles }, { roomRefusals }, { roomSettings }, { roomGroups }, { sharedBoard }, { attendance }]): Dictionary => ({
        ...rooms,
        ...roomFiles,
        ...roomRefusals,
        ...roomSettings,
        ...roomGroups,
        ...sharedBoard,
        ...attendance,
      })),
  },
} as const;

export type TextPart = keyof typeof partLoaders;

const usedParts = new Set<TextPart>();

let current = $state<LanguageCode>('fr');
let texts = $state.raw<Dictionary>({});

export function language(): LanguageCode {
  return current;
}

/** Fetches the dictionary before it switches, so that no page shows half of each. */
export async function useLanguage(wanted: LanguageCode): Promise<void> {
  const loaded = await Promise.all([loaders[wanted](), ...[...usedParts].map((part) => partLoaders[part][wanted]())]);
  texts = typesetDictionary(Object.assign({}, ...loaded) as Dictionary, wanted);
  current = wanted;
  document.documentElement.lang = wanted;
}

/** Fetches a part's texts before what uses them is shown. */
export async function useTexts(part: TextPart): Promise<void> {
  if (usedParts.has(part)) return;
  const language = current;
  const loaded = typesetDictionary(await partLoaders[part][language](), language);
  usedParts.add(part);
  if (language === current) texts = { ...texts, ...loaded };
  else await useLanguage(current);
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
