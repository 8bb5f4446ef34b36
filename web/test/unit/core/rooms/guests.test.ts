import { describe, expect, it } from 'vitest';
import { personOf } from '../../../../src/core/devices/account-bytes';
import { silentSignals } from '../../../../src/core/rooms/guests/guest-line';
import { RoomSession } from '../../../../src/core/rooms/room-session';
import { memberLines } from '../../../../src/core/rooms/room-lines';
import { OpenRoom } from '../../../../src/core/rooms/rooms.svelte';
import { sha256, toHex } from '../../../../src/e2ee/bytes';
import { guestCode } from '../../../../src/e2ee/rooms/guest-request';
import { ask, begin, type Begun, lastEraOf, letIn, makeLink, readable, said, visitor } from './memory-guests';

const end = '2026-01-02T00:00:00.000Z';

/** Codes of what everybody shows as refused. */
function refusedIn(room: OpenRoom): string[] {
  return room.timeline.flatMap((one) => (one.kind === 'notice' && one.item.what.kind === 'refused' ? [one.item.what.code] : []));
}

/** As a browser shows it that opens the room for the first time. */
async function openedAnew({ claire, id }: Begun): Promise<OpenRoom> {
  const store = { read: () => Promise.resolve(null), write: () => Promise.resolve() };
  const room = new OpenRoom(await RoomSession.open({ ...claire, store }, id), claire.device, claire.directory, {
    ...memberLines,
    rooms: { markRead: () => Promise.resolve() },
    signals: silentSignals,
  });
  await room.sync();
  return room;
}

describe('a stay', () => {
  it('that_is_over_ends_membership_at_once_and_whoever_writes_next_begins_an_era_without_the_guest', async () => {
    const begun = await begin();
    const { server, claires, brunos } = begun;
    const guest = await letIn(begun, claires, await makeLink(begun, end), 'Inès');
    await guest.room.write({ kind: 'message', text: 'hello' });
    for (const room of [claires, brunos]) {
      await room.sync();
      expect([room.members.length, room.formerGuests.length]).toEqual([3, 0]);
    }
    const before = lastEraOf(begun);
    server.now = Date.parse(end);
    for (const room of [claires, brunos]) {
      expect([room.members.length, room.guests.length]).toEqual([2, 0]);
      expect(room.formerGuests).toEqual([{ id: guest.keys.id, account: toHex(guest.keys.device.account), how: 'over', at: end }]);
    }
    // Bruno administers nothing: an era he may begin, as where somebody left, and only one.
    await brunos.write({ kind: 'message', text: 'only among us' });
    const after = lastEraOf(begun);
    expect(after).toBeGreaterThan(before);
    await claires.sync();
    await claires.write({ kind: 'message', text: 'indeed' });
    await brunos.write({ kind: 'message', text: 'good' });
    expect(lastEraOf(begun)).toBe(after);
    const entries = server.rooms.get(claires.id)?.entries ?? [];
    expect(await readable(guest, entries.slice(after))).toBe(0);
    await guest.room.sync();
    expect(guest.room.line).toBe('gone');
    await claires.sync();
    for (const room of [claires, brunos, await openedAnew(begun)]) {
      expect(said(room)).toEqual(['before anybody came', 'hello', 'only among us', 'indeed', 'good']);
      expect(room.formerGuests.map(({ how }) => how)).toEqual(['over']);
      expect(refusedIn(room)).toEqual([]);
    }
    // Taken out of the roster, it is told as what it is.
    await claires.remove(guest.keys.id);
    await brunos.sync();
    expect(brunos.formerGuests.map(({ how }) => how)).toEqual(['removed']);
  });

  it('that_is_over_is_over_for_who_has_the_server_on_their_side_too', async () => {
    const begun = await begin();
    const { server, claires, brunos } = begun;
    const guest = await letIn(begun, claires, await makeLink(begun, end), 'Inès');
    await guest.room.write({ kind: 'message', text: 'in time' });
    // The server keeps the line open, and the guest's browser believes that it is yesterday.
    server.sessionEnds.clear();
    const store = guest.keys.keys.sealed;
    const exclusively = <Value>(_: string, work: () => Promise<Value>): Promise<Value> => work();
    const surroundings = {
      device: guest.keys.device,
      directory: { identityOf: () => undefined },
      service: guest.line,
      store,
      exclusively,
      now: () => 0,
    };
    const late = await RoomSession.open(surroundings, begun.id);
    server.now = Date.parse(end);
    await late.write({ kind: 'message', text: 'too late' });
    await claires.sync();
    await claires.write({ kind: 'message', text: 'only among us' });
    await late.write({ kind: 'message', text: 'under no key that I have' });
    expect(late.waiting).toHaveLength(1);
    await brunos.sync();
    for (const room of [claires, brunos, await openedAnew(begun)]) {
      expect(said(room)).toEqual(['before anybody came', 'in time', 'only among us']);
      expect(refusedIn(room)).toEqual(['guest-stay-over']);
    }
  });

  it('of_one_guest_that_is_over_makes_another_wait_for_whoever_begins_the_next_era', async () => {
    const begun = await begin();
    const { server, claires, brunos } = begun;
    const [link, longer] = [await makeLink(begun, end), await makeLink(begun)];
    await letIn(begun, claires, link, 'Inès');
    const paul = await letIn(begun, claires, longer, 'Paul');
    server.now = Date.parse(end);
    await paul.room.write({ kind: 'message', text: 'are you there?' });
    expect([paul.room.line, paul.room.waiting.length]).toEqual(['keyless', 1]);
    // A guest knows as well who is there no more.
    expect(paul.room.formerGuests.map(({ how }) => how)).toEqual(['over']);
    await brunos.write({ kind: 'message', text: 'yes' });
    await paul.room.sync();
    await brunos.sync();
    expect(said(brunos).slice(-2)).toEqual(['yes', 'are you there?']);
  });

  it('that_was_ended_says_how_and_since_when', async () => {
    const begun = await begin();
    const { server, claires, brunos } = begun;
    const link = await makeLink(begun);
    const [one, other] = [await letIn(begun, claires, link, 'Inès'), await letIn(begun, claires, link, 'Paul')];
    server.now += 60_000;
    await one.room.leave(null);
    server.now += 60_000;
    await claires.sync();
    await claires.remove(other.keys.id);
    await brunos.sync();
    const shown = [
      { id: other.keys.id, how: 'removed', at: '2026-01-01T00:02:00.000Z' },
      { id: one.keys.id, how: 'left', at: '2026-01-01T00:01:00.000Z' },
    ];
    for (const room of [claires, brunos]) expect(room.formerGuests).toMatchObject(shown);
  });
});

