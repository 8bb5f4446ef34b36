import type { RoomItem } from '../room-log';
import { type NationalField, ruleWith } from './national-terms';
import { after, type Anchor, type RegimeRule, type ReportStep, type StepRule } from './regimes';
import type { DraftFields, NationalTexts, ReportingContent, ReportingDuty } from './reporting-content';

export interface ReportSubmission {
  readonly author: string;
  /** When it was submitted, as its author says. */
  readonly at: string;
  readonly reference: string | null;
}

/** One report that is owed. */
export interface OwedReport {
  readonly step: ReportStep;
  /** Unix milliseconds; null while what it counts from has not happened. */
  readonly due: number | null;
  /** What it waits for where it has no time; null otherwise. */
  readonly waitsFor: Anchor | null;
  /** The first first. */
  readonly submissions: readonly ReportSubmission[];
  /** Whether it is owed now and was not submitted since it became so. */
  readonly isOpen: boolean;
  readonly fields: DraftFields;
  /** What the country asks for beside it, with what is written. */
  readonly national: readonly (NationalField & { readonly text: string })[];
  /** Still to be filled in: points of the law, and ids of national ones. */
  readonly missing: readonly string[];
}

export interface ReportingView extends ReportingDuty {
  /** Of the entry that began it. */
  readonly id: string;
  readonly startedBy: string;
  /** False where it has turned out that nothing is owed. */
  readonly owed: boolean;
  /** The law with the times that hold here. */
  readonly rule: RegimeRule;
  readonly reports: readonly OwedReport[];
}

export interface ReportingOfRoom {
  readonly duties: readonly ReportingView[];
  /** Ids of entries that counted: what they say stands in the log. */
  readonly counted: ReadonlySet<string>;
}

interface Request {
  readonly step: ReportStep;
  readonly due: string | null;
  /** How many had been submitted when it was asked for. */
  readonly submitted: number;
}

interface Known extends ReportingDuty {
  readonly id: string;
  readonly startedBy: string;
  readonly owed: boolean;
  readonly rule: RegimeRule;
  readonly drafts: ReadonlyMap<ReportStep, DraftFields>;
  readonly national: NationalTexts;
  readonly requests: readonly Request[];
  readonly submissions: ReadonlyMap<ReportStep, readonly ReportSubmission[]>;
}

/**
 * What a leading room owes to authorities. Of the entries alone, so the same for everybody who has them: only administrators count, of two changes of one field the later in the room. A submission
 * is never taken back; one more of the same report is a correction of it.
 */
export function reportingOf(items: readonly RoomItem[]): ReportingOfRoom {
  const duties = new Map<string, Known>();
  const counted = new Set<string>();
  for (const { what, id, author, byAdministrator } of items) {
    if (what.kind !== 'content' || id === undefined || author === undefined || byAdministrator !== true || counted.has(id)) continue;
    const { content } = what;
    if (!isOfReporting(content)) continue;
    if (content.kind === 'reporting-duty') {
      if (duties.has(id)) continue;
      duties.set(id, {
        ...content.duty,
        id,
        startedBy: author,
        owed: true,
        rule: ruleWith(content.duty.regime, content.duty.terms),
        drafts: new Map(),
        national: {},
        requests: [],
        submissions: new Map(),
      });
      counted.add(id);
      continue;
    }
    const duty = duties.get(content.of);
    const next = duty === undefined ? null : changed(duty, content, author);
    if (next === null) continue;
    duties.set(next.id, next);
    counted.add(id);
  }
  return { duties: [...duties.values()].map(viewOf), counted };
}

const reportingKinds: ReadonlySet<string> = new Set<ReportingContent['kind']>([
  'reporting-duty',
  'reporting-duty-change',
  'report-draft',
  'report-request',
  'report-submission',
]);

function isOfReporting(content: { readonly kind: string }): content is ReportingContent {
  return reportingKinds.has(content.kind);
}

