import type { GroupComparison } from './group-service';
import type { FollowedGroup } from './room-view';
import type { RoomPerson } from './room-beginning';
import type { RoomMember } from './room-members';

/** The server tells each member of each entry. */
export const mostMembers = 200;

/** What an administrator may do so that the room has the people of its group again. It changes nothing by itself. */
export interface GroupProposal {
  /** Of the group and not in the room; who asked first, as many as there is room for. */
  readonly bringIn: readonly RoomPerson[];
  /** How many of those asked to come in. */
  readonly asked: number;
  /** Of the group, with another identity than this browser counted on: to be verified first. */
  readonly changed: readonly RoomPerson[];
  /** Of the group, for whom there is no room. */
  readonly beyond: number;
  /** Of the group, without an identity yet. */
  readonly withoutIdentity: number;
  /** In the room, no longer in the group, and not kept by decision. */
  readonly takeOut: readonly RoomMember[];
}

/**
 * The comparison is the server's word: people whom the room has already, or has not at all, are passed over whatever it says.
 * @returns Null where the server compares with another group than the room is open to: nothing follows from that.
 */
export function proposeChange(
  group: FollowedGroup,
  members: readonly RoomMember[],
  compared: GroupComparison,
  obstacleTo: (person: string) => 'unknown' | 'changed' | null,
): GroupProposal | null {
  if (compared.groupId?.replaceAll('-', '') !== group.id) return null;
  const outside = compared.outside.filter(({ id }) => !members.some((member) => member.id === id));
  const changed = outside.filter(({ id }) => obstacleTo(id) === 'changed');
  // Of an identity that this browser has not read yet nothing is known: it is counted among those without.
  const unknown = outside.filter(({ id }) => obstacleTo(id) === 'unknown');
  const fine = outside.filter((person) => !changed.includes(person) && !unknown.includes(person));
  const bringIn = fine.slice(0, Math.max(0, mostMembers - members.length));
  return {
    bringIn: bringIn.map(({ id, name }) => ({ id, name })),
    asked: bringIn.filter(({ requestedAt }) => requestedAt !== null).length,
    changed: changed.map(({ id, name }) => ({ id, name })),
    beyond: Math.max(0, compared.outsideCount - compared.outside.length) + fine.length - bringIn.length,
    withoutIdentity: compared.withoutIdentity + unknown.length,
    takeOut: members.filter(
      ({ id, account, isSelf, isGuest }) => !isSelf && !isGuest && compared.notInGroup.includes(id) && !group.keeps.includes(account),
    ),
  };
}
