import { describe, expect, it } from 'vitest';
import type { LogStatement } from '../../../../src/core/rooms/log/log-content';
import {
  clockOf,
  clockStarts,
  clockUnits,
  mostNationalFields,
  mostOf,
  type NationalTerms,
  parseNationalTerms,
  ruleWith,
} from '../../../../src/core/rooms/reporting/national-terms';
import { type Regime, regimeRules, regimes, reportSteps } from '../../../../src/core/rooms/reporting/regimes';
import type { ReportingContent } from '../../../../src/core/rooms/reporting/reporting-content';
import { reportingOf } from '../../../../src/core/rooms/reporting/reporting-view';
import { encodeContent, parseContent, type RoomContent } from '../../../../src/core/rooms/room-content';
import type { RoomItem } from '../../../../src/core/rooms/room-log';
import { SeededRandom } from '../../../e2ee/seeded';

const id = (number: number): string => number.toString(16).padStart(32, '0');
const statement: LogStatement = { type: 'decision', text: 'owed', at: '2026-11-22T02:00:00.000Z' };
const plain: NationalTerms = { authority: '', submitUrl: '', submitMail: '', submitPhone: '', citation: '', clocks: [], fields: [] };
const french: NationalTerms = {
  ...plain,
  authority: 'ANSSI',
  submitUrl: 'https://authority.example/nis2',
  clocks: [
    { step: 'early-warning', from: 'aware', amount: 12, unit: 'hours' },
    { step: 'notification', from: 'aware', amount: 5, unit: 'days' },
    { step: 'final', from: 'notification', amount: 2, unit: 'months' },
  ],
  fields: [{ step: 'notification', id: 'a1', label: 'SIREN' }],
};

function entry(seq: number, content: RoomContent): RoomItem {
  return { seq, id: id(seq), author: id(0xc1), at: '2026-11-22T02:00:00Z', byAdministrator: true, what: { kind: 'content', content } };
}

function duty(terms?: NationalTerms): ReportingContent {
  const told = { regime: 'nis2', authority: 'ANSSI', awareAt: '2026-11-22T01:52:00.000Z', classifiedAt: null } as const;
  return { kind: 'reporting-duty', duty: { ...told, ...(terms === undefined ? {} : { terms }) }, statement };
}

describe('terms of a country', () => {
  it('count_in_the_place_of_the_unions_and_what_has_none_goes_by_the_unions', () => {
    const submitted: RoomContent = { kind: 'report-submission', of: id(1), step: 'notification', at: '2026-11-24T10:00:00.000Z', statement };
    const [view] = reportingOf([entry(1, duty(french)), entry(2, submitted)]).duties;
    expect(view?.reports.map(({ step, due }) => [step, due === null ? null : new Date(due).toISOString()])).toEqual([
      ['early-warning', '2026-11-22T13:52:00.000Z'],
      ['notification', '2026-11-27T01:52:00.000Z'],
      ['intermediate', null],
      ['final', '2027-01-24T10:00:00.000Z'],
    ]);
    expect(ruleWith('dora', french).steps[0]?.terms).toEqual(regimeRules.dora.steps[0]?.terms);
    expect(ruleWith('gdpr', undefined)).toBe(regimeRules.gdpr);
  });

  it('are_those_that_the_record_began_with_and_an_older_record_has_the_unions', () => {
    const [kept] = reportingOf([entry(1, duty(french))]).duties;
    const [older] = reportingOf([entry(1, duty())]).duties;
    expect(kept?.terms).toEqual(french);
    expect(older?.rule).toBe(regimeRules.nis2);
    expect(parseContent(encodeContent(duty(french)))).toEqual(duty(french));
  });

  it('ask_for_points_of_their_own_until_they_are_written', () => {
    const draft: RoomContent = { kind: 'report-draft', of: id(1), step: 'notification', fields: {}, national: { a1: '123 456 789' } };
    const missing = (items: readonly RoomItem[]): readonly string[] => reportingOf(items).duties[0]?.reports[1]?.missing ?? [];
    expect(missing([entry(1, duty(french))])).toContain('a1');
    expect(missing([entry(1, duty(french)), entry(2, draft)])).not.toContain('a1');
    expect(reportingOf([entry(1, duty(french)), entry(2, draft)]).duties[0]?.reports[1]?.national).toEqual([
      { step: 'notification', id: 'a1', label: 'SIREN', text: '123 456 789' },
    ]);
    expect(parseContent(encodeContent(draft))).toEqual(draft);
  });

  it('that_make_no_sense_are_none_and_take_the_whole_duty_with_them', () => {
    const wrong: readonly unknown[] = [
      null,
      [],
      'terms',
      {},
      { ...french, submitUrl: 'javascript:alert(1)' },
      { ...french, submitUrl: 'https://' + 'x'.repeat(300) },
      { ...french, authority: 7 },
      { ...french, clocks: [{ step: 'final', from: 'notification', amount: 0, unit: 'months' }] },
      { ...french, clocks: [{ step: 'final', from: 'notification', amount: 1.5, unit: 'months' }] },
      { ...french, clocks: [{ step: 'final', from: 'notification', amount: 8761, unit: 'hours' }] },
      { ...french, clocks: [{ step: 'final', from: '__proto__', amount: 1, unit: 'hours' }] },
      { ...french, clocks: Array.from({ length: 9 }, () => french.clocks[0]) },
      { ...french, fields: [french.fields[0], french.fields[0]] },
      { ...french, fields: [{ step: 'final', id: '__proto__', label: 'x' }] },
      { ...french, fields: Array.from({ length: mostNationalFields + 1 }, (_, at) => ({ step: 'final', id: `f${at}`, label: 'x' })) },
    ];
    for (const terms of wrong) {
      expect(parseNationalTerms(terms)).toBeNull();
      expect(parseContent(encodeContent(duty(terms as NationalTerms)))).not.toEqual(duty(terms as NationalTerms));
    }
    for (const national of [{ 'A 1': 'x' }, { a1: 7 }, { a1: 'x'.repeat(3001) }]) {
      const draft = { kind: 'report-draft', of: id(1), step: 'final', fields: {}, national } as unknown as RoomContent;
      expect(parseContent(encodeContent(draft))).not.toEqual(draft);
    }
  });

  it('of_any_kind_that_can_be_set_are_read_back_and_give_each_report_a_time_after_its_beginning', () => {
    const random = new SeededRandom();
    for (let round = 0; round < 300; round++) {
      const regime: Regime = random.pick(regimes);
      const clocks = Array.from({ length: random.below(4) }, () => {
        const unit = random.pick(clockUnits);
        return { step: random.pick(reportSteps), from: random.pick(clockStarts), amount: 1 + random.below(mostOf[unit]), unit };
      });
      const terms = { ...french, clocks };
      expect(parseNationalTerms(JSON.parse(JSON.stringify(terms)))).toEqual(terms);
      for (const { terms: all } of ruleWith(regime, terms).steps)
        for (const { hours = 0, months = 0 } of all) expect(hours + months).toBeGreaterThan(0);
    }
  });

  it('are_offered_in_the_unit_of_the_unions_text', () => {
    expect(clockOf('final', { from: 'notification', months: 1 })).toEqual({ step: 'final', from: 'notification', amount: 1, unit: 'months' });
    expect(clockOf('initial', { from: 'classified', hours: 4 })).toEqual({ step: 'initial', from: 'classified', amount: 4, unit: 'hours' });
  });
});
