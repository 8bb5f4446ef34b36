import type { RoomItem } from '../room-log';
import type { Presence, TrainingTerms } from './training-content';

/** One word of whether somebody was there. A later one does not take it away. */
export interface PresenceWord {
  readonly presence: Presence;
  /** Account in hexadecimal of who said so. */
  readonly author: string;
  /** Said by who administers the room: a trainer. */
  readonly byTrainer: boolean;
  /** By its author's clock. */
  readonly at: string;
  readonly note: string;
}

export interface Training {
  /** Null where nothing that can be read says what it is. */
  readonly terms: TrainingTerms | null;
  /** By account, every word that counts, in the room's order: the last one stands. */
  readonly words: ReadonlyMap<string, readonly PresenceWord[]>;
}

export const noTraining: Training = { terms: null, words: new Map() };

const minute = 60_000;
/** People come early, and confirm on their way out. */
const [openBefore, openAfter] = [30 * minute, 60 * minute];

/** When people can say for themselves that they are there, in unix milliseconds. */
export function confirmationWindow({ at, minutes }: Pick<TrainingTerms, 'at' | 'minutes'>): { readonly from: number; readonly until: number } {
  const begins = Date.parse(at);
  return { from: begins - openBefore, until: begins + minutes * minute + openAfter };
}

/**
 * What a room's entries say of a training. Of the entries alone, so the same for everybody who has them: who administers the room says what it is and who was there; others say that they themselves are, while it lasts,
 * and not against a trainer's word.
 */
export function trainingOf(items: readonly RoomItem[]): Training {
  let terms: TrainingTerms | null = null;
  const words = new Map<string, readonly PresenceWord[]>();
  const seen = new Set<string>();
  for (const { what, id, author, byAdministrator } of items) {
    if (what.kind !== 'content' || id === undefined || author === undefined || seen.has(id)) continue;
    const { content } = what;
    if (content.kind === 'training') {
      seen.add(id);
      if (byAdministrator === true) terms = content.terms;
    } else if (content.kind === 'training-presence') {
      seen.add(id);
      const byTrainer = byAdministrator === true;
      const before = words.get(content.of) ?? [];
      const word = { presence: content.presence, author, byTrainer, at: content.at, note: content.note };
      if (byTrainer || mayConfirm(terms, word, content.of, before.at(-1))) words.set(content.of, [...before, word]);
    }
  }
  return { terms, words };
}

function mayConfirm(terms: TrainingTerms | null, word: PresenceWord, of: string, last: PresenceWord | undefined): boolean {
  if (terms === null || word.author !== of || word.presence !== 'present' || last !== undefined) return false;
  const { from, until } = confirmationWindow(terms);
  const at = Date.parse(word.at);
  return at >= from && at <= until;
}

/** What stands of somebody; null where nobody has said anything. */
export function presenceOf({ words }: Training, account: string): PresenceWord | null {
  return words.get(account)?.at(-1) ?? null;
}

/** A training as the score counts it. */
export interface CountedTraining {
  readonly training: Training;
  /** Accounts of who is expected. */
  readonly expected: readonly string[];
}

export interface AttendanceScore {
  readonly account: string;
  readonly attended: number;
  /** Trainings that they were expected in, or took part in. */
  readonly of: number;
}

/** Who took part in which share of the trainings that began between the two moments (unix milliseconds), whoever missed most first. */
export function attendanceScores(trainings: readonly CountedTraining[], since: number, now: number): readonly AttendanceScore[] {
  const scores = new Map<string, AttendanceScore>();
  for (const { training, expected } of trainings) {
    const begins = training.terms === null ? NaN : Date.parse(training.terms.at);
    if (!(begins >= since && begins <= now)) continue;
    for (const account of new Set([...expected, ...training.words.keys()])) {
      const before = scores.get(account) ?? { account, attended: 0, of: 0 };
      const attended = presenceOf(training, account)?.presence === 'present' ? 1 : 0;
      scores.set(account, { account, attended: before.attended + attended, of: before.of + 1 });
    }
  }
  return [...scores.values()].sort((one, other) => one.attended / one.of - other.attended / other.of);
}
