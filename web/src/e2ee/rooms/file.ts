import { openOnce, sealOnce } from '../aes-gcm';
import { type Bytes, concatenate, equalBytes, sha256 } from '../bytes';
import { deriveBytes, labelledHash } from '../labelled';
import { refusal, type Result, success } from '../result';
import { WireWriter } from '../wire';

/** A file is cut into parts of this many bytes; the last is shorter. */
export const partLength = 512 * 1024;
const mostParts = 4096;
/** 2 GiB. */
export const largestFile = mostParts * partLength;
const tagLength = 16;

/** What opens a file and holds it to what was sealed. It stands in a sealed entry, and nowhere else. */
export interface FileSeal {
  readonly room: Bytes;
  readonly file: Bytes;
  /** 32 random bytes, of this file alone. */
  readonly key: Bytes;
  /** In bytes, unsealed. */
  readonly size: number;
}

/** A file without a byte has one part, too: its seal says that it is empty. */
export function partsOf(size: number): number {
  return Math.max(1, Math.ceil(size / partLength));
}

/** From the first byte of a part to before its last. */
export function rangeOf(size: number, part: number): readonly [from: number, to: number] {
  return [part * partLength, Math.min(size, (part + 1) * partLength)];
}

/** How long a part is with its seal. */
export function sealedLengthOf(size: number, part: number): number {
  const [from, to] = rangeOf(size, part);
  return to - from + tagLength;
}

/** Seals and opens the parts of one file, in any order; each belongs to one place of one file of one length. docs/protocol/rooms.md has the derivation. */
export class FileSealer {
  private constructor(
    private readonly seal: FileSeal,
    private readonly key: Bytes,
    private readonly nonce: Bytes,
  ) {}

  /** @throws RangeError for a file longer than `largestFile`. */
  static async of(seal: FileSeal): Promise<FileSealer> {
    if (!Number.isSafeInteger(seal.size) || seal.size < 0 || seal.size > largestFile) throw new RangeError('a file has 2 GiB at most');
    const derived = await deriveBytes(seal.key, seal.file, 'Tocsin room file v1', contextOf(seal), 44);
    return new FileSealer(seal, derived.slice(0, 32), derived.slice(32));
  }

  get parts(): number {
    return partsOf(this.seal.size);
  }

  /** The same part always gives the same bytes: sent again it is the same part. */
  sealPart(part: number, plaintext: Uint8Array): Promise<Bytes> {
    const [from, to] = rangeOf(this.seal.size, part);
    if (part < 0 || part >= this.parts || plaintext.length !== to - from) throw new RangeError('a part has its length');
    return sealOnce(this.key, this.nonceOf(part), this.associatedOf(part), plaintext);
  }

  async openPart(part: number, sealed: Uint8Array): Promise<Result<Bytes, 'cannot-open'>> {
    if (part < 0 || part >= this.parts || sealed.length !== sealedLengthOf(this.seal.size, part)) return refusal('cannot-open');
    return openOnce(this.key, this.nonceOf(part), this.associatedOf(part), sealed);
  }

  /** As in RFC 8446 section 5.3: the number of the part over the end of the derived nonce. */
  private nonceOf(part: number): Bytes {
    const nonce = new Uint8Array(this.nonce);
    const view = new DataView(nonce.buffer);
    view.setUint32(8, view.getUint32(8) ^ part);
    return nonce;
  }

  private associatedOf(part: number): Bytes {
    return concatenate(contextOf(this.seal), new WireWriter().uint32(part).uint32(this.parts).bytes());
  }
}

/** Of all sealed parts, in order: who has it in a signed entry knows that everybody reads the same file. */
export class FileRoot {
  private readonly hashes: (Bytes | undefined)[];

  constructor(private readonly size: number) {
    this.hashes = Array.from({ length: partsOf(size) });
  }

  async add(part: number, sealed: Uint8Array): Promise<void> {
    this.hashes[part] = await sha256(sealed);
  }

  /** Undefined while a part is missing. */
  async root(): Promise<Bytes | undefined> {
    const known = this.hashes.filter((hash) => hash !== undefined);
    return known.length < this.hashes.length
      ? undefined
      : labelledHash('Tocsin room file root v1', new WireWriter().uint64(BigInt(this.size)).bytes(), ...known);
  }

  async is(root: Uint8Array): Promise<boolean> {
    const own = await this.root();
    return own !== undefined && equalBytes(own, root);
  }
}

/** Opens all parts of a file that is at hand, for what is small enough to be held whole. */
export async function openFile(seal: FileSeal, root: Bytes, parts: readonly Uint8Array[]): Promise<Result<Bytes, 'cannot-open'>> {
  const sealer = await FileSealer.of(seal);
  if (parts.length !== sealer.parts) return refusal('cannot-open');
  const hashes = new FileRoot(seal.size);
  const opened: Bytes[] = [];
  for (const [number, part] of parts.entries()) {
    const plaintext = await sealer.openPart(number, part);
    if (!plaintext.ok) return plaintext;
    await hashes.add(number, part);
    opened.push(plaintext.value);
  }
  return (await hashes.is(root)) ? success(concatenate(...opened)) : refusal('cannot-open');
}

function contextOf({ room, file, size }: FileSeal): Bytes {
  return new WireWriter().fixed(room, 16).fixed(file, 16).uint64(BigInt(size)).uint32(partLength).bytes();
}
