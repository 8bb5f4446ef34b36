import { describe, expect, it } from 'vitest';
import { type Bytes, equalBytes, toHex, utf8 } from '../../../src/e2ee/bytes';
import {
  askForAdmission,
  type CallDevice,
  type CallGroup,
  commitChange,
  createCall,
  enterCall,
  epochKeysOf,
  devicesIn,
  groupInfoOf,
  joinCall,
  participantsOf,
  receiveCommit,
  receiveWhileJoining,
  unwelcomeLeaves,
} from '../../../src/e2ee/calls/call-group';
import type { CallPolicy } from '../../../src/e2ee/calls/mls-authentication';
import { certifyDevice, type DeviceCertificate } from '../../../src/e2ee/identities/device-certificate';
import { type Signer, signerFromSeed } from '../../../src/e2ee/signature';
import { SeededRandom } from '../seeded';

const groupId = utf8('call');

/** A roster of accounts with their identities. */
class Roster implements CallPolicy {
  readonly identities = new Map<string, Signer>();
  readonly revoked = new Set<string>();
  host: Bytes | null = null;

  standingOf({ account, identityKey, device }: DeviceCertificate): 'rostered' | 'guest' | 'refused' {
    const identity = this.identities.get(toHex(account));
    if (identity === undefined) return 'guest';
    return equalBytes(identity.publicKey, identityKey) && !this.revoked.has(toHex(device)) ? 'rostered' : 'refused';
  }

  mayRemove(by: DeviceCertificate): boolean {
    return this.host !== null && equalBytes(by.account, this.host);
  }
}

interface Caller {
  readonly account: Bytes;
  readonly device: CallDevice;
  readonly deviceId: Bytes;
}

async function caller(random: SeededRandom, roster: Roster | null, account = random.bytes(16)): Promise<Caller> {
  const identity = await signerFromSeed(random.bytes(32));
  const signer = await signerFromSeed(random.bytes(32));
  const deviceId = random.bytes(16);
  roster?.identities.set(toHex(account), identity);
  const certificate = await certifyDevice(identity, { account, device: deviceId, deviceKey: signer.publicKey, issuedAt: 1n });
  return { account, deviceId, device: { certificate, signer } };
}

function value<Value>(result: { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly code: string }): Value {
  if (!result.ok) throw new Error(result.code);
  return result.value;
}

async function joined(group: CallGroup, by: Caller, policy: CallPolicy): Promise<{ readonly group: CallGroup; readonly commit: Bytes }> {
  const joining = value(await joinCall(groupId, await groupInfoOf(group), by.device, policy));
  const outcome = receiveWhileJoining(joining, joining.commit);
  if (outcome.kind !== 'joined') throw new Error(outcome.kind);
  return { group: outcome.group, commit: joining.commit };
}

async function received(group: CallGroup, policy: CallPolicy, commit: Bytes): Promise<CallGroup> {
  const { group: after, outcome } = await receiveCommit(group, policy, commit);
  if (outcome.kind !== 'advanced') throw new Error(`${outcome.kind} ${outcome.kind === 'refused' ? outcome.code : ''}`);
  return after;
}

async function callOfTwo(
  random: SeededRandom,
): Promise<{ readonly roster: Roster; readonly host: Caller; readonly first: CallGroup; readonly second: CallGroup }> {
  const roster = new Roster();
  const host = await caller(random, roster);
  roster.host = host.account;
  const created = await createCall(groupId, host.device, roster);
  const other = await joined(created, await caller(random, roster), roster);
  return { roster, host, first: await received(created, roster, other.commit), second: other.group };
}

