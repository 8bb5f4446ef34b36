import { isId, isMoment, isWords } from '../content-shapes';
import { type LogStatement, parseStatement } from '../log/log-content';
import { mostNationalFields, type NationalTerms, parseNationalTerms } from './national-terms';
import { type Regime, regimes, type ReportField, reportFields, type ReportStep, reportSteps } from './regimes';

/** Reports that a crisis owes to authorities, as sealed entries of its leading room: which law, since when, what is prepared, what was submitted. */
export interface ReportingDuty {
  readonly regime: Regime;
  /** To whom. */
  readonly authority: string;
  /** When the organisation became aware, in UTC as ISO 8601: clocks count from here. */
  readonly awareAt: string;
  /** When it was classified as major; null before. */
  readonly classifiedAt: string | null;
  /** What the country made of the law when this was started; where it is missing, the Union's text holds. What is set later changes nothing here. */
  readonly terms?: NationalTerms;
}

/** What it does not name stays. */
export interface DutyChange {
  readonly authority?: string;
  readonly awareAt?: string;
  readonly classifiedAt?: string;
  /** False: it has turned out that nothing is owed. */
  readonly owed?: boolean;
}

export type DraftFields = Readonly<Partial<Record<ReportField, string>>>;
/** By the id of the point. */
export type NationalTexts = Readonly<Record<string, string>>;

export type ReportingContent =
  | { readonly kind: 'reporting-duty'; readonly duty: ReportingDuty; readonly statement: LogStatement }
  | { readonly kind: 'reporting-duty-change'; readonly of: string; readonly change: DutyChange; readonly statement: LogStatement }
  /** What is prepared for a report; a field that is not named stays. */
  | { readonly kind: 'report-draft'; readonly of: string; readonly step: ReportStep; readonly fields: DraftFields; readonly national?: NationalTexts }
  /** The authority has asked for a report. @property due By when; null where it did not say. */
  | { readonly kind: 'report-request'; readonly of: string; readonly step: ReportStep; readonly due: string | null; readonly statement: LogStatement }
  /** @property reference What the authority calls it. */
  | {
      readonly kind: 'report-submission';
      readonly of: string;
      readonly step: ReportStep;
      readonly at: string;
      readonly reference?: string;
      readonly statement: LogStatement;
    };

/** In characters. */
export const longestAuthority = 120;
export const longestReference = 120;
export const longestField = 3000;

/** @returns Null for what is malformed, or belongs to no report. */
export function parseReportingContent(value: Readonly<Record<string, unknown>>): ReportingContent | null {
  const { kind, of, due, at, reference } = value;
  const step = reportSteps.find((one) => one === value['step']);
  if (kind === 'report-draft') {
    const fields = parseFields(value['fields']);
    const national = parseNational(value['national']);
    if (!isId(of) || step === undefined || fields === null || national === null) return null;
    return { kind, of, step, fields, ...(Object.keys(national).length === 0 ? {} : { national }) };
  }
  const statement = parseStatement(value['statement']);
  if (statement === null) return null;
  if (kind === 'reporting-duty') {
    const duty = parseDuty(value['duty']);
    return duty === null ? null : { kind, duty, statement };
  }
  if (!isId(of)) return null;
  if (kind === 'reporting-duty-change') {
    const change = parseChange(value['change']);
    return change === null ? null : { kind, of, change, statement };
  }
  if (step === undefined) return null;
  switch (kind) {
    case 'report-request':
      return due === null || isMoment(due) ? { kind, of, step, due, statement } : null;
    case 'report-submission':
      if (!isMoment(at) || (reference !== undefined && !isWords(reference, longestReference))) return null;
      return { kind, of, step, at, ...(reference === undefined ? {} : { reference }), statement };
    default:
      return null;
  }
}

function parseDuty(value: unknown): ReportingDuty | null {
  if (!isObject(value)) return null;
  const { regime, authority, awareAt, classifiedAt } = value;
  const known = regimes.find((one) => one === regime);
  if (known === undefined || !isWords(authority, longestAuthority) || !isMoment(awareAt)) return null;
  const terms = value['terms'] === undefined ? undefined : parseNationalTerms(value['terms']);
  if (terms === null || !(classifiedAt === null || isMoment(classifiedAt))) return null;
  return { regime: known, authority, awareAt, classifiedAt, ...(terms === undefined ? {} : { terms }) };
}

/** A field that is wrong makes all of it wrong: half a change is none that somebody asked for. */
function parseChange(value: unknown): DutyChange | null {
  if (!isObject(value)) return null;
  const { authority, awareAt, classifiedAt, owed } = value;
  const isRight =
    (authority === undefined || isWords(authority, longestAuthority)) &&
    (awareAt === undefined || isMoment(awareAt)) &&
    (classifiedAt === undefined || isMoment(classifiedAt)) &&
    (owed === undefined || typeof owed === 'boolean');
  if (!isRight) return null;
  return {
    ...(authority === undefined ? {} : { authority }),
    ...(awareAt === undefined ? {} : { awareAt }),
    ...(classifiedAt === undefined ? {} : { classifiedAt }),
    ...(owed === undefined ? {} : { owed }),
  };
}

/** Empty texts are kept: somebody may take back what was filled in. */
function parseFields(value: unknown): Partial<Record<ReportField, string>> | null {
  if (!isObject(value)) return null;
  const fields: Partial<Record<ReportField, string>> = {};
  for (const [name, text] of Object.entries(value)) {
    const known = reportFields.find((one) => one === name);
    if (known === undefined || typeof text !== 'string' || text.length > longestField) return null;
    fields[known] = text;
  }
  return fields;
}

/** Which points there are says the duty that they are of. */
function parseNational(value: unknown): NationalTexts | null {
  if (value === undefined) return {};
  if (!isObject(value)) return null;
  const texts = Object.entries(value);
  const isRight =
    texts.length <= mostNationalFields &&
    texts.every(([id, text]) => /^[a-z0-9]{1,16}$/.test(id) && typeof text === 'string' && text.length <= longestField);
  return isRight ? Object.fromEntries(texts.map(([id, text]) => [id, String(text)])) : null;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
