import { personOf } from '../../../../src/core/devices/account-bytes';
import { GuestDirectory } from '../../../../src/core/rooms/guests/guest-directory';
import { type GuestKeys, GuestVisits } from '../../../../src/core/rooms/guests/guest-keys';
import { noGroups, noGuests, silentSignals } from '../../../../src/core/rooms/guests/guest-line';
import type { ListedGuests } from '../../../../src/core/rooms/guests/guest-service';
import { RoomSession } from '../../../../src/core/rooms/room-session';
import { memberLines } from '../../../../src/core/rooms/room-lines';
import { OpenRoom } from '../../../../src/core/rooms/rooms.svelte';
import { type Bytes, toHex } from '../../../../src/e2ee/bytes';
import { openContent } from '../../../../src/e2ee/rooms/content';
import { parseEntry } from '../../../../src/e2ee/rooms/entry';
import { type GuestLink, guestLinkId, parseGuestLink } from '../../../../src/e2ee/rooms/guest-link';
import { sealGuestRequest } from '../../../../src/e2ee/rooms/guest-request';
import { MemoryDeviceStore, MemoryDirectoryLog } from '../devices/memory';
import { type Browser, browserOn, Line, MemoryRooms } from './memory-rooms';

/** Links and requests, as an honest server keeps them; tests change them to make it lie. */
export class MemoryGuests {
  readonly links = new Map<string, { readonly expiresAt: string; guestsLeft: number }>();
  waiting: { account: string; link: string; request: string; requestedAt: string }[] = [];

  list(): Promise<ListedGuests> {
    const links = [...this.links].map(([id, link]) => ({ id, createdAt: '2026-01-01T00:00:00Z', ...link }));
    return Promise.resolve({ links, waiting: this.waiting, guests: [], page: null });
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

export interface Visitor {
  readonly line: Line;
  readonly keys: GuestKeys;
  readonly room: OpenRoom;
  readonly session: RoomSession;
}

/** Claire's room with Bruno in it, and something said before any guest. */
export async function begin(history: 'beginning' | 'invitation' = 'beginning') {
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
  return { log, server, guests, id, claire, bruno, claires, brunos };
}

export type Begun = Awaited<ReturnType<typeof begin>>;

export async function makeLink({ claires }: Begun, until = '2027-01-01T00:00:00Z'): Promise<GuestLink> {
  const link = parseGuestLink(await claires.makeGuestLink(new Date(until), 5));
  if (link === null) throw new Error('a link that was just made is one');
  return link;
}

export async function visitor({ server, id }: Begun, link: GuestLink): Promise<Visitor> {
  const keys = await new GuestVisits(new MemoryDeviceStore()).begin(toHex(await guestLinkId(link)), link.room, 1n);
  const service = new Line(server, keys.device.account);
  const session = await RoomSession.open(
    {
      device: keys.device,
      directory: { identityOf: () => undefined },
      service,
      store: keys.keys.sealed,
      exclusively: (_, work) => work(),
      now: () => server.now,
    },
    id,
  );
  const lines = { ...memberLines, rooms: { markRead: () => Promise.resolve() }, signals: silentSignals, groups: noGroups, guests: noGuests };
  return { line: service, keys, session, room: new OpenRoom(session, keys.device, new GuestDirectory(session.log), lines) };
}

export async function ask({ guests }: Begun, link: GuestLink, { keys }: Visitor, name: string): Promise<void> {
  const request = await sealGuestRequest(link, keys.device.identity, keys.sealingKey, name);
  const base64 = Buffer.from(request).toString('base64');
  guests.waiting.push({ account: keys.id, link: personOf(await guestLinkId(link)), request: base64, requestedAt: '2026-01-01T00:00:00Z' });
}

export async function letIn(begun: Begun, by: OpenRoom, link: GuestLink, name: string): Promise<Visitor> {
  const guest = await visitor(begun, link);
  await ask(begun, link, guest, name);
  const found = (await by.listGuests()).waiting.find(({ id }) => id === guest.keys.id);
  if (found?.kind !== 'readable') throw new Error('the request opens');
  await by.admit(found.applicant);
  begun.guests.waiting = [];
  begun.server.sessionEnds.set(toHex(guest.keys.device.account), Date.parse(found.applicant.until));
  await guest.room.sync();
  return guest;
}

export function said({ timeline }: OpenRoom): string[] {
  return timeline.flatMap((one) => (one.kind === 'message' && one.message.text !== null ? [one.message.text] : []));
}

/** The entry by which the present era began. */
export function lastEraOf({ server, claires }: Begun): number {
  return Number(server.rooms.get(claires.id)?.state.eras.at(-1)?.startSeq ?? 0);
}

/** With every key that a guest ever had, also of what their browser was never shown. */
export async function readable({ session }: Visitor, entries: readonly Bytes[]): Promise<number> {
  let opened = 0;
  for (const bytes of entries) {
    const entry = parseEntry(bytes);
    if (!entry.ok || entry.value.header.class !== 'content') continue;
    for (const key of session.log.eraKeys.values()) if ((await openContent(key, entry.value.header, entry.value.payload)).ok) opened++;
  }
  return opened;
}
