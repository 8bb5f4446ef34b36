import { isId, isMoment, isObject, isWords } from '../content-shapes';

/** Somebody in a call of whom another person's browser tells: it is no device of the room, or it went without a word. */
export interface NotedPerson {
  /** As the call showed it. */
  readonly name: string;
  /** In hexadecimal; missing for who has none. */
  readonly account?: string;
  /** Came in by a link. */
  readonly guest?: true;
  /** Account of who was host of the call then. */
  readonly host?: string;
}

/** Who was in a call of the room: said once on coming and once on going, by themselves or, with `who`, by one of those who were there. */
export interface CallAttendanceContent {
  readonly kind: 'call-attendance';
  /** Of the meeting, in hexadecimal. */
  readonly call: string;
  readonly step: 'came' | 'left';
  /** In UTC as ISO 8601, by the clock of whoever tells. */
  readonly at: string;
  /** The last 16 bytes of the key that this browser has in the call, in hexadecimal. */
  readonly key: string;
  /** Nobody else was in the call: whoever is still told to be in it is not. */
  readonly alone?: true;
  /** Missing where the author tells of themselves. */
  readonly who?: NotedPerson;
}

/** In characters. */
export const longestNotedName = 120;

/** @returns Null for what is malformed, or tells of no call. */
export function parseCallContent({ kind, call, step, at, key, alone, who }: Readonly<Record<string, unknown>>): CallAttendanceContent | null {
  if (kind !== 'call-attendance' || !isId(call) || (step !== 'came' && step !== 'left') || !isMoment(at) || !isId(key)) return null;
  const noted = who === undefined ? undefined : parseNoted(who);
  if (noted === null) return null;
  return { kind, call, step, at, key, ...(alone === true && step === 'came' ? { alone } : {}), ...(noted === undefined ? {} : { who: noted }) };
}

function parseNoted(value: unknown): NotedPerson | null {
  if (!isObject(value)) return null;
  const { name, account, guest, host } = value;
  if (!isWords(name, longestNotedName) || (account !== undefined && !isId(account)) || (host !== undefined && !isId(host))) return null;
  return {
    name,
    ...(account === undefined ? {} : { account }),
    ...(guest === true ? { guest } : {}),
    ...(host === undefined ? {} : { host }),
  };
}
