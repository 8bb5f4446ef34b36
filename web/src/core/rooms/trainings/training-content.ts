import { isId, isMoment, isObject, isWords } from '../content-shapes';

/** Whether somebody took part. `excused`: was expected, could not, and said so. */
export const presences = ['present', 'excused', 'absent'] as const;
export type Presence = (typeof presences)[number];

/** What a training is: said whole each time, so that the last word counts. */
export interface TrainingTerms {
  readonly title: string;
  /** When it begins, ISO 8601 in UTC. */
  readonly at: string;
  /** How long it lasts. */
  readonly minutes: number;
  /** Where, or by which call; empty where that is not settled. */
  readonly place: string;
  /** Names of who gives it: they need not be in the room. */
  readonly trainers: string;
  /** In the Markdown of plans; files are those of the room. */
  readonly material: string;
  /** The run of an exercise that it follows from, in hexadecimal; null for none. */
  readonly run: string | null;
}

/** A training, as sealed entries of its room. */
export type TrainingContent =
  | { readonly kind: 'training'; readonly terms: TrainingTerms }
  /** @property of Account in hexadecimal. @property at By its author's clock. @property note Why, where something is corrected; may be empty. */
  | { readonly kind: 'training-presence'; readonly of: string; readonly presence: Presence; readonly at: string; readonly note: string };

/** In characters. */
export const longestTrainingTitle = 120;
export const longestTrainingLine = 200;
export const longestMaterial = 20_000;
export const [shortestTraining, longestTraining] = [5, 7 * 24 * 60];

/** @returns Null for what is malformed, or belongs to no training. */
export function parseTrainingContent(value: Readonly<Record<string, unknown>>): TrainingContent | null {
  const { kind, of, at, note } = value;
  if (kind === 'training') {
    const terms = parseTerms(value['terms']);
    return terms === null ? null : { kind, terms };
  }
  if (kind !== 'training-presence') return null;
  const presence = presences.find((one) => one === value['presence']);
  return presence !== undefined && isId(of) && isMoment(at) && isText(note, longestTrainingLine) ? { kind, of, presence, at, note } : null;
}

function parseTerms(value: unknown): TrainingTerms | null {
  if (!isObject(value)) return null;
  const { title, at, minutes, place, trainers, material, run } = value;
  if (!isWords(title, longestTrainingTitle) || !isMoment(at) || !isMinutes(minutes)) return null;
  if (!isText(place, longestTrainingLine) || !isText(trainers, longestTrainingLine) || !isText(material, longestMaterial)) return null;
  return run === null || isId(run) ? { title, at, minutes, place, trainers, material, run } : null;
}

function isMinutes(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= shortestTraining && value <= longestTraining;
}

function isText(value: unknown, longest: number): value is string {
  return typeof value === 'string' && value.length <= longest;
}
