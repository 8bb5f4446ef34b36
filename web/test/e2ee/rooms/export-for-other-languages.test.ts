import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { type Bytes, concatenate, toHex, utf8 } from '../../../src/e2ee/bytes';
import { sealContent } from '../../../src/e2ee/rooms/content';
import { signEntry } from '../../../src/e2ee/rooms/entry';
import { RoomExportWriter } from '../../../src/e2ee/rooms/export';
import { FileRoot, FileSealer, partLength, rangeOf } from '../../../src/e2ee/rooms/file';
import { SeededRandom } from '../seeded';
import { createRoom, Person } from './people';

const path = resolve(import.meta.dirname, '../../../../test/vectors/rooms/export.json');

/** A room of three eras with two small files and a cut one, exported with all keys and with the last alone. */
async function vectors(): Promise<unknown> {
  const random = new SeededRandom(112);
  const { creator, entries } = await createRoom(random);
  const room = creator.room.room;
  const add = async (by: Person, entry: Promise<Bytes>): Promise<void> => {
    entries.push(await entry);
    await creator.read(entries);
    await by.read(entries);
  };
  // As `Person.commitment` has it: nobody needs these keys but this test.
  const keyOf = (era: number): Bytes => new Uint8Array(32).fill(era & 0xff);
  const say = (by: Person, content: object): Promise<void> => {
    const header = by.header('content');
    return add(
      by,
      (async () => {
        return signEntry(by.deviceSigner, header, await sealContent(keyOf(header.era), header, utf8(JSON.stringify(content))));
      })(),
    );
  };
  await creator.read(entries);
  const files: { readonly id: Bytes; readonly parts: Bytes[] }[] = [];
  const share = async (by: Person, name: string, plaintext: Bytes): Promise<void> => {
    const seal = { room, file: random.bytes(16), key: random.bytes(32), size: plaintext.length };
    const sealer = await FileSealer.of(seal);
    const hashes = new FileRoot(seal.size);
    const parts: Bytes[] = [];
    for (let part = 0; part < sealer.parts; part++) {
      parts.push(await sealer.sealPart(part, plaintext.subarray(...rangeOf(seal.size, part))));
      await hashes.add(part, parts[part] as Bytes);
    }
    const root = (await hashes.root()) as Bytes;
    files.push({ id: seal.file, parts });
    await say(by, {
      kind: 'message',
      text: '',
      file: { id: toHex(seal.file), key: toHex(seal.key), root: toHex(root), size: seal.size, name, type: 'text/plain' },
    });
  };
  await say(creator, { kind: 'name', text: 'Cellule' });
  await say(creator, { kind: 'message', text: 'Water in the basement' });
  await share(creator, '../évacuation.txt', utf8('north gate\n'));
  const other = await Person.create(random, room);
  await add(creator, creator.change({ set: [other.member('administrator')], era: 2 }));
  await other.read(entries);
  await add(other, other.introduce());
  await say(other, { kind: 'message', text: 'On my way ✓', mentions: [toHex(creator.account)] });
  await share(other, 'empty', new Uint8Array());
  await share(creator, 'two parts', new Uint8Array(partLength + 3).fill(7));
  await add(creator, creator.change({ removed: [other.account], era: 3 }));
  await say(creator, { kind: 'message', text: 'Only for those who stay' });
  await say(creator, { kind: 'something of later', of: 1 });

  const write = async (eras: readonly number[], carried: typeof files): Promise<string> => {
    const written: Bytes[] = [];
    const writer = new RoomExportWriter((bytes) => {
      written.push(bytes);
      return Promise.resolve();
    });
    const { head } = creator.room.heads;
    await writer.begin({ room, head, exportedAt: 1_790_000_000_000, account: creator.account, device: creator.device });
    for (const era of eras) await writer.eraKey(era, keyOf(era));
    for (const [at, entry] of entries.entries()) await writer.entry(1_780_000_000_000 + at, entry);
    for (const { id, parts } of carried) {
      await writer.file(id, parts.length);
      for (const part of parts) await writer.part(part);
    }
    await writer.end(creator.deviceSigner);
    return Buffer.from(concatenate(...written)).toString('base64');
  };
  return {
    room: toHex(room),
    head: toHex(creator.room.heads.head.hash),
    entries: entries.length,
    // The large file is left out where every byte of the archive is changed in turn.
    small: await write([1, 2, 3], files.slice(0, 2)),
    whole: await write([1, 2, 3], files),
    closed: await write([3], []),
  };
}

it('the_archives_that_tocsin_verify_reads_are_those_that_this_writes', async () => {
  const text = `${JSON.stringify(await vectors(), null, 2)}\n`;
  if (process.env['TOCSIN_WRITE_VECTORS'] === '1') writeFileSync(path, text);
  expect(readFileSync(path, 'utf8') === text).toBe(true);
});
