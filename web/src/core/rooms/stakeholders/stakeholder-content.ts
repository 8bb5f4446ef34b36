import { isId, isMoment, isObject, isWords } from '../content-shapes';
import { type LogStatement, parseStatement } from '../log/log-content';

/**
 * Who outside must be kept informed of a crisis, as sealed entries of its leading room: who they are and what they are owed, each contact with them, and when the next one is due. A contact may carry its own line of the
 * log: the one is never there without the other.
 */
export const stakeholderKinds = ['authority', 'supplier', 'customer', 'insurer', 'press', 'other'] as const;
export type StakeholderKind = (typeof stakeholderKinds)[number];

/** What a stakeholder is. A change names what is different; what it does not name stays. */
export interface StakeholderFields {
  readonly kind: StakeholderKind;
  readonly name: string;
  /** Why they matter, and what they are owed; may be empty. */
  readonly stake: string;
  /** How they are reached, one telephone number or address to a line; may be empty. */
  readonly reach: string;
  /** Account in hexadecimal of who of us answers for them; null for nobody yet. */
  readonly owner: string | null;
  /** The crisis function that does, by its name; may be empty. */
  readonly function: string;
  /** From one contact to the next, in minutes; null where there is no rhythm. */
  readonly rhythm: number | null;
  /** When the next contact is due, in UTC as ISO 8601; null where none is. */
  readonly due: string | null;
}

export interface StakeholderChange extends Partial<StakeholderFields> {
  /** True: they are no longer followed. What was said stays. */
  readonly ended?: boolean;
}

export const contactWays = ['call', 'mail', 'visit', 'message'] as const;
export type ContactWay = (typeof contactWays)[number];

/** `outgoing`: we reached out to them. */
export const contactDirections = ['outgoing', 'incoming'] as const;
export type ContactDirection = (typeof contactDirections)[number];

/** What was said to whom. */
export interface StakeholderContact {
  /** When, as its author says, in UTC as ISO 8601. */
  readonly at: string;
  readonly way: ContactWay;
  readonly direction: ContactDirection;
  /** Who on their side; may be empty. */
  readonly who: string;
  readonly said: string;
  /** By either side; may be empty. */
  readonly promised: string;
}

export type StakeholderContent =
  | { readonly kind: 'stakeholder'; readonly stakeholder: StakeholderFields }
  | { readonly kind: 'stakeholder-change'; readonly of: string; readonly change: StakeholderChange }
  /** @property due When the next one is due from here on; null where none is. */
  | {
      readonly kind: 'stakeholder-contact';
      readonly of: string;
      readonly contact: StakeholderContact;
      readonly due: string | null;
      readonly statement?: LogStatement;
    }
  /** What a contact should have said. @property of The contact. @property statement What its line of the log says from here on, where it has one. */
  | {
      readonly kind: 'stakeholder-contact-correction';
      readonly of: string;
      readonly contact: StakeholderContact;
      readonly reason: string;
      readonly statement?: LogStatement;
    };

/** In characters. With their signs, a contact's texts fit into one line of the log. */
export const longestStakeholderName = 120;
export const longestStake = 1000;
export const longestReach = 500;
export const longestStakeholderFunction = 200;
export const longestWho = 120;
export const longestSaid = 2000;
export const longestPromise = 1000;
export const longestCorrectionReason = 500;
/** A quarter of an hour and a week, in minutes. */
export const shortestContactRhythm = 15;
export const longestContactRhythm = 10_080;

/** @returns Null for what is malformed, or belongs to no stakeholder. */
export function parseStakeholderContent(value: Readonly<Record<string, unknown>>): StakeholderContent | null {
  const { kind, of, due, reason } = value;
  if (kind === 'stakeholder') {
    const fields = parseFields(value['stakeholder']);
    return fields !== null && isWhole(fields) ? { kind, stakeholder: fields } : null;
  }
  if (!isId(of)) return null;
  if (kind === 'stakeholder-change') {
    const change = parseChange(value['change']);
    return change === null ? null : { kind, of, change };
  }
  if (kind !== 'stakeholder-contact' && kind !== 'stakeholder-contact-correction') return null;
  const contact = parseContact(value['contact']);
  const statement = parseStatement(value['statement']);
  // A line of the log that is wrong makes all of it wrong: nobody asked for a contact without it.
  if (contact === null || (statement === null && value['statement'] !== undefined)) return null;
  const line = statement === null ? {} : { statement };
  if (kind === 'stakeholder-contact') return due === null || isMoment(due) ? { kind, of, contact, due, ...line } : null;
  return isWords(reason, longestCorrectionReason) ? { kind, of, contact, reason, ...line } : null;
}

/** A field that is wrong makes all of it wrong: half a change is none that somebody asked for. */
function parseFields(value: unknown): Partial<StakeholderFields> | null {
  if (!isObject(value)) return null;
  const { kind, name, stake, reach, owner, rhythm, due } = value;
  const held = value['function'];
  const known = stakeholderKinds.find((one) => one === kind);
  const isRight =
    (kind === undefined || known !== undefined) &&
    (name === undefined || isWords(name, longestStakeholderName)) &&
    (stake === undefined || isText(stake, longestStake)) &&
    (reach === undefined || isText(reach, longestReach)) &&
    (owner === undefined || owner === null || isId(owner)) &&
    (held === undefined || isText(held, longestStakeholderFunction)) &&
    (rhythm === undefined || isContactRhythm(rhythm)) &&
    (due === undefined || due === null || isMoment(due));
  if (!isRight) return null;
  return {
    ...(known === undefined ? {} : { kind: known }),
    ...(name === undefined ? {} : { name }),
    ...(stake === undefined ? {} : { stake }),
    ...(reach === undefined ? {} : { reach }),
    ...(owner === undefined ? {} : { owner }),
    ...(held === undefined ? {} : { function: held }),
    ...(rhythm === undefined ? {} : { rhythm }),
    ...(due === undefined ? {} : { due }),
  };
}

function isWhole(fields: Partial<StakeholderFields>): fields is StakeholderFields {
  return (
    fields.kind !== undefined &&
    fields.name !== undefined &&
    fields.stake !== undefined &&
    fields.reach !== undefined &&
    fields.owner !== undefined &&
    fields.function !== undefined &&
    fields.rhythm !== undefined &&
    fields.due !== undefined
  );
}

function parseChange(value: unknown): StakeholderChange | null {
  const fields = parseFields(value);
  if (fields === null || !isObject(value)) return null;
  const { ended } = value;
  if (ended !== undefined && typeof ended !== 'boolean') return null;
  return { ...fields, ...(ended === undefined ? {} : { ended }) };
}

function parseContact(value: unknown): StakeholderContact | null {
  if (!isObject(value)) return null;
  const { at, way, direction, who, said, promised } = value;
  const knownWay = contactWays.find((one) => one === way);
  const knownDirection = contactDirections.find((one) => one === direction);
  if (!isMoment(at) || knownWay === undefined || knownDirection === undefined) return null;
  if (!isText(who, longestWho) || !isWords(said, longestSaid) || !isText(promised, longestPromise)) return null;
  return { at, way: knownWay, direction: knownDirection, who, said, promised };
}

function isContactRhythm(value: unknown): value is number | null {
  return value === null || (typeof value === 'number' && Number.isInteger(value) && value >= shortestContactRhythm && value <= longestContactRhythm);
}

/** May be empty: somebody may take back what was filled in. */
function isText(value: unknown, longest: number): value is string {
  return typeof value === 'string' && value.length <= longest;
}
