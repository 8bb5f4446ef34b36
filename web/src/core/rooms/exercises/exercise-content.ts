import { isId, isMoment, isObject, isWords } from '../content-shapes';
import { type AlertFigures, parseAlertFigures } from './alert-figures';
import {
  type ExerciseScript,
  type Inject,
  type InjectKind,
  injectKinds,
  longestInjectText,
  longestInjectTitle,
  longestPart,
  longestScriptTitle,
  parseInject,
  parseScript,
} from './script-content';

/** How far an objective was met, as an observer saw it. */
export const objectiveMarks = ['met', 'partly', 'not-met'] as const;
export type ObjectiveMark = (typeof objectiveMarks)[number];

/** What made an inject leave. */
export const firings = ['due', 'hand'] as const;
export type Firing = (typeof firings)[number];

/**
 * Exercises, as sealed entries of the animators' room: scripts in whole versions, and of each run what was done. A run is named by an id that whoever prepared it chose; `at` is a moment by its author's clock,
 * `position` milliseconds of the exercise's own time.
 */
export type ExerciseContent =
  /** @property after The entry of the version that its author had before them; null for the first. */
  | {
      readonly kind: 'exercise-script';
      readonly of: string;
      readonly script: ExerciseScript;
      readonly after: string | null;
      readonly note?: string;
    }
  /** @property version The entry of the script's version that is played. @property crisis The players' leading room. @property channels SMS and mails leave as exercise alerts, too. */
  | { readonly kind: 'exercise-run'; readonly run: string; readonly version: string; readonly crisis: string; readonly channels: boolean }
  /** From `at` on the exercise's time goes on from `position` at so many times the clock's speed, or stands still. */
  | {
      readonly kind: 'exercise-clock';
      readonly run: string;
      readonly at: string;
      readonly position: number;
      readonly speed: number;
      readonly running: boolean;
    }
  | {
      readonly kind: 'exercise-fired';
      readonly run: string;
      readonly inject: string;
      readonly at: string;
      readonly position: number;
      readonly firing: Firing;
    }
  /** Not to be fired by itself, or to be again. */
  | { readonly kind: 'exercise-skipped'; readonly run: string; readonly inject: string; readonly skipped: boolean }
  /** Thought of while it runs. */
  | { readonly kind: 'exercise-added'; readonly run: string; readonly inject: Inject }
  /** The players did what was expected, or something else: seen by an observer. */
  | {
      readonly kind: 'exercise-reaction';
      readonly run: string;
      readonly inject: string;
      readonly at: string;
      readonly position: number;
      readonly text: string;
    }
  /** @property objective Null for what is of none. @property mark Null where nothing is judged. */
  | {
      readonly kind: 'exercise-note';
      readonly run: string;
      readonly objective: string | null;
      readonly mark: ObjectiveMark | null;
      readonly text: string;
      readonly at: string;
      readonly position: number;
    }
  /** To follow from the exercise. */
  | { readonly kind: 'exercise-action'; readonly run: string; readonly text: string }
  /** An inject left as an alert. */
  | { readonly kind: 'exercise-alert'; readonly run: string; readonly inject: string; readonly alert: string }
  /** How the alert of an inject stood at `at`, once the run had ended: for whoever may not read alerts, and for when the alert is no longer kept. */
  | {
      readonly kind: 'exercise-alert-figures';
      readonly run: string;
      readonly inject: string;
      readonly at: string;
      readonly figures: AlertFigures;
    }
  | { readonly kind: 'exercise-end'; readonly run: string; readonly at: string; readonly position: number; readonly text: string }
  /** In the players' room: an inject as they receive it. Always an exercise, whatever the room is of. */
  | ({ readonly kind: 'inject' } & PlayedInject);

/** What players are shown of an inject: not what is expected of them. */
export interface PlayedInject {
  readonly run: string;
  readonly inject: string;
  readonly exercise: string;
  readonly as: InjectKind;
  readonly title: string;
  readonly from: string;
  readonly to: string;
  readonly text: string;
}

