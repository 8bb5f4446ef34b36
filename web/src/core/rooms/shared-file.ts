/** A file as a message carries it, within the seal: the server knows none of this but the id and, from the parts, the length. Keys and hashes in hexadecimal. */
export interface SharedFile {
  readonly id: string;
  readonly key: string;
  /** Over all sealed parts. */
  readonly root: string;
  /** In bytes. */
  readonly size: number;
  readonly name: string;
  /** As whoever sent it says, or nothing. Nothing is opened by it. */
  readonly type: string;
  /** A small picture of it, in base64. */
  readonly thumbnail?: string;
  /** A voice message of so many seconds. */
  readonly seconds?: number;
}

export const longestName = 255;
/** In characters of base64; an entry holds no more than a quarter of a MiB. */
export const longestThumbnail = 40_000;
const largestSize = 2 ** 31;
const longestVoice = 3600;

/** @returns Null where it is not of the right form. */
export function parseSharedFile(value: unknown): SharedFile | null {
  if (typeof value !== 'object' || value === null) return null;
  const { id, key, root, size, name, type, thumbnail, seconds } = value as Record<string, unknown>;
  if (!isHex(id, 32) || !isHex(key, 64) || !isHex(root, 64)) return null;
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0 || size > largestSize) return null;
  if (typeof name !== 'string' || name.length > longestName) return null;
  return {
    id,
    key,
    root,
    size,
    name,
    type: typeof type === 'string' && /^[\w.+-]{1,60}\/[\w.+-]{1,60}$/.test(type) ? type : '',
    ...(typeof thumbnail === 'string' && thumbnail.length <= longestThumbnail ? { thumbnail } : {}),
    ...(typeof seconds === 'number' && seconds >= 0 && seconds <= longestVoice ? { seconds } : {}),
  };
}

/** A name that a person reads and a disk takes: one line, no folder, no letter that turns the order of the others around to hide an ending. */
export function safeName(name: string): string {
  const plain = name
    // eslint-disable-next-line no-control-regex -- these are what must go
    .replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g, '')
    .replace(/[\\/:*?"<>|]/g, '_')
    .replace(/^[. ]+|[. ]+$/g, '');
  if (plain.length === 0) return 'file';
  // The ending says what it is: of a long name the middle goes.
  return plain.length <= 120 ? plain : `${plain.slice(0, 90)}…${plain.slice(-29)}`;
}

const pictures: readonly (readonly [type: string, begins: readonly (number | null)[]])[] = [
  ['image/webp', [0x52, 0x49, 0x46, 0x46, null, null, null, null, 0x57, 0x45, 0x42, 0x50]],
  ['image/png', [0x89, 0x50, 0x4e, 0x47]],
  ['image/jpeg', [0xff, 0xd8, 0xff]],
];

/** An address to show the small picture by; undefined where its bytes are not a picture's, whatever they are said to be. */
export function thumbnailAddress({ thumbnail }: SharedFile): string | undefined {
  if (thumbnail === undefined || !/^[A-Za-z0-9+/]+={0,2}$/.test(thumbnail)) return undefined;
  let beginning: string;
  try {
    beginning = atob(thumbnail).slice(0, 12);
  } catch {
    return undefined;
  }
  const type = pictureType(Uint8Array.from(beginning, (letter) => letter.charCodeAt(0)));
  return type === undefined ? undefined : `data:${type};base64,${thumbnail}`;
}

/** Which picture bytes are, by how they begin; undefined for none that is shown. @param beginning 12 bytes are enough. */
export function pictureType(beginning: Uint8Array): string | undefined {
  return pictures.find(([, begins]) => begins.every((byte, at) => byte === null || beginning[at] === byte))?.[0];
}

function isHex(value: unknown, length: number): value is string {
  return typeof value === 'string' && value.length === length && /^[0-9a-f]*$/.test(value);
}
