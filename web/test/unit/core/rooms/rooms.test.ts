import { describe, expect, it, vi } from 'vitest';
import { parseContent } from '../../../../src/core/rooms/room-content';
import { RoomLog } from '../../../../src/core/rooms/room-log';
import { NoIdentityError, RoomSession, type WaitingContent } from '../../../../src/core/rooms/room-session';
import { viewOf } from '../../../../src/core/rooms/room-view';
import { type Bytes, toHex, utf8 } from '../../../../src/e2ee/bytes';
import { ApiError } from '../../../../src/transport/api-error';
import { SeededRandom } from '../../../e2ee/seeded';
import { MemoryDirectoryLog } from '../devices/memory';
import { type Browser, browserOn, MemoryRooms } from './memory-rooms';

interface Present {
  readonly browser: Browser;
  readonly session: RoomSession;
}

/** With these as ordinary members. */
async function begun(first: Browser, others: readonly Browser[], nonce = crypto.getRandomValues(new Uint8Array(16))): Promise<RoomSession> {
  const session = await RoomSession.open(first, await RoomSession.idOf(first, nonce));
  await session.begin({ nonce, members: others.map(({ device }) => ({ account: device.account, role: 'member' as const })) });
  return session;
}

/** A room of so many people; the first made it. */
async function roomOf(
  count: number,
): Promise<{ readonly server: MemoryRooms; readonly directory: MemoryDirectoryLog; readonly people: readonly Present[] }> {
  const directory = new MemoryDirectoryLog();
  const server = new MemoryRooms();
  const browsers: Browser[] = [];
  for (let each = 0; each < count; each++) browsers.push(await browserOn(directory, server));
  for (const browser of browsers) await browser.directory.sync();
  const [first, ...others] = browsers as [Browser, ...Browser[]];
  const created = await begun(first, others);
  const people = [{ browser: first, session: created }];
  for (const browser of others) {
    const session = await RoomSession.open(browser, created.log.room);
    await session.sync();
    people.push({ browser, session });
  }
  return { server, directory, people };
}

function texts({ session }: Present): (string | null)[] {
  return viewOf(session.log.items).timeline.flatMap((entry) => (entry.kind === 'message' ? [entry.message.text] : []));
}

function notices({ session }: Present): string[] {
  return viewOf(session.log.items).timeline.flatMap(({ ...entry }) =>
    entry.kind === 'notice'
      ? [entry.item.what.kind === 'refused' ? entry.item.what.code : entry.item.missing === undefined ? entry.item.what.kind : 'missing']
      : [],
  );
}

const say = (text: string): { readonly kind: 'message'; readonly text: string } => ({ kind: 'message', text });

/** As pages take it: it passes. */
function waitingForAKey(error: unknown): void {
  if (!(error instanceof ApiError) || error.code !== 'room-key-missing') throw error;
}

