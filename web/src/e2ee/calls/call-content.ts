import { type Bytes, utf8 } from '../bytes';
import { WireReader, WireWriter } from '../wire';

/** Characters, as `maxlength` counts them. */
export const longestText = 2_000;
/** Three bytes for each of those characters at most. */
const longestTextBytes = 3 * longestText;

/** What people answer without a word. */
export const reactions = ['thumbs-up', 'applause', 'heart', 'laugh', 'surprise', 'thumbs-down'] as const;
export type Reaction = (typeof reactions)[number];

/**
 * What somebody says in a call beside sound and pictures, inside of an MLS application message.
 *
 * ```
 * struct {
 *   uint8 version = 1;
 *   uint8 kind;             // 1 text, 2 hand, 3 reaction, 4 lower hand, 5 count
 *   select (kind) {
 *     text:       opaque stay[8]; uint32 number; opaque text<1..6000>;
 *     hand:       opaque stay[8]; uint32 count; uint32 place;
 *     reaction:   uint8 reaction;          // from 1, in the order of `reactions`
 *     lower hand: opaque stay[8]; uint32 count; opaque device_key[32];
 *     count:      opaque stay[8]; uint32 number;
 *   }
 * } CallContent;
 * ```
 *
 * `stay` is of one page in one call.
 */
export type CallContent =
  /** `number` counts a stay's texts from 0, so that who hears them knows what is missing and what comes twice. */
  | { readonly kind: 'text'; readonly stay: Bytes; readonly number: number; readonly text: string }
  /** `count` is how often the stay raised or lowered its hand; `place` among those who ask to speak, 0 where it is down. */
  | { readonly kind: 'hand'; readonly stay: Bytes; readonly count: number; readonly place: number }
  | { readonly kind: 'reaction'; readonly reaction: Reaction }
  /** By a host: the hand of this device as it was raised at `count`. */
  | { readonly kind: 'lower-hand'; readonly stay: Bytes; readonly count: number; readonly deviceKey: Bytes }
  /** `number` is that of the stay's next text: who waits for an earlier one has missed some. */
  | { readonly kind: 'count'; readonly stay: Bytes; readonly number: number };

const version = 1;
const kinds = { text: 1, hand: 2, reaction: 3, lowerHand: 4, count: 5 } as const;

export function writeCallContent(content: CallContent): Bytes {
  const writer = new WireWriter().uint8(version);
  switch (content.kind) {
    case 'text':
      writer.uint8(kinds.text).fixed(content.stay, 8).uint32(content.number).vector(utf8(content.text), longestTextBytes);
      break;
    case 'hand':
      writer.uint8(kinds.hand).fixed(content.stay, 8).uint32(content.count).uint32(content.place);
      break;
    case 'reaction':
      writer.uint8(kinds.reaction).uint8(reactions.indexOf(content.reaction) + 1);
      break;
    case 'lower-hand':
      writer.uint8(kinds.lowerHand).fixed(content.stay, 8).uint32(content.count).fixed(content.deviceKey, 32);
      break;
    case 'count':
      writer.uint8(kinds.count).fixed(content.stay, 8).uint32(content.number);
      break;
  }
  return writer.bytes();
}

/** Null where it is not what `writeCallContent` writes: of a newer program, or of somebody who means no good. */
export function readCallContent(bytes: Uint8Array): CallContent | null {
  const reader = new WireReader(bytes);
  const content = reader.uint8() === version ? readKind(reader.uint8(), reader) : null;
  return reader.isComplete ? content : null;
}

function readKind(kind: number, reader: WireReader): CallContent | null {
  switch (kind) {
    case kinds.text: {
      const [stay, number, text] = [reader.fixed(8), reader.uint32(), textOf(reader.vector(longestTextBytes))];
      return text === null ? null : { kind: 'text', stay, number, text };
    }
    case kinds.hand:
      return { kind: 'hand', stay: reader.fixed(8), count: reader.uint32(), place: reader.uint32() };
    case kinds.reaction: {
      const reaction = reactions[reader.uint8() - 1];
      return reaction === undefined ? null : { kind: 'reaction', reaction };
    }
    case kinds.lowerHand:
      return { kind: 'lower-hand', stay: reader.fixed(8), count: reader.uint32(), deviceKey: reader.fixed(32) };
    case kinds.count:
      return { kind: 'count', stay: reader.fixed(8), number: reader.uint32() };
    default:
      return null;
  }
}

/** What can be shown as it is: no bytes that are no text, nothing that moves the words about it, not too long and not nothing. */
function textOf(bytes: Uint8Array): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return isSayable(text) ? text : null;
  } catch {
    return null;
  }
}

/** Line breaks and tabs are the only control characters; embeddings and overrides of the direction of writing could show one text for another. */
// eslint-disable-next-line no-control-regex -- Control characters are what is looked for.
const unsayable = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u2028-\u202E\u2066-\u2069]/;

/** Whether somebody can say it in a call. */
export function isSayable(text: string): boolean {
  return text.trim() !== '' && text.length <= longestText && !unsayable.test(text);
}

/** What was typed, without what nobody sees: as it is said. */
export function sayable(typed: string): string {
  return typed.replaceAll(/\r\n?/g, '\n').replaceAll(new RegExp(unsayable, 'g'), '').trim();
}
