import { describe, expect, it } from 'vitest';
import { type Bytes, toHex, utf8 } from '../../../src/e2ee/bytes';
import { isSayable, longestText, readCallContent, sayable, writeCallContent } from '../../../src/e2ee/calls/call-content';
import {
  type CallGroup,
  commitChange,
  createCall,
  groupInfoOf,
  joinCall,
  receiveCommit,
  receiveWhileJoining,
} from '../../../src/e2ee/calls/call-group';
import { maximumSealedLength, openMessage, sealMessage } from '../../../src/e2ee/calls/call-message';
import type { CallPolicy } from '../../../src/e2ee/calls/mls-authentication';
import { certifyDevice } from '../../../src/e2ee/identities/device-certificate';
import { signerFromSeed } from '../../../src/e2ee/signature';
import { SeededRandom } from '../seeded';

const groupId = utf8('call');

/** Everybody is of the roster but whose device was revoked. */
class Roster implements CallPolicy {
  readonly revoked = new Set<string>();
  standingOf({ device }: { readonly device: Bytes }): 'rostered' | 'refused' {
    return this.revoked.has(toHex(device)) ? 'refused' : 'rostered';
  }
  mayRemove(): boolean {
    return true;
  }
}

const roster = (): Roster => new Roster();

async function device(random: SeededRandom): Promise<{ certificate: Bytes; signer: Awaited<ReturnType<typeof signerFromSeed>>; id: Bytes }> {
  const [identity, signer, id] = [await signerFromSeed(random.bytes(32)), await signerFromSeed(random.bytes(32)), random.bytes(16)];
  const certificate = await certifyDevice(identity, { account: random.bytes(16), device: id, deviceKey: signer.publicKey, issuedAt: 1n });
  return { certificate, signer, id };
}

/** Members of one group, the first having begun it. */
async function callOf(
  count: number,
  random = new SeededRandom(),
  policy = roster(),
): Promise<{ members: CallGroup[]; policy: Roster; ids: Bytes[] }> {
  const devices = await Promise.all(Array.from({ length: count }, () => device(random)));
  const members: CallGroup[] = [];
  for (const one of devices) {
    const [first] = members;
    if (!first) {
      members.push(await createCall(groupId, one, policy));
      continue;
    }
    const joining = await joinCall(groupId, await groupInfoOf(first), one, policy);
    if (!joining.ok) throw new Error(joining.code);
    const { commit } = joining.value;
    for (const [at, member] of members.entries()) members[at] = (await receiveCommit(member, policy, commit)).group;
    const joined = receiveWhileJoining(joining.value, commit);
    if (joined.kind !== 'joined') throw new Error(joined.kind);
    members.push(joined.group);
  }
  return { members, policy, ids: devices.map(({ id }) => id) };
}

const at = <Item>(items: readonly Item[], index: number): Item => {
  const item = items[index];
  if (item === undefined) throw new Error(`nothing at ${index}`);
  return item;
};

