import { describe, expect, it } from 'vitest';
import {
  countVerdicts,
  judgeChannel,
  judgeDrill,
  judgeExercise,
  judgeFunction,
  judgePlans,
  judgeReach,
  percentOf,
} from '../../../src/core/readiness';
import type { ChannelReadiness, FunctionReadiness, ReachCounts } from '../../../src/transport/contract/readiness';

const now = Date.parse('2026-11-23T12:00:00Z');

const daysAgo = (days: number): string => new Date(now - days * 86_400_000).toISOString();

const reach: ReachCounts = {
  people: 1000,
  withAddress: 995,
  withMobile: 960,
  withPush: 100,
  verifiable: 990,
  verified: 700,
  neverVerified: 5,
  accounts: 40,
  withPasskey: 40,
  withRoomDevice: 10,
};

function verdicts(counts: ReachCounts, withPush = true): Record<string, string> {
  return Object.fromEntries(judgeReach(counts, withPush).map(({ line, verdict }) => [line, verdict]));
}

const covered: FunctionReadiness = {
  id: 'f',
  name: 'Director',
  people: 2,
  onRota: 2,
  timeZone: 'Europe/Paris',
  dayMinutes: 10_080,
  dayCoveredMinutes: 10_080,
  nightMinutes: 10_080,
  nightCoveredMinutes: 10_080,
  gaps: [],
  moreGaps: 0,
};

const message = (standing: 'waiting' | 'accepted' | 'delivered' | 'failed', days: number): ChannelReadiness['lastMessage'] => ({
  id: 1,
  channel: 'sms',
  by: 'Claire',
  to: '•••• 44',
  at: daysAgo(days),
  standing,
  endedAt: daysAgo(days),
  failure: standing === 'failed' ? 'carrier-unavailable' : null,
});

const gapIn = (days: number): FunctionReadiness['gaps'] => [{ from: daysAgo(-days), until: daysAgo(-days - 1) }];

const channel = (more: Partial<ChannelReadiness> = {}, test: Partial<NonNullable<ChannelReadiness['lastTest']>> = {}): ChannelReadiness => ({
  channel: 'sms',
  state: 'ready',
  reason: null,
  lastMessage: null,
  lastTest: { alertId: 'a', at: daysAgo(10), messages: 100, arrived: 95, taken: 0, failed: 5, ...test },
  ...more,
});

