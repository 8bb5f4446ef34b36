import { may } from '../../../core/access';
import { drillScores } from '../../../core/drill-score';
import { language, t, textFor } from '../../../core/i18n/i18n.svelte';
import { describeMoment } from '../../../core/i18n/time';
import {
  judgeChannel,
  judgeDrill,
  judgeExercise,
  judgeFunction,
  judgePlans,
  judgeReach,
  percentOf,
  type JudgedShare,
  type PlanCounts,
  type ReachLine,
  type Verdict,
} from '../../../core/readiness';
import type { ChannelReadiness, FunctionReadiness, ReachCounts, ReadinessFigures } from '../../../transport/contract/readiness';
import type { Lack } from '../lacks';

/** Where to go to mend it. */
export interface NextStep {
  readonly href: string;
  readonly label: string;
}

/** One thing that readiness is judged by. */
export interface ReadinessLine {
  readonly id: string;
  readonly title: string;
  readonly verdict: Verdict;
  readonly figure: string;
  /** Why it counts, in one sentence. */
  readonly why: string;
  /** What else is known of it. */
  readonly details: readonly string[];
  /** When it happened (ISO 8601), where it is something that happened. */
  readonly at?: string;
  readonly next?: NextStep;
}

const lists: Readonly<Record<Exclude<ReachLine, 'verified'>, Lack>> = {
  address: 'address',
  ever: 'verification',
  mobile: 'mobile',
  push: 'push',
  passkey: 'passkey',
  roomDevice: 'room-device',
};

export function reachLines(figures: ReadinessFigures): readonly ReadinessLine[] {
  const withPush = figures.channels.some(({ channel, state }) => channel === 'web-push' && state !== 'not-configured');
  return judgeReach(figures.reach, withPush).map((share) => ({
    id: share.line,
    title: share.line === 'verified' ? t('readiness.reach.verified', { n: figures.months }) : t(`readiness.reach.${share.line}`),
    verdict: share.verdict,
    figure: t('readiness.percent', { n: percentOf(share) }),
    why: t(`readiness.reach.${share.line}.why`),
    details: [t('readiness.share', { have: share.have, of: share.of })],
    ...listOf(share, figures.reach, figures.months),
  }));
}

/** Who is behind the figure: nobody where all is well. */
function listOf(share: JudgedShare, reach: ReachCounts, months: number): { readonly next?: NextStep } {
  const n = share.line === 'verified' ? reach.verifiable - reach.neverVerified - reach.verified : share.of - share.have;
  if (n <= 0 || !may('directory.read')) return {};
  const query = share.line === 'verified' ? `recent-verification&months=${months}` : lists[share.line];
  return { next: { href: `/directory?lacking=${query}`, label: t('readiness.see', { n }) } };
}

const mostGapsShown = 3;

export function functionLines(figures: ReadinessFigures, now: number): readonly ReadinessLine[] {
  if (figures.functions.length === 0)
    return [
      {
        id: 'no-function',
        title: t('readiness.duty.none'),
        verdict: 'look',
        figure: '',
        why: t('readiness.duty.none.why'),
        details: [],
        next: { href: '/directory?tab=functions', label: t('readiness.duty.define') },
      },
    ];
  return figures.functions.map((one) => {
    const verdict = judgeFunction(one, now);
    return {
      id: one.id,
      title: one.name,
      verdict,
      figure: t('readiness.duty.figure', {
        day: percentOf({ have: one.dayCoveredMinutes, of: one.dayMinutes }),
        night: percentOf({ have: one.nightCoveredMinutes, of: one.nightMinutes }),
      }),
      why: whyOf(one),
      details: one.onRota === 0 ? [] : [...gapsOf(one, now), hoursOf(one)],
      ...(verdict === 'good' ? {} : { next: mendFunction(one, figures.rotas) }),
    };
  });
}

function whyOf({ people, onRota, gaps }: FunctionReadiness): string {
  if (people === 0) return t('readiness.duty.nobody');
  if (onRota === 0) return t('readiness.duty.outside');
  return gaps.length === 0 ? t('readiness.duty.full') : t('readiness.duty.gaps');
}

function hoursOf(one: FunctionReadiness): string {
  const hours = (minutes: number): number => Math.floor(minutes / 60);
  return t('readiness.duty.hours', {
    covered: hours(one.dayCoveredMinutes + one.nightCoveredMinutes),
    all: hours(one.dayMinutes + one.nightMinutes),
  });
}

function gapsOf({ gaps, moreGaps }: FunctionReadiness, now: number): readonly string[] {
  const moment = (at: string): string => describeMoment(new Date(at), new Date(now), language());
  const more = gaps.length - mostGapsShown + moreGaps;
  return [
    ...gaps.slice(0, mostGapsShown).map(({ from, until }) => t('readiness.duty.gap', { from: moment(from), until: moment(until) })),
    ...(more > 0 ? [t('readiness.duty.gapsMore', { n: more })] : []),
  ];
}

function mendFunction({ people }: FunctionReadiness, rotas: number): NextStep {
  if (people === 0) return { href: '/directory?tab=functions', label: t('readiness.duty.name') };
  if (rotas === 0 && may('rotas.add')) return { href: '/rotas/new', label: t('readiness.duty.begin') };
  return { href: '/rotas', label: t('readiness.duty.open') };
}

