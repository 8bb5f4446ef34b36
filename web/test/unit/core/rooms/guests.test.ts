import { describe, expect, it } from 'vitest';
import { personOf } from '../../../../src/core/devices/account-bytes';
import { GuestDirectory } from '../../../../src/core/rooms/guests/guest-directory';
import { type GuestKeys, GuestVisits } from '../../../../src/core/rooms/guests/guest-keys';
import { noGroups, noGuests, silentSignals } from '../../../../src/core/rooms/guests/guest-line';
import type { ListedGuests } from '../../../../src/core/rooms/guests/guest-service';
import { RoomSession } from '../../../../src/core/rooms/room-session';
import { memberLines } from '../../../../src/core/rooms/room-lines';
import { OpenRoom } from '../../../../src/core/rooms/rooms.svelte';
import { type Bytes, sha256, toHex } from '../../../../src/e2ee/bytes';
import { openContent } from '../../../../src/e2ee/rooms/content';
import { parseEntry } from '../../../../src/e2ee/rooms/entry';
import { type GuestLink, guestLinkId, parseGuestLink } from '../../../../src/e2ee/rooms/guest-link';
import { guestCode, sealGuestRequest } from '../../../../src/e2ee/rooms/guest-request';
import { MemoryDeviceStore, MemoryDirectoryLog } from '../devices/memory';
import { type Browser, browserOn, Line, MemoryRooms } from './memory-rooms';

/** Links and requests, as an honest server keeps them; tests change them to make it lie. */
class MemoryGuests {
  readonly links = new Map<string, { readonly expiresAt: string; guestsLeft: number }>();
  waiting: { account: string; link: string; request: string; requestedAt: string }[] = [];

  list(): Promise<ListedGuests> {
    const links = [...this.links].map(([id, link]) => ({ id, createdAt: '2026-01-01T00:00:00Z', ...link }));
    return Promise.resolve({ links, waiting: this.waiting, guests: [] });
  }

  createLink(_: string, link: string, expiresAt: string, guestsLeft: number): Promise<void> {
    this.links.set(link, { expiresAt, guestsLeft });
    return Promise.resolve();
  }

  revokeLink(_: string, link: string): Promise<void> {
    this.links.delete(link);
    return Promise.resolve();
  }

  refuse(_: string, account: string): Promise<void> {
    this.waiting = this.waiting.filter((one) => one.account !== account);
    return Promise.resolve();
  }
}

interface Visitor {
  readonly keys: GuestKeys;
  readonly room: OpenRoom;
  readonly session: RoomSession;
}

/** Claire's room with Bruno in it, and something said before any guest. */
async function begin(history: 'beginning' | 'invitation' = 'beginning') {
  const [log, server, guests] = [new MemoryDirectoryLog(), new MemoryRooms(), new MemoryGuests()];
  const [claire, bruno] = [await browserOn(log, server), await browserOn(log, server)];
  await claire.directory.sync();
  const nonce = crypto.getRandomValues(new Uint8Array(16));
  const id = await RoomSession.idOf(claire, nonce);
  const opened = async (browser: Browser): Promise<OpenRoom> => {
    const session = await RoomSession.open(browser, id);
    return new OpenRoom(session, browser.device, browser.directory, {
      ...memberLines,
      rooms: { markRead: () => Promise.resolve() },
      signals: silentSignals,
      guests,
    });
  };
  const [claires, brunos] = [await opened(claire), await opened(bruno)];
  const people = [{ id: personOf(bruno.device.account), name: 'Bruno Keller' }];
  await claires.begin(nonce, { purpose: 'group', name: 'Froid', history }, people, { id: personOf(claire.device.account), name: 'Claire Fontaine' });
  await claires.write({ kind: 'message', text: 'before anybody came' });
  await bruno.directory.sync();
  await brunos.sync();
  return { server, guests, id, claire, bruno, claires, brunos };
}

type Begun = Awaited<ReturnType<typeof begin>>;

async function makeLink({ claires }: Begun): Promise<GuestLink> {
  const link = parseGuestLink(await claires.makeGuestLink(new Date('2027-01-01T00:00:00Z'), 5));
  if (link === null) throw new Error('a link that was just made is one');
  return link;
}

async function visitor({ server, id }: Begun, link: GuestLink): Promise<Visitor> {
  const keys = await new GuestVisits(new MemoryDeviceStore()).begin(toHex(await guestLinkId(link)), link.room, 1n);
  const service = new Line(server, keys.device.account);
  const session = await RoomSession.open(
    { device: keys.device, directory: { identityOf: () => undefined }, service, store: keys.keys.sealed, exclusively: (_, work) => work() },
    id,
  );
  const lines = { ...memberLines, rooms: { markRead: () => Promise.resolve() }, signals: silentSignals, groups: noGroups, guests: noGuests };
  return { keys, session, room: new OpenRoom(session, keys.device, new GuestDirectory(session.log), lines) };
}

async function ask({ guests }: Begun, link: GuestLink, { keys }: Visitor, name: string): Promise<void> {
  const request = await sealGuestRequest(link, keys.device.identity, keys.sealingKey, name);
  const base64 = Buffer.from(request).toString('base64');
  guests.waiting.push({ account: keys.id, link: personOf(await guestLinkId(link)), request: base64, requestedAt: '2026-01-01T00:00:00Z' });
}

async function letIn(begun: Begun, by: OpenRoom, link: GuestLink, name: string): Promise<Visitor> {
  const guest = await visitor(begun, link);
  await ask(begun, link, guest, name);
  const found = (await by.listGuests()).waiting.find(({ id }) => id === guest.keys.id);
  if (found?.kind !== 'readable') throw new Error('the request opens');
  await by.admit(found.applicant);
  begun.guests.waiting = [];
  await guest.room.sync();
  return guest;
}

function said({ timeline }: OpenRoom): string[] {
  return timeline.flatMap((one) => (one.kind === 'message' && one.message.text !== null ? [one.message.text] : []));
}

/** The entry by which the present era began. */
function lastEraOf({ server, claires }: Begun): number {
  return Number(server.rooms.get(claires.id)?.state.eras.at(-1)?.startSeq ?? 0);
}

/** With every key that a guest ever had, also of what their browser was never shown. */
async function readable({ session }: Visitor, entries: readonly Bytes[]): Promise<number> {
  let opened = 0;
  for (const bytes of entries) {
    const entry = parseEntry(bytes);
    if (!entry.ok || entry.value.header.class !== 'content') continue;
    for (const key of session.log.eraKeys.values()) if ((await openContent(key, entry.value.header, entry.value.payload)).ok) opened++;
  }
  return opened;
}

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
      const refused = room.timeline.flatMap((one) => (one.kind === 'notice' && one.item.what.kind === 'refused' ? [one.item.what.code] : []));
      expect(refused).toEqual(Array.from({ length: 4 }, () => 'guest-not-allowed'));
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
