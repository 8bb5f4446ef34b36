import { isId, isMoment, isWords } from '../content-shapes';

/** A log of events and decisions (in French: main courante), kept in a room: each line is an entry of the room, signed by its author's device and chained with all others. */
export const logTypes = ['fact', 'decision', 'action', 'message'] as const;
export type LogType = (typeof logTypes)[number];

/** How far what is written may be relied on. */
export const reliabilities = ['confirmed', 'probable', 'unverified'] as const;
export type Reliability = (typeof reliabilities)[number];

/** What a line of the log says. */
export interface LogStatement {
  readonly type: LogType;
  readonly text: string;
  /** When it happened, in UTC as ISO 8601: not when it was written, which the room says. */
  readonly at: string;
  /** Where it is known from: a person, a service, a document. */
  readonly source?: string;
  readonly reliability?: Reliability;
}

export type LogContent =
  /** @property from The message that it was made from. */
  | { readonly kind: 'log-entry'; readonly statement: LogStatement; readonly from?: string }
  /** What a line should have said. The line stays as it was, and what it said before is shown beside it. */
  | { readonly kind: 'log-correction'; readonly of: string; readonly statement: LogStatement; readonly reason: string };

/** In characters. */
export const longestStatement = 4000;
export const longestSource = 200;
export const longestReason = 500;

/** @returns Null for what is malformed, or belongs to no log. */
export function parseLogContent({ kind, statement, from, of, reason }: Readonly<Record<string, unknown>>): LogContent | null {
  if (kind !== 'log-entry' && kind !== 'log-correction') return null;
  const said = parseStatement(statement);
  if (said === null) return null;
  if (kind === 'log-entry') return { kind, statement: said, ...(isId(from) ? { from } : {}) };
  return isId(of) && isWords(reason, longestReason) ? { kind, of, statement: said, reason } : null;
}

/** @returns Null for what is malformed. */
export function parseStatement(value: unknown): LogStatement | null {
  if (typeof value !== 'object' || value === null) return null;
  const { type, text, at, source, reliability } = value as Record<string, unknown>;
  const known = logTypes.find((one) => one === type);
  const relied = reliabilities.find((one) => one === reliability);
  if (known === undefined || !isWords(text, longestStatement) || !isMoment(at)) return null;
  return {
    type: known,
    text,
    at,
    ...(isWords(source, longestSource) ? { source } : {}),
    ...(relied === undefined ? {} : { reliability: relied }),
  };
}