/** @param injects Ids in hexadecimal of alerts that were injects of an exercise. */
export function drillLine(figures: ReadinessFigures, injects: ReadonlySet<string>, now: number): ReadinessLine {
  const latest = drillScores(figures.drills, injects)[0];
  const verdict = judgeDrill(latest, now);
  const about = { id: 'drill', title: t('readiness.drill'), verdict, why: t('readiness.drill.why') };
  const test = may('alerts.raise') ? { next: { href: '/alerts/raise', label: t('readiness.drill.do') } } : {};
  if (latest === undefined) return { ...about, figure: t('readiness.drill.none'), details: [], ...test };
  const { alert, score, change } = latest;
  const board = may('alerts.watch') ? { next: { href: `/alerts/${alert.id}`, label: t('readiness.drill.see') } } : {};
  return {
    ...about,
    figure: t('readiness.drill.figure', { n: score }),
    details: [t('readiness.drill.detail', { answered: alert.answered, recipients: alert.recipients }), ...changeInWords(change)],
    at: alert.raisedAt,
    ...(verdict === 'good' ? board : test),
  };
}

function changeInWords(change: number | null): readonly string[] {
  if (change === null) return [];
  return [change === 0 ? t('readiness.drill.same') : t(change > 0 ? 'readiness.drill.better' : 'readiness.drill.worse', { n: Math.abs(change) })];
}

export function channelLines(figures: ReadinessFigures, now: number): readonly ReadinessLine[] {
  return figures.channels.map((one) => {
    const verdict = judgeChannel(one, figures.channels, now);
    return {
      id: one.channel,
      title: t(`channel.${one.channel}`),
      verdict,
      figure: channelFigure(one),
      why: t(`readiness.channels.why.${one.channel}`),
      details: channelDetails(one),
      ...lastTried(one),
      ...(verdict === 'look' || verdict === 'urgent' ? mendChannel(one) : {}),
    };
  });
}

/** When the channel was last tried, by an exercise or by a test message. */
function lastTried({ state, lastTest, lastMessage }: ChannelReadiness): { readonly at?: string } {
  const times = [lastTest?.at, lastMessage?.at].flatMap((at) => (at === undefined ? [] : [at]));
  const [first, second] = times;
  if (state === 'not-configured' || first === undefined) return {};
  return { at: second !== undefined && Date.parse(second) > Date.parse(first) ? second : first };
}

function channelFigure({ state, lastTest, lastMessage }: ChannelReadiness): string {
  if (state === 'not-configured') return t('readiness.channels.unused');
  if (!lastTest) return t(lastMessage ? 'readiness.channels.byMessage' : 'readiness.channels.untested');
  return t('readiness.channels.figure', { good: lastTest.arrived + lastTest.taken, all: lastTest.messages });
}

function channelDetails({ state, reason, lastTest, lastMessage }: ChannelReadiness): readonly string[] {
  if (state === 'not-configured') return [];
  return [
    ...(state === 'ready' ? [] : [`${t(`channelState.${state}`)} · ${textFor(`channelReason.${reason ?? ''}`) ?? reason ?? ''}`]),
    ...(lastTest && lastTest.failed > 0 ? [t('readiness.channels.failed', { n: lastTest.failed })] : []),
    ...(lastTest && lastTest.taken > 0 ? [t('readiness.channels.taken', { n: lastTest.taken })] : []),
    ...(lastMessage ? [messageInWords(lastMessage)] : []),
  ];
}

function messageInWords({ by, standing, failure }: NonNullable<ChannelReadiness['lastMessage']>): string {
  return t(`readiness.channels.message.${standing}`, { name: by, reason: textFor(`failure.${failure ?? ''}`) ?? failure ?? '' });
}

/** A channel that works and was not tried is tried; what else is wrong is the administrator's to see. */
function mendChannel({ channel, state }: ChannelReadiness): { readonly next?: NextStep } {
  if (state !== 'not-configured' && channel !== 'in-app' && may('channels.try'))
    return { next: { href: '/settings?tab=channels', label: t('readiness.channels.try') } };
  if (state === 'ready') return may('alerts.raise') ? { next: { href: '/alerts/raise', label: t('readiness.drill.do') } } : {};
  return may('settings.edit') ? { next: { href: '/settings?tab=channels', label: t('readiness.channels.open') } } : {};
}

/** @param endedAt Of the latest exercise that ended; undefined where none did. */
export function exerciseLine(endedAt: string | undefined, now: number): ReadinessLine {
  return {
    id: 'exercise',
    title: t('readiness.exercise'),
    verdict: judgeExercise(endedAt, now),
    figure: endedAt === undefined ? t('readiness.exercise.none') : '',
    why: t('readiness.exercise.why'),
    details: [],
    ...(endedAt === undefined ? {} : { at: endedAt }),
    next: { href: '/exercises', label: t('readiness.exercise.open') },
  };
}

export function plansLine(counts: PlanCounts): ReadinessLine {
  const { inUse, expired, soon, undated } = counts;
  return {
    id: 'plans',
    title: t('readiness.plans.line'),
    verdict: judgePlans(counts),
    figure: inUse === 0 ? t('readiness.plans.none') : t('readiness.share', { have: inUse - expired - undated, of: inUse }),
    why: t('readiness.plans.why'),
    details: [
      ...(expired > 0 ? [t('readiness.plans.expired', { n: expired })] : []),
      ...(soon > 0 ? [t('readiness.plans.soon', { n: soon })] : []),
      ...(undated > 0 ? [t('readiness.plans.undated', { n: undated })] : []),
    ],
    next: { href: '/plans', label: t('readiness.plans.open') },
  };
}
