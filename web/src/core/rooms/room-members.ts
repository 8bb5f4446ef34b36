/** Who is in a room, as pages show them: its roster, held against the directory. */
import { type Bytes, equalBytes, fromHex, toHex } from '../../e2ee/bytes';
import type { Member } from '../../e2ee/rooms/membership';
import type { RoomState } from '../../e2ee/rooms/replay';
import { accountHex, personOf } from '../devices/account-bytes';
import type { RoomDirectory } from './room-lines';
import type { RoomView } from './room-view';

export interface RoomMember {
  readonly id: string;
  /** In hexadecimal: how entries name them. */
  readonly account: string;
  readonly isAdministrator: boolean;
  /** Of nobody's directory: let in by a link. */
  readonly isGuest: boolean;
  readonly isSelf: boolean;
  /** The identity in the room is not the one that the directory has now. */
  readonly differs: boolean;
  /** Writes here with a device that the directory does not have. */
  readonly hasStrangeDevice: boolean;
}

/** Somebody who was here as a guest. `over`: their time is, and nobody has taken them out of the roster. */
export interface FormerGuest {
  readonly id: string;
  /** In hexadecimal. */
  readonly account: string;
  readonly how: 'left' | 'removed' | 'over';
  /** Since when, by the server's clock. */
  readonly at: string;
}

type Known = Pick<RoomDirectory, 'identityOf' | 'deviceOf'>;

/** Accounts in hexadecimal of who has a device in the room that is not, or no longer, in the directory. */
export function strangeAccounts({ roster, devices }: Pick<RoomState, 'roster' | 'devices'>, directory: Known): ReadonlySet<string> {
  const strange = [...devices.values()].filter(
    ({ account, device, isRevoked }) => !isRevoked && isOfDirectory(roster.get(toHex(account))) && directory.deviceOf(account, device) === null,
  );
  return new Set(strange.map(({ account }) => accountHex(personOf(account))));
}

/** @param self Account of who is at this browser. */
export function membersOf(state: Pick<RoomState, 'roster' | 'devices'>, directory: Known, self: Bytes): readonly RoomMember[] {
  const strange = strangeAccounts(state, directory);
  return [...state.roster].map(([account, { role, signingKey }]) => {
    const known = directory.identityOf(fromHex(account))?.identity.signingKey;
    return {
      id: personOf(fromHex(account)),
      account,
      isAdministrator: role === 'administrator',
      isGuest: role === 'guest',
      isSelf: equalBytes(fromHex(account), self),
      differs: known !== undefined && !equalBytes(known, signingKey),
      hasStrangeDevice: strange.has(account),
    };
  });
}

/** Who was here as a guest, whose stay ended last first. @param isOver By their account in hexadecimal. */
export function formerGuestsOf(stays: RoomView['stays'], isOver: (account: string) => boolean): readonly FormerGuest[] {
  const former = [...stays].flatMap(([account, { until, ended }]): FormerGuest[] => {
    const id = personOf(fromHex(account));
    if (ended !== null) return [{ id, account, ...ended }];
    return until !== null && isOver(account) ? [{ id, account, how: 'over', at: until }] : [];
  });
  return former.sort((one, other) => Date.parse(other.at) - Date.parse(one.at));
}

/** Guests are in no directory: the room's roster alone says who they are, by their account itself. */
function isOfDirectory(member: Member | undefined): boolean {
  return member !== undefined && member.role !== 'guest';
}