/** @returns Null for what does not count: a report that the law does not know. */
function changed(duty: Known, content: Exclude<ReportingContent, { readonly kind: 'reporting-duty' }>, author: string): Known | null {
  if (content.kind === 'reporting-duty-change') return { ...duty, ...content.change };
  const { step } = content;
  const rule = duty.rule.steps.find((one) => one.step === step);
  if (rule === undefined) return null;
  switch (content.kind) {
    case 'report-draft':
      return {
        ...duty,
        drafts: new Map([...duty.drafts, [step, { ...duty.drafts.get(step), ...content.fields }]]),
        national: { ...duty.national, ...content.national },
      };
    case 'report-request':
      if (rule.onRequest !== true) return null;
      return { ...duty, requests: [...duty.requests, { step, due: content.due, submitted: duty.submissions.get(step)?.length ?? 0 }] };
    case 'report-submission': {
      const submission = { author, at: content.at, reference: content.reference ?? null };
      return { ...duty, submissions: new Map([...duty.submissions, [step, [...(duty.submissions.get(step) ?? []), submission]]]) };
    }
  }
}

function viewOf(duty: Known): ReportingView {
  const { id, startedBy, owed, regime, authority, awareAt, classifiedAt, rule, terms } = duty;
  const reports = rule.steps.map((step) => reportOf(duty, step));
  return { id, startedBy, owed, regime, authority, awareAt, classifiedAt, rule, ...(terms === undefined ? {} : { terms }), reports };
}

function reportOf(duty: Known, rule: StepRule): OwedReport {
  const { step } = rule;
  const submissions = duty.submissions.get(step) ?? [];
  const fields = duty.drafts.get(step) ?? {};
  const asked = (duty.terms?.fields ?? []).filter((field) => field.step === step);
  const national = asked.map((field) => ({ ...field, text: duty.national[field.id] ?? '' }));
  const missing = [
    ...rule.fields.filter((field) => (fields[field] ?? '').trim() === ''),
    ...national.filter(({ text }) => text.trim() === '').map((field) => field.id),
  ];
  const request = duty.requests.findLast((one) => one.step === step);
  if (rule.onRequest === true) {
    const isOpen = duty.owed && request !== undefined && request.submitted === submissions.length;
    return {
      step,
      due: isOpen && request.due !== null ? Date.parse(request.due) : null,
      waitsFor: null,
      submissions,
      isOpen,
      fields,
      national,
      missing,
    };
  }
  const due = dueOf(duty, rule);
  const waitsFor = due === null ? (rule.terms[0]?.from ?? null) : null;
  return { step, due, waitsFor, submissions, isOpen: duty.owed && submissions.length === 0, fields, national, missing };
}

/** The earliest of what is known. What was classified only after its last moment counts from its classification (Delegated Regulation (EU) 2025/301, article 5(1)(a)). */
function dueOf(duty: Known, rule: StepRule): number | null {
  const moments = rule.terms.flatMap((term) => {
    const from = momentOf(duty, term.from);
    return from === null ? [] : [{ from: term.from, at: after(from, term) }];
  });
  if (moments.length === 0) return null;
  const classified = moments.find(({ from }) => from === 'classified');
  const latest = moments.find(({ from }) => from === 'aware');
  if (classified !== undefined && latest !== undefined && duty.classifiedAt !== null && Date.parse(duty.classifiedAt) > latest.at)
    return classified.at;
  return Math.min(...moments.map(({ at }) => at));
}

function momentOf(duty: Known, anchor: Anchor): string | null {
  if (anchor === 'aware') return duty.awareAt;
  if (anchor === 'classified') return duty.classifiedAt;
  return duty.submissions.get(anchor)?.at(-1)?.at ?? null;
}

/** What is owed next, of all duties; undefined where nothing has a time. */
export function nextReport(
  duties: readonly ReportingView[],
): { readonly duty: ReportingView; readonly report: OwedReport; readonly due: number } | undefined {
  return duties
    .flatMap((duty) => duty.reports.flatMap((report) => (report.isOpen && report.due !== null ? [{ duty, report, due: report.due }] : [])))
    .sort((one, other) => one.due - other.due)[0];
}

/** @param now Unix milliseconds. */
export function isLate(report: OwedReport, now: number): boolean {
  return report.isOpen && report.due !== null && report.due < now;
}