describe('what is said in a call (RFC 9420 section 6.3)', () => {
  it('everybody_in_the_group_opens_it_and_knows_whose_device_sealed_it', async () => {
    const { members, policy, ids } = await callOf(3);
    const { message } = await sealMessage(at(members, 1), utf8('evacuate bloc B'));
    expect(Buffer.from(message).includes('evacuate')).toBe(false);
    for (const reader of [0, 2]) {
      const { outcome } = await openMessage(at(members, reader), policy, message);
      if (outcome.kind !== 'opened') throw new Error(outcome.kind);
      expect(outcome.content).toEqual(utf8('evacuate bloc B'));
      expect(outcome.sender.device).toEqual(at(ids, 1));
    }
  });

  it('short_texts_and_long_ones_up_to_256_bytes_are_as_long_as_each_other', async () => {
    const { members } = await callOf(2);
    const lengths = await Promise.all(['a', 'b'.repeat(150)].map(async (text) => (await sealMessage(at(members, 0), utf8(text))).message.length));
    expect(new Set(lengths).size).toBe(1);
  });

  it('what_was_heard_is_not_heard_again', async () => {
    const { members, policy } = await callOf(2);
    const { message } = await sealMessage(at(members, 0), utf8('once'));
    const first = await openMessage(at(members, 1), policy, message);
    expect(first.outcome.kind).toBe('opened');
    expect((await openMessage(first.group, policy, message)).outcome.kind).toBe('refused');
  });

  it('texts_in_another_order_are_each_opened_once', async () => {
    const { members, policy } = await callOf(2);
    const one = await sealMessage(at(members, 0), utf8('one'));
    const two = await sealMessage(one.group, utf8('two'));
    expect(toHex(one.message)).not.toBe(toHex(two.message));
    let reader = at(members, 1);
    const opened: string[] = [];
    for (const message of [two.message, one.message, two.message, one.message]) {
      const { group, outcome } = await openMessage(reader, policy, message);
      reader = group;
      opened.push(outcome.kind === 'opened' ? new TextDecoder().decode(outcome.content) : outcome.kind);
    }
    expect(opened).toEqual(['two', 'one', 'refused', 'refused']);
  });

  it('whatever_byte_is_changed_it_is_refused_and_the_group_goes_on', async () => {
    const { members, policy } = await callOf(2);
    const { message } = await sealMessage(at(members, 0), utf8('as it was'));
    const random = new SeededRandom();
    let reader = at(members, 1);
    for (let round = 0; round < 120; round++) {
      const place = round < 60 ? round : random.below(message.length);
      const changed = message.slice();
      changed[place] = (changed[place] ?? 0) ^ (1 << random.below(8));
      const { group, outcome } = await openMessage(reader, policy, changed);
      expect(outcome.kind === 'opened' ? `byte ${place}` : 'not opened').toBe('not opened');
      reader = group;
    }
    for (const length of [0, 1, 40, message.length - 1])
      expect((await openMessage(reader, policy, message.subarray(0, length))).outcome.kind).toBe('refused');
    expect((await openMessage(reader, policy, new Uint8Array(maximumSealedLength + 1))).outcome.kind).toBe('refused');
    expect((await openMessage(reader, policy, message)).outcome.kind).toBe('opened');
  });

  it('a_member_cannot_say_anything_in_the_name_of_another', async () => {
    const { members, policy } = await callOf(3);
    // Mallory has all keys of the group but the signature key of the first: she seals with that leaf's ratchet.
    const [victim, mallory] = [at(members, 0), at(members, 2)];
    const disguised: CallGroup = {
      device: mallory.device,
      pending: null,
      state: { ...mallory.state, privatePath: { ...mallory.state.privatePath, leafIndex: victim.state.privatePath.leafIndex } },
    };
    const { message } = await sealMessage(disguised, utf8('I am the director'));
    expect((await openMessage(at(members, 1), policy, message)).outcome.kind).toBe('refused');
  });

  it('who_is_not_in_the_group_any_more_neither_reads_nor_is_heard', async () => {
    const { members, policy } = await callOf(3);
    const gone = at(members, 2);
    const change = await commitChange(at(members, 0), policy, { add: [], remove: [gone.state.privatePath.leafIndex] });
    if (!change.ok) throw new Error(change.code);
    const [first, second] = await Promise.all(
      [change.value.group, at(members, 1)].map(async (group) => (await receiveCommit(group, policy, change.value.commit)).group),
    );
    if (!first || !second) throw new Error('nobody is left');
    const after = await sealMessage(first, utf8('after'));
    expect((await openMessage(second, policy, after.message)).outcome.kind).toBe('opened');
    expect((await openMessage(gone, policy, after.message)).outcome.kind).toBe('gap');
    // Also where they claim that it is of the epoch that they know.
    const disguised = { ...gone, state: { ...gone.state, groupContext: first.state.groupContext } };
    expect((await openMessage(disguised, policy, after.message)).outcome.kind).toBe('refused');
    const theirs = await sealMessage(gone, utf8('still here'));
    expect((await openMessage(first, policy, theirs.message)).outcome.kind).toBe('refused');
  });

  it('who_comes_in_reads_nothing_of_before', async () => {
    const random = new SeededRandom();
    const { members, policy } = await callOf(2, random);
    const before = await sealMessage(at(members, 0), utf8('before'));
    const late = await device(random);
    const joining = await joinCall(groupId, await groupInfoOf(before.group), late, policy);
    if (!joining.ok) throw new Error(joining.code);
    const joined = receiveWhileJoining(joining.value, joining.value.commit);
    if (joined.kind !== 'joined') throw new Error(joined.kind);
    expect((await openMessage(joined.group, policy, before.message)).outcome.kind).toBe('refused');
  });

  it('what_a_revoked_device_seals_is_refused_though_it_is_still_in_the_group', async () => {
    const { members, policy, ids } = await callOf(2);
    const { message } = await sealMessage(at(members, 0), utf8('from a stolen phone'));
    policy.revoked.add(toHex(at(ids, 0)));
    expect((await openMessage(at(members, 1), policy, message)).outcome.kind).toBe('refused');
  });

  it('a_commit_or_something_of_another_call_is_no_message', async () => {
    const { members, policy } = await callOf(2);
    const other = await callOf(2, new SeededRandom());
    const foreign = await sealMessage(at(other.members, 0), utf8('elsewhere'));
    const change = await commitChange(at(members, 0), policy, { add: [], remove: [] });
    if (!change.ok) throw new Error(change.code);
    for (const bytes of [foreign.message, change.value.commit, utf8('text')])
      expect((await openMessage(at(members, 1), policy, bytes)).outcome.kind).toBe('refused');
  });
});

