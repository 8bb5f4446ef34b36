import { type Bytes, utf8 } from '../bytes';
import { WireReader, WireWriter } from '../wire';

/** Characters, as `maxlength` counts them. */
export const longestText = 2_000;
/** Three bytes for each of those characters at most. */
const longestTextBytes = 3 * longestText;

/**
 * What somebody says in a call beside sound and pictures, inside of an MLS application message.
 *
 * ```
 * struct {
 *   uint8 version = 1;
 *   uint8 kind;             // 1 text
 *   select (kind) {
 *     text:     opaque stay[8]; uint32 number; opaque text<1..6000>;
 *   }
 * } CallContent;
 * ```
 */
export type CallContent =
  /** `stay` is of one page in one call; `number` counts its texts from 0, so that who hears them knows what is missing and what comes twice. */
  { readonly kind: 'text'; readonly stay: Bytes; readonly number: number; readonly text: string };

const version = 1;
const kinds = { text: 1 } as const;

export function writeCallContent(content: CallContent): Bytes {
  return new WireWriter()
    .uint8(version)
    .uint8(kinds.text)
    .fixed(content.stay, 8)
    .uint32(content.number)
    .vector(utf8(content.text), longestTextBytes)
    .bytes();
}

/** Null where it is not what `writeCallContent` writes: of a newer program, or of somebody who means no good. */
export function readCallContent(bytes: Uint8Array): CallContent | null {
  const reader = new WireReader(bytes);
  if (reader.uint8() !== version) return null;
  const kind = reader.uint8();
  if (kind !== kinds.text) return null;
  const [stay, number, encoded] = [reader.fixed(8), reader.uint32(), reader.vector(longestTextBytes)];
  const text = textOf(encoded);
  return reader.isComplete && text !== null ? { kind: 'text', stay, number, text } : null;
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
