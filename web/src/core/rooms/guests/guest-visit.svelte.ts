/** The page of somebody who came by a link: asks, waits, is in the room, and is out again. Import it where it is needed: it brings the cryptography with it. */
import { sha256, toHex } from '../../../e2ee/bytes';
import { type GuestLink, guestLinkId, parseGuestLink } from '../../../e2ee/rooms/guest-link';
import { guestCode, sealGuestRequest } from '../../../e2ee/rooms/guest-request';
import { indexedDeviceStore } from '../../../platform/device-store';
import { ApiError } from '../../../transport/api-error';
import { accountOf, personOf } from '../../devices/account-bytes';
import { OpenRoom } from '../rooms.svelte';
import { RoomSession } from '../room-session';
import { GuestDirectory } from './guest-directory';
import { type GuestKeys, GuestVisits } from './guest-keys';
import { guestFeed, guestFiles, guestLine, type GuestStanding, guestRooms, noGroups, noGuests, silentSignals } from './guest-line';

/**
 * `dead`: the link is none, or no longer good. `naming`: nobody has asked by it here yet. `refused`: asked, and was not let in. `ended`: was in the room. `left`: has just left it, and
 * nothing of it is kept here. `unsupported`: the browser lacks the cryptography, or the page did not come over HTTPS.
 */
export type GuestStage =
  | { readonly kind: 'opening' | 'dead' | 'refused' | 'ended' | 'left' | 'unsupported' }
  | { readonly kind: 'unreachable'; readonly error: ApiError }
  | { readonly kind: 'naming' }
  /** `code`: to be compared with whoever lets them in. */
  | { readonly kind: 'waiting'; readonly code: string }
  | { readonly kind: 'in'; readonly room: OpenRoom; readonly code: string };

export class GuestVisit {
  stage = $state.raw<GuestStage>({ kind: 'opening' });
  organisation = $state('');
  expiresAt = $state<string | undefined>();
  private readonly visits = new GuestVisits(indexedDeviceStore);
  private keys: GuestKeys | undefined;
  private room: OpenRoom | undefined;
  private looking: Promise<void> = Promise.resolve();
  private readonly feed = guestFeed({
    receive: () => void this.look(),
    stateChanged: (state) => {
      // Whether the line is gone, or this guest from the room, the server says.
      if (state === 'live' || state === 'broken') void this.look();
    },
  });

  /** @param fragment Of the page's address. */
  constructor(private readonly fragment: string) {}

  /** Also to try again where the server was not reached. */
  async open(): Promise<void> {
    if (!isSecureContext || crypto.subtle === undefined) return this.show({ kind: 'unsupported' });
    const link = parseGuestLink(this.fragment);
    if (link === null) return this.show({ kind: 'dead' });
    await this.trying(async () => {
      const kept = await this.visits.open(toHex(await guestLinkId(link)));
      if (kept === null) return this.lookUp(link);
      this.keys = kept;
      const standing = await standingNow();
      if (standing === null || standing.account !== kept.id) return this.show({ kind: kept.wasIn ? 'ended' : 'refused' });
      this.feed.start();
      await this.follow(link, kept, standing);
      // What came while this was under way was not looked at.
      void this.look();
    });
  }

  /** Asks to be let in; throws the server's refusal. */
  async ask(name: string): Promise<void> {
    const link = parseGuestLink(this.fragment);
    if (link === null) return this.show({ kind: 'dead' });
    const id = await guestLinkId(link);
    const keys = await this.visits.begin(toHex(id), link.room, BigInt(Date.now()));
    try {
      const request = await sealGuestRequest(link, keys.device.identity, keys.sealingKey, name);
      const hash = await sha256(keys.sealingKey);
      const standing = await guestLine.ask(personOf(link.room), personOf(id), keys.device.identity.publicKey, hash, request);
      this.keys = keys;
      this.feed.start();
      await this.follow(link, keys, standing);
      void this.look();
    } catch (error) {
      await this.visits.forget(toHex(id), keys.id);
      if (error instanceof ApiError && error.code === 'not-found') return this.show({ kind: 'dead' });
      throw error;
    }
  }

  /** Asks no more, or leaves the room for good: nothing of it stays in this browser. Throws the server's refusal where that is still in the room. */
  async leave(): Promise<void> {
    const link = parseGuestLink(this.fragment);
    if (this.stage.kind === 'in') await this.stage.room.leave(null);
    this.feed.stop();
    await guestLine.end().catch(ignoreRefusal);
    await this.forget(link);
    this.show({ kind: 'left' });
  }

