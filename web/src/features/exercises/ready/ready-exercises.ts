import { newIdHex } from '../../../core/devices/account-bytes';
import type { ExerciseContent } from '../../../core/rooms/exercises/exercise-content';
import type { ExerciseScript, InjectKind, ScriptLanguage, Trigger } from '../../../core/rooms/exercises/script-content';
import { channelOf } from '../inject-answers';

/** An inject as it is written here: others and objectives are named by their places, from 1. */
export interface ReadyInject {
  /** Minutes from the beginning; `after` another and minutes; or words of a decision or a finished task and minutes; null by hand. */
  readonly when:
    | number
    | { readonly after: number; readonly minutes: number }
    | { readonly decision: string; readonly minutes: number }
    | { readonly task: string; readonly minutes: number }
    | null;
  readonly kind: InjectKind;
  readonly title: string;
  readonly from: string;
  readonly to: string;
  readonly text: string;
  /** What should be done, within minutes. */
  readonly expected: readonly [text: string, minutes: number];
  readonly serves: readonly number[];
}

/** An exercise that can be run at once. */
export interface ReadyExercise {
  readonly title: string;
  readonly briefing: string;
  readonly objectives: readonly string[];
  readonly injects: readonly ReadyInject[];
}

const loaders: Readonly<Record<ScriptLanguage, () => Promise<readonly ReadyExercise[]>>> = {
  fr: () => import('./ready-fr').then(({ readyFr }) => readyFr),
  en: () => import('./ready-en').then(({ readyEn }) => readyEn),
};

/** As first versions of scripts. @param without Titles that there are already: they are left out. */
export async function readyContents(languages: readonly ScriptLanguage[], without: readonly string[]): Promise<readonly ExerciseContent[]> {
  const sets = await Promise.all(languages.map(async (language) => (await loaders[language]()).map((exercise) => scriptOf(exercise, language))));
  return sets
    .flat()
    .filter(({ title }) => !without.includes(title))
    .map((script) => ({ kind: 'exercise-script', of: newIdHex(), script, after: null }));
}

export function scriptOf({ title, briefing, objectives, injects }: ReadyExercise, language: ScriptLanguage): ExerciseScript {
  const known = objectives.map((text) => ({ id: newIdHex(), text }));
  const ids = injects.map(() => newIdHex());
  return {
    title,
    language,
    briefing,
    objectives: known,
    injects: injects.map(({ when, kind, title: called, from, to, text, expected: [reaction, minutes], serves }, at) => ({
      id: ids[at] ?? newIdHex(),
      title: called,
      kind,
      trigger: triggerOf(when, ids),
      from,
      to,
      text,
      expected: { text: reaction, minutes },
      objectives: serves.flatMap((place) => known[place - 1]?.id ?? []),
      ...(channelOf(kind) === undefined ? {} : { answers: ['received'] as const }),
    })),
  };
}

function triggerOf(when: ReadyInject['when'], ids: readonly string[]): Trigger {
  if (when === null) return { on: 'hand' };
  if (typeof when === 'number') return { on: 'time', minutes: when };
  if ('after' in when) return { on: 'inject', of: ids[when.after - 1] ?? '', minutes: when.minutes };
  if ('decision' in when) return { on: 'decision', words: when.decision, minutes: when.minutes };
  return { on: 'task', words: when.task, minutes: when.minutes };
}
