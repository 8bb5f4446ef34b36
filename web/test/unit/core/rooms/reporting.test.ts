import { describe, expect, it } from 'vitest';
import type { LogStatement } from '../../../../src/core/rooms/log/log-content';
import { logOf } from '../../../../src/core/rooms/log/log-view';
import { after, regimeRules, regimes, reportFields, reportSteps, ruleOf } from '../../../../src/core/rooms/reporting/regimes';
import type { DutyChange, ReportingContent, ReportingDuty } from '../../../../src/core/rooms/reporting/reporting-content';
import { isLate, nextReport, type OwedReport, reportingOf } from '../../../../src/core/rooms/reporting/reporting-view';
import { encodeContent, parseContent, type RoomContent } from '../../../../src/core/rooms/room-content';
import type { RoomItem } from '../../../../src/core/rooms/room-log';
import { utf8 } from '../../../../src/e2ee/bytes';
import { SeededRandom, seed } from '../../../e2ee/seeded';

const id = (number: number): string => number.toString(16).padStart(32, '0');
const claire = id(0xc1);
const fact = (text: string): LogStatement => ({ type: 'decision', text, at: '2026-11-22T02:00:00.000Z' });
const aware = '2026-11-22T01:52:00.000Z';

function entry(seq: number, content: RoomContent, byAdministrator = true): RoomItem {
  const base = { seq, id: id(seq), author: claire, at: `2026-11-22T02:00:${String(seq % 60).padStart(2, '0')}Z` };
  return { ...base, ...(byAdministrator ? { byAdministrator } : {}), what: { kind: 'content', content } };
}

function duty(seq: number, told: Partial<ReportingDuty> = {}): RoomItem {
  return entry(seq, {
    kind: 'reporting-duty',
    duty: { regime: 'nis2', authority: 'CSIRT', awareAt: aware, classifiedAt: null, ...told },
    statement: fact('owed'),
  });
}

const change = (seq: number, changed: DutyChange): RoomItem =>
  entry(seq, { kind: 'reporting-duty-change', of: id(1), change: changed, statement: fact('changed') });
const submission = (seq: number, step: OwedReport['step'], at: string): RoomItem =>
  entry(seq, { kind: 'report-submission', of: id(1), step, at, statement: fact('sent') });

/** When each report is due, in ISO 8601; null for what has no time yet. */
function times(items: readonly RoomItem[]): Record<string, string | null> {
  const [view] = reportingOf(items).duties;
  return Object.fromEntries((view?.reports ?? []).map(({ step, due }) => [step, due === null ? null : new Date(due).toISOString()]));
}

describe('clocks', () => {
  it('nis2_counts_24_and_72_hours_from_awareness_and_a_month_from_the_notification', () => {
    expect(times([duty(1)])).toEqual({
      'early-warning': '2026-11-23T01:52:00.000Z',
      notification: '2026-11-25T01:52:00.000Z',
      intermediate: null,
      final: null,
    });
    expect(times([duty(1), submission(2, 'notification', '2026-11-24T10:00:00.000Z')])['final']).toBe('2026-12-24T10:00:00.000Z');
  });

  it('dora_counts_4_hours_from_classification_and_at_most_24_from_awareness', () => {
    expect(times([duty(1, { regime: 'dora' })])['initial']).toBe('2026-11-23T01:52:00.000Z');
    expect(times([duty(1, { regime: 'dora', classifiedAt: '2026-11-22T03:00:00.000Z' })])['initial']).toBe('2026-11-22T07:00:00.000Z');
    // Classified in the 23rd hour: the day since awareness ends first.
    expect(times([duty(1, { regime: 'dora' }), change(2, { classifiedAt: '2026-11-23T00:52:00.000Z' })])['initial']).toBe('2026-11-23T01:52:00.000Z');
    // Classified after the day has passed: four hours from then.
    expect(times([duty(1, { regime: 'dora' }), change(2, { classifiedAt: '2026-11-24T00:00:00.000Z' })])['initial']).toBe('2026-11-24T04:00:00.000Z');
  });

  it('doras_final_report_counts_from_the_last_intermediate_one', () => {
    const before = [duty(1, { regime: 'dora' }), submission(2, 'initial', '2026-11-22T05:00:00.000Z')];
    expect(times(before)).toMatchObject({ intermediate: '2026-11-25T05:00:00.000Z', final: null });
    const after1 = [...before, submission(3, 'intermediate', '2026-11-25T04:00:00.000Z')];
    expect(times(after1)['final']).toBe('2026-12-25T04:00:00.000Z');
    expect(times([...after1, submission(4, 'intermediate', '2026-12-02T04:00:00.000Z')])['final']).toBe('2027-01-02T04:00:00.000Z');
  });

  it('a_month_that_has_no_such_day_ends_on_its_last', () => {
    expect(new Date(after('2027-01-31T10:00:00.000Z', { months: 1 })).toISOString()).toBe('2027-02-28T10:00:00.000Z');
    expect(new Date(after('2028-01-30T10:00:00.000Z', { months: 1 })).toISOString()).toBe('2028-02-29T10:00:00.000Z');
    expect(new Date(after('2026-12-31T23:59:00.000Z', { months: 1 })).toISOString()).toBe('2027-01-31T23:59:00.000Z');
  });

  it('every_report_of_every_law_counts_from_something_that_comes_before_it', () => {
    for (const regime of regimes) {
      const { steps } = regimeRules[regime];
      for (const [place, { step, terms, onRequest, fields }] of steps.entries()) {
        expect(fields.length, step).toBeGreaterThan(0);
        expect(terms.length > 0 || onRequest === true, step).toBe(true);
        for (const { from, hours = 0, months = 0 } of terms) {
          const earlier = steps.slice(0, place).map((one) => one.step as string);
          expect(['aware', 'classified', ...earlier]).toContain(from);
          expect(hours + months).toBeGreaterThan(0);
        }
      }
    }
  });
});

