import { isId, isWords } from '../content-shapes';
import { type LogStatement, parseStatement } from '../log/log-content';

/**
 * Situation reports of a crisis, as sealed entries of its leading room: how often one is due, what the next one says so far, the text that is submitted for approval, who approved it, and that it is
 * published. What is submitted is whole: an approval and a publication name it by its entry, and so mean these words and no others.
 */
export interface SituationPart {
  readonly heading: string;
  /** In Markdown; empty where there is nothing to report. */
  readonly text: string;
}

export interface SituationSection extends SituationPart {
  /** Random, in hexadecimal: of the report. */
  readonly id: string;
}

export type SituationContent =
  /** @property minutes From one report to the next; null where none is due by the clock. */
  | { readonly kind: 'situation-rhythm'; readonly minutes: number | null; readonly statement: LogStatement }
  /** The next report is begun. */
  | { readonly kind: 'situation-draft'; readonly sections: readonly SituationSection[] }
  /** One of its sections, whole, or a further one. @property after The entry of the version that its author had before them: the draft's own for what it began with, or for what is new. */
  | { readonly kind: 'situation-section'; readonly of: string; readonly after: string; readonly section: SituationSection }
  /** Its text as it is to be approved, signed by who answers for it. */
  | { readonly kind: 'situation-submission'; readonly of: string; readonly parts: readonly SituationPart[] }
  /** Of a submission. */
  | { readonly kind: 'situation-approval'; readonly of: string }
  /** Of a submission. */
  | { readonly kind: 'situation-publication'; readonly of: string; readonly statement: LogStatement };

/** In characters. */
export const longestHeading = 120;
export const longestSectionText = 8000;
/** Of all sections together: what is submitted is one entry. */
export const longestSituationReport = 40_000;
export const mostSections = 20;
/** A quarter of an hour and a week, in minutes. */
export const shortestRhythm = 15;
export const longestRhythm = 10_080;

/** @returns Null for what is malformed, or belongs to no situation report. */
export function parseSituationContent(value: Readonly<Record<string, unknown>>): SituationContent | null {
  const { kind, of, after, minutes } = value;
  switch (kind) {
    case 'situation-rhythm': {
      const statement = parseStatement(value['statement']);
      return statement !== null && isRhythm(minutes) ? { kind, minutes, statement } : null;
    }
    case 'situation-draft': {
      const sections = parseParts(value['sections'], parseSection);
      // Two of one id would be shown as one and the other be lost.
      return sections !== null && new Set(sections.map(({ id }) => id)).size === sections.length ? { kind, sections } : null;
    }
    case 'situation-section': {
      const section = parseSection(value['section']);
      return isId(of) && isId(after) && section !== null ? { kind, of, after, section } : null;
    }
    case 'situation-submission': {
      const parts = parseParts(value['parts'], parsePart);
      return isId(of) && parts !== null ? { kind, of, parts } : null;
    }
    case 'situation-approval':
      return isId(of) ? { kind, of } : null;
    case 'situation-publication': {
      const statement = parseStatement(value['statement']);
      return isId(of) && statement !== null ? { kind, of, statement } : null;
    }
    default:
      return null;
  }
}

/** Of all parts together, in characters. */
export function lengthOf(parts: readonly SituationPart[]): number {
  return parts.reduce((sum, { heading, text }) => sum + heading.length + text.length, 0);
}

function isRhythm(value: unknown): value is number | null {
  return value === null || (typeof value === 'number' && Number.isInteger(value) && value >= shortestRhythm && value <= longestRhythm);
}

function parsePart(value: unknown): SituationPart | null {
  if (typeof value !== 'object' || value === null) return null;
  const { heading, text } = value as Readonly<Record<string, unknown>>;
  return isWords(heading, longestHeading) && typeof text === 'string' && text.length <= longestSectionText ? { heading, text } : null;
}

function parseSection(value: unknown): SituationSection | null {
  const part = parsePart(value);
  if (part === null) return null;
  const { id } = value as Readonly<Record<string, unknown>>;
  return isId(id) ? { id, ...part } : null;
}

/** @returns Null where one of them is wrong, or there is none, or too much. */
function parseParts<Part extends SituationPart>(value: unknown, parse: (one: unknown) => Part | null): readonly Part[] | null {
  if (!Array.isArray(value) || value.length === 0 || value.length > mostSections) return null;
  const parts = value.map(parse);
  const all = parts.filter((part) => part !== null);
  return all.length === parts.length && lengthOf(all) <= longestSituationReport ? all : null;
}
