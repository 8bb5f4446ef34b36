import { type CellKind, cellKinds, longestCellName, mostCells } from '../crisis/crisis-content';
import { isId, isObject, isWords, parseAll } from '../content-shapes';
import { longestStep, longestTitle } from '../tasks/task-content';

/**
 * Action cards and plans, as sealed entries of a room: of a library, where they are kept, or of a crisis, where a copy of what was used stands. Each entry is a whole version; versions are told apart by their
 * entries, documents by an id of their own.
 */

/** What a card and a plan have in common. */
export interface DocumentVersion {
  readonly title: string;
  /** In Markdown, with variables. */
  readonly text: string;
  /** Account in hexadecimal of who keeps it true; null where nobody does yet. */
  readonly owner: string | null;
  /** The last day on which it may be relied on unread, as `2027-11-22`; null where nobody has said. */
  readonly validUntil: string | null;
  /** Out of use: kept, and no longer offered. */
  readonly retired?: true;
}

export type ActionCard = DocumentVersion;

/** Done first by a cell. */
export interface PlannedTask {
  readonly title: string;
  /** Due this long after the crisis was opened; null where it has no time. */
  readonly minutes: number | null;
  readonly urgent?: true;
}

export interface PlannedCell {
  readonly name: string;
  readonly kind: CellKind;
  /** Crisis functions by name: who holds them is found when the plan is used. */
  readonly functions: readonly string[];
  readonly tasks: readonly PlannedTask[];
  /** Ids of action cards of the same library. */
  readonly cards: readonly string[];
}

export interface Plan extends DocumentVersion {
  readonly cells: readonly PlannedCell[];
  /** The prepared alert to raise: its id in hexadecimal, and its name as it was then. */
  readonly scenario: { readonly id: string; readonly name: string } | null;
  /** What a situation report begins from, in Markdown. */
  readonly report: string;
}

/** @property after The entry of the version that its author had before them; null for the first. @property note What was changed, and why. */
interface VersionEntry {
  readonly of: string;
  readonly after: string | null;
  readonly note?: string;
}

export type PlanContent =
  ({ readonly kind: 'card'; readonly card: ActionCard } & VersionEntry) | ({ readonly kind: 'plan'; readonly plan: Plan } & VersionEntry);

/** In characters. */
export const longestDocumentTitle = 120;
export const longestDocument = 20_000;
export const longestNote = 300;
export const longestFunctionName = 200;
const longestScenarioName = 200;
export const mostFunctions = 20;
export const mostFirstTasks = 30;
export const mostCardsOfCell = 20;
/** Four weeks, in minutes: what is due later is no first task. */
const longestDelay = 40_320;

/** @returns Null for what is malformed, or is neither a card nor a plan. */
export function parsePlanContent(value: Readonly<Record<string, unknown>>): PlanContent | null {
  const { kind, of, after, note } = value;
  if ((kind !== 'card' && kind !== 'plan') || !isId(of) || !(after === null || isId(after))) return null;
  const version = { of, after, ...(isWords(note, longestNote) ? { note } : {}) };
  if (kind === 'card') {
    const card = parseVersion(value['card']);
    return card === null ? null : { kind, card, ...version };
  }
  const plan = parsePlan(value['plan']);
  return plan === null ? null : { kind, plan, ...version };
}

function parseVersion(value: unknown): DocumentVersion | null {
  if (!isObject(value)) return null;
  const { title, text, owner, validUntil, retired } = value;
  const isRight =
    isWords(title, longestDocumentTitle) && isText(text) && (owner === null || isId(owner)) && (validUntil === null || isDay(validUntil));
  return isRight ? { title, text, owner, validUntil, ...(retired === true ? { retired } : {}) } : null;
}

function parsePlan(value: unknown): Plan | null {
  const version = parseVersion(value);
  if (version === null || !isObject(value)) return null;
  const { scenario, report } = value;
  const cells = parseAll(value['cells'], mostCells, parseCell);
  const alert = scenario === null ? null : parseScenario(scenario);
  if (cells === null || !isText(report) || (alert === null && scenario !== null)) return null;
  return { ...version, cells, scenario: alert, report };
}

function parseCell(value: unknown): PlannedCell | null {
  if (!isObject(value)) return null;
  const { name, kind } = value;
  const known = cellKinds.find((one) => one === kind);
  const functions = parseAll(value['functions'], mostFunctions, (one) => (isWords(one, longestFunctionName) ? one : null));
  const tasks = parseAll(value['tasks'], mostFirstTasks, parseTask);
  const cards = parseAll(value['cards'], mostCardsOfCell, (one) => (isId(one) ? one : null));
  if (!isWords(name, longestCellName) || known === undefined || functions === null || tasks === null || cards === null) return null;
  return { name, kind: known, functions, tasks, cards };
}

function parseTask(value: unknown): PlannedTask | null {
  if (!isObject(value)) return null;
  const { title, minutes, urgent } = value;
  const isTime = minutes === null || (typeof minutes === 'number' && Number.isInteger(minutes) && minutes >= 0 && minutes <= longestDelay);
  return isWords(title, Math.min(longestTitle, longestStep)) && isTime ? { title, minutes, ...(urgent === true ? { urgent } : {}) } : null;
}

function parseScenario(value: unknown): Plan['scenario'] {
  if (!isObject(value)) return null;
  const { id, name } = value;
  return isId(id) && isWords(name, longestScenarioName) ? { id, name } : null;
}

/** A day of the calendar that there is. */
export function isDay(value: unknown): value is string {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const day = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= longestDocument;
}
