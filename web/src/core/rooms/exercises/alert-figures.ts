import type { Board, RecipientRow, Standing } from '../../../transport/contract/alerts';
import type { ChannelKind, ContentLanguage } from '../../../transport/contract/content';
import { isObject, isWords, parseAll } from '../content-shapes';

/** The board's standings, of which each person has one. */
export const figureStandings = [
  'needs-help',
  'failed',
  'not-reached',
  'sent',
  'delivered',
  'read',
  'answered',
] as const satisfies readonly Standing[];
export const figureChannels = ['in-app', 'web-push', 'sms', 'email'] as const satisfies readonly ChannelKind[];

/** What came of the messages of one channel; each is counted once. */
const channelStates = {
  waiting: ['planned', 'sending'],
  accepted: ['accepted'],
  delivered: ['delivered', 'read'],
  failed: ['failed', 'expired'],
  withdrawn: ['withdrawn'],
} as const satisfies Readonly<Record<string, readonly Board['deliveries'][number]['state'][]>>;
type ChannelState = keyof typeof channelStates;
export const channelStateNames = Object.keys(channelStates) as readonly ChannelState[];

export type ChannelFigures = { readonly channel: ChannelKind } & Readonly<Record<ChannelState, number>>;

export interface AnswerFigure {
  readonly key: string;
  /** As it was asked, in the script's language. */
  readonly text: string;
  readonly count: number;
}

/** How an alert stood at one moment: numbers alone, nobody by name. */
export interface AlertFigures {
  readonly people: number;
  readonly standings: Readonly<Record<Standing, number>>;
  /** All that were asked for, in their order, those that nobody gave too; empty where the alert asked for none. */
  readonly answers: readonly AnswerFigure[];
  readonly channels: readonly ChannelFigures[];
  /** Milliseconds from the raising to the first answer and to the middle one; null where nobody answered, or more did than are looked at one by one. */
  readonly firstAnswer: number | null;
  readonly medianAnswer: number | null;
}

/** More than any organisation has people: what is larger is no count. */
export const mostCounted = 10_000_000;
export const mostAnswers = 20;
/** In characters. */
export const longestAnswerText = 200;
/** Four weeks, in milliseconds. */
export const longestAnswering = 28 * 86_400_000;
const answerKey = /^[a-z0-9-]{1,32}$/;

/** @returns Null for what is malformed. */
export function parseAlertFigures(value: unknown): AlertFigures | null {
  if (!isObject(value)) return null;
  const { people, firstAnswer, medianAnswer } = value;
  const standings = parseCounts(value['standings'], figureStandings);
  const answers = parseAll(value['answers'], mostAnswers, parseAnswer);
  const channels = parseAll(value['channels'], figureChannels.length, parseChannel);
  if (!isCount(people) || standings === null || answers === null || channels === null) return null;
  if (!isSpan(firstAnswer) || !isSpan(medianAnswer) || (firstAnswer === null) !== (medianAnswer === null)) return null;
  if (firstAnswer !== null && medianAnswer !== null && medianAnswer < firstAnswer) return null;
  if (!areDifferent(answers.map(({ key }) => key)) || !areDifferent(channels.map(({ channel }) => channel))) return null;
  return { people, standings, answers, channels, firstAnswer, medianAnswer };
}

/** Came out of the server's hands, as the board says it of an alert: with the carrier, on a device, read or answered. */
export function reachedOf({ standings }: AlertFigures): number {
  return standings.sent + standings.delivered + confirmedOf({ standings });
}

/** The person has shown that they know of it: they opened it, or answered. */
export function confirmedOf({ standings }: Pick<AlertFigures, 'standings'>): number {
  return standings.read + answeredOf({ standings });
}

export function answeredOf({ standings }: Pick<AlertFigures, 'standings'>): number {
  return standings.answered + standings['needs-help'];
}

/**
 * What is kept of a board.
 * @param rows Everybody who answered; undefined where they are too many to be looked at one by one.
 */
export function figuresOf(
  { alert, standings, answers, deliveries }: Board,
  rows: readonly Pick<RecipientRow, 'answeredAt'>[] | undefined,
  language: ContentLanguage,
): AlertFigures {
  const times = (rows ?? [])
    .flatMap(({ answeredAt }) => (answeredAt === null ? [] : [Date.parse(answeredAt) - Date.parse(alert.raisedAt)]))
    .map((span) => Math.min(longestAnswering, Math.max(0, span)))
    .sort((one, other) => one - other);
  return {
    people: alert.recipients,
    standings: countsOf(figureStandings, (standing) => standings[standing]),
    answers: alert.answers.slice(0, mostAnswers).map(({ key, label }) => ({
      key,
      text: (label[language] ?? label.fr ?? label.en ?? key).slice(0, longestAnswerText),
      count: answers.find((one) => one.key === key)?.count ?? 0,
    })),
    channels: figureChannels
      .filter((channel) => deliveries.some((one) => one.channel === channel))
      .map((channel) => {
        const own = deliveries.filter((one) => one.channel === channel);
        const countOf = (states: readonly string[]): number =>
          own.filter(({ state }) => states.includes(state)).reduce((sum, { count }) => sum + count, 0);
        return { channel, ...countsOf(channelStateNames, (name) => countOf(channelStates[name])) };
      }),
    firstAnswer: times[0] ?? null,
    medianAnswer: times[Math.floor((times.length - 1) / 2)] ?? null,
  };
}

function countsOf<Name extends string>(names: readonly Name[], count: (name: Name) => number): Readonly<Record<Name, number>> {
  return Object.fromEntries(names.map((name) => [name, count(name)])) as Record<Name, number>;
}

function parseCounts<Name extends string>(value: unknown, names: readonly Name[]): Readonly<Record<Name, number>> | null {
  if (!isObject(value) || !names.every((name) => Object.hasOwn(value, name) && isCount(value[name]))) return null;
  return countsOf(names, (name) => value[name] as number);
}

function parseAnswer(value: unknown): AnswerFigure | null {
  if (!isObject(value)) return null;
  const { key, text, count } = value;
  return typeof key === 'string' && answerKey.test(key) && isWords(text, longestAnswerText) && isCount(count) ? { key, text, count } : null;
}

function parseChannel(value: unknown): ChannelFigures | null {
  if (!isObject(value)) return null;
  const channel = figureChannels.find((one) => one === value['channel']);
  const counts = parseCounts(value, channelStateNames);
  return channel === undefined || counts === null ? null : { channel, ...counts };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= mostCounted;
}

function isSpan(value: unknown): value is number | null {
  return value === null || (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= longestAnswering);
}

function areDifferent(values: readonly string[]): boolean {
  return new Set(values).size === values.length;
}