describe('a guest of a room', () => {
  it.each(['beginning', 'invitation'] as const)(
    'reads_from_admission_on_and_nothing_before_or_after_where_others_read_from_the_%s',
    async (history) => {
      const begun = await begin(history);
      const { server, claires, brunos } = begun;
      const link = await makeLink(begun);
      const guest = await letIn(begun, claires, link, 'Inès Garnier');
      const admittedAt = lastEraOf(begun);
      await claires.write({ kind: 'message', text: 'welcome' });
      await guest.room.sync();
      await guest.room.write({ kind: 'message', text: 'thank you' });
      await Promise.all([claires.sync(), brunos.sync()]);
      expect(said(guest.room)).toEqual(['welcome', 'thank you']);
      for (const room of [claires, brunos]) expect(said(room)).toEqual(['before anybody came', 'welcome', 'thank you']);
      // What the room is, who is in it and who is a guest, all see alike.
      expect([guest.room.view.name, guest.room.isGuest, guest.room.isAdministrator]).toEqual(['Froid', true, false]);
      for (const room of [claires, brunos, guest.room]) {
        expect(room.guests.map(({ account }) => room.view.names.get(account))).toEqual(['Inès Garnier']);
        expect([...room.view.names.values()].sort()).toEqual(['Bruno Keller', 'Claire Fontaine', 'Inès Garnier']);
        expect(room.members.some(({ hasStrangeDevice }) => hasStrangeDevice)).toBe(false);
        expect(room.problem).toBeNull();
      }
      // Removed, they read nothing that follows, even from a server that goes on giving them everything.
      await claires.remove(guest.keys.id);
      await brunos.sync();
      await brunos.write({ kind: 'message', text: 'only among us' });
      const entries = server.rooms.get(claires.id)?.entries ?? [];
      const removedAt = lastEraOf(begun);
      expect(await readable(guest, entries.slice(0, admittedAt))).toBe(0);
      expect(await readable(guest, entries.slice(admittedAt, removedAt))).toBeGreaterThan(2);
      expect(await readable(guest, entries.slice(removedAt))).toBe(0);
      await claires.sync();
      expect(said(claires).at(-1)).toBe('only among us');
      await guest.room.sync();
      expect(guest.room.line).toBe('gone');
    },
  );

  it('who_leaves_is_gone_for_good_and_whoever_stays_writes_under_another_key', async () => {
    const begun = await begin();
    const { claires, brunos, server } = begun;
    const link = await makeLink(begun);
    const guest = await letIn(begun, claires, link, 'Inès');
    const other = await letIn(begun, claires, link, 'Paul');
    await guest.room.leave(null);
    // A guest begins no era: what they write waits until somebody of the room has.
    await other.room.sync();
    expect(other.room.line).toBe('keyless');
    await other.room.write({ kind: 'message', text: 'are you there?' });
    expect(other.room.waiting).toHaveLength(1);
    await brunos.sync();
    await brunos.write({ kind: 'message', text: 'gone' });
    await claires.sync();
    await other.room.sync();
    await claires.sync();
    expect(said(claires).slice(-2)).toEqual(['gone', 'are you there?']);
    expect(await readable(guest, (server.rooms.get(claires.id)?.entries ?? []).slice(-3))).toBe(0);
    // The same request once more, as a server that wants them back would show it.
    await ask(begun, link, guest, 'Inès');
    expect((await claires.listGuests()).waiting).toEqual([{ kind: 'unreadable', id: guest.keys.id }]);
    // The last who is no guest leaves: nobody stays without a host.
    await brunos.leave(null);
    await claires.leave(null);
    expect(server.rooms.get(claires.id)?.state.roster.size).toBe(0);
  });

  it('writes_messages_and_nothing_else_whatever_their_browser_would_send', async () => {
    const begun = await begin();
    const { claires, brunos } = begun;
    const guest = await letIn(begun, claires, await makeLink(begun), 'Inès');
    await guest.room.write({ kind: 'message', text: 'hello' });
    await guest.room.write({ kind: 'message', text: 'confirm this', priority: true });
    await guest.room.write({ kind: 'name', text: 'Mine' });
    await guest.room.write({ kind: 'log-entry', statement: { type: 'fact', text: 'It is said', at: '2026-01-01T00:00:00.000Z' } });
    await guest.room.write({ kind: 'guest-link', secret: '0'.repeat(64), until: '2027-01-01T00:00:00.000Z', guests: 1 });
    for (const room of [claires, brunos, guest.room]) {
      await room.sync();
      expect(said(room).at(-1)).toBe('hello');
      expect(room.log).toEqual([]);
      expect(room.view.name).toBe('Froid');
      expect(refusedIn(room)).toEqual(Array.from({ length: 4 }, () => 'guest-not-allowed'));
    }
  });

  it('is_let_in_by_any_administrator_and_sealed_to_by_every_one', async () => {
    const begun = await begin('invitation');
    const { claires, brunos, bruno } = begun;
    await claires.setRole(personOf(bruno.device.account), 'administrator');
    await brunos.sync();
    const guest = await letIn(begun, brunos, await makeLink(begun), 'Inès');
    await claires.sync();
    // Another era, begun by somebody else than who let them in.
    await claires.remove(personOf(bruno.device.account));
    await claires.write({ kind: 'message', text: 'still with us' });
    await guest.room.sync();
    expect(said(guest.room)).toEqual(['still with us']);
  });
});