describe('what is owed', () => {
  it('is_open_until_it_is_submitted_and_late_after_its_time', () => {
    const [before] = reportingOf([duty(1)]).duties;
    const warning = before?.reports[0];
    expect(warning).toMatchObject({ step: 'early-warning', isOpen: true, missing: ruleOf('nis2', 'early-warning')?.fields });
    expect(warning && isLate(warning, Date.parse('2026-11-23T01:52:00.000Z'))).toBe(false);
    expect(warning && isLate(warning, Date.parse('2026-11-23T01:52:00.001Z'))).toBe(true);
    const [sent] = reportingOf([duty(1), submission(2, 'early-warning', '2026-11-22T20:00:00.000Z')]).duties;
    expect(sent?.reports[0]).toMatchObject({ isOpen: false, submissions: [{ author: claire, at: '2026-11-22T20:00:00.000Z', reference: null }] });
  });

  it('an_intermediate_report_is_owed_each_time_that_it_is_asked_for', () => {
    const due = '2026-11-26T09:00:00.000Z';
    const request = (seq: number): RoomItem => entry(seq, { kind: 'report-request', of: id(1), step: 'intermediate', due, statement: fact('asked') });
    const intermediate = (items: readonly RoomItem[]): OwedReport | undefined =>
      reportingOf(items).duties[0]?.reports.find(({ step }) => step === 'intermediate');
    expect(intermediate([duty(1)])?.isOpen).toBe(false);
    expect(intermediate([duty(1), request(2)])).toMatchObject({ isOpen: true, due: Date.parse(due) });
    const answered = [duty(1), request(2), submission(3, 'intermediate', '2026-11-26T08:00:00.000Z')];
    expect(intermediate(answered)?.isOpen).toBe(false);
    expect(intermediate([...answered, request(4)])?.isOpen).toBe(true);
  });

  it('the_next_is_the_one_with_the_least_time_of_all_laws', () => {
    const both = [
      duty(1),
      entry(2, {
        kind: 'reporting-duty',
        duty: { regime: 'dora', authority: 'ACPR', awareAt: aware, classifiedAt: '2026-11-22T02:00:00.000Z' },
        statement: fact('owed'),
      }),
    ];
    expect(nextReport(reportingOf(both).duties)).toMatchObject({
      duty: { regime: 'dora' },
      report: { step: 'initial' },
      due: Date.parse('2026-11-22T06:00:00.000Z'),
    });
    expect(nextReport(reportingOf([duty(1), change(2, { owed: false })]).duties)).toBeUndefined();
    expect(nextReport([])).toBeUndefined();
  });

  it('drafts_fill_in_point_by_point_and_what_is_emptied_is_missing_again', () => {
    const draft = (seq: number, fields: Record<string, string>): RoomItem =>
      entry(seq, { kind: 'report-draft', of: id(1), step: 'early-warning', fields });
    const [view] = reportingOf([duty(1), draft(2, { summary: 'Servers encrypted', unlawful: 'Yes' }), draft(3, { unlawful: '' })]).duties;
    expect(view?.reports[0]).toMatchObject({
      fields: { summary: 'Servers encrypted', unlawful: '' },
      missing: ['entity', 'unlawful', 'crossBorder'],
    });
  });

  it('only_administrators_count_and_only_reports_that_the_law_knows', () => {
    const { kind, ...rest } = { kind: 'report-submission' as const, of: id(1), at: aware, statement: fact('sent') };
    const items = [
      duty(1),
      entry(2, { kind, ...rest, step: 'early-warning' }, false),
      entry(3, { kind, ...rest, step: 'initial' }),
      entry(4, { kind, ...rest, of: id(99), step: 'early-warning' }),
      entry(5, { kind: 'report-request', of: id(1), step: 'final', due: null, statement: fact('asked') }),
    ];
    const { duties, counted } = reportingOf(items);
    expect([...counted]).toEqual([id(1)]);
    expect(duties[0]?.reports.every(({ submissions }) => submissions.length === 0)).toBe(true);
    expect(logOf(items, counted).map(({ latest }) => latest.statement.text)).toEqual(['owed']);
  });
});