describe('the content of a message', () => {
  const text = { kind: 'text', stay: new Uint8Array(8).fill(7), number: 3, text: 'Évacuer le bloc B 🚑\nmaintenant' } as const;

  const others = [
    { kind: 'hand', stay: new Uint8Array(8).fill(1), count: 2, place: 3 },
    { kind: 'reaction', reaction: 'thumbs-down' },
    { kind: 'lower-hand', stay: new Uint8Array(8).fill(2), count: 9, deviceKey: new Uint8Array(32).fill(4) },
  ] as const;

  it('is_read_as_it_was_written', () => {
    expect(readCallContent(writeCallContent(text))).toEqual(text);
    expect(readCallContent(writeCallContent({ ...text, text: '…'.repeat(longestText) }))).toMatchObject({ text: '…'.repeat(longestText) });
    for (const content of others) expect(readCallContent(writeCallContent(content))).toEqual(content);
  });

  it('is_null_for_whatever_else_comes', () => {
    const written = writeCallContent(text);
    for (const bytes of [written, ...others.map(writeCallContent)]) {
      for (let length = 0; length < bytes.length; length++) expect(readCallContent(bytes.subarray(0, length))).toBeNull();
      expect(readCallContent(Uint8Array.of(...bytes, 0))).toBeNull();
    }
    for (const reaction of [0, 7, 255]) expect(readCallContent(Uint8Array.of(1, 3, reaction))).toBeNull();
    for (const [place, value] of [
      [0, 2],
      [1, 0],
      [1, 99],
    ] as const) {
      const changed = written.slice();
      changed[place] = value;
      expect(readCallContent(changed)).toBeNull();
    }
    const random = new SeededRandom();
    for (let round = 0; round < 3_000; round++) {
      const bytes = random.bytes(random.below(80));
      bytes.set(written.subarray(0, Math.min(random.below(15), bytes.length)));
      const read = readCallContent(bytes);
      if (read?.kind === 'text') expect(isSayable(read.text)).toBe(true);
    }
  });

  it('holds_no_bytes_that_are_no_text_nor_anything_that_shows_one_text_for_another', () => {
    for (const hidden of ['', '  \n', 'a\u0000b', 'a\u202Eb', 'a\u2066b', 'a\rb', 'x'.repeat(longestText + 1)])
      expect(readCallContent(writeCallContent({ ...text, text: hidden.slice(0, longestText * 3) }))).toBeNull();
    const invalid = writeCallContent({ ...text, text: 'aaaa' });
    invalid[invalid.length - 1] = 0xff;
    expect(readCallContent(invalid)).toBeNull();
  });

  it('is_typed_by_people_so_what_nobody_sees_is_left_out', () => {
    expect(sayable('  one\r\ntwo\u202E \u0007three ')).toBe('one\ntwo three');
    expect(sayable(' \u200E\u202E\n')).not.toContain('\u202E');
    expect(isSayable('👩‍🚒 prêt')).toBe(true);
  });
});
