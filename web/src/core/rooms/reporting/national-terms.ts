import { isObject, isWords, parseAll } from '../content-shapes';
import { type Anchor, type Regime, type RegimeRule, regimeRules, type ReportStep, reportSteps, type StepRule, type Term } from './regimes';

/**
 * What a country makes of one of the laws: an administrator sets it for the installation, and a crisis keeps what its clock was started with in its sealed record. Texts may be empty.
 */
export interface NationalTerms {
  readonly authority: string;
  /** Where reports are submitted: http or https. */
  readonly submitUrl: string;
  readonly submitMail: string;
  readonly submitPhone: string;
  /** The national text. */
  readonly citation: string;
  /** Times that differ from the Union's. */
  readonly clocks: readonly NationalClock[];
  /** What is asked for beside the Union's points. */
  readonly fields: readonly NationalField[];
}

export const clockUnits = ['hours', 'days', 'months'] as const;
export type ClockUnit = (typeof clockUnits)[number];
/** From what a time can count. */
export const clockStarts = ['aware', 'classified', 'notification', 'initial', 'intermediate'] as const;

export interface NationalClock {
  readonly step: ReportStep;
  readonly from: (typeof clockStarts)[number];
  readonly amount: number;
  readonly unit: ClockUnit;
}

export interface NationalField {
  readonly step: ReportStep;
  /** The same for one point however its text changes. */
  readonly id: string;
  readonly label: string;
}

/** In characters. */
export const longestNationalText = { authority: 120, submitUrl: 300, submitMail: 254, submitPhone: 40, citation: 300, label: 120 } as const;
export const mostNationalFields = 20;
export const mostOf: Readonly<Record<ClockUnit, number>> = { hours: 8760, days: 365, months: 24 };

const mostClocks = 8;
const hoursOfADay = 24;
const fieldId = /^[a-z0-9]{1,16}$/;

/** @returns Null for what cannot have been set: also what the server says is only taken as far as it makes sense. */
export function parseNationalTerms(value: unknown): NationalTerms | null {
  if (!isObject(value)) return null;
  const { authority, submitUrl, submitMail, submitPhone, citation } = value;
  const clocks = parseAll(value['clocks'], mostClocks, parseClock);
  const fields = parseAll(value['fields'], mostNationalFields, parseField);
  const isRight =
    isText(authority, longestNationalText.authority) &&
    isText(submitUrl, longestNationalText.submitUrl) &&
    isText(submitMail, longestNationalText.submitMail) &&
    isText(submitPhone, longestNationalText.submitPhone) &&
    isText(citation, longestNationalText.citation);
  if (!isRight || clocks === null || fields === null || (submitUrl !== '' && !isWebAddress(submitUrl))) return null;
  if (new Set(fields.map(({ id }) => id)).size < fields.length) return null;
  return { authority, submitUrl, submitMail, submitPhone, citation, clocks, fields };
}

/** The law with the country's times; what has no clock of its own goes by the Union's. */
export function ruleWith(regime: Regime, terms: NationalTerms | undefined): RegimeRule {
  const rule = regimeRules[regime];
  if (terms === undefined || terms.clocks.length === 0) return rule;
  return { ...rule, steps: rule.steps.map((step) => ({ ...step, terms: step.terms.map((term) => termOf(step, term, terms)) })) };
}

/** As an administrator reads it: a term of the Union in the unit that it is written in. */
export function clockOf(step: ReportStep, { from, hours, months }: Term): NationalClock | undefined {
  const start = clockStarts.find((one) => one === from);
  if (start === undefined) return undefined;
  return months === undefined ? { step, from: start, amount: hours ?? 0, unit: 'hours' } : { step, from: start, amount: months, unit: 'months' };
}

function termOf({ step }: StepRule, term: Term, { clocks }: NationalTerms): Term {
  const own = clocks.find((clock) => clock.step === step && clock.from === (term.from satisfies Anchor));
  if (own === undefined) return term;
  if (own.unit === 'months') return { from: term.from, months: own.amount };
  return { from: term.from, hours: own.unit === 'days' ? own.amount * hoursOfADay : own.amount };
}

function parseClock(value: unknown): NationalClock | null {
  if (!isObject(value)) return null;
  const { amount } = value;
  const step = reportSteps.find((one) => one === value['step']);
  const from = clockStarts.find((one) => one === value['from']);
  const unit = clockUnits.find((one) => one === value['unit']);
  if (step === undefined || from === undefined || unit === undefined) return null;
  return typeof amount === 'number' && Number.isInteger(amount) && amount >= 1 && amount <= mostOf[unit] ? { step, from, amount, unit } : null;
}

function parseField(value: unknown): NationalField | null {
  if (!isObject(value)) return null;
  const { id, label } = value;
  const step = reportSteps.find((one) => one === value['step']);
  if (step === undefined || typeof id !== 'string' || !fieldId.test(id)) return null;
  return isWords(label, longestNationalText.label) ? { step, id, label } : null;
}

function isText(value: unknown, longest: number): value is string {
  return typeof value === 'string' && value.length <= longest;
}

/** It becomes a link: nothing else than a page may stand behind it. */
function isWebAddress(text: string): boolean {
  return URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol);
}
