import { isId, isObject, isWords } from '../content-shapes';

/**
 * A board that the people of a room draw on together: whiteboard, or plan with pins. Kept as entries of the room, each of which adds, changes, removes or brings back. Coordinates are whole and of
 * the sheet: its longer side has 10,000, x to the right, y down.
 */
export const elementForms = ['stroke', 'arrow', 'rectangle', 'note', 'pin'] as const;
export type ElementForm = (typeof elementForms)[number];

export const pinKinds = ['incident', 'person', 'danger', 'resource', 'meeting-point', 'other'] as const;
export type PinKind = (typeof pinKinds)[number];

export const inks = ['black', 'blue', 'green', 'orange'] as const;
export type Ink = (typeof inks)[number];

/** x and y. */
export type BoardPoint = readonly [x: number, y: number];

/** What somebody draws, writes or pins. */
export type BoardElement = {
  readonly at: BoardPoint;
  readonly ink: Ink;
} & (
  | {
      readonly form: 'stroke' | 'arrow' | 'rectangle';
      /** Steps from `at` on, each x then y: of a stroke up to 200, of an arrow or a rectangle the one to its other end. */
      readonly path: readonly number[];
    }
  | { readonly form: 'note'; readonly text: string }
  /** @property text What it is called; may be empty. */
  | { readonly form: 'pin'; readonly pin: PinKind; readonly text: string }
);

/** Properties of an element that can be other than they were. */
export interface ElementChange {
  readonly at?: BoardPoint;
  readonly ink?: Ink;
  readonly text?: string;
  readonly pin?: PinKind;
}

export interface BoardBackground {
  /** The message whose file it is; null for a blank sheet. */
  readonly picture: string | null;
  /** Of the sheet; the longer is 10,000. */
  readonly width: number;
  readonly height: number;
}

export type SharedBoardContent =
  /** @property id Of the element, chosen by who draws it, so that it can be changed before it has left. */
  | { readonly kind: 'board-element'; readonly id: string; readonly element: BoardElement }
  | { readonly kind: 'board-change'; readonly of: string; readonly change: ElementChange }
  | { readonly kind: 'board-removal' | 'board-restoring'; readonly of: readonly string[] }
  | { readonly kind: 'board-background'; readonly background: BoardBackground };

export const longestSide = 10_000;
/** A sheet that is narrower is a line. */
export const shortestSide = 500;
/** Steps of one stroke. */
export const mostSteps = 200;
/** In characters. */
export const longestNote = 500;
export const longestLabel = 80;
/** On the board at once: what comes when there are so many is passed over. */
export const mostElements = 2000;

export const blankSheet: BoardBackground = { picture: null, width: longestSide, height: 6250 };

/** @returns Null for what is malformed, or belongs to no board. */
export function parseSharedBoardContent({ kind, id, of, element, change, background }: Readonly<Record<string, unknown>>): SharedBoardContent | null {
  switch (kind) {
    case 'board-element': {
      const parsed = parseElement(element);
      return isId(id) && parsed !== null ? { kind, id, element: parsed } : null;
    }
    case 'board-change': {
      const parsed = parseChange(change);
      return isId(of) && parsed !== null ? { kind, of, change: parsed } : null;
    }
    case 'board-removal':
    case 'board-restoring':
      return Array.isArray(of) && of.length > 0 && of.length <= mostElements && of.every(isId) ? { kind, of } : null;
    case 'board-background': {
      const parsed = parseBackground(background);
      return parsed === null ? null : { kind, background: parsed };
    }
    default:
      return null;
  }
}

function parseElement(value: unknown): BoardElement | null {
  if (!isObject(value)) return null;
  const { form, at, ink, path, text, pin } = value;
  if (!isPoint(at) || !isInk(ink)) return null;
  switch (form) {
    case 'stroke':
      return isPath(path, mostSteps) ? { form, at, ink, path } : null;
    case 'arrow':
    case 'rectangle':
      return isPath(path, 1) ? { form, at, ink, path } : null;
    case 'note':
      return isWords(text, longestNote) ? { form, at, ink, text } : null;
    case 'pin':
      return isPinKind(pin) && isText(text, longestLabel) ? { form, at, ink, pin, text } : null;
    default:
      return null;
  }
}

/** A property that is wrong makes all of it wrong: half a change is none that somebody asked for. */
function parseChange(value: unknown): ElementChange | null {
  if (!isObject(value)) return null;
  const { at, ink, text, pin } = value;
  if (at !== undefined && !isPoint(at)) return null;
  if (ink !== undefined && !isInk(ink)) return null;
  if (text !== undefined && !isText(text, longestNote)) return null;
  if (pin !== undefined && !isPinKind(pin)) return null;
  return {
    ...(at === undefined ? {} : { at }),
    ...(ink === undefined ? {} : { ink }),
    ...(text === undefined ? {} : { text }),
    ...(pin === undefined ? {} : { pin }),
  };
}

function parseBackground(value: unknown): BoardBackground | null {
  if (!isObject(value)) return null;
  const { picture, width, height } = value;
  if ((picture !== null && !isId(picture)) || !isSide(width) || !isSide(height) || Math.max(width, height) !== longestSide) return null;
  return { picture, width, height };
}

function isPoint(value: unknown): value is BoardPoint {
  return Array.isArray(value) && value.length === 2 && value.every((one) => isWhole(one) && one >= 0 && one <= longestSide);
}

/** Nothing lies further from where it begins than the sheet is long: what was drawn elsewhere would never be found. */
function isPath(value: unknown, most: number): value is readonly number[] {
  if (!Array.isArray(value) || value.length < 2 || value.length > 2 * most || value.length % 2 !== 0) return false;
  const reached = [0, 0];
  return value.every((step, index) => isWhole(step) && Math.abs((reached[index % 2] = (reached[index % 2] ?? 0) + step)) <= longestSide);
}

function isWhole(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value);
}

function isSide(value: unknown): value is number {
  return isWhole(value) && value >= shortestSide && value <= longestSide;
}

function isText(value: unknown, longest: number): value is string {
  return typeof value === 'string' && value.length <= longest;
}

function isInk(value: unknown): value is Ink {
  return inks.some((one) => one === value);
}

function isPinKind(value: unknown): value is PinKind {
  return pinKinds.some((one) => one === value);
}