describe('a room', () => {
  it('is_read_by_those_in_it_also_what_was_written_before_they_came', async () => {
    const { server, directory, people } = await roomOf(2);
    const [claire, karim] = people as [Present, Present];
    await claire.session.write(say('first'));
    await karim.session.sync();
    await karim.session.write(say('second'));
    const late = await browserOn(directory, server);
    await claire.browser.directory.sync();
    await claire.session.changeMembers([{ account: late.device.account, role: 'member' }], []);
    const session = await RoomSession.open(late, claire.session.log.room);
    await session.sync();
    await session.write(say('third'));
    for (const person of people) await person.session.sync();
    for (const person of [...people, { browser: late, session }]) expect(texts(person)).toEqual(['first', 'second', 'third']);
  });

  it('is_closed_to_whoever_was_removed_and_open_to_those_who_stay', async () => {
    const { server, people } = await roomOf(3);
    const [claire, karim, removed] = people as [Present, Present, Present];
    await claire.session.write(say('before'));
    await removed.session.sync();
    await claire.session.changeMembers([], [removed.browser.device.account]);
    await claire.session.write(say('after'));
    await karim.session.sync();
    expect(texts(karim)).toEqual(['before', 'after']);
    await expect(removed.session.sync()).rejects.toMatchObject({ code: 'not-found' });
    // Even where the server shows them everything.
    const entries = server.rooms.get(claire.session.id)?.entries ?? [];
    const from = Number(removed.session.log.head.seq);
    await removed.session.log.take(entries.slice(from).map((entry, at) => ({ seq: from + at + 1, at: '', entry })));
    expect(texts(removed)).toEqual(['before']);
    expect(notices(removed)).toContain('closed');
  });

  it('that_somebody_left_is_closed_to_them_and_goes_on_for_whoever_stays_also_where_no_administrator_is_there', async () => {
    const { server, people } = await roomOf(4);
    const [, karim, leaver, nadia] = people as [Present, Present, Present, Present];
    await leaver.session.write(say('before'));
    await leaver.session.leave(null);
    await expect(leaver.session.sync()).rejects.toMatchObject({ code: 'not-found' });
    // The administrator is away: the first who writes begins the new era, and gives its key to all.
    await karim.session.write(say('after'));
    await nadia.session.sync();
    expect(texts(nadia)).toEqual(['before', 'after']);
    const entries = server.rooms.get(karim.session.id)?.entries ?? [];
    const from = Number(leaver.session.log.head.seq);
    await leaver.session.log.take(entries.slice(from).map((entry, at) => ({ seq: from + at + 1, at: '', entry })));
    expect(texts(leaver)).toEqual(['before']);
    expect(notices(leaver)).toContain('closed');
    expect(notices(nadia)).toContain('departure');
  });

  it('whose_key_was_lost_with_the_browser_that_began_it_goes_on_with_keys_that_another_administrator_begins', async () => {
    const { people } = await roomOf(4);
    const [claire, karim, nadia, removed] = people as [Present, Present, Present, Present];
    await claire.session.changeMembers([{ account: karim.browser.device.account, role: 'administrator' }], []);
    await claire.session.write(say('before'));
    // Her browser is lost between the era and its keys.
    const { service } = claire.browser;
    const append = service.append.bind(service);
    service.append = async (...given) => {
      const answer = await append(...given);
      service.isUp = false;
      return answer;
    };
    await expect(claire.session.changeMembers([], [removed.browser.device.account])).rejects.toMatchObject({ code: 'unreachable' });
    for (const { session } of [karim, nadia]) {
      await session.sync().catch(() => undefined);
      expect(session.lacksKey).toBe(true);
    }
    expect(await karim.session.write(say('waits for keys'))).toBe('waits');
    // Who administers nothing cannot.
    await expect(nadia.session.beginAnew()).rejects.toMatchObject({ fields: { entry: 'not-an-administrator' } });
    await karim.session.beginAnew();
    await nadia.session.sync();
    await nadia.session.write(say('we go on'));
    await karim.session.sync();
    for (const one of [karim, nadia]) expect(texts(one)).toEqual(['before', 'waits for keys', 'we go on']);
    // Once there are keys it begins no others.
    const eras = karim.session.log.state.eras.length;
    await karim.session.beginAnew();
    expect(karim.session.log.state.eras.length).toBe(eras);

    // She is back with nothing kept but her identity: she is given what the others have, and reads all but what nobody can.
    const kept = new Map<string, Uint8Array>();
    const back = {
      ...claire.browser,
      service: karim.browser.service,
      store: {
        read: (name: string) => Promise.resolve((kept.get(name) as Bytes | undefined) ?? null),
        write: (values: ReadonlyMap<string, Uint8Array>) => {
          for (const [name, value] of values) kept.set(name, value);
          return Promise.resolve();
        },
      },
    };
    const session = await RoomSession.open(back, claire.session.log.room);
    await session.sync();
    await session.write(say('back'));
    await nadia.session.sync();
    expect(texts(nadia)).toEqual(['before', 'waits for keys', 'we go on', 'back']);
    expect(texts({ browser: claire.browser, session })).toEqual(['before', 'waits for keys', 'we go on', 'back']);
  });

  it('that_its_only_administrator_leaves_is_administered_by_whom_they_chose', async () => {
    const { people } = await roomOf(3);
    const [claire, karim, nadia] = people as [Present, Present, Present];
    await expect(claire.session.leave(null)).rejects.toMatchObject({ fields: { entry: 'no-administrator-left' } });
    await claire.session.leave(karim.browser.device.account);
    await karim.session.sync();
    await karim.session.write({ kind: 'name', text: 'Ours now' });
    await karim.session.write({ kind: 'name', text: 'Ours again' });
    await nadia.session.sync();
    const { name, timeline } = viewOf(nadia.session.log.items);
    expect(name).toBe('Ours again');
    expect(timeline.flatMap((one) => (one.kind === 'notice' && one.renamed !== undefined ? [one.renamed] : []))).toEqual(['Ours again']);
    expect(nadia.session.log.state.roster.size).toBe(2);
    // Of the last two both may go.
    await nadia.session.leave(null);
    await karim.session.leave(null);
  });

  it('opens_again_to_who_left_and_to_who_came_back_with_another_identity', async () => {
    const { people } = await roomOf(2);
    const [claire, karim] = people as [Present, Present];
    await claire.session.write(say('first'));
    await karim.session.leave(null);
    await claire.session.write(say('meanwhile'));
    await claire.session.changeMembers([{ account: karim.browser.device.account, role: 'member' }], []);
    await claire.session.write(say('back'));
    await karim.session.sync();
    expect(texts(karim)).toEqual(['first', 'meanwhile', 'back']);
    const again = await RoomSession.open(karim.browser, karim.session.log.room);
    expect(again.log.state.eras).toEqual(karim.session.log.state.eras);
  });

  it('that_gives_no_history_gives_newcomers_no_key_of_what_was_said_before_whoever_adds_them', async () => {
    const { server, directory, people } = await roomOf(2);
    const [claire, karim] = people as [Present, Present];
    await claire.session.write({ kind: 'history', from: 'invitation' });
    await claire.session.write(say('before'));
    // Too late: what was chosen first holds.
    await claire.session.write({ kind: 'history', from: 'beginning' });
    const late = await browserOn(directory, server);
    const last = await browserOn(directory, server);
    for (const { browser } of people) await browser.directory.sync();
    await late.directory.sync();
    await claire.session.changeMembers([{ account: late.device.account, role: 'administrator' }], []);
    await claire.session.write({ kind: 'history', from: 'invitation' });
    await claire.session.write(say('with you'));
    const lates = await RoomSession.open(late, claire.session.log.room);
    await lates.sync();
    expect(texts({ browser: late, session: lates })).toEqual(['with you']);
    await lates.changeMembers([{ account: last.device.account, role: 'member' }], []);
    await lates.write(say('with all'));
    // Everybody who administers has seen that somebody came, and seals what is missing.
    for (const session of [claire.session, lates, claire.session]) await session.sync();
    const lasts = await RoomSession.open(last, claire.session.log.room);
    await lasts.sync();
    expect(texts({ browser: last, session: lasts })).toEqual(['with all']);
    await karim.session.sync();
    expect(texts(karim)).toEqual(['before', 'with you', 'with all']);
    const { timeline, joined } = viewOf(lasts.log.items);
    expect(timeline.filter((one) => one.kind === 'notice' && one.item.what.kind === 'closed')).not.toHaveLength(0);
    expect(joined.get(toHex(last.device.account))).toBeGreaterThan(joined.get(toHex(late.device.account)) ?? Infinity);
    // Opened again it is the same.
    expect((await RoomLog.open(claire.browser.store, claire.browser.device, claire.session.log.room)).unsealed()).toEqual(
      claire.session.log.unsealed(),
    );
  });

  it('nobody_is_added_who_has_no_identity', async () => {
    const { people } = await roomOf(1);
    await expect(people[0]?.session.changeMembers([{ account: new Uint8Array(16).fill(7), role: 'member' }], [])).rejects.toThrow(NoIdentityError);
  });

  it('what_is_written_without_a_line_waits_and_leaves_in_order_once_also_after_an_answer_was_lost', async () => {
    const { people } = await roomOf(2);
    const [claire, karim] = people as [Present, Present];
    await claire.session.write(say('one'));
    claire.browser.service.isUp = false;
    await claire.session.write(say('two'));
    await claire.session.write(say('three'));
    expect(claire.session.waiting).toHaveLength(2);
    // The page is closed and opened again, still without a line.
    const again = await RoomSession.open(claire.browser, claire.session.log.room);
    expect(texts({ browser: claire.browser, session: again })).toEqual(['one']);
    expect(again.waiting).toHaveLength(2);
    claire.browser.service.isUp = true;
    claire.browser.service.loses = 1;
    await expect(again.sync()).rejects.toMatchObject({ code: 'unreachable' });
    await again.sync();
    await karim.session.sync();
    expect(texts(karim)).toEqual(['one', 'two', 'three']);
    expect(again.waiting).toEqual([]);
  });

  it('windows_of_one_browser_lose_nothing_of_what_another_wrote_and_send_it_once', async () => {
    const { people } = await roomOf(2);
    const [claire, karim] = people as [Present, Present];
    const second = await RoomSession.open(claire.browser, claire.session.log.room);
    claire.browser.service.isUp = false;
    await claire.session.write(say('one'));
    await second.write(say('two'));
    await Promise.all([claire.session.write(say('three')), second.write(say('four'))]);
    // The window that knew least of it is closed, and another one opened.
    const third = await RoomSession.open(claire.browser, claire.session.log.room);
    expect(third.waiting.map(({ content }) => content)).toEqual(['one', 'two', 'three', 'four'].map(say));
    claire.browser.service.isUp = true;
    await Promise.all([second.sync(), third.sync(), claire.session.sync()]);
    await karim.session.sync();
    expect(texts(karim)).toEqual(['one', 'two', 'three', 'four']);
    for (const session of [claire.session, second, third]) expect(session.waiting).toEqual([]);
  });

  it('written_without_a_line_before_somebody_was_removed_is_not_for_them_when_it_leaves', async () => {
    const { server, people } = await roomOf(3);
    const [claire, karim, removed] = people as [Present, Present, Present];
    await karim.session.write(say('here'));
    karim.browser.service.isUp = false;
    await karim.session.write(say('kept back'));
    await claire.session.changeMembers([], [removed.browser.device.account]);
    karim.browser.service.isUp = true;
    await karim.session.sync();
    await claire.session.sync();
    expect(texts(claire)).toEqual(['here', 'kept back']);
    const entries = server.rooms.get(claire.session.id)?.entries ?? [];
    const from = Number(removed.session.log.head.seq);
    await removed.session.log.take(entries.slice(from).map((entry, at) => ({ seq: from + at + 1, at: '', entry })));
    expect(texts(removed)).toEqual(['here']);
  });

  it('what_the_server_refuses_for_good_is_set_aside_and_the_rest_leaves', async () => {
    const { people } = await roomOf(2);
    const [claire, karim] = people as [Present, Present];
    claire.browser.service.isUp = false;
    for (const text of ['one', 'two', 'three']) await claire.session.write(say(text));
    Object.assign(claire.browser.service, { isUp: true, refuses: 1 });
    await claire.session.sync();
    await karim.session.sync();
    expect(texts(karim)).toEqual(['two', 'three']);
    // Kept over a visit, with what it was refused for, until somebody says what becomes of it.
    const again = await RoomSession.open(claire.browser, claire.session.log.room);
    await again.sync();
    expect(again.waiting).toEqual([{ id: expect.any(String), content: say('one'), refused: 'too-large' }]);
    claire.browser.service.refuses = 1;
    await again.tryAgain(again.waiting[0] as WaitingContent);
    expect(again.waiting).toEqual([{ id: expect.any(String), content: say('one'), refused: 'too-large' }]);
    await again.tryAgain(again.waiting[0] as WaitingContent);
    expect(again.waiting).toEqual([]);
    claire.browser.service.refuses = 1;
    await again.write(say('four'));
    await again.discard(again.waiting[0] as WaitingContent);
    await karim.session.sync();
    expect(texts(karim)).toEqual(['two', 'three', 'one']);
    expect((await RoomSession.open(claire.browser, claire.session.log.room)).waiting).toEqual([]);
  });

  it('that_was_removed_from_or_signed_out_of_is_not_taken_for_a_refusal_of_what_was_written', async () => {
    const { people } = await roomOf(2);
    const [claire, karim] = people as [Present, Present];
    karim.browser.service.isUp = false;
    await karim.session.write(say('kept'));
    await claire.session.changeMembers([], [karim.browser.device.account]);
    karim.browser.service.isUp = true;
    await expect(karim.session.sync()).rejects.toMatchObject({ code: 'not-found' });
    expect(karim.session.waiting).toMatchObject([{ content: say('kept') }]);
    expect(karim.session.waiting[0]?.refused).toBeUndefined();
  });

  it('begun_again_after_a_lost_answer_is_the_same_room_with_the_people_and_the_name_of_the_last_try', async () => {
    const directory = new MemoryDirectoryLog();
    const server = new MemoryRooms();
    const [claire, karim, nadia] = [await browserOn(directory, server), await browserOn(directory, server), await browserOn(directory, server)];
    await claire.directory.sync();
    const nonce = crypto.getRandomValues(new Uint8Array(16));
    const session = await RoomSession.open(claire, await RoomSession.idOf(claire, nonce));
    const member = ({ device }: Browser): { readonly account: Bytes; readonly role: 'member' } => ({ account: device.account, role: 'member' });
    const begin = (others: readonly Browser[], text: string): Promise<void> =>
      session.begin({ nonce, members: others.map(member), contents: [{ kind: 'name', text }] });
    claire.service.loses = 1;
    await expect(begin([karim], 'First')).rejects.toMatchObject({ code: 'unreachable' });
    await begin([nadia], 'Second');
    expect(server.rooms.size).toBe(1);
    expect([...session.log.state.roster.keys()].sort()).toEqual([toHex(claire.device.account), toHex(nadia.device.account)].sort());
    expect(viewOf(session.log.items).name).toBe('Second');
    expect(session.waiting).toEqual([]);
  });

  it('whose_first_answer_was_lost_gets_its_name_on_the_next_visit', async () => {
    const directory = new MemoryDirectoryLog();
    const server = new MemoryRooms();
    const claire = await browserOn(directory, server);
    await claire.directory.sync();
    const nonce = crypto.getRandomValues(new Uint8Array(16));
    const room = await RoomSession.idOf(claire, nonce);
    claire.service.loses = 1;
    const contents = [{ kind: 'name', text: 'Crisis cell' } as const];
    await expect((await RoomSession.open(claire, room)).begin({ nonce, members: [], contents })).rejects.toMatchObject({ code: 'unreachable' });
    const again = await RoomSession.open(claire, room);
    await again.sync();
    expect(viewOf(again.log.items).name).toBe('Crisis cell');
  });

  it('random_lines_windows_and_departures_end_in_the_same_room_for_everybody', async () => {
    const random = new SeededRandom();
    const { people: everybody } = await roomOf(6);
    const people = everybody.slice(0, 4);
    const leavers = everybody.slice(4);
    const written: string[] = [];
    const sessions = people.map(({ session }) => session);
    for (let round = 0; round < 60; round++) {
      const at = random.below(people.length);
      const { browser } = people[at] as Present;
      browser.service.isUp = random.chance(0.6);
      browser.service.loses = random.chance(0.15) ? 1 : 0;
      // Now and then the page is opened anew: what it had not kept is gone.
      if (random.chance(0.2)) sessions[at] = await RoomSession.open(browser, (sessions[at] as RoomSession).log.room);
      const session = sessions[at] as RoomSession;
      if (round === 20 || round === 40) await leavers[round / 20 - 1]?.session.leave(null);
      if (random.chance(0.1)) await sessions[0]?.write({ kind: 'name', text: `called ${round}` });
      if (random.chance(0.7)) {
        const text = `${at}: ${round}`;
        written.push(text);
        await session.write(say(text));
      } else await session.sync().catch(() => undefined);
    }
    for (const { browser } of people) Object.assign(browser.service, { isUp: true, loses: 0 });
    // Whoever began the last era may have lost the line before its key was sealed to the others: what these wrote waits until that browser is back.
    for (const session of sessions) await session.sync().catch(waitingForAKey);
    for (const session of [...sessions, ...sessions]) await session.sync();
    const all = sessions.map((session) => viewOf(session.log.items));
    for (const view of all) expect(view).toEqual(all[0]);
    const shown = texts({ browser: (people[0] as Present).browser, session: sessions[0] as RoomSession }).map(String);
    expect([...shown].sort()).toEqual([...written].sort());
    // Each one's own stay in the order in which they were written.
    for (const at of people.keys()) {
      const own = (text: string): boolean => text.startsWith(`${at}:`);
      expect(shown.filter(own)).toEqual(written.filter(own));
    }
  });

  it('opened_again_is_what_it_was_without_verifying_anything_twice_and_no_word_of_it_lies_open', async () => {
    const { people } = await roomOf(2);
    const [claire, karim] = people as [Present, Present];
    const count = Number(process.env['TOCSIN_ROOM_ENTRIES'] ?? 40);
    for (let each = 0; each < count; each++) await claire.session.write(say(`planted secret ${each}`));
    await karim.session.sync();
    const verify = vi.spyOn(crypto.subtle, 'verify');
    const from = performance.now();
    const opened = await RoomLog.open(karim.browser.store, karim.browser.device, karim.session.log.room);
    const view = viewOf(opened.items);
    process.stdout.write(`${opened.items.length} entries opened again in ${Math.round(performance.now() - from)} ms\n`);
    expect(verify).not.toHaveBeenCalled();
    verify.mockRestore();
    expect(view).toEqual(viewOf(karim.session.log.items));
    expect(opened.head).toEqual(karim.session.log.head);
    expect(opened.unsealed()).toEqual(karim.session.log.unsealed());
    for (const value of karim.browser.kept.values.values())
      if (value instanceof Uint8Array) expect(new TextDecoder('latin1').decode(value)).not.toContain('planted');
  });
});

