import { type Bytes, utf8 } from '../../e2ee/bytes';
import { type CallAttendanceContent, parseCallContent } from './calls/call-content';
import { isId } from './content-shapes';
import { type CrisisContent, parseCrisisContent } from './crisis/crisis-content';
import { type ExerciseContent, parseExerciseContent } from './exercises/exercise-content';
import { type GuestContent, parseGuestContent } from './guests/guest-content';
import { type LogContent, parseLogContent } from './log/log-content';
import { parsePlanContent, type PlanContent } from './plans/plan-content';
import { parseReportingContent, type ReportingContent } from './reporting/reporting-content';
import { parseSharedBoardContent, type SharedBoardContent } from './shared-board/shared-board-content';
import { parseSharedFile, type SharedFile } from './shared-file';
import { parseSituationContent, type SituationContent } from './situation/situation-content';
import { parseStakeholderContent, type StakeholderContent } from './stakeholders/stakeholder-content';
import { parseTaskContent, type TaskContent } from './tasks/task-content';
import { parseTrainingContent, type TrainingContent } from './trainings/training-content';

/** What people write, as JSON within the seal. Entries are named by their id in hexadecimal, people by theirs. */
export type RoomContent =
  | {
      readonly kind: 'message';
      readonly text: string;
      readonly replyTo?: string;
      readonly mentions?: readonly string[];
      /** Must be acknowledged by everybody in the room. */
      readonly priority?: true;
      readonly file?: SharedFile;
    }
  | { readonly kind: 'edit'; readonly of: string; readonly text: string }
  | { readonly kind: 'deletion'; readonly of: string }
  | { readonly kind: 'pin'; readonly of: string; readonly on: boolean }
  | { readonly kind: 'acknowledgement'; readonly of: string }
  | { readonly kind: 'name'; readonly text: string }
  | { readonly kind: 'purpose'; readonly purpose: RoomPurpose }
  /** From where on whoever is added later reads the room: the first that an administrator says counts. */
  | { readonly kind: 'history'; readonly from: HistoryPolicy }
  /** Names of people as whoever added them saw them: the server has no say in who somebody is called here. */
  | { readonly kind: 'people'; readonly names: Readonly<Record<string, string>> }
  /** Which group of the directory the room is open to, and who stays in it whatever the group says: the last that an administrator says counts. */
  | { readonly kind: 'group'; readonly group: string | null; readonly name: string; readonly keeps: readonly string[] }
  | GuestContent
  | CallAttendanceContent
  | LogContent
  | TaskContent
  | CrisisContent
  | PlanContent
  | ReportingContent
  | SituationContent
  | StakeholderContent
  | SharedBoardContent
  | ExerciseContent
  | TrainingContent;

/** What a room is for. One between two people is called by the other's name; a library keeps plans and action cards; animators prepare and run exercises in a room of theirs; a training has its own. */
export const roomPurposes = ['direct', 'group', 'crisis-cell', 'library', 'exercises', 'training'] as const;
export type RoomPurpose = (typeof roomPurposes)[number];

export const historyPolicies = ['beginning', 'invitation'] as const;
export type HistoryPolicy = (typeof historyPolicies)[number];

/** Of a message, in characters: a page, not a book. */
export const longestText = 8000;
/** Named by one entry. */
export const mostPeople = 200;

export function encodeContent(content: RoomContent): Bytes {
  return utf8(JSON.stringify(content));
}

/** @returns Null for what this version does not know, or what is malformed: it is shown as such and changes nothing. */
export function parseContent(bytes: Uint8Array): RoomContent | null {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const { kind, text, of, on, replyTo, mentions, priority, names, purpose, file, from, group, name, keeps } = value as Record<string, unknown>;
  switch (kind) {
    case 'message': {
      if (!isText(text)) return null;
      const shared = parseSharedFile(file);
      return {
        kind,
        text,
        ...(isId(replyTo) ? { replyTo } : {}),
        ...(Array.isArray(mentions) ? { mentions: mentions.filter((one) => typeof one === 'string').slice(0, mostPeople) } : {}),
        ...(priority === true ? { priority } : {}),
        ...(shared === null ? {} : { file: shared }),
      };
    }
    case 'name':
      return isText(text) ? { kind, text } : null;
    case 'purpose': {
      const known = roomPurposes.find((one) => one === purpose);
      return known === undefined ? null : { kind, purpose: known };
    }
    case 'history': {
      const known = historyPolicies.find((one) => one === from);
      return known === undefined ? null : { kind, from: known };
    }
    case 'group':
      if ((group !== null && !isId(group)) || !isText(name) || !Array.isArray(keeps)) return null;
      return { kind, group, name, keeps: keeps.filter(isId).slice(0, mostPeople) };
    case 'edit':
      return isText(text) && isId(of) ? { kind, of, text } : null;
    case 'deletion':
    case 'acknowledgement':
      return isId(of) ? { kind, of } : null;
    case 'pin':
      return isId(of) && typeof on === 'boolean' ? { kind, of, on } : null;
    case 'people':
      return isNames(names) ? { kind, names } : null;
    default:
      return parsePart(value as Record<string, unknown>);
  }
}

/** What has a page of its own beside the messages. */
function parsePart(value: Readonly<Record<string, unknown>>): RoomContent | null {
  return (
    parseLogContent(value) ??
    parseTaskContent(value) ??
    parseCrisisContent(value) ??
    parsePlanContent(value) ??
    parseReportingContent(value) ??
    parseSituationContent(value) ??
    parseStakeholderContent(value) ??
    parseExerciseContent(value) ??
    parseTrainingContent(value) ??
    parseSharedBoardContent(value) ??
    parseCallContent(value) ??
    parseGuestContent(value)
  );
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= longestText;
}

function isNames(value: unknown): value is Record<string, string> {
  return typeof value === 'object' && value !== null && Object.keys(value).length <= mostPeople && Object.values(value).every(isText);
}
