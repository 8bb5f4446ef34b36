import type { AlertMode, Severity } from '../../../transport/contract/content';
import { isId, isObject, isWords, parseAll } from '../content-shapes';
import { type LogStatement, parseStatement } from '../log/log-content';

/**
 * A crisis, as sealed entries of its leading room: what it is, its cells, how it goes, who took over from whom, how it ended. What changes a crisis carries its own line of the log: the one is
 * never there without the other.
 */
export const crisisStatuses = ['assessing', 'responding', 'stabilised', 'recovering'] as const;
export type CrisisStatus = (typeof crisisStatuses)[number];

/** After ISO 22361 (strategic) and ISO 22320 (operational, and the functions that support it). */
export const cellKinds = ['strategic', 'operational', 'technical', 'communication', 'logistics', 'other'] as const;
export type CellKind = (typeof cellKinds)[number];

/** The same four as an alert's, the least first. */
export const crisisSeverities = ['info', 'advisory', 'severe', 'extreme'] as const satisfies readonly Severity[];
const crisisModes = ['real', 'exercise'] as const satisfies readonly AlertMode[];

/** Somebody of a cell. */
export interface CellSeat {
  /** Account in hexadecimal. */
  readonly account: string;
  /** The crisis function that they hold, or stand in for, as it was called when they were chosen. */
  readonly function?: string;
  readonly deputy?: true;
}

export interface CrisisCell {
  /** Random, in hexadecimal: of the crisis, and no room's. */
  readonly id: string;
  readonly name: string;
  readonly kind: CellKind;
  /** Its room, in hexadecimal; null until it has begun. */
  readonly room: string | null;
  /** As they were chosen; who is in the room now is said by the room. */
  readonly people: readonly CellSeat[];
}

export interface CrisisOpening {
  readonly name: string;
  readonly mode: AlertMode;
  readonly severity: Severity;
  readonly cells: readonly CrisisCell[];
  /** The alert that it was opened from, in hexadecimal. */
  readonly alert?: string;
}

/** What it does not name stays. */
export interface CrisisChange {
  readonly name?: string;
  readonly status?: CrisisStatus;
  readonly severity?: Severity;
}

/** A shift's end, as told by who goes. */
export interface HandOver {
  /** Account in hexadecimal of who is to take over. */
  readonly to: string;
  /** The cell that is handed over; null for the whole crisis. */
  readonly cell: string | null;
  readonly situation: string;
  /** What is not finished, one each. */
  readonly open: readonly string[];
}

/** A point of the list that one goes through before a crisis is closed. */
export interface ClosingCheck {
  readonly text: string;
  readonly done: boolean;
}

export type CrisisContent =
  | { readonly kind: 'crisis'; readonly crisis: CrisisOpening; readonly statement: LogStatement }
  /** A cell that is new, or what is now known of one: its room. */
  | { readonly kind: 'crisis-cell'; readonly cell: CrisisCell; readonly statement?: LogStatement }
  | { readonly kind: 'crisis-change'; readonly change: CrisisChange; readonly statement: LogStatement }
  | { readonly kind: 'crisis-hand-over'; readonly handOver: HandOver; readonly statement: LogStatement }
  /** By who was to take over. */
  | { readonly kind: 'crisis-taken-over'; readonly of: string; readonly statement: LogStatement }
  | { readonly kind: 'crisis-closing'; readonly checks: readonly ClosingCheck[]; readonly statement: LogStatement }
  | { readonly kind: 'crisis-reopening'; readonly statement: LogStatement }
  /** A bulletin of the organisation that is part of it, by its id in hexadecimal: the server has the bulletin, and does not learn of what. */
  | { readonly kind: 'crisis-bulletin'; readonly bulletin: string; readonly statement: LogStatement }
  /** In a cell's room: which crisis it belongs to, for who is in this room only. */
  | { readonly kind: 'crisis-link'; readonly leading: string; readonly cell: string; readonly name: string; readonly mode: AlertMode };

/** In characters. */
export const longestCrisisName = 80;
export const longestCellName = 60;
export const longestSituation = 4000;
export const longestOpenPoint = 300;
const longestFunction = 200;
const longestCheck = 300;
export const mostCells = 20;
export const mostSeats = 200;
export const mostOpenPoints = 50;
export const mostBulletins = 200;
const mostChecks = 30;