describe('what was said', () => {
  it('is_edited_by_its_author_deleted_also_by_administrators_pinned_and_acknowledged', async () => {
    const { people } = await roomOf(2);
    const [claire, karim] = people as [Present, Present];
    await karim.session.write({ kind: 'message', text: 'evacuate', priority: true, mentions: [toHex(claire.browser.device.account)] });
    const [sent] = viewOf(karim.session.log.items).timeline.flatMap((entry) => (entry.kind === 'message' ? [entry.message.id] : []));
    const of = sent as string;
    await claire.session.sync();
    await claire.session.write({ kind: 'edit', of, text: 'forged' });
    await claire.session.write({ kind: 'acknowledgement', of });
    await claire.session.write({ kind: 'pin', of, on: true });
    await claire.session.write({ kind: 'name', text: 'Crisis cell' });
    await claire.session.write({ kind: 'purpose', purpose: 'crisis-cell' });
    await karim.session.sync();
    await karim.session.write({ kind: 'purpose', purpose: 'direct' });
    await karim.session.write({ kind: 'name', text: 'Not for me to say' });
    await karim.session.write({ kind: 'edit', of, text: 'evacuate now' });
    const view = viewOf(karim.session.log.items);
    expect(view).toMatchObject({ name: 'Crisis cell', purpose: 'crisis-cell' });
    expect(view.pinned).toMatchObject([{ text: 'evacuate now', edited: true, acknowledgedBy: [toHex(claire.browser.device.account)] }]);
    await claire.session.write({ kind: 'deletion', of });
    expect(texts(claire)).toEqual([null]);
    expect(viewOf(claire.session.log.items).pinned).toEqual([]);
  });

  it('asks_a_priority_message_of_those_who_were_there_and_tells_who_came_and_went', async () => {
    const { server, directory, people } = await roomOf(2);
    const [claire, karim] = people as [Present, Present];
    const late = await browserOn(directory, server);
    await claire.browser.directory.sync();
    await claire.session.write({ kind: 'message', text: 'stay out', priority: true });
    const { account } = late.device;
    await claire.session.changeMembers([{ account, role: 'member' }], []);
    await claire.session.changeMembers([{ account, role: 'administrator' }], []);
    await claire.session.changeMembers([{ account, role: 'member' }], []);
    await claire.session.changeMembers([], [account]);
    const { timeline } = viewOf(claire.session.log.items);
    const [first, second, newcomer] = [claire.browser.device, karim.browser.device, late.device].map((device) => toHex(device.account));
    expect(timeline.flatMap((one) => (one.kind === 'message' ? [one.message.askedOf] : []))).toEqual([[second]]);
    const nothing = { began: false, added: [], guests: [], removed: [], madeAdministrator: [], madeMember: [], renewed: [], left: [] };
    expect(timeline.flatMap((one) => (one.kind === 'notice' ? [one.members] : []))).toEqual([
      { ...nothing, began: true, added: [first, second] },
      { ...nothing, added: [newcomer] },
      { ...nothing, madeAdministrator: [newcomer] },
      { ...nothing, madeMember: [newcomer] },
      { ...nothing, removed: [newcomer] },
    ]);
  });

  it('of_random_bytes_is_nothing_without_an_exception', () => {
    const random = new SeededRandom();
    for (let round = 0; round < 2000; round++) parseContent(random.bytes(random.below(60)));
    for (const text of [
      'null',
      '[]',
      '1',
      '{}',
      '{"kind":"message"}',
      '{"kind":"pin","of":"x","on":true}',
      '{"kind":"people","names":[1]}',
      '{"kind":"purpose","purpose":"party"}',
      `{"kind":"name","text":"${'x'.repeat(8001)}"}`,
    ])
      expect(parseContent(utf8(text))).toBeNull();
  });
});