describe('the group of a call', () => {
  it('random_joins_and_leaves_read_late_twice_and_in_disorder_leave_everybody_with_the_same_keys', async () => {
    const random = new SeededRandom();
    const roster = new Roster();
    const host = await caller(random, roster);
    roster.host = host.account;
    /** The commits that the server took, one an epoch; each member reads it at its own pace. */
    const order: Bytes[] = [];
    const members: { readonly who: Caller; group: CallGroup; read: number; isOut: boolean }[] = [
      { who: host, group: await createCall(groupId, host.device, roster), read: 0, isOut: false },
    ];

    async function readNext(member: (typeof members)[number]): Promise<void> {
      const commit = order[member.read];
      if (commit === undefined || member.isOut) return;
      const { group, outcome } = await receiveCommit(member.group, roster, commit);
      if (outcome.kind === 'removed') member.isOut = true;
      else expect(outcome.kind).toBe('advanced');
      member.group = group;
      member.read++;
    }

    async function catchUp(member: (typeof members)[number]): Promise<void> {
      while (member.read < order.length && !member.isOut) await readNext(member);
    }

    for (let round = 0; round < 24; round++) {
      const [leader] = members;
      if (leader === undefined) throw new Error('nobody is in');
      await catchUp(leader);
      const present = members.filter((member) => !member.isOut);
      if (present.length < 7 && random.chance(0.6)) {
        const who = await caller(random, roster);
        const { group, commit } = await joined(leader.group, who, roster);
        order.push(commit);
        members.push({ who, group, read: order.length, isOut: false });
      } else if (present.length > 2 && random.chance(0.6)) {
        const leaving = random.pick(present.slice(1));
        // Who has already been removed, though it has not read so yet, is not there to be removed.
        const leaf = (await participantsOf(leader.group)).find(({ certificate }) => equalBytes(certificate.account, leaving.who.account))?.leaf;
        if (leaf === undefined) continue;
        const change = value(await commitChange(leader.group, roster, { add: [], remove: [leaf] }));
        leader.group = change.group;
        order.push(change.commit);
      } else {
        const change = value(await commitChange(leader.group, roster, { add: [], remove: [] }));
        leader.group = change.group;
        order.push(change.commit);
      }
      for (const member of random.shuffled(members)) {
        if (member.isOut) continue;
        // A copy or something out of order changes nothing.
        const any = random.below(order.length);
        const stray = order[any];
        if (stray !== undefined && any !== member.read) {
          const { group, outcome } = await receiveCommit(member.group, roster, stray);
          expect(outcome.kind).toBe(any < member.read ? 'past' : 'gap');
          expect(group).toBe(member.group);
        }
        if (random.chance(0.7)) await readNext(member);
      }
    }
    for (const member of members) await catchUp(member);
    const inside = members.filter((member) => !member.isOut);
    const keys = await Promise.all(inside.map((member) => epochKeysOf(member.group)));
    expect(new Set(keys.map(({ baseKey, code, epoch, leaves }) => `${toHex(baseKey)} ${code} ${epoch} ${leaves.join()}`)).size).toBe(1);
    expect(new Set(keys.map(({ ownLeaf }) => ownLeaf)).size).toBe(inside.length);
    expect(keys[0]?.epoch).toBe(BigInt(order.length));
    expect(keys[0]?.code).toMatch(/^(\d{5} ){4}\d{5}$/);
    for (const member of members.filter(({ isOut }) => isOut)) expect((await epochKeysOf(member.group)).code).not.toBe(keys[0]?.code);
  });

  it('of_two_commits_of_an_epoch_the_first_counts_and_the_other_tries_again', async () => {
    const { roster, first, second } = await callOfTwo(new SeededRandom());
    const one = value(await commitChange(first, roster, { add: [], remove: [] }));
    const two = value(await commitChange(second, roster, { add: [], remove: [] }));
    const winner = await receiveCommit(one.group, roster, one.commit);
    expect(winner.outcome).toEqual({ kind: 'advanced', isOwn: true, isOvertaken: false });
    const loser = await receiveCommit(two.group, roster, one.commit);
    expect(loser.outcome).toEqual({ kind: 'advanced', isOwn: false, isOvertaken: true });
    expect((await receiveCommit(loser.group, roster, two.commit)).outcome).toEqual({ kind: 'past' });
    expect((await epochKeysOf(winner.group)).code).toBe((await epochKeysOf(loser.group)).code);
  });

  it('who_joins_and_is_overtaken_sees_it', async () => {
    const random = new SeededRandom();
    const { roster, first } = await callOfTwo(random);
    const info = await groupInfoOf(first);
    const [one, two] = [await caller(random, roster), await caller(random, roster)];
    const early = value(await joinCall(groupId, info, one.device, roster));
    const late = value(await joinCall(groupId, info, two.device, roster));
    expect(receiveWhileJoining(late, early.commit)).toEqual({ kind: 'overtaken' });
    expect(receiveWhileJoining(late, random.bytes(50))).toEqual({ kind: 'waiting' });
  });

  it('a_device_that_lost_its_group_comes_in_again_and_its_old_leaf_goes', async () => {
    const random = new SeededRandom();
    const { roster, host, first, second } = await callOfTwo(random);
    const again = await joined(second, host, roster);
    const after = await received(second, roster, again.commit);
    expect((await participantsOf(after)).length).toBe(2);
    expect((await epochKeysOf(after)).code).toBe((await epochKeysOf(again.group)).code);
    expect((await receiveCommit(first, roster, again.commit)).outcome).toEqual({ kind: 'removed' });
  });

  it('a_guest_is_added_by_a_member_and_can_neither_come_in_nor_add_anybody_alone', async () => {
    const random = new SeededRandom();
    const { roster, first, second } = await callOfTwo(random);
    const guest = await caller(random, null);
    const alone = value(await joinCall(groupId, await groupInfoOf(first), guest.device, roster));
    expect((await receiveCommit(first, roster, alone.commit)).outcome).toEqual({ kind: 'refused', code: 'not-allowed' });
    const admission = await askForAdmission(guest.device);
    const change = value(await commitChange(first, roster, { add: [admission.keyPackage], remove: [] }));
    const after = await received(second, roster, change.commit);
    const inside = value(await enterCall(groupId, change.welcome ?? new Uint8Array(), admission, roster));
    expect((await epochKeysOf(inside)).code).toBe((await epochKeysOf(after)).code);
    const friend = await askForAdmission((await caller(random, null)).device);
    expect(await commitChange(inside, roster, { add: [friend.keyPackage], remove: [] })).toEqual({ ok: false, code: 'not-allowed' });
  });

  it('guests_among_themselves_add_and_remove_each_other', async () => {
    const random = new SeededRandom();
    const { roster } = await callOfTwo(random);
    const [founder, other, third] = [await caller(random, null), await caller(random, null), await caller(random, null)];
    const own = await createCall(groupId, founder.device, roster);
    const admission = await askForAdmission(other.device);
    const change = value(await commitChange(own, roster, { add: [admission.keyPackage], remove: [] }));
    const began = await received(change.group, roster, change.commit);
    const inside = value(await enterCall(groupId, change.welcome ?? new Uint8Array(), admission, roster));
    const friend = await askForAdmission(third.device);
    const next = value(await commitChange(inside, roster, { add: [friend.keyPackage], remove: [] }));
    const both = await received(began, roster, next.commit);
    expect((await participantsOf(both)).length).toBe(3);
    const gone = value(await commitChange(both, roster, { add: [], remove: [1] }));
    expect((await participantsOf(await received(gone.group, roster, gone.commit))).length).toBe(2);
    // Whoever has a known device comes in by themselves nowhere but where others have.
    const member = await caller(random, roster);
    expect(await joinCall(groupId, await groupInfoOf(both), member.device, roster)).toEqual({ ok: false, code: 'unverified' });
  });
});

