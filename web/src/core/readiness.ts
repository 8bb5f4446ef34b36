import type { ChannelReadiness, FunctionReadiness, ReachCounts } from '../transport/contract/readiness';
import type { DrillScore } from './drill-score';

/** What a figure means. `unused`: nothing that is used, so nothing to judge. */
export type Verdict = 'good' | 'look' | 'urgent' | 'unused';

const dayMilliseconds = 86_400_000;

/** A test a month, and some days to get round to it; a quarter without one. */
const [recentTestDays, oldTestDays] = [35, 92];
const enoughAnswers = 80;
/** An exercise a year is what most regulations ask for. */
const recentExerciseDays = 365;
/** A channel may be left out of a test now and then. */
const recentChannelTestDays = 100;
const toleratedFailures = 0.1;
/** What begins sooner than this can no longer be mended at leisure. */
const imminentMilliseconds = dayMilliseconds;

/** Someone is told by a second way when the first is cut. */
const fewestOutwardChannels = 2;

/** A number of people out of those whom it could be. */
export interface Share {
  readonly have: number;
  readonly of: number;
}

export type ReachLine = 'address' | 'verified' | 'ever' | 'mobile' | 'push' | 'passkey' | 'roomDevice';

export interface JudgedShare extends Share {
  readonly line: ReachLine;
  readonly verdict: Verdict;
}

/** From which share on it is good, and below which it is urgent. */
const limits: Readonly<Record<ReachLine, readonly [good: number, urgent: number]>> = {
  address: [0.99, 0.9],
  verified: [0.9, 0.5],
  ever: [0.98, 0.75],
  mobile: [0.95, 0.7],
  // Whoever has none is still told by SMS or mail.
  push: [0.5, 0],
  passkey: [0.9, 0.5],
  roomDevice: [0.9, 0.5],
};

function shareVerdict(line: ReachLine, { have, of }: Share): Verdict {
  if (of === 0) return 'unused';
  const [good, urgent] = limits[line];
  const share = have / of;
  return share >= good ? 'good' : share < urgent ? 'urgent' : 'look';
}

/** In percent, downwards: 99.9 % of people are not all of them. */
export function percentOf({ have, of }: Share): number {
  return of === 0 ? 0 : Math.floor((100 * have) / of);
}

/** How many people can be told, and how fresh what is known of them is. @param withPush Whether notifications are in use here. */
export function judgeReach(reach: ReachCounts, withPush: boolean): readonly JudgedShare[] {
  const shares: readonly (readonly [ReachLine, number, number])[] = [
    ['address', reach.withAddress, reach.people],
    ['verified', reach.verified, reach.verifiable],
    ['ever', reach.verifiable - reach.neverVerified, reach.verifiable],
    ['mobile', reach.withMobile, reach.people],
    ...(withPush ? ([['push', reach.withPush, reach.people]] as const) : []),
    ['passkey', reach.withPasskey, reach.accounts],
    ['roomDevice', reach.withRoomDevice, reach.accounts],
  ];
  return shares.map(([line, have, of]) => ({ line, have, of, verdict: shareVerdict(line, { have, of }) }));
}

/** @param now Unix milliseconds. */
export function judgeFunction({ people, onRota, gaps }: FunctionReadiness, now: number): Verdict {
  if (people === 0) return 'urgent';
  const first = gaps[0];
  if (first === undefined) return 'good';
  // A function that no rota knows is called by whoever finds its holders; one that a rota promises is relied upon.
  return onRota > 0 && Date.parse(first.from) < now + imminentMilliseconds ? 'urgent' : 'look';
}

/** @param drill The latest test of the alert. @param now Unix milliseconds. */
export function judgeDrill(drill: Pick<DrillScore, 'alert' | 'score'> | undefined, now: number): Verdict {
  if (drill === undefined) return 'urgent';
  const days = daysSince(drill.alert.raisedAt, now);
  if (days > oldTestDays) return 'urgent';
  return days <= recentTestDays && drill.score >= enoughAnswers ? 'good' : 'look';
}

/** @param endedAt ISO 8601 of the latest exercise that ended, or undefined. @param now Unix milliseconds. */
export function judgeExercise(endedAt: string | undefined, now: number): Verdict {
  return endedAt !== undefined && daysSince(endedAt, now) <= recentExerciseDays ? 'good' : 'look';
}

/** @param all Every channel: how many lead out of the application decides whether one more is missed. @param now Unix milliseconds. */
export function judgeChannel({ channel, state, lastTest, lastMessage }: ChannelReadiness, all: readonly ChannelReadiness[], now: number): Verdict {
  if (state === 'not-configured') {
    const outward = all.filter((one) => one.channel !== 'in-app' && one.state !== 'not-configured').length;
    return channel !== 'in-app' && outward < fewestOutwardChannels ? 'look' : 'unused';
  }
  if (state === 'down') return 'urgent';
  const since = lastMessage && (!lastTest || Date.parse(lastMessage.at) > Date.parse(lastTest.at)) ? lastMessage.standing : undefined;
  const works = since === 'accepted' || since === 'delivered';
  if (!works && lastTest && lastTest.messages > 0 && lastTest.failed === lastTest.messages) return 'urgent';
  if (state === 'degraded' || since === 'failed') return 'look';
  if (lastTest && daysSince(lastTest.at, now) <= recentChannelTestDays)
    return lastTest.failed > toleratedFailures * lastTest.messages ? 'look' : 'good';
  return works && daysSince(lastMessage?.at ?? '', now) <= recentChannelTestDays ? 'good' : 'look';
}

/** How many documents of the libraries that somebody is in are in use, and may be relied on for how long. */
export interface PlanCounts {
  readonly inUse: number;
  readonly expired: number;
  readonly soon: number;
  readonly undated: number;
}

export function judgePlans({ inUse, expired, soon, undated }: PlanCounts): Verdict {
  if (expired > 0) return 'urgent';
  return inUse === 0 || soon > 0 || undated > 0 ? 'look' : 'good';
}

/** How many of each. */
export function countVerdicts(verdicts: readonly Verdict[]): Readonly<Record<Verdict, number>> {
  const counts = { good: 0, look: 0, urgent: 0, unused: 0 };
  for (const verdict of verdicts) counts[verdict] += 1;
  return counts;
}

function daysSince(at: string, now: number): number {
  return (now - Date.parse(at)) / dayMilliseconds;
}