/** @returns Null for what is malformed, or belongs to no crisis. */
export function parseCrisisContent(value: Readonly<Record<string, unknown>>): CrisisContent | null {
  const { kind, of, leading, cell, name, mode } = value;
  if (kind === 'crisis-link') {
    const known = crisisModes.find((one) => one === mode);
    return isId(leading) && isId(cell) && isWords(name, longestCrisisName) && known !== undefined ? { kind, leading, cell, name, mode: known } : null;
  }
  const statement = parseStatement(value['statement']);
  if (kind === 'crisis-cell') {
    const told = parseCell(cell);
    if (told === null || (statement === null && value['statement'] !== undefined)) return null;
    return { kind, cell: told, ...(statement === null ? {} : { statement }) };
  }
  if (statement === null) return null;
  switch (kind) {
    case 'crisis': {
      const crisis = parseOpening(value['crisis']);
      return crisis === null ? null : { kind, crisis, statement };
    }
    case 'crisis-change': {
      const change = parseChange(value['change']);
      return change === null ? null : { kind, change, statement };
    }
    case 'crisis-hand-over': {
      const handOver = parseHandOver(value['handOver']);
      return handOver === null ? null : { kind, handOver, statement };
    }
    case 'crisis-taken-over':
      return isId(of) ? { kind, of, statement } : null;
    case 'crisis-closing': {
      const checks = parseAll(value['checks'], mostChecks, parseCheck);
      return checks === null ? null : { kind, checks, statement };
    }
    case 'crisis-reopening':
      return { kind, statement };
    case 'crisis-bulletin':
      return isId(value['bulletin']) ? { kind, bulletin: value['bulletin'], statement } : null;
    default:
      return null;
  }
}

function parseOpening(value: unknown): CrisisOpening | null {
  if (!isObject(value)) return null;
  const { name, mode, severity, alert } = value;
  const knownMode = crisisModes.find((one) => one === mode);
  const knownSeverity = crisisSeverities.find((one) => one === severity);
  const cells = parseAll(value['cells'], mostCells, parseCell);
  if (!isWords(name, longestCrisisName) || knownMode === undefined || knownSeverity === undefined || cells === null) return null;
  // Two of one id would be shown as one and the other be lost.
  if (new Set(cells.map(({ id }) => id)).size < cells.length) return null;
  return { name, mode: knownMode, severity: knownSeverity, cells, ...(isId(alert) ? { alert } : {}) };
}

function parseCell(value: unknown): CrisisCell | null {
  if (!isObject(value)) return null;
  const { id, name, kind, room } = value;
  const known = cellKinds.find((one) => one === kind);
  const people = parseAll(value['people'], mostSeats, parseSeat);
  if (!isId(id) || !isWords(name, longestCellName) || known === undefined || people === null) return null;
  return room === null || isId(room) ? { id, name, kind: known, room, people } : null;
}

function parseSeat(value: unknown): CellSeat | null {
  if (!isObject(value)) return null;
  const { account, deputy } = value;
  const held = value['function'];
  if (!isId(account)) return null;
  return { account, ...(isWords(held, longestFunction) ? { function: held } : {}), ...(deputy === true ? { deputy } : {}) };
}

/** A field that is wrong makes all of it wrong: half a change is none that somebody asked for. */
function parseChange(value: unknown): CrisisChange | null {
  if (!isObject(value)) return null;
  const { name, status, severity } = value;
  const knownStatus = crisisStatuses.find((one) => one === status);
  const knownSeverity = crisisSeverities.find((one) => one === severity);
  const isRight =
    (name === undefined || isWords(name, longestCrisisName)) &&
    (status === undefined || knownStatus !== undefined) &&
    (severity === undefined || knownSeverity !== undefined);
  if (!isRight) return null;
  return {
    ...(name === undefined ? {} : { name }),
    ...(knownStatus === undefined ? {} : { status: knownStatus }),
    ...(knownSeverity === undefined ? {} : { severity: knownSeverity }),
  };
}

function parseHandOver(value: unknown): HandOver | null {
  if (!isObject(value)) return null;
  const { to, cell, situation } = value;
  const open = parseAll(value['open'], mostOpenPoints, (one) => (isWords(one, longestOpenPoint) ? one : null));
  if (!isId(to) || !(cell === null || isId(cell)) || !isWords(situation, longestSituation) || open === null) return null;
  return { to, cell, situation, open };
}

function parseCheck(value: unknown): ClosingCheck | null {
  if (!isObject(value)) return null;
  const { text, done } = value;
  return isWords(text, longestCheck) && typeof done === 'boolean' ? { text, done } : null;
}