describe('a server or a member that cheats', () => {
  it('cannot_bring_in_a_device_that_is_not_certified_by_the_identity_in_the_roster', async () => {
    const random = new SeededRandom();
    const { roster, host, first } = await callOfTwo(random);
    const impostor = await caller(random, null, host.account);
    const joining = await joinCall(groupId, await groupInfoOf(first), impostor.device, policyOf('rostered'));
    expect((await receiveCommit(first, roster, value(joining).commit)).outcome).toEqual({ kind: 'refused', code: 'not-allowed' });
    const admission = await askForAdmission(impostor.device);
    expect(await commitChange(first, roster, { add: [admission.keyPackage], remove: [] })).toEqual({ ok: false, code: 'forged' });
    const tricked = value(await commitChange(first, policyOf('rostered'), { add: [admission.keyPackage], remove: [] }));
    expect((await receiveCommit(first, roster, tricked.commit)).outcome).toEqual({ kind: 'refused', code: 'forged' });
  });

  it('cannot_give_a_group_of_its_own_to_who_joins', async () => {
    const random = new SeededRandom();
    const { roster } = await callOfTwo(random);
    const server = await caller(random, null);
    const own = await createCall(groupId, server.device, policyOf('rostered'));
    const member = await caller(random, roster);
    expect(await joinCall(groupId, await groupInfoOf(own), member.device, roster)).toEqual({ ok: false, code: 'unverified' });
  });

  it('cannot_take_somebody_out_without_the_right_and_a_revoked_device_is_seen_and_taken_out', async () => {
    const random = new SeededRandom();
    const { roster, host, first, second } = await callOfTwo(random);
    const hostLeaf = 0;
    const unfair = value(await commitChange(second, { standingOf: () => 'rostered', mayRemove: () => true }, { add: [], remove: [hostLeaf] }));
    expect((await receiveCommit(first, roster, unfair.commit)).outcome).toEqual({ kind: 'refused', code: 'not-allowed' });
    expect(await commitChange(second, roster, { add: [], remove: [hostLeaf] })).toEqual({ ok: false, code: 'not-allowed' });
    roster.revoked.add(toHex(host.deviceId));
    expect(await unwelcomeLeaves(second, roster)).toEqual([hostLeaf]);
    const fair = value(await commitChange(second, roster, { add: [], remove: [hostLeaf] }));
    expect((await receiveCommit(first, roster, fair.commit)).outcome).toEqual({ kind: 'removed' });
  });

  it('cannot_name_a_tree_of_devices_that_cannot_be_read_without_being_refused', async () => {
    const random = new SeededRandom();
    const { roster, first } = await callOfTwo(random);
    const info = await groupInfoOf(first);
    const member = await caller(random, roster);
    let unreadable = 0;
    for (let place = 0; place < info.length; place++) {
      const broken = new Uint8Array(info);
      broken[place] = (broken[place] ?? 0) ^ 0x40;
      if ((await devicesIn(broken)) !== null) continue;
      unreadable += 1;
      expect(await joinCall(groupId, broken, member.device, roster)).toEqual({ ok: false, code: 'malformed-group' });
    }
    expect(unreadable).toBeGreaterThan(10);
  });

  it('changed_cut_and_random_bytes_are_refused_without_an_exception', async () => {
    const random = new SeededRandom();
    const { roster, first, second } = await callOfTwo(random);
    const { commit } = value(await commitChange(second, roster, { add: [], remove: [] }));
    const info = await groupInfoOf(first);
    const member = await caller(random, roster);
    for (let round = 0; round < 60; round++) {
      const changed = new Uint8Array(commit);
      const at = random.below(changed.length);
      changed[at] = (changed[at] ?? 0) ^ (1 + random.below(255));
      const { group, outcome } = await receiveCommit(first, roster, changed);
      expect(['refused', 'past', 'gap']).toContain(outcome.kind);
      expect(group).toBe(first);
      expect((await receiveCommit(first, roster, commit.subarray(0, random.below(commit.length)))).outcome.kind).toBe('refused');
      expect((await receiveCommit(first, roster, random.bytes(random.below(200)))).outcome.kind).toBe('refused');
      if (round % 10 > 0) continue;
      const broken = new Uint8Array(info);
      const place = random.below(broken.length);
      broken[place] = (broken[place] ?? 0) ^ (1 + random.below(255));
      expect((await joinCall(groupId, broken, member.device, roster)).ok).toBe(false);
    }
  });
});

function policyOf(standing: 'rostered' | 'guest'): CallPolicy {
  return { standingOf: () => standing, mayRemove: () => false };
}
