/** What a room is before it begins, and what is said in it first. */
import type { Bytes } from '../../e2ee/bytes';
import type { Role } from '../../e2ee/rooms/membership';
import { accountHex, accountOf } from '../devices/account-bytes';
import { type HistoryPolicy, mostPeople, type RoomContent, type RoomPurpose } from './room-content';
import type { RoomBeginning } from './room-session';

export interface RoomPerson {
  readonly id: string;
  readonly name: string;
}

/** What somebody chooses of a room before it begins. */
export interface RoomPlan {
  readonly purpose: RoomPurpose;
  readonly name: string;
  readonly history: HistoryPolicy;
  /** A group of the directory that the room is open to, by its id. */
  readonly group?: RoomPerson | undefined;
}

/** @param self Who begins it. @param first What is written once it is known what the room is. */
export function beginningOf(
  nonce: Bytes,
  { purpose, name, history, group }: RoomPlan,
  people: readonly RoomPerson[],
  self: RoomPerson,
  first: readonly RoomContent[],
): RoomBeginning {
  const named = [self, ...people].map((one) => [accountHex(one.id), one.name] as const);
  return {
    nonce,
    members: people.map(({ id }) => ({ account: accountOf(id), role: roleIn(purpose) })),
    contents: [
      { kind: 'history', from: history },
      { kind: 'purpose', purpose },
      ...Array.from({ length: Math.ceil(named.length / mostPeople) }, (_, part) => ({
        kind: 'people' as const,
        names: Object.fromEntries(named.slice(part * mostPeople, (part + 1) * mostPeople)),
      })),
      ...(purpose === 'direct' ? [] : [{ kind: 'name' as const, text: name }]),
      // Who was chosen one by one stays, also where they are not of the group.
      ...(group === undefined
        ? []
        : [{ kind: 'group' as const, group: accountHex(group.id), name: group.name, keeps: people.map(({ id }) => accountHex(id)) }]),
      ...first,
    ],
  };
}

/** In a crisis cell, and between two, everybody may add and remove: whoever began it may be the one who is missing. In a library members read what administrators write, in an animators' room they observe, and in a training they take part. */
export function roleIn(purpose: RoomPurpose): Role {
  return purpose === 'group' || purpose === 'library' || purpose === 'exercises' || purpose === 'training' ? 'member' : 'administrator';
}
