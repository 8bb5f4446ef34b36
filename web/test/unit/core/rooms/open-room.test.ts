import { describe, expect, it } from 'vitest';
import { RoomSession } from '../../../../src/core/rooms/room-session';
import { OpenRoom } from '../../../../src/core/rooms/rooms.svelte';
import { revokeDevice } from '../../../../src/e2ee/identities/device-certificate';
import { encodeLogEntry } from '../../../../src/e2ee/identities/directory-log';
import { MemoryDirectoryLog } from '../devices/memory';
import { type Browser, browserOn, MemoryRooms } from './memory-rooms';

interface Present {
  readonly browser: Browser;
  readonly room: OpenRoom;
}

/** One room, as the pages of two people have it. */
async function openTwice(): Promise<{ readonly directory: MemoryDirectoryLog; readonly claire: Present; readonly karim: Present }> {
  const directory = new MemoryDirectoryLog();
  const server = new MemoryRooms();
  const [claire, karim] = [await browserOn(directory, server), await browserOn(directory, server)];
  await claire.directory.sync();
  const nonce = crypto.getRandomValues(new Uint8Array(16));
  const id = await RoomSession.idOf(claire, nonce);
  const hers = await RoomSession.open(claire, id);
  await hers.begin({ nonce, members: [{ account: karim.device.account, role: 'member' }] });
  const present = (browser: Browser, session: RoomSession): Present => ({ browser, room: new OpenRoom(session, browser.device, browser.directory) });
  return { directory, claire: present(claire, hers), karim: present(karim, await RoomSession.open(karim, id)) };
}

const say = (text: string): { readonly kind: 'message'; readonly text: string } => ({ kind: 'message', text });

describe('a room on a page', () => {
  it('warns_of_a_device_that_the_directory_does_not_have_any_more', async () => {
    const { directory, claire, karim } = await openTwice();
    await karim.room.sync();
    await karim.room.write(say('here'));
    await claire.room.sync();
    expect(claire.room.members.map(({ hasStrangeDevice }) => hasStrangeDevice)).toEqual([false, false]);
    const { identity, account, device } = karim.browser.device;
    const statement = await revokeDevice(identity, { account, device, revokedAt: 1n });
    await directory.append(encodeLogEntry({ kind: 'device-revocation', statement }));
    await claire.browser.directory.sync();
    expect(claire.room.members.map(({ isSelf, hasStrangeDevice }) => [isSelf, hasStrangeDevice])).toEqual([
      [true, false],
      [false, true],
    ]);
  });

  it('says_that_there_is_no_line_and_what_waits_and_that_one_is_no_longer_in_it', async () => {
    const { claire, karim } = await openTwice();
    await karim.room.sync();
    expect(karim.room.line).toBe('open');
    karim.browser.service.isUp = false;
    await karim.room.write(say('kept'));
    expect(karim.room.line).toBe('unreachable');
    expect(karim.room.waiting).toEqual([say('kept')]);
    await claire.room.remove(karim.room.members.find(({ isSelf }) => isSelf)?.id ?? '');
    karim.browser.service.isUp = true;
    await karim.room.sync();
    expect(karim.room.line).toBe('gone');
    expect(karim.room.unconfirmed).toEqual([]);
  });

  it('says_that_its_key_has_not_come_yet_where_there_is_a_line_and_sends_what_waits_once_it_has', async () => {
    const { karim } = await openTwice();
    const { service } = karim.browser;
    const read = service.read.bind(service);
    // As if whoever began the room had been cut off before sealing its key to others.
    service.read = async (room, after) => {
      const { entries } = await read(room, after);
      return { entries: entries.filter(({ seq }) => seq === 1), headSeq: 1 };
    };
    await karim.room.sync();
    expect(karim.room.line).toBe('keyless');
    service.append = () => Promise.reject(new Error('nothing leaves without a key'));
    await karim.room.write(say('waits for the key'));
    expect(karim.room.line).toBe('keyless');
    expect(karim.room.waiting).toEqual([say('waits for the key')]);
    Reflect.deleteProperty(service, 'append');
    service.read = read;
    await karim.room.sync();
    expect(karim.room.line).toBe('open');
    expect(karim.room.waiting).toEqual([]);
  });

  it('counts_what_others_wrote_since_and_what_is_to_be_confirmed', async () => {
    const { claire, karim } = await openTwice();
    await karim.room.sync();
    const before = karim.room.head;
    await claire.room.write(say('one'));
    await claire.room.write({ ...say('two'), priority: true });
    await karim.room.write(say('own'));
    expect(karim.room.unreadSince(before).map(({ text }) => text)).toEqual(['one', 'two']);
    const [asked] = karim.room.unconfirmed;
    expect(asked?.text).toBe('two');
    expect(claire.room.unconfirmed).toEqual([]);
    karim.browser.service.isUp = false;
    await karim.room.write({ kind: 'acknowledgement', of: asked?.id ?? '' });
    // Confirmed, though it has not left yet: nobody is asked twice.
    expect(karim.room.unconfirmed).toEqual([]);
  });

  it('a_situation_report_is_approved_by_who_conducts_the_crisis_and_the_same_for_both', async () => {
    const { claire, karim } = await openTwice();
    await karim.room.sync();
    const section = { id: '1'.repeat(32), heading: 'Situation', text: 'Servers cut' };
    await claire.room.write({ kind: 'situation-draft', sections: [section] });
    await claire.room.write({ kind: 'situation-submission', of: claire.room.situation.draft?.id ?? '', parts: [section] });
    const of = claire.room.situation.draft?.submission?.id ?? '';
    const statement = { type: 'fact', text: 'published', at: '2026-11-22T02:00:00.000Z' } as const;
    await karim.room.sync();
    // He only reads, whatever his browser sends.
    await karim.room.write({ kind: 'situation-approval', of });
    await karim.room.write({ kind: 'situation-publication', of, statement });
    expect(karim.room.situation.discounted.map(({ step, reason }) => [step, reason])).toEqual([
      ['approval', 'not-entitled'],
      ['publication', 'not-entitled'],
    ]);
    await claire.room.setRole(karim.room.members.find(({ isSelf }) => isSelf)?.id ?? '', 'administrator');
    await claire.room.write({ kind: 'situation-publication', of, statement });
    expect(claire.room.situation.published).toEqual([]);
    await karim.room.sync();
    await karim.room.write({ kind: 'situation-approval', of });
    await karim.room.write({ kind: 'situation-publication', of, statement });
    await claire.room.sync();
    expect(claire.room.situation).toEqual(karim.room.situation);
    expect(claire.room.situation.published).toMatchObject([
      { number: 1, approver: karim.room.self, author: claire.room.self, parts: [{ text: 'Servers cut' }] },
    ]);
    expect(claire.room.log.map(({ latest }) => latest.statement.text)).toEqual(['published']);
  });
});
