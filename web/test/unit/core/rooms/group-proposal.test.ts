import { describe, expect, it } from 'vitest';
import { mostMembers, proposeChange } from '../../../../src/core/rooms/group-proposal';
import type { GroupComparison } from '../../../../src/core/rooms/group-service';
import { parseContent } from '../../../../src/core/rooms/room-content';
import type { RoomItem } from '../../../../src/core/rooms/room-log';
import { viewOf } from '../../../../src/core/rooms/room-view';
import type { RoomMember } from '../../../../src/core/rooms/room-members';
import { utf8 } from '../../../../src/e2ee/bytes';

const groupId = '01932b7c-0000-7000-8000-00000000aaaa';
const group = { id: groupId.replaceAll('-', ''), name: 'Production', keeps: [] as string[] };

function person(number: number): string {
  return `01932b7c-0000-7000-8000-${number.toString().padStart(12, '0')}`;
}

function member(number: number, more: Partial<RoomMember> = {}): RoomMember {
  const id = person(number);
  return {
    id,
    account: id.replaceAll('-', ''),
    isAdministrator: false,
    isGuest: false,
    isSelf: number === 1,
    differs: false,
    hasStrangeDevice: false,
    ...more,
  };
}

function compared(outside: readonly number[], more: Partial<GroupComparison> = {}): GroupComparison {
  const named = outside.map((number) => ({ id: person(number), name: `Person ${number}`, requestedAt: null }));
  return { groupId, name: 'Production', people: 300, outside: named, outsideCount: named.length, withoutIdentity: 0, notInGroup: [], ...more };
}

const nothing = (): null => null;

describe('a room beside its group', () => {
  it('proposes_who_has_joined_and_who_has_left_and_never_oneself_nor_who_is_kept', () => {
    const members = [member(1), member(2), member(3), member(4)];
    const notInGroup = [person(1), person(2), person(3), person(9)];
    const proposal = proposeChange(
      { ...group, keeps: [member(3).account] },
      members,
      compared([4, 5, 6], { notInGroup, withoutIdentity: 7 }),
      nothing,
    );
    expect(proposal?.bringIn.map(({ id }) => id)).toEqual([person(5), person(6)]);
    expect(proposal?.takeOut.map(({ id }) => id)).toEqual([person(2)]);
    expect(proposal?.withoutIdentity).toBe(7);
  });

  it('proposes_nothing_where_the_server_compares_with_another_group_or_with_none', () => {
    expect(proposeChange(group, [member(1)], compared([5], { groupId: person(5) }), nothing)).toBeNull();
    expect(proposeChange(group, [member(1)], compared([5], { groupId: null }), nothing)).toBeNull();
  });

  it('holds_back_whose_identity_has_changed_and_counts_who_has_none', () => {
    const proposal = proposeChange(group, [member(1)], compared([5, 6, 7]), (id) =>
      id === person(5) ? 'changed' : id === person(6) ? 'unknown' : null,
    );
    expect(proposal?.bringIn.map(({ id }) => id)).toEqual([person(7)]);
    expect(proposal?.changed.map(({ id }) => id)).toEqual([person(5)]);
    expect(proposal?.withoutIdentity).toBe(1);
  });

  it('brings_in_no_more_than_a_room_holds_and_counts_who_stays_outside', () => {
    const members = Array.from({ length: mostMembers - 2 }, (_, at) => member(at + 1));
    const proposal = proposeChange(group, members, compared([501, 502, 503], { outsideCount: 40 }), nothing);
    expect(proposal?.bringIn.map(({ id }) => id)).toEqual([person(501), person(502)]);
    expect(proposal?.beyond).toBe(38);
    expect(proposeChange(group, [...members, member(300), member(301)], compared([501]), nothing)).toMatchObject({ bringIn: [], beyond: 1 });
  });

  it('counts_who_asks', () => {
    const outside = [{ id: person(5), name: 'Five', requestedAt: '2026-11-22T08:30:00Z' }];
    expect(proposeChange(group, [member(1)], compared([], { outside, outsideCount: 1 }), nothing)?.asked).toBe(1);
  });
});

describe('which group a room is open to', () => {
  const said = (seq: number, to: string | null, byAdministrator = true): RoomItem => ({
    seq,
    at: '2026-11-22T08:30:00Z',
    id: seq.toString(16).padStart(32, '0'),
    author: member(1).account,
    ...(byAdministrator ? { byAdministrator } : {}),
    what: { kind: 'content', content: { kind: 'group', group: to, name: 'Production', keeps: [] } },
  });

  it('is_said_by_administrators_only_the_last_counts_and_each_change_is_told', () => {
    const view = viewOf([said(1, group.id), said(2, group.id), said(3, null), said(4, group.id), said(5, null, false)]);
    expect(view.group?.id).toBe(group.id);
    expect(view.timeline.flatMap((one) => (one.kind === 'notice' ? [one.openedTo] : []))).toEqual(['Production', null, 'Production']);
    expect(viewOf([said(1, group.id), said(2, null)]).group).toBeNull();
  });

  it('is_nothing_where_it_is_malformed', () => {
    const parse = (value: object): unknown => parseContent(utf8(JSON.stringify({ kind: 'group', ...value })));
    expect(parse({ group: group.id, name: 'P', keeps: [member(2).account, 'x', 5] })).toEqual({
      kind: 'group',
      group: group.id,
      name: 'P',
      keeps: [member(2).account],
    });
    for (const wrong of [
      { group: 'x', name: 'P', keeps: [] },
      { group: group.id, keeps: [] },
      { group: group.id, name: 'P' },
      { name: 'P', keeps: [] },
    ])
      expect(parse(wrong)).toBeNull();
  });
});