describe('reporting content', () => {
  const samples: readonly ReportingContent[] = [
    { kind: 'reporting-duty', duty: { regime: 'gdpr', authority: 'CNIL', awareAt: aware, classifiedAt: null }, statement: fact('owed') },
    {
      kind: 'reporting-duty-change',
      of: id(1),
      change: { authority: 'ANSSI', awareAt: aware, classifiedAt: aware, owed: true },
      statement: fact('changed'),
    },
    { kind: 'report-draft', of: id(1), step: 'final', fields: { cause: 'Phishing', summary: '' } },
    { kind: 'report-request', of: id(1), step: 'intermediate', due: aware, statement: fact('asked') },
    { kind: 'report-submission', of: id(1), step: 'initial', at: aware, reference: 'INC-2026-1', statement: fact('sent') },
  ];

  it('is_read_as_it_was_written', () => {
    for (const sample of samples) expect(parseContent(encodeContent(sample))).toEqual(sample);
  });

  it('what_is_malformed_is_none', () => {
    const wrong: readonly unknown[] = [
      { ...samples[0], duty: { regime: 'hipaa', authority: 'x', awareAt: aware, classifiedAt: null } },
      { ...samples[0], duty: { regime: 'nis2', authority: ' ', awareAt: aware, classifiedAt: null } },
      { ...samples[0], duty: { regime: 'nis2', authority: 'x', awareAt: 'yesterday', classifiedAt: null } },
      { ...samples[0], statement: undefined },
      { ...samples[1], change: { owed: 'no' } },
      { ...samples[1], of: 'x' },
      { ...samples[2], fields: { nonsense: 'x' } },
      { ...samples[2], fields: { cause: 'x'.repeat(3001) } },
      { ...samples[3], due: 'soon' },
      { ...samples[4], step: 'letter' },
      { ...samples[4], reference: '' },
    ];
    for (const one of wrong) expect(parseContent(utf8(JSON.stringify(one))), JSON.stringify(one)).toBeNull();
  });

  it(`anything_at_all_makes_the_same_view_whoever_reads_it_seed_${seed}`, () => {
    const random = new SeededRandom(seed);
    for (let round = 0; round < 300; round++) {
      const items = Array.from({ length: 1 + random.below(12) }, (_, at): RoomItem => {
        const of = id(1 + random.below(6));
        const step = reportSteps[random.below(reportSteps.length)] ?? 'final';
        const regime = regimes[random.below(regimes.length)] ?? 'nis2';
        const field = reportFields[random.below(reportFields.length)] ?? 'cause';
        const contents: readonly RoomContent[] = [
          {
            kind: 'reporting-duty',
            duty: { regime, authority: 'x', awareAt: aware, classifiedAt: random.below(2) === 0 ? null : aware },
            statement: fact('a'),
          },
          { kind: 'reporting-duty-change', of, change: { owed: random.below(2) === 0 }, statement: fact('b') },
          { kind: 'report-draft', of, step, fields: { [field]: 'text' } },
          { kind: 'report-request', of, step, due: random.below(2) === 0 ? null : aware, statement: fact('c') },
          { kind: 'report-submission', of, step, at: aware, statement: fact('d') },
        ];
        return entry(at + 1, contents[random.below(contents.length)] as RoomContent, random.below(5) !== 0);
      });
      const { duties, counted } = reportingOf(items);
      expect(reportingOf(items)).toEqual({ duties, counted });
      for (const view of duties) {
        expect(view.reports.map(({ step }) => step)).toEqual(regimeRules[view.regime].steps.map(({ step }) => step));
        for (const report of view.reports) {
          if (!view.owed) expect(report.isOpen).toBe(false);
          if (report.due === null && report.isOpen) expect(report.waitsFor !== null || ruleOf(view.regime, report.step)?.onRequest).toBeTruthy();
        }
      }
    }
  });
});
