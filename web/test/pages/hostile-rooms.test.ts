import type { Browser, Page } from 'playwright-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { accountOf } from '../../src/core/devices/account-bytes';
import type { Bytes } from '../../src/e2ee/bytes';
import { firstHead, nextHead, parseEntry, signEntry } from '../../src/e2ee/rooms/entry';
import { signMembershipChange } from '../../src/e2ee/rooms/membership';
import { generateSigningKey, signerOf } from '../../src/e2ee/signature';
import { startBrowser } from './browser';
import { director } from './fixtures/hospital';
import { beginWithBruno, judge, said, TwoPeople, write as send } from './fixtures/two-people';
import type { ReceivedRequest } from './scripted-server';

const look = { language: 'en', theme: 'light', width: 390 } as const;

let browser: Browser;
/** One server that cheats, as two people see it. */
let people: TwoPeople;

beforeAll(async () => {
  browser = await startBrowser();
});

beforeEach(async () => {
  people = await TwoPeople.start(browser);
});

afterEach(() => people.stop());

/** Claire has begun a room with Bruno, whose page follows it. */
async function two(): Promise<{ hers: Page; his: Page; room: string }> {
  const his = await people.open(people.brunos, look);
  const hers = await people.open(people.claires, look);
  await beginWithBruno(hers, 'Logistics');
  const [room = ''] = people.rooms.rooms.rooms.keys();
  return { hers, his, room };
}

/** Returns once the server has it: until then it stands below the messages, as being sent. */
async function write(page: Page, text: string): Promise<void> {
  await send(page, text);
  await said(page, text);
}

function words(page: Page, text: string): ReturnType<Page['locator']> {
  return page.locator('[role=log] article p.text').filter({ hasText: new RegExp(`^\\s*${text}\\s*$`) });
}

async function open(page: Page): Promise<void> {
  await page.getByRole('link', { name: /Logistics/ }).click();
  await page.getByRole('heading', { name: 'Logistics' }).waitFor();
}

