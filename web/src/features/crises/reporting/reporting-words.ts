import { language, t } from '../../../core/i18n/i18n.svelte';
import { describeExactly, describeMoment } from '../../../core/i18n/time';
import { decisionsIn, openTasksIn } from '../../../core/rooms/crisis/crisis-overview';
import { type KnownCrisis, roomsOf } from '../../../core/rooms/crisis/known-crises';
import type { LogStatement } from '../../../core/rooms/log/log-content';
import { type Regime, type ReportField, type ReportStep, ruleOf } from '../../../core/rooms/reporting/regimes';
import { type DraftFields, longestField, type NationalTexts } from '../../../core/rooms/reporting/reporting-content';
import type { OwedReport, ReportingView } from '../../../core/rooms/reporting/reporting-view';
import { factNow, withMode } from '../crisis-words';

const minute = 60_000;
const minutesOfAnHour = 60;
const hoursOfADay = 24;
/** More than that is read in the log itself. */
const mostMeasures = 12;

/** So long, in words: to the minute within a day, to the hour beyond. @param milliseconds Either sign. */
export function howLong(milliseconds: number): string {
  const minutes = Math.floor(Math.abs(milliseconds) / minute);
  const hours = Math.floor(minutes / minutesOfAnHour);
  if (hours === 0) return t('reporting.minutes', { n: minutes });
  if (hours < 2 * hoursOfADay) return t('reporting.hours', { h: hours, m: minutes % minutesOfAnHour });
  return t('reporting.days', { d: Math.floor(hours / hoursOfADay), h: hours % hoursOfADay });
}

/** The day, the minute and the zone: what is written here is read by others, elsewhere and later. */
export function momentInWords(at: string): string {
  return describeExactly(new Date(at), language());
}

export function shortMoment(at: string, now: number): string {
  return describeMoment(new Date(at), new Date(now), language());
}

export function lawOf(regime: Regime): string {
  return t(`reporting.regime.${regime}`);
}

export function stepName(step: ReportStep): string {
  return t(`reporting.step.${step}`);
}

/** What was decided, or done, for the log. */
export function said(crisis: KnownCrisis, type: LogStatement['type'], text: string): LogStatement {
  return { ...factNow(withMode(crisis.mode, text)), type };
}

/** What the crisis already knows of a point; empty where it does not. */
export function knownOf(crisis: KnownCrisis, field: ReportField, who: { readonly organisation: string; readonly name: string }, now: number): string {
  const { view } = crisis;
  if (view === undefined) return '';
  const rooms = roomsOf(crisis);
  switch (field) {
    case 'entity':
      return t('reporting.prefill.entity', who);
    case 'summary': {
      const opening = t('reporting.prefill.summary', { name: view.name, severity: t(`severity.${view.severity}`), since: momentInWords(view.since) });
      const course = view.events.filter(({ kind }) => kind === 'crisis-change').map(({ at, text }) => `${momentInWords(at)} · ${text}`);
      return cut([opening, ...course]);
    }
    case 'state': {
      const last = view.events.findLast(({ kind }) => kind === 'crisis-change');
      return cut([t(`crisis.status.${view.closing === null ? view.status : 'closed'}`), ...(last ? [last.text] : [])]);
    }
    case 'impact':
      return t(`severity.${view.severity}`);
    case 'measures': {
      const taken = decisionsIn(rooms).slice(0, mostMeasures);
      const open = openTasksIn(rooms, now).slice(0, mostMeasures);
      return cut([
        ...taken.map(({ of }) => `${momentInWords(of.latest.statement.at)} · ${of.latest.statement.text}`),
        ...open.map(({ of }) => of.title),
      ]);
    }
    case 'resolved':
      return view.closing === null ? '' : cut([`${momentInWords(view.closing.at)} · ${view.closing.text}`]);
    default:
      return '';
  }
}

function cut(lines: readonly string[]): string {
  return lines.join('\n').slice(0, longestField);
}

/** A report as text, for the authority's own form. */
export function asText(
  duty: ReportingView,
  report: Pick<OwedReport, 'step' | 'national'>,
  fields: DraftFields,
  national: NationalTexts = {},
): string {
  const points = ruleOf(duty.regime, report.step)?.fields ?? [];
  const parts = [
    ...points.map((field) => `${t(`reporting.field.${field}`)}\n${fields[field] ?? ''}`),
    ...report.national.map(({ id, label }) => `${label}\n${national[id] ?? ''}`),
  ];
  return [`${stepName(report.step)} · ${lawOf(duty.regime)}`, t('reporting.since') + ' ' + momentInWords(duty.awareAt), ...parts].join('\n\n');
}
