import { type Bytes, utf8 } from '../../e2ee/bytes';

/** What people write, as JSON within the seal. Entries are named by their id in hexadecimal, people by theirs. */
export type RoomContent =
  | {
      readonly kind: 'message';
      readonly text: string;
      readonly replyTo?: string;
      readonly mentions?: readonly string[];
      /** Must be acknowledged by everybody in the room. */
      readonly priority?: true;
    }
  | { readonly kind: 'edit'; readonly of: string; readonly text: string }
  | { readonly kind: 'deletion'; readonly of: string }
  | { readonly kind: 'pin'; readonly of: string; readonly on: boolean }
  | { readonly kind: 'acknowledgement'; readonly of: string }
  | { readonly kind: 'name'; readonly text: string }
  | { readonly kind: 'purpose'; readonly purpose: RoomPurpose }
  /** Names of people as whoever added them saw them: the server has no say in who somebody is called here. */
  | { readonly kind: 'people'; readonly names: Readonly<Record<string, string>> };

/** What a room is for. One between two people is called by the other's name. */
export const roomPurposes = ['direct', 'group', 'crisis-cell'] as const;
export type RoomPurpose = (typeof roomPurposes)[number];

/** Of a message, in characters: a page, not a book. */
export const longestText = 8000;
const mostPeople = 200;
const entryId = /^[0-9a-f]{32}$/;

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
  const { kind, text, of, on, replyTo, mentions, priority, names, purpose } = value as Record<string, unknown>;
  switch (kind) {
    case 'message':
      if (!isText(text)) return null;
      return {
        kind,
        text,
        ...(isEntry(replyTo) ? { replyTo } : {}),
        ...(Array.isArray(mentions) ? { mentions: mentions.filter((one) => typeof one === 'string').slice(0, mostPeople) } : {}),
        ...(priority === true ? { priority } : {}),
      };
    case 'name':
      return isText(text) ? { kind, text } : null;
    case 'purpose': {
      const known = roomPurposes.find((one) => one === purpose);
      return known === undefined ? null : { kind, purpose: known };
    }
    case 'edit':
      return isText(text) && isEntry(of) ? { kind, of, text } : null;
    case 'deletion':
    case 'acknowledgement':
      return isEntry(of) ? { kind, of } : null;
    case 'pin':
      return isEntry(of) && typeof on === 'boolean' ? { kind, of, on } : null;
    case 'people':
      return isNames(names) ? { kind, names } : null;
    default:
      return null;
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= longestText;
}

function isNames(value: unknown): value is Record<string, string> {
  return typeof value === 'object' && value !== null && Object.keys(value).length <= mostPeople && Object.values(value).every(isText);
}

function isEntry(value: unknown): value is string {
  return typeof value === 'string' && entryId.test(value);
}
