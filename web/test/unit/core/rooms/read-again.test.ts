import { describe, expect, it } from 'vitest';
import type { RoomItem } from '../../../../src/core/rooms/room-log';
import { RoomSession } from '../../../../src/core/rooms/room-session';
import { type Bytes, toHex, utf8 } from '../../../../src/e2ee/bytes';
import { MemoryDirectoryLog } from '../devices/memory';
import { type Browser, browserOn, MemoryRooms } from './memory-rooms';

interface Kept {
  readonly state: Record<string, unknown>;
  readonly page: { items: RoomItem[] };
}

async function keptBy(browser: Browser, room: Bytes): Promise<Kept> {
  const read = async (name: string): Promise<unknown> =>
    JSON.parse(new TextDecoder().decode((await browser.store.read(`room/${toHex(room)}/${name}`)) ?? new Uint8Array())) as unknown;
  return { state: (await read('state')) as Kept['state'], page: (await read('page/0')) as Kept['page'] };
}

function keep(browser: Browser, room: Bytes, { state, page }: Kept): Promise<void> {
  const name = `room/${toHex(room)}`;
  return browser.store.write(
    new Map([
      [`${name}/state`, utf8(JSON.stringify(state))],
      [`${name}/page/0`, utf8(JSON.stringify(page))],
    ]),
  );
}

const say = (text: string): { readonly kind: 'message'; readonly text: string } => ({ kind: 'message', text });

function told({ log }: RoomSession): readonly string[] {
  return log.items.flatMap(({ what }) =>
    what.kind === 'refused' ? [what.code] : what.kind === 'content' && what.content.kind === 'message' ? [what.content.text] : [],
  );
}

/** Claire's room, in which Bruno became an administrator: by the rules of the page that he had then, that was refused. */
async function oldPage(): Promise<{ readonly server: MemoryRooms; readonly bruno: Browser; readonly room: Bytes }> {
  const directory = new MemoryDirectoryLog();
  const server = new MemoryRooms();
  const [claire, bruno] = [await browserOn(directory, server), await browserOn(directory, server)];
  for (const browser of [claire, bruno]) await browser.directory.sync();
  const nonce = crypto.getRandomValues(new Uint8Array(16));
  const hers = await RoomSession.open(claire, await RoomSession.idOf(claire, nonce));
  const account = bruno.device.account;
  await hers.begin({ nonce, members: [{ account, role: 'member' }] });
  const room = hers.log.room;
  await hers.write(say('before'));
  const his = await RoomSession.open({ ...bruno, version: 'first' }, room);
  await his.sync();
  const before = await keptBy(bruno, room);
  await hers.changeMembers([{ account, role: 'administrator' }], []);
  await his.sync();
  const after = await keptBy(bruno, room);
  const items = after.page.items.map((item): RoomItem =>
    item.seq > before.page.items.length && item.what.kind === 'members'
      ? { seq: item.seq, at: item.at, what: { kind: 'refused', code: 'not-an-administrator' } }
      : item,
  );
  await keep(bruno, room, {
    state: { ...after.state, roster: before.state['roster'], rosterSeq: before.state['rosterSeq'] },
    page: { ...after.page, items },
  });
  await hers.write(say('after'));
  return { server, bruno, room };
}

function roleOf(session: RoomSession, { device }: Browser): string | undefined {
  return session.log.state.roster.get(toHex(device.account))?.role;
}

describe('what an older page made nothing of', () => {
  it('is_judged_again_by_a_newer_one_once_and_stays_as_it_is_until_the_server_answers', async () => {
    const { bruno, room } = await oldPage();
    const same = await RoomSession.open({ ...bruno, version: 'first' }, room);
    expect(same.log.asksToBeReadAgain).toBe(false);
    expect([told(same), roleOf(same, bruno)]).toEqual([['before', 'not-an-administrator'], 'member']);

    const newer = await RoomSession.open({ ...bruno, version: 'second' }, room);
    bruno.service.isUp = false;
    await expect(newer.sync()).rejects.toThrow();
    expect(told(newer)).toEqual(['before', 'not-an-administrator']);
    bruno.service.isUp = true;
    await newer.sync();
    expect([told(newer), roleOf(newer, bruno), newer.log.problem]).toEqual([['before', 'after'], 'administrator', null]);
    await newer.write(say('understood'));

    const again = await RoomSession.open({ ...bruno, version: 'second' }, room);
    expect(again.log.asksToBeReadAgain).toBe(false);
    expect(told(again)).toEqual(['before', 'after', 'understood']);
    expect(roleOf(again, bruno)).toBe('administrator');
  });

  it('gives_a_server_no_occasion_to_tell_another_story_of_the_room', async () => {
    const { server, bruno, room } = await oldPage();
    const newer = await RoomSession.open({ ...bruno, version: 'second' }, room);
    server.rewrite(newer.id, (entries) => entries.splice(entries.length - 3, 1));
    await newer.sync().catch(() => undefined);
    expect([told(newer)[0], newer.log.problem]).toEqual(['before', 'forked']);
  });
});
