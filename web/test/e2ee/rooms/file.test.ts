import { describe, expect, it } from 'vitest';
import { type Bytes, concatenate, equalBytes } from '../../../src/e2ee/bytes';
import {
  FileRoot,
  type FileSeal,
  FileSealer,
  largestFile,
  openFile,
  partLength,
  partsOf,
  rangeOf,
  sealedLengthOf,
} from '../../../src/e2ee/rooms/file';
import { SeededRandom } from '../seeded';

const random = new SeededRandom();

async function sealed(plaintext: Bytes): Promise<{ readonly seal: FileSeal; readonly parts: Bytes[]; readonly root: Bytes }> {
  const seal = { room: random.bytes(16), file: random.bytes(16), key: random.bytes(32), size: plaintext.length };
  const sealer = await FileSealer.of(seal);
  const hashes = new FileRoot(seal.size);
  const parts: Bytes[] = [];
  for (let part = 0; part < sealer.parts; part++) {
    const bytes = await sealer.sealPart(part, plaintext.subarray(...rangeOf(seal.size, part)));
    await hashes.add(part, bytes);
    parts.push(bytes);
  }
  const root = await hashes.root();
  if (root === undefined) throw new Error('all parts were added');
  return { seal, parts, root };
}

/** Long ones are cheap to make of few random numbers. */
function content(length: number): Bytes {
  const piece = random.bytes(Math.min(length, 997));
  return Uint8Array.from({ length }, (_, at) => (piece[at % 997] ?? 0) ^ (at >> 8));
}

describe('a file of a room', () => {
  it.each([0, 1, partLength - 1, partLength, partLength + 1, 3 * partLength + 17])('of %i bytes is opened as it was sealed', async (length) => {
    const plaintext = content(length);
    const { seal, parts, root } = await sealed(plaintext);
    expect(parts).toHaveLength(partsOf(length));
    expect(parts.map((part) => part.length)).toEqual(parts.map((_, part) => sealedLengthOf(length, part)));
    const opened = await openFile(seal, root, parts);
    // Compared by our own: the runner's comparison takes minutes for as many bytes.
    expect(opened.ok && equalBytes(opened.value, plaintext)).toBe(true);
  });

  it('is refused where parts are exchanged, left out, doubled, cut, lengthened or changed', async () => {
    const length = 4 * partLength + 5;
    const { seal, parts, root } = await sealed(content(length));
    const at = (index: number): Bytes => parts[index] ?? new Uint8Array();
    const refused: Bytes[][] = [
      [at(1), at(0), ...parts.slice(2)],
      parts.slice(0, -1),
      parts.slice(1),
      [...parts, at(4)],
      [at(0), at(0), ...parts.slice(2)],
      [...parts.slice(0, -1), at(4).slice(0, -1)],
      [...parts.slice(0, -1), concatenate(at(4), Uint8Array.of(0))],
      [],
    ];
    for (let round = 0; round < 12; round++) {
      const place = random.below(parts.length);
      const changed = new Uint8Array(at(place));
      const byte = random.below(changed.length);
      changed[byte] = (changed[byte] ?? 0) ^ (1 << random.below(8));
      refused.push(parts.map((part, each) => (each === place ? changed : part)));
    }
    for (const wrong of refused) expect((await openFile(seal, root, wrong)).ok).toBe(false);
  });

  it('opens each part in its own place alone, of its own file, room and length', async () => {
    const length = 3 * partLength;
    const { seal, parts } = await sealed(content(length));
    const others: FileSeal[] = [
      { ...seal, file: random.bytes(16) },
      { ...seal, room: random.bytes(16) },
      { ...seal, key: random.bytes(32) },
      { ...seal, size: length + partLength },
      { ...seal, size: length - partLength },
    ];
    const own = await FileSealer.of(seal);
    for (const [number, part] of parts.entries()) {
      for (let place = -1; place <= parts.length; place++) expect((await own.openPart(place, part)).ok).toBe(place === number);
      for (const other of others) expect((await (await FileSealer.of(other)).openPart(number, part)).ok).toBe(false);
    }
  });

  it('is another where somebody who has its key sealed other bytes into its place', async () => {
    const length = partLength + 9;
    const { seal, parts, root } = await sealed(content(length));
    const forged = await (await FileSealer.of(seal)).sealPart(1, random.bytes(9));
    expect((await (await FileSealer.of(seal)).openPart(1, forged)).ok).toBe(true);
    expect(await openFile(seal, root, [parts[0] ?? new Uint8Array(), forged])).toEqual({ ok: false, code: 'cannot-open' });
  });

  it('has no root before all its parts are there, and none of more than 2 GiB', async () => {
    const hashes = new FileRoot(partLength + 1);
    expect(await hashes.root()).toBeUndefined();
    await hashes.add(1, random.bytes(17));
    expect(await hashes.root()).toBeUndefined();
    for (const size of [-1, 0.5, largestFile + 1]) {
      await expect(FileSealer.of({ room: random.bytes(16), file: random.bytes(16), key: random.bytes(32), size })).rejects.toThrow(RangeError);
    }
  });
});
