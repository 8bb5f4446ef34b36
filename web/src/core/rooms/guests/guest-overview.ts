/** Who may come in by a link, and who asks to: the server's list, held against what the room itself says. */
import { formatGuestLink, type GuestLink, guestLinkId } from '../../../e2ee/rooms/guest-link';
import { type Applicant, guestCode, openGuestRequest } from '../../../e2ee/rooms/guest-request';
import { accountHex, fromBase64, personOf } from '../../devices/account-bytes';
import type { RoomLog } from '../room-log';
import type { ListedGuests } from './guest-service';

/** A link that can still be used. */
export interface ShownGuestLink {
  /** As the server knows it. */
  readonly id: string;
  readonly expiresAt: string;
  readonly guestsLeft: number;
  /** For the fragment of an address; null where the room has not said its secret to this person. */
  readonly text: string | null;
}

/** With the end of the stay that the link says. */
export type InvitedApplicant = Applicant & { readonly until: string };

/** A link, with the end of the stays that begin by it. */
export type KnownGuestLink = GuestLink & { readonly until: string };

/** Somebody who asks to be let in. `unreadable`: by a link whose secret this person was not told, or the request is not what its guest sealed. */
export type WaitingGuest =
  | { readonly kind: 'readable'; readonly id: string; readonly name: string; readonly code: string; readonly applicant: InvitedApplicant }
  | { readonly kind: 'unreadable'; readonly id: string };

export interface GuestOverview {
  readonly links: readonly ShownGuestLink[];
  readonly waiting: readonly WaitingGuest[];
  /** What links begin with, as the organisation has it; null where the address of this page will do. */
  readonly page: string | null;
  /** By their id, until when guests in the room may stay. */
  readonly until: ReadonlyMap<string, string>;
}

/** Links that the room has said to this person, by the id that the server knows each by. */
export async function knownGuestLinks({ room, guests }: Pick<RoomLog, 'room' | 'guests'>): Promise<ReadonlyMap<string, KnownGuestLink>> {
  const links = guests.links.map(async ({ secret, until }) => [personOf(await guestLinkId({ room, secret })), { room, secret, until }] as const);
  return new Map(await Promise.all(links));
}

/** @param known By the server's id of each. @param gone Accounts, in hexadecimal, of guests who were here before. */
export async function overviewOf(
  listed: ListedGuests,
  known: ReadonlyMap<string, KnownGuestLink>,
  gone: { has(account: string): boolean },
): Promise<GuestOverview> {
  const waiting = listed.waiting.map(async ({ account, link, request }): Promise<WaitingGuest> => {
    const by = known.get(link);
    if (by === undefined) return { kind: 'unreadable', id: account };
    const opened = await openGuestRequest(by, fromBase64(request) ?? new Uint8Array());
    // Under another account than its keys make, or one that was here before: the server shows what no guest sent.
    const isTheirs = opened.ok && personOf(opened.value.account) === account && !gone.has(accountHex(account));
    if (!isTheirs) return { kind: 'unreadable', id: account };
    const applicant = { ...opened.value, until: by.until };
    return { kind: 'readable', id: account, name: opened.value.name, code: await guestCode(opened.value), applicant };
  });
  return {
    links: listed.links.map(({ id, expiresAt, guestsLeft }) => {
      const link = known.get(id);
      return { id, expiresAt, guestsLeft, text: link === undefined ? null : formatGuestLink(link) };
    }),
    waiting: await Promise.all(waiting),
    page: listed.page,
    until: new Map(listed.guests.map(({ account, expiresAt }) => [account, expiresAt])),
  };
}