/** In characters. */
export const longestNoteText = 1000;
export const longestAction = 300;
export const longestConclusion = 4000;
const longestVersionNote = 300;
export const fastest = 60;
/** Four weeks, in milliseconds. */
export const longestPosition = 28 * 86_400_000;

/** @returns Null for what is malformed, or belongs to no exercise. */
export function parseExerciseContent(value: Readonly<Record<string, unknown>>): ExerciseContent | null {
  const { kind, of, after, note } = value;
  if (kind !== 'exercise-script') return parseRunContent(value);
  const script = parseScript(value['script']);
  if (script === null || !isId(of) || !(after === null || isId(after))) return null;
  return { kind, of, script, after, ...(isWords(note, longestVersionNote) ? { note } : {}) };
}

function parseRunContent(value: Readonly<Record<string, unknown>>): ExerciseContent | null {
  const { kind, run, inject, version, crisis, channels, at, position, speed, running, firing, skipped, objective, mark, text, alert } = value;
  if (!isId(run)) return null;
  const isTimed = isMoment(at) && isPosition(position);
  switch (kind) {
    case 'exercise-run':
      return isId(version) && isId(crisis) && typeof channels === 'boolean' ? { kind, run, version, crisis, channels } : null;
    case 'exercise-clock':
      return isTimed && isSpeed(speed) && typeof running === 'boolean' ? { kind, run, at, position, speed, running } : null;
    case 'exercise-fired': {
      const known = firings.find((one) => one === firing);
      return isId(inject) && isTimed && known !== undefined ? { kind, run, inject, at, position, firing: known } : null;
    }
    case 'exercise-skipped':
      return isId(inject) && typeof skipped === 'boolean' ? { kind, run, inject, skipped } : null;
    case 'exercise-added': {
      const added = parseInject(inject);
      return added === null ? null : { kind, run, inject: added };
    }
    case 'exercise-reaction':
      return isId(inject) && isTimed && isText(text, longestNoteText) ? { kind, run, inject, at, position, text } : null;
    case 'exercise-note': {
      const known = mark === null ? null : objectiveMarks.find((one) => one === mark);
      const isRight = known !== undefined && (objective === null || isId(objective)) && isTimed && isText(text, longestNoteText);
      // A note that says nothing is none.
      return isRight && (known !== null || text.trim() !== '') ? { kind, run, objective, mark: known, text, at, position } : null;
    }
    case 'exercise-action':
      return isWords(text, longestAction) ? { kind, run, text } : null;
    case 'exercise-alert':
      return isId(inject) && isId(alert) ? { kind, run, inject, alert } : null;
    case 'exercise-alert-figures': {
      const figures = parseAlertFigures(value['figures']);
      return isId(inject) && isMoment(at) && figures !== null ? { kind, run, inject, at, figures } : null;
    }
    case 'exercise-end':
      return isTimed && isText(text, longestConclusion) ? { kind, run, at, position, text } : null;
    case 'inject': {
      const played = parsePlayed(value, run);
      return played === null ? null : { kind, ...played };
    }
    default:
      return null;
  }
}

function parsePlayed(value: Readonly<Record<string, unknown>>, run: string): PlayedInject | null {
  if (!isObject(value)) return null;
  const { inject, exercise, title, from, to, text } = value;
  const as = injectKinds.find((one) => one === value['as']);
  if (!isId(inject) || !isWords(exercise, longestScriptTitle) || as === undefined || !isWords(title, longestInjectTitle)) return null;
  if (!isText(from, longestPart) || !isText(to, longestPart) || !isText(text, longestInjectText)) return null;
  return { run, inject, exercise, as, title, from, to, text };
}

function isPosition(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= longestPosition;
}

function isSpeed(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= fastest;
}

function isText(value: unknown, longest: number): value is string {
  return typeof value === 'string' && value.length <= longest;
}
