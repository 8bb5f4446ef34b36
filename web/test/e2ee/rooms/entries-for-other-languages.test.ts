import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { type Bytes, sha256, toHex, utf8 } from '../../../src/e2ee/bytes';
import { certifyDevice } from '../../../src/e2ee/identities/device-certificate';
import { entryClasses, type EntryClass, firstHead, nextHead, signEntry } from '../../../src/e2ee/rooms/entry';
import { signerFromSeed } from '../../../src/e2ee/signature';

const path = resolve(import.meta.dirname, '../../../../test/vectors/rooms/entries.json');

/** Bytes that anybody can make again: the hash of their name. */
async function named(name: string, length = 16): Promise<Bytes> {
  return (await sha256(utf8(name))).slice(0, length);
}

async function vectors(): Promise<unknown> {
  const identity = await signerFromSeed(await named('identity', 32));
  const device = await signerFromSeed(await named('device key', 32));
  const [room, account, deviceId] = [await named('room'), await named('account'), await named('device')];
  const certificate = await certifyDevice(identity, { account, device: deviceId, deviceKey: device.publicKey, issuedAt: 1_700_000_000_000n });
  let head = await firstHead(room);
  const entries = [];
  for (const [at, entryClass] of (Object.keys(entryClasses) as EntryClass[]).entries()) {
    const deviceSeq = BigInt(at) + 1n;
    // One number that a double cannot hold, and payloads from nothing on.
    const header = {
      room,
      id: await named(`entry ${at}`),
      device: deviceId,
      deviceSeq,
      seenSeq: head.seq,
      seenHash: head.hash,
      class: entryClass,
      era: 0xffff_fff0 + at,
    };
    const bytes = await signEntry(device, at === 3 ? { ...header, deviceSeq: 0xffff_ffff_ffff_ffffn } : header, new Uint8Array(at * 100).fill(at));
    head = await nextHead(head, bytes);
    entries.push({
      entry: toHex(bytes),
      class: entryClasses[entryClass],
      id: toHex(header.id),
      era: header.era,
      payloadLength: at * 100,
      chainHash: toHex(head.hash),
    });
  }
  const first = await firstHead(room);
  return {
    room: toHex(room),
    account: toHex(account),
    device: toHex(deviceId),
    certificate: toHex(certificate),
    firstHash: toHex(first.hash),
    entries,
  };
}

it('the_entries_that_other_languages_read_are_those_that_this_one_writes', async () => {
  const text = `${JSON.stringify(await vectors(), null, 2)}\n`;
  if (process.env['TOCSIN_WRITE_VECTORS'] === '1') writeFileSync(path, text);
  expect(readFileSync(path, 'utf8')).toBe(text);
});