describe('a hostile server', () => {
  it('shows_requests_that_nobody_sent_so_and_they_cannot_be_let_in', async () => {
    const begun = await begin();
    const { claires, guests } = begun;
    const link = await makeLink(begun);
    const [one, other] = [await visitor(begun, link), await visitor(begun, link)];
    await ask(begun, link, one, 'Inès');
    await ask(begun, link, other, 'Paul');
    const [first, second] = guests.waiting;
    if (first === undefined || second === undefined) throw new Error('both wait');
    // The keys of one in the place of the other's; a request of its own making; one that was changed; one by a link that the room never made.
    const own = Buffer.from(crypto.getRandomValues(new Uint8Array(1586))).toString('base64');
    const changed = Buffer.from(second.request, 'base64');
    changed[700] = (changed[700] ?? 0) ^ 1;
    guests.waiting = [
      { ...first, request: second.request },
      { ...first, request: own },
      { ...second, request: changed.toString('base64') },
      { ...second, link: crypto.randomUUID() },
    ];
    expect((await claires.listGuests()).waiting.map(({ kind }) => kind)).toEqual(['unreadable', 'unreadable', 'unreadable', 'unreadable']);
    guests.waiting = [second];
    const [honest] = (await claires.listGuests()).waiting;
    if (honest?.kind !== 'readable') throw new Error('what was sent opens');
    const { device, sealingKey } = other.keys;
    const theirs = await guestCode({ account: device.account, signingKey: device.identity.publicKey, sealingKeyHash: await sha256(sealingKey) });
    expect([honest.name, honest.code]).toEqual(['Paul', theirs]);
  });

  it('says_that_a_guest_is_in_and_the_room_itself_does_not', async () => {
    const begun = await begin();
    const guest = await visitor(begun, await makeLink(begun));
    const room = begun.server.rooms.get(begun.claires.id);
    begun.server.entriesFor = () => room?.entries ?? [];
    await guest.room.sync();
    expect([guest.room.isGuest, guest.session.log.eraKeys.size, said(guest.room)]).toEqual([false, 0, []]);
  });
});