  /** Other keys, another request: for who was refused. */
  async askAnew(): Promise<void> {
    const link = parseGuestLink(this.fragment);
    await this.forget(link);
    if (link !== null) await this.trying(() => this.lookUp(link));
  }

  /** What was read stays in this browser until somebody erases it. */
  async erase(): Promise<void> {
    await this.forget(parseGuestLink(this.fragment));
    this.show({ kind: 'left' });
  }

  close(): void {
    this.feed.stop();
  }

  /** The network came back, or somebody looks at the page again. */
  retryNow(): void {
    this.feed.retryNow();
  }

  private show(stage: GuestStage): void {
    this.stage = stage;
  }

  private async lookUp(link: GuestLink): Promise<void> {
    try {
      const { organisation, expiresAt } = await guestLine.lookUp(personOf(link.room), personOf(await guestLinkId(link)));
      [this.organisation, this.expiresAt] = [organisation, expiresAt];
      this.show({ kind: 'naming' });
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'not-found') throw error;
      this.show({ kind: 'dead' });
    }
  }

  /** One look at a time: news comes faster than answers. */
  private look(): Promise<void> {
    this.looking = this.looking.then(() => this.lookOnce()).catch(ignoreRefusal);
    return this.looking;
  }

  private async lookOnce(): Promise<void> {
    const link = parseGuestLink(this.fragment);
    const { keys, stage } = this;
    if (keys === undefined || link === null || (stage.kind !== 'waiting' && stage.kind !== 'in')) return;
    if (stage.kind === 'in') {
      await stage.room.sync();
      if (stage.room.line !== 'gone') return;
    }
    const standing = await standingNow();
    // Whoever has left meanwhile is told so already.
    if (this.stage.kind !== stage.kind) return;
    if (standing !== null && standing.account === keys.id) return this.follow(link, keys, standing);
    this.feed.stop();
    this.show({ kind: stage.kind === 'in' ? 'ended' : 'refused' });
  }

  private async follow(link: GuestLink, keys: GuestKeys, standing: GuestStanding): Promise<void> {
    [this.organisation, this.expiresAt] = [standing.organisation, standing.expiresAt];
    const code = await guestCode({
      account: keys.device.account,
      signingKey: keys.device.identity.publicKey,
      sealingKeyHash: await sha256(keys.sealingKey),
    });
    if (this.isSettled()) return;
    if (!standing.isIn) return this.show({ kind: 'waiting', code });
    const room = (this.room ??= await enter(link, keys));
    await room.sync();
    if (this.isSettled()) return;
    // The server says so; whether somebody who may has let them in, the room's entries say.
    if (!room.isGuest) return this.show({ kind: 'waiting', code });
    await this.visits.noteIn(toHex(await guestLinkId(link)), keys.id);
    if (!this.isSettled()) this.show({ kind: 'in', room, code });
  }

  /** In the room, or has left while an answer was under way: both outlast what the answer says. */
  private isSettled(): boolean {
    return this.stage.kind === 'in' || this.stage.kind === 'left';
  }

  private async forget(link: GuestLink | null): Promise<void> {
    if (link === null || this.keys === undefined) return;
    await this.visits.forget(toHex(await guestLinkId(link)), this.keys.id);
    [this.keys, this.room] = [undefined, undefined];
  }

  private async trying(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.show({ kind: 'unreachable', error });
    }
  }
}

async function enter(link: GuestLink, { keys, device }: GuestKeys): Promise<OpenRoom> {
  const windows = `tocsin-${toHex(device.device)}`;
  const session = await RoomSession.open(
    {
      device,
      directory: { identityOf: () => undefined },
      service: guestRooms,
      store: keys.sealed,
      exclusively: async (name, work) =>
        navigator.locks === undefined ? work() : await navigator.locks.request<ReturnType<typeof work>>(`${windows}-${name}`, work),
    },
    accountOf(personOf(link.room)),
  );
  return new OpenRoom(session, device, new GuestDirectory(session.log), {
    rooms: guestRooms,
    signals: silentSignals,
    groups: noGroups,
    guests: noGuests,
    files: guestFiles,
    uploads: keys.sealed,
  });
}

/** @returns Null where this browser has no guest's session, or one that has ended. */
async function standingNow(): Promise<GuestStanding | null> {
  try {
    return await guestLine.standing();
  } catch (error) {
    if (error instanceof ApiError && (error.code === 'not-signed-in' || error.code === 'not-found')) return null;
    throw error;
  }
}

function ignoreRefusal(error: unknown): void {
  if (!(error instanceof ApiError)) throw error;
}