describe('a server that cheats in a room', () => {
  it('by_leaving_a_message_out_is_shown_to_tell_two_stories', async () => {
    const { hers, his: before, room } = await two();
    await before.close();
    for (const text of ['Water in the basement', 'Do not use the lift', 'Thank you']) await write(hers, text);
    people.rooms.rooms.rewrite(room, (entries) => entries.splice(entries.length - 2, 1));
    const his = await people.comesBack(before, people.brunos);
    await open(his);
    await his.getByText('The server tells two stories of this room').waitFor();
    await said(his, 'Water in the basement');
    expect(await words(his, 'Do not use the lift').count()).toBe(0);
    await judge(his, 'room-two-stories');
    // Not forgotten with the page.
    await his.reload();
    await his.getByText('The server tells two stories of this room').waitFor();
  });

  it('by_putting_messages_in_another_order_is_shown_to_tell_two_stories', async () => {
    const { hers, his: before, room } = await two();
    await before.close();
    for (const text of ['Close the gate', 'Open the gate']) await write(hers, text);
    people.rooms.rooms.rewrite(room, (entries) => entries.push(...entries.splice(entries.length - 2, 1)));
    const his = await people.comesBack(before, people.brunos);
    await open(his);
    await his.getByText('The server tells two stories of this room').waitFor();
  });

  it('by_forgetting_the_end_is_found_out_by_who_had_read_it_who_keeps_it', async () => {
    const { hers, room } = await two();
    await write(hers, 'The director has signed');
    people.cheat(room, (entries) => entries.pop());
    await hers.getByText('The server has forgotten the end of this room').waitFor();
    await said(hers, 'The director has signed');
    await hers.reload();
    await hers.getByText('The server has forgotten the end of this room').waitFor();
    await said(hers, 'The director has signed');
  });

  it('by_forgetting_the_end_is_found_out_also_by_who_looks_at_the_list_of_rooms', async () => {
    const { hers, room } = await two();
    await write(hers, 'The director has signed');
    await hers.getByRole('link', { name: 'Rooms' }).first().click();
    await hers.getByRole('link', { name: /Logistics/ }).waitFor();
    people.cheat(room, (entries) => entries.pop());
    await hers.getByRole('link', { name: /Logistics.*The server contradicts itself/ }).waitFor();
    await judge(hers, 'rooms-contradiction');
  });

  it('by_repeating_or_changing_a_message_is_refused_and_what_was_written_stands_once', async () => {
    const { hers, his, room } = await two();
    await write(hers, 'Evacuate block B');
    const last = people.entriesOf(room).at(-1) ?? new Uint8Array();
    const changed = Uint8Array.from(last);
    changed[changed.length - 100] = (changed[changed.length - 100] ?? 0) ^ 1;
    people.cheat(room, (entries) => entries.push(Uint8Array.from(last), changed));
    await open(his);
    await his.getByText(/A refused entry: .*repeated/).waitFor();
    await his.getByText(/A refused entry: .*bad-signature/).waitFor();
    expect(await words(his, 'Evacuate block B').count()).toBe(1);
    await judge(his, 'room-refused');
  });

  it('by_adding_a_member_and_a_device_of_its_own_is_refused_and_gets_no_key', async () => {
    const { hers, room } = await two();
    const [device, identity] = await Promise.all([generateSigningKey().then(signerOf), generateSigningKey().then(signerOf)]);
    const first = parseEntry(people.entriesOf(room)[0] ?? new Uint8Array());
    const state = people.rooms.rooms.rooms.get(room)?.state;
    if (!first.ok || !state) throw new Error('a room begins with an entry');
    const stranger = crypto.getRandomValues(new Uint8Array(16));
    const header = {
      room: accountOf(room),
      id: crypto.getRandomValues(new Uint8Array(16)),
      device: crypto.getRandomValues(new Uint8Array(16)),
      deviceSeq: 1n,
      seenSeq: state.heads.head.seq,
      seenHash: state.heads.head.hash,
      class: 'membership' as const,
      era: state.eras.length,
    };
    const payload = await signMembershipChange(identity, header, {
      creation: null,
      era: state.eras.length,
      eraCommitment: new Uint8Array(32),
      set: [{ account: stranger, role: 'administrator', signingKey: identity.publicKey, sealingKeyHash: new Uint8Array(32) }],
      removed: [],
      administrator: accountOf(director.personId),
    });
    const own = await signEntry(device, header, payload);
    // Once by a device of the server's own, and once as if Claire's had written it.
    const hersToo = await signEntry(device, { ...header, device: first.value.header.device, deviceSeq: 1000n }, payload);
    people.cheat(room, (entries) => entries.push(own, hersToo));
    await hers.getByText(/A refused entry: .*unknown-device/).waitFor();
    await hers.getByText(/A refused entry: .*bad-signature/).waitFor();
    await hers.getByRole('button', { name: '2 members' }).waitFor();
  });

  it('by_telling_two_people_two_stories_is_shown_as_soon_as_one_reads_the_other', async () => {
    const { hers, his, room } = await two();
    // To Bruno it never shows Claire's last message, and takes what he writes upon what was before: so from before she writes it.
    const story: Bytes[] = [...people.entriesOf(room)];
    const hidden = story.length;
    people.brunos
      .on('GET /api/v1/rooms/*/entries', ({ query }: ReceivedRequest) => ({
        body: {
          entries: story
            .map((entry, at) => ({ seq: at + 1, writtenAt: '2026-11-22T08:30:00Z', entry: Buffer.from(entry).toString('base64') }))
            .slice(Number(query.get('after') ?? 0)),
          headSeq: story.length,
        },
      }))
      .on('POST /api/v1/rooms/*/entries', async ({ body }: ReceivedRequest) => {
        const entry = new Uint8Array(Buffer.from((body as { readonly entry: string }).entry, 'base64'));
        story.push(entry);
        const hash = await hashAfter(room, story);
        people.brunos.hub.publish('room.entry-appended', { roomId: room, seq: story.length });
        return { body: { seq: story.length, chainHash: Buffer.from(hash).toString('base64') } };
      });
    await write(hers, 'Nobody leaves the building');
    await open(his);
    await write(his, 'All leave now');
    expect(await words(his, 'Nobody leaves the building').count()).toBe(0);
    people.cheat(room, (entries) => entries.push(...story.slice(hidden)));
    await hers.getByText('The server tells two stories of this room').waitFor();
    expect(await words(hers, 'All leave now').count()).toBe(0);
  });
});

async function hashAfter(room: string, entries: readonly Bytes[]): Promise<Bytes> {
  let head = await firstHead(accountOf(room));
  for (const entry of entries) head = await nextHead(head, entry);
  return head.hash;
}