describe('a server that cheats', () => {
  it('that_leaves_an_entry_out_or_puts_two_in_another_order_is_shown', async () => {
    const { server, people } = await roomOf(3);
    const [claire, karim, third] = people as [Present, Present, Present];
    for (const text of ['a', 'b', 'c', 'd']) await claire.session.write(say(text));
    const last = (server.rooms.get(claire.session.id)?.entries.length ?? 0) - 1;
    const whole = [...(server.rooms.get(claire.session.id)?.entries ?? [])];
    server.rewrite(claire.session.id, (entries) => entries.splice(last - 1, 1));
    await karim.session.sync();
    expect(notices(karim)).toContain('fork');
    expect(karim.session.log.problem).toBe('forked');
    server.rewrite(claire.session.id, (entries) => entries.splice(last - 1, 2, whole[last] as Bytes, whole[last - 1] as Bytes));
    await third.session.sync();
    expect(third.session.log.problem).toBe('forked');
  });

  it('that_forgets_what_it_has_shown_is_found_out_and_stays_so', async () => {
    const { server, people } = await roomOf(1);
    const [claire] = people as [Present];
    await claire.session.write(say('signed order'));
    server.rewrite(claire.session.id, (entries) => entries.pop());
    await claire.session.sync();
    expect(claire.session.log.problem).toBe('shortened');
    const again = await RoomSession.open(claire.browser, claire.session.log.room);
    expect(again.log.problem).toBe('shortened');
    expect(texts({ browser: claire.browser, session: again })).toEqual(['signed order']);
  });

  it('is_not_one_whose_answer_has_entries_that_came_after_it_had_counted', async () => {
    const { people } = await roomOf(2);
    const [claire, karim] = people as [Present, Present];
    for (const text of ['a', 'b', 'c']) await claire.session.write(say(text));
    const read = karim.browser.service.read.bind(karim.browser.service);
    karim.browser.service.read = async (room, after) => {
      const page = await read(room, after);
      return { ...page, headSeq: page.headSeq - 2 };
    };
    await karim.session.sync();
    karim.browser.service.read = read;
    await karim.session.sync();
    expect(karim.session.log.problem).toBeNull();
    expect(texts(karim)).toEqual(['a', 'b', 'c']);
  });

  it('that_shows_entries_with_a_gap_is_not_believed', async () => {
    const { server, people } = await roomOf(2);
    const [claire, karim] = people as [Present, Present];
    await claire.session.write(say('a'));
    await claire.session.write(say('b'));
    const from = Number(karim.session.log.head.seq);
    const entries = server.rooms.get(claire.session.id)?.entries ?? [];
    await karim.session.log.take([{ seq: from + 2, at: '', entry: entries[from + 1] as Bytes }]);
    expect(karim.session.log.problem).toBe('gap');
    expect(texts(karim)).toEqual([]);
  });
});
