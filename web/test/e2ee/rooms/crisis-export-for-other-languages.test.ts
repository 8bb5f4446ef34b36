import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { type Bytes, concatenate, toHex, utf8 } from '../../../src/e2ee/bytes';
import { sealContent } from '../../../src/e2ee/rooms/content';
import { CrisisExportWriter } from '../../../src/e2ee/rooms/crisis-export';
import { signEntry } from '../../../src/e2ee/rooms/entry';
import { RoomExportWriter } from '../../../src/e2ee/rooms/export';
import { roomIdOf } from '../../../src/e2ee/rooms/membership';
import { emptyRoom } from '../../../src/e2ee/rooms/replay';
import { SeededRandom } from '../seeded';
import { createRoom, type Person } from './people';

const path = resolve(import.meta.dirname, '../../../../test/vectors/rooms/crisis-export.json');
const exportedAt = 1_790_000_000_000;
/** Of the only era; as `Person.commitment` has it. */
const key = new Uint8Array(32).fill(1);

interface Archived {
  readonly room: Bytes;
  readonly bytes: Bytes;
}

/** The archive of a room in which this person, who has just created it, says these things. */
async function archiveOf(person: Person, entries: Bytes[], contents: readonly object[]): Promise<Archived> {
  const { room } = person.room;
  await person.read(entries);
  for (const content of contents) {
    const header = person.header('content');
    entries.push(await signEntry(person.deviceSigner, header, await sealContent(key, header, utf8(JSON.stringify(content)))));
    await person.read(entries);
  }
  const written: Bytes[] = [];
  const writer = new RoomExportWriter((bytes) => {
    written.push(bytes);
    return Promise.resolve();
  });
  await writer.begin({ room, head: person.room.heads.head, exportedAt, account: person.account, device: person.device });
  await writer.eraKey(1, key);
  for (const [at, entry] of entries.entries()) await writer.entry(1_780_000_000_000 + at, entry);
  await writer.end(person.deviceSigner);
  return { room, bytes: concatenate(...written) };
}

/** Another room of the same person's, on the same device. */
async function anotherRoom(person: Person): Promise<Bytes[]> {
  const nonce = person.random.bytes(16);
  person.room = await emptyRoom(await roomIdOf(person.account, person.identity.publicKey, nonce));
  person.deviceSeq = 0n;
  return [await person.change({ creation: { nonce, certificate: person.certificate }, set: [person.member('administrator')] })];
}

/** A crisis of two cells, one of which its exporter was not in, and what the server gave of its alert. */
async function vectors(): Promise<unknown> {
  const random = new SeededRandom(145);
  const { creator: person, entries } = await createRoom(random);
  const leading = person.room.room;
  const ofLeading = { room: person.room, deviceSeq: person.deviceSeq };
  const cell = await archiveOf(person, await anotherRoom(person), [{ kind: 'message', text: 'The pump runs' }]);
  const leftOut = random.bytes(16);
  Object.assign(person, ofLeading);
  const cellOf = (name: string, room: Bytes | null): object => ({
    id: toHex(random.bytes(16)),
    name,
    kind: 'technical',
    room: room && toHex(room),
    people: [],
  });
  const leads = await archiveOf(person, entries, [
    { kind: 'crisis', crisis: { name: 'Flood', mode: 'real', severity: 'severe', cells: [cellOf('Pumps', cell.room), cellOf('Not begun', null)] } },
    { kind: 'crisis-cell', cell: cellOf('Press', leftOut) },
    // Not a cell of this crisis, whoever says so.
    { kind: 'message', text: 'x', room: toHex(random.bytes(16)) },
  ]);
  const stranger = await createRoom(random);
  const strangers = await archiveOf(stranger.creator, stranger.entries, []);

  const write = async (rooms: readonly Archived[], documents: readonly string[], signer = person.deviceSigner): Promise<string> => {
    const written: Bytes[] = [];
    const writer = new CrisisExportWriter((bytes) => {
      written.push(bytes);
      return Promise.resolve();
    });
    await writer.begin({ room: leading, exportedAt, account: person.account, device: person.device });
    for (const { room, bytes } of rooms) {
      await writer.beginRoom(room);
      // As a browser writes it: in pieces of any length.
      for (let at = 0; at < bytes.length; at += 700) await writer.bytes(bytes.subarray(at, at + 700));
    }
    for (const name of documents) {
      await writer.beginDocument(name);
      await writer.bytes(utf8(`${name}\n`));
    }
    await writer.end(signer);
    return Buffer.from(concatenate(...written)).toString('base64');
  };
  return {
    crisis: toHex(leading),
    cell: toHex(cell.room),
    leftOut: toHex(leftOut),
    whole: await write([leads, cell], ['alert.csv', 'alert.pdf']),
    wrong: {
      'export-malformed': [
        // Another room first; the same twice; one document twice, whatever the case; names that leave the directory.
        await write([cell, leads], []),
        await write([leads, cell, cell], []),
        await write([leads, { room: cell.room, bytes: leads.bytes }], []),
        await write([leads], ['alert.csv', 'ALERT.csv']),
        await write([leads], ['../alert.csv']),
        await write([leads], ['.alert']),
        await write([leads], ['']),
        await write([], []),
      ],
      'export-exporter': [await write([leads, strangers], [])],
      'export-signature': [await write([leads, cell], ['alert.csv'], stranger.creator.deviceSigner)],
      'export-cut': [await write([{ room: leads.room, bytes: leads.bytes.subarray(0, -10) }, cell], [])],
    },
  };
}

it('the_archives_of_crises_that_tocsin_verify_reads_are_those_that_this_writes', async () => {
  const text = `${JSON.stringify(await vectors(), null, 2)}\n`;
  if (process.env['TOCSIN_WRITE_VECTORS'] === '1') writeFileSync(path, text);
  expect(readFileSync(path, 'utf8') === text).toBe(true);
});