describe('readiness', () => {
  it('judges_each_share_of_people_by_what_an_alert_needs', () => {
    expect(verdicts(reach)).toEqual({
      address: 'good',
      verified: 'look',
      ever: 'good',
      mobile: 'good',
      push: 'look',
      passkey: 'good',
      roomDevice: 'urgent',
    });
    expect(verdicts({ ...reach, withAddress: 989 })['address']).toBe('look');
    expect(verdicts({ ...reach, withAddress: 899 })['address']).toBe('urgent');
    expect(verdicts({ ...reach, verified: 494 })['verified']).toBe('urgent');
    // Whoever has no notified device is told by SMS or mail; where nobody can have one, it is not asked for.
    expect(verdicts({ ...reach, withPush: 0 })['push']).toBe('look');
    expect(verdicts(reach, false)).not.toHaveProperty('push');
    // Of nobody there is no share.
    expect(verdicts({ ...reach, verifiable: 0, verified: 0, neverVerified: 0 })['verified']).toBe('unused');
  });

  it('never_writes_all_of_nearly_all', () => {
    expect(percentOf({ have: 999, of: 1000 })).toBe(99);
    expect(percentOf({ have: 1000, of: 1000 })).toBe(100);
    expect(percentOf({ have: 0, of: 0 })).toBe(0);
  });

  it('a_function_without_people_is_urgent_and_so_is_a_gap_of_a_rota_within_a_day', () => {
    expect(judgeFunction(covered, now)).toBe('good');
    expect(judgeFunction({ ...covered, people: 0, onRota: 0, gaps: gapIn(0) }, now)).toBe('urgent');
    expect(judgeFunction({ ...covered, gaps: gapIn(0.9) }, now)).toBe('urgent');
    expect(judgeFunction({ ...covered, gaps: gapIn(1.1) }, now)).toBe('look');
    expect(judgeFunction({ ...covered, onRota: 0, gaps: gapIn(0) }, now)).toBe('look');
  });

  it('a_test_of_the_alert_grows_old_and_a_low_score_is_looked_at', () => {
    const drill = (days: number, score: number) => ({ alert: { id: 'a', raisedAt: daysAgo(days), recipients: 10, answered: 8 }, score });
    expect(judgeDrill(undefined, now)).toBe('urgent');
    expect(judgeDrill(drill(3, 90), now)).toBe('good');
    expect(judgeDrill(drill(3, 79), now)).toBe('look');
    expect(judgeDrill(drill(36, 90), now)).toBe('look');
    expect(judgeDrill(drill(93, 90), now)).toBe('urgent');
    expect([judgeExercise(undefined, now), judgeExercise(daysAgo(364), now), judgeExercise(daysAgo(366), now)]).toEqual(['look', 'good', 'look']);
  });

  it('a_channel_is_judged_by_its_state_and_by_its_last_test', () => {
    const judge = (one: ChannelReadiness, others: readonly ChannelReadiness[] = []) => judgeChannel(one, [one, ...others], now);
    expect(judge(channel())).toBe('good');
    expect(judge(channel({ state: 'down' }))).toBe('urgent');
    expect(judge(channel({}, { arrived: 0, failed: 100 }))).toBe('urgent');
    expect(judge(channel({}, { failed: 11 }))).toBe('look');
    expect(judge(channel({ state: 'degraded' }))).toBe('look');
    expect(judge(channel({ lastTest: null }))).toBe('look');
    expect(judge(channel({}, { at: daysAgo(101) }))).toBe('look');
    // A message to oneself shows that the channel works, and does not excuse what failed in a test of everybody.
    expect(judge(channel({ lastTest: null, lastMessage: message('accepted', 3) }))).toBe('good');
    expect(judge(channel({ lastTest: null, lastMessage: message('delivered', 101) }))).toBe('look');
    expect(judge(channel({ lastTest: null, lastMessage: message('waiting', 0) }))).toBe('look');
    expect(judge(channel({ lastMessage: message('delivered', 1) }, { at: daysAgo(101) }))).toBe('good');
    expect(judge(channel({ lastMessage: message('delivered', 1) }, { failed: 11 }))).toBe('look');
    expect(judge(channel({ lastMessage: message('delivered', 1) }, { arrived: 0, failed: 100 }))).toBe('look');
    expect(judge(channel({ lastMessage: message('delivered', 11) }, { arrived: 0, failed: 100 }))).toBe('urgent');
    expect(judge(channel({ lastMessage: message('failed', 1) }))).toBe('look');
    expect(judge(channel({ lastMessage: message('failed', 11) }))).toBe('good');
    // One way out is not enough; of two, a third is not missed. The application is none that leads out.
    const off = channel({ channel: 'web-push', state: 'not-configured', lastTest: null });
    expect(judge(off, [channel(), channel({ channel: 'in-app' })])).toBe('look');
    expect(judge(off, [channel(), channel({ channel: 'email' })])).toBe('unused');
  });

  it('plans_out_of_date_are_urgent_and_none_is_looked_at', () => {
    const counts = { inUse: 5, expired: 0, soon: 0, undated: 0 };
    expect(judgePlans(counts)).toBe('good');
    expect(judgePlans({ ...counts, expired: 1 })).toBe('urgent');
    expect(judgePlans({ ...counts, soon: 1 })).toBe('look');
    expect(judgePlans({ ...counts, undated: 1 })).toBe('look');
    expect(judgePlans({ ...counts, inUse: 0 })).toBe('look');
    expect(countVerdicts(['good', 'look', 'urgent', 'good', 'unused'])).toEqual({ good: 2, look: 1, urgent: 1, unused: 1 });
  });
});
