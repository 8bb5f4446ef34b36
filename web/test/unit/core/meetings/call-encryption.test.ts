import { beforeEach, describe, expect, it } from 'vitest';
import { CallEncryption, type Heard, type InCall } from '../../../../src/core/meetings/encryption/call-encryption.svelte';
import { accountIdentity, guestIdentity, type CallIdentity } from '../../../../src/core/meetings/encryption/call-identity';
import type { FromFrameWorker, ToFrameWorker } from '../../../../src/core/meetings/encryption/frame-messages';
import { accountOf, toBase64 } from '../../../../src/core/devices/account-bytes';
import { toHex, utf8 } from '../../../../src/e2ee/bytes';
import { certifyDevice, readDeviceCertificate, type DeviceCertificate } from '../../../../src/e2ee/identities/device-certificate';
import { generateSigningKey, signerOf } from '../../../../src/e2ee/signature';
import { ApiError } from '../../../../src/transport/api-error';
import type { CallMessageEvent, GroupEvent, GroupPlace, MeetingCommand, MeetingCommands } from '../../../../src/transport/meeting-signalling';
import { ManualSchedule } from './stand-ins';

/** The server's part, as docs/protocol/calls.md says it: order, and nothing else. */
class SimulatedServer {
  group: { id: string; groupInfo: string; epoch: string } | null = null;
  number = 0;
  readonly clients = new Map<string, Client>();
  /** What it says in place of what came. */
  tamper: (event: GroupEvent | CallMessageEvent, to: string) => GroupEvent | CallMessageEvent | null = (event) => event;
  /** Sealed messages, as the server has them. */
  readonly carried: string[] = [];
  /** Who is in the call and is named to nobody. */
  readonly hidden = new Set<string>();
  refusesChanges = false;

  view(): GroupPlace | null {
    return this.group && { id: this.group.id, number: this.number, epoch: this.group.epoch };
  }

  tell(event: GroupEvent | CallMessageEvent, to: Iterable<string> = this.clients.keys()): void {
    for (const id of to) {
      const said = this.tamper(event, id);
      if (said) this.clients.get(id)?.encryption.take(said);
    }
  }

  command(from: string, name: MeetingCommand, argument: unknown): unknown {
    if (name === 'ReadGroup') return { number: this.number, group: this.group };
    if (name === 'ApplyToGroup') {
      this.tell({ kind: 'group-application', participantId: from, keyPackage: (argument as { keyPackage: string }).keyPackage });
      return true;
    }
    if (name === 'SendToCall') {
      const { after, message } = argument as MeetingCommands['SendToCall'][0];
      if (after !== this.number) throw new ApiError('call-group-moved', 409, 'Moved.');
      this.carried.push(message);
      this.tell({ kind: 'call-message', participantId: from, message });
      return true;
    }
    const change = argument as MeetingCommands['ChangeGroup'][0];
    const goesOn = this.group === null && change.commit === null && change.after > 0;
    if (this.refusesChanges || (!goesOn && (change.after !== this.number || (change.commit === null) === (change.groupId === this.group?.id))))
      throw new ApiError('call-group-moved', 409, 'Moved.');
    this.number = goesOn ? change.after : this.number + 1;
    const { groupId, groupInfo, epoch, commit } = change;
    this.group = { id: groupId, groupInfo, epoch };
    this.tell({ kind: 'group-changed', groupId, number: this.number, epoch, participantId: from, commit });
    if (change.welcome) this.tell({ kind: 'group-welcome', groupId: change.groupId, number: this.number, welcome: change.welcome }, change.welcomed);
    return { number: this.number };
  }
}

interface Client {
  readonly encryption: CallEncryption;
  readonly posted: ToFrameWorker[];
  readonly hear: (message: FromFrameWorker) => void;
  readonly identity: CallIdentity;
  readonly inCall: InCall;
  /** Who said what, or that something could not be opened. */
  readonly heard: string[];
}

const registered = new Map<string, DeviceCertificate>();
const directory = {
  deviceOf: (account: Uint8Array, device: Uint8Array) => registered.get(toHex(account) + toHex(device)) ?? null,
  sync: () => Promise.resolve(),
};

async function account(number: number): Promise<{ identity: CallIdentity; personId: string }> {
  const personId = `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
  const [identity, signer] = await Promise.all([generateSigningKey().then(signerOf), generateSigningKey().then(signerOf)]);
  const subject = { account: accountOf(personId), device: crypto.getRandomValues(new Uint8Array(16)), deviceKey: signer.publicKey, issuedAt: 1n };
  const certificate = await certifyDevice(identity, subject);
  const read = await readDeviceCertificate(certificate);
  if (read.ok) registered.set(toHex(read.value.account) + toHex(read.value.device), read.value);
  return { identity: accountIdentity({ certificate, signer }, directory), personId };
}

// Real cryptography: on a machine that does other things too, a test takes seconds.
describe('the encryption of a call', () => {
  let server: SimulatedServer;
  let time: ManualSchedule;

  beforeEach(() => {
    server = new SimulatedServer();
    time = new ManualSchedule();
  });

  const settle = async (milliseconds = 0): Promise<void> => {
    // What each client does with a change takes turns of the event loop that nothing outside can count.
    for (let round = 0; round < 30; round++) {
      await new Promise((done) => setTimeout(done, 5));
      if (milliseconds > 0 && round % 5 === 0) time.advance(milliseconds / 6);
    }
  };

  /** Lets time pass until it is so; virtual time, so that only what the clients do takes any. */
  const eventually = async (holds: () => void): Promise<void> => {
    for (let round = 0; ; round++) {
      try {
        return holds();
      } catch (error) {
        if (round === 200) throw error;
        await settle(600);
      }
    }
  };

  async function come(id: string, who: { identity: CallIdentity; personId?: string; kind?: InCall['kind'] }): Promise<Client> {
    let hear: Client['hear'] = () => undefined;
    // Whose line is broken hears nothing of who comes and goes, and can say nothing.
    let heardOf: readonly InCall[] = [];
    const posted: ToFrameWorker[] = [];
    const heard: string[] = [];
    const encryption = new CallEncryption({
      identity: () => Promise.resolve(who.identity),
      command: async <Name extends MeetingCommand>(name: Name, argument: MeetingCommands[Name][0]) =>
        server.clients.has(id)
          ? Promise.resolve(server.command(id, name, argument) as MeetingCommands[Name][1])
          : Promise.reject(ApiError.unreachable()),
      participants: () => {
        if (server.clients.has(id))
          heardOf = [...server.clients.values()].map((one) => one.inCall).filter((one) => one.id === id || !server.hidden.has(one.id));
        return heardOf;
      },
      heard: (one: Heard) => heard.push(one.kind === 'said' ? `${one.participant ?? '?'}: ${new TextDecoder().decode(one.content)}` : one.kind),
      keysChanged: () => undefined,
      newWorker: (told) => {
        hear = told;
        return { post: (message) => posted.push(message), transform: () => ({}) as RTCRtpTransform, close: () => undefined };
      },
      schedule: time.schedule,
      random: () => 0.5,
    });
    const inCall: InCall = {
      id,
      kind: who.kind ?? (who.identity.isGuest ? 'guest' : 'account'),
      personId: who.personId ?? null,
      deviceKey: await encryption.deviceKey(),
    };
    const client: Client = { encryption, posted, hear: (message) => hear(message), identity: who.identity, inCall, heard };
    server.clients.set(id, client);
    encryption.joined(server.view());
    for (const other of server.clients.values()) if (other !== client) other.encryption.participantsChanged();
    await settle();
    return client;
  }

  function leave(id: string): void {
    server.clients.get(id)?.encryption.end();
    server.clients.delete(id);
    for (const other of server.clients.values()) other.encryption.participantsChanged();
  }

  /** The server is killed and starts anew: it knows nobody, and no group. */
  function restart(): void {
    server.clients.clear();
    server.group = null;
    server.number = 0;
  }

  /** Somebody whose page never went is in the call of the new server. */
  async function comeBack(client: Client): Promise<void> {
    server.clients.set(client.inCall.id, client);
    client.encryption.joined(server.view());
    for (const other of server.clients.values()) if (other !== client) other.encryption.participantsChanged();
    await settle();
  }

  const keys = (client: Client): string => {
    const last = client.posted.findLast((message) => message.kind === 'epoch');
    return last?.kind === 'epoch' ? toHex(last.epoch.baseKey) : '';
  };
  /** A worker takes the same epoch with other keys, or an earlier one, for a mistake: counters would begin anew under a key that was used. */
  const takesEveryEpoch = (client: Client): void => {
    const told = new Map<string, { epoch: bigint; key: string }>();
    for (const message of client.posted) {
      if (message.kind !== 'epoch') continue;
      const { group, epoch, baseKey } = message.epoch;
      const last = told.get(group);
      if (last && epoch <= last.epoch) expect({ epoch, key: toHex(baseKey) }).toEqual(last);
      told.set(group, { epoch, key: toHex(baseKey) });
    }
  };
  const agree = (...clients: Client[]): void => {
    expect(clients[0]?.encryption.code).toMatch(/^\d{5}( \d{5}){4}$/);
    for (const client of clients) {
      takesEveryEpoch(client);
      expect(client.encryption.code).toBe(clients[0]?.encryption.code);
      expect(keys(client)).toBe(keys(clients[0] as Client));
      expect([...client.encryption.members.keys()].sort()).toEqual(clients.map((one) => one.inCall.id).sort());
    }
  };

  it('those_who_come_have_the_same_keys_and_code_and_new_ones_with_each', async () => {
    const claire = await come('claire', await account(1));
    await eventually(() => agree(claire));
    const alone = keys(claire);
    const karim = await come('karim', await account(2));
    await eventually(() => agree(claire, karim));
    expect(keys(claire)).not.toBe(alone);
    const emma = await come('emma', await account(3));
    await eventually(() => agree(claire, karim, emma));
  });

  it('those_who_come_at_once_all_get_in', async () => {
    const claire = await come('claire', await account(1));
    const others = await Promise.all([2, 3, 4].map(async (number) => come(`p${number}`, await account(number))));
    await eventually(() => agree(claire, ...others));
  });

  it('whoever_leaves_is_taken_out_by_one_of_the_others', async () => {
    const claire = await come('claire', await account(1));
    const karim = await come('karim', await account(2));
    await come('emma', await account(3));
    const before = keys(claire);
    const changes = server.number;
    leave('emma');
    await eventually(() => expect(keys(claire)).not.toBe(before));
    await settle(5_000);
    await eventually(() => agree(claire, karim));
    expect(server.number).toBe(changes + 1);
  });

  it('where_the_first_does_not_take_them_out_the_next_does', async () => {
    const claire = await come('claire', await account(1));
    const karim = await come('karim', await account(2));
    const emma = await come('emma', await account(3));
    await eventually(() => agree(claire, karim, emma));
    const own = keys(karim);
    claire.encryption.end();
    leave('emma');
    await eventually(() => expect(keys(karim)).not.toBe(own));
    expect([...karim.encryption.members.keys()].sort()).toEqual(['claire', 'karim']);
  });

  it('a_guest_gets_keys_only_once_somebody_here_lets_them_in_and_none_of_after_they_are_put_out', async () => {
    const claire = await come('claire', await account(1));
    const karim = await come('karim', await account(2));
    const guest = await come('guest', { identity: await guestIdentity(1n) });
    await settle(3_000);
    // The server says that they are in: nobody here has said so.
    expect(guest.encryption.code).toBe('');
    await eventually(() => agree(claire, karim));
    claire.encryption.admit(guest.inCall.deviceKey ?? '');
    await eventually(() => agree(claire, karim, guest));
    const known = keys(guest);
    server.clients.delete('guest');
    claire.encryption.putOut(guest.inCall.deviceKey, true);
    await eventually(() => expect(keys(claire)).not.toBe(known));
    await eventually(() => agree(claire, karim));
    expect(keys(guest)).toBe(known);
  });

  /** An account on a browser that is none of its devices. */
  const withoutDevice = async (number: number) => ({
    ...(await account(number)),
    identity: await guestIdentity(1n, directory),
    kind: 'account' as const,
  });

  it('where_nobody_has_a_known_device_one_begins_the_keys_and_hands_them_over_until_somebody_comes_who_has_one', async () => {
    const claire = await come('claire', await withoutDevice(1));
    const karim = await come('karim', await withoutDevice(2));
    const guest = await come('guest', { identity: await guestIdentity(1n) });
    for (const one of [claire, karim, guest]) expect(one.encryption.code).toBe('');
    expect([claire, karim, guest].map((one) => one.encryption.mayBegin)).toEqual([true, true, false]);
    claire.encryption.beginHere();
    await eventually(() => agree(claire));
    expect(claire.encryption.isUnverified).toBe(true);
    // Nobody is added whom she has not handed the keys, nor she herself once more, who had asked for them too.
    const begun = server.number;
    await settle(3_000);
    expect(server.number).toBe(begun);
    expect(karim.encryption.code).toBe('');
    claire.encryption.admit(karim.inCall.deviceKey ?? '');
    await eventually(() => agree(claire, karim));
    // All who are in it may hand them on.
    expect([claire, karim].map((one) => one.encryption.mayAdd)).toEqual([true, true]);
    karim.encryption.admit(guest.inCall.deviceKey ?? '');
    await eventually(() => agree(claire, karim, guest));
    expect(guest.encryption.mayAdd).toBe(false);
    const before = keys(karim);
    leave('claire');
    await eventually(() => {
      agree(karim, guest);
      expect(keys(karim)).not.toBe(before);
    });

    const emma = await come('emma', await account(3));
    await eventually(() => agree(emma));
    expect(emma.encryption.isUnverified).toBe(false);
    for (const one of [karim, guest]) expect(one.encryption.code).toBe('');
    for (const one of [karim, guest]) emma.encryption.admit(one.inCall.deviceKey ?? '');
    await eventually(() => agree(emma, karim, guest));
    expect(karim.encryption.mayAdd).toBe(false);
  });

  it('nobody_begins_keys_in_place_of_those_that_somebody_in_the_call_has', async () => {
    const claire = await come('claire', await account(1));
    await eventually(() => agree(claire));
    const karim = await come('karim', await withoutDevice(2));
    karim.encryption.beginHere();
    await settle(3_000);
    expect(karim.encryption.keysAreThere).toBe(true);
    agree(claire);
    leave('claire');
    karim.encryption.beginHere();
    await eventually(() => agree(karim));
  });

  it('a_guest_whose_line_broke_is_added_again_without_a_question', async () => {
    const claire = await come('claire', await account(1));
    const guest = await come('guest', { identity: await guestIdentity(1n) });
    claire.encryption.admit(guest.inCall.deviceKey ?? '');
    await eventually(() => agree(claire, guest));
    const karim = await account(2);
    server.tamper = (event, to) => (to === 'guest' ? null : event);
    const third = await come('karim', karim);
    server.tamper = (event) => event;
    guest.encryption.joined(server.view());
    await eventually(() => agree(claire, third, guest));
  });

  it('whoever_missed_a_change_or_was_given_another_comes_in_anew', async () => {
    const claire = await come('claire', await account(1));
    const karim = await come('karim', await account(2));
    server.tamper = (event, to) => (to === 'karim' && event.kind === 'group-changed' && event.commit !== null ? null : event);
    const emma = await come('emma', await account(3));
    await eventually(() => expect(keys(claire)).not.toBe(keys(karim)));
    server.tamper = (event) => event;
    karim.hear({ kind: 'legibility', participant: 'claire', track: 'audio', isLegible: false });
    expect([...karim.encryption.illegible]).toEqual(['claire']);
    await eventually(() => agree(claire, karim, emma));
  });

  it('what_can_not_be_opened_stays_shown_while_coming_in_anew_is_tried_some_times_and_no_more', async () => {
    const claire = await come('claire', await account(1));
    const karim = await come('karim', await account(2));
    await eventually(() => agree(claire, karim));
    const before = server.number;
    karim.hear({ kind: 'legibility', participant: 'claire', track: 'audio', isLegible: false });
    for (let round = 0; round < 40; round++) await settle(6_000);
    expect(server.number).toBe(before + 6);
    agree(claire, karim);
    expect([...karim.encryption.illegible]).toEqual(['claire']);
    karim.hear({ kind: 'legibility', participant: 'claire', track: 'audio', isLegible: true });
    expect([...karim.encryption.illegible]).toEqual([]);
  });

  it('a_change_that_nobody_can_follow_ends_nothing_and_who_comes_after_it_gets_in', async () => {
    const claire = await come('claire', await account(1));
    const karim = await come('karim', await account(2));
    const before = keys(claire);
    server.command('mallory', 'ChangeGroup', {
      groupId: server.group?.id,
      after: server.number,
      commit: 'AAAA',
      groupInfo: 'AAAA',
      epoch: 'AAAA',
      welcome: null,
      welcomed: [],
    });
    await eventually(() => expect(keys(claire)).not.toBe(before));
    await eventually(() => agree(claire, karim));
    const last = await come('emma', await account(3));
    await eventually(() => agree(claire, karim, last));
  });

  it('after_a_restart_of_the_server_the_group_goes_on_and_nobody_comes_in_anew', async () => {
    const everybody = [await come('claire', await account(1)), await come('karim', await account(2)), await come('emma', await account(3))];
    await eventually(() => agree(...everybody));
    const [before, changes] = [keys(everybody[0] as Client), server.number];
    restart();
    for (const client of everybody) {
      await comeBack(client);
      // Long enough for whoever is back to take out who is not, if they did not wait for them.
      await settle(5_000);
    }
    agree(...everybody);
    expect(keys(everybody[0] as Client)).toBe(before);
    expect(server.number).toBe(changes);
    // From here on it changes as ever.
    const last = await come('louise', await account(4));
    await eventually(() => agree(...everybody, last));
    expect(server.number).toBe(changes + 1);
  });

  it('a_change_that_found_no_server_any_more_makes_nobody_come_in_anew', async () => {
    const everybody = [await come('claire', await account(1)), await come('karim', await account(2))];
    const emma = await come('emma', await account(3));
    await eventually(() => agree(...everybody, emma));
    const [before, changes] = [keys(everybody[0] as Client), server.number];
    leave('emma');
    restart();
    // They all find in turn that she must be taken out, and can tell nobody.
    await settle(5_000);
    for (const client of everybody) await comeBack(client);
    await settle(20_000);
    expect(everybody.map(keys)).toEqual([before, before]);
    expect(server.number).toBe(changes);
    // She is not coming back.
    await eventually(() => expect(keys(everybody[0] as Client)).not.toBe(before));
    await eventually(() => agree(...everybody));
    expect(server.number).toBe(changes + 1);
  });

  it('those_who_are_back_at_the_same_moment_agree_on_the_group_too', async () => {
    const everybody = [await come('claire', await account(1)), await come('karim', await account(2)), await come('emma', await account(3))];
    await eventually(() => agree(...everybody));
    const before = keys(everybody[0] as Client);
    restart();
    for (const client of everybody) server.clients.set(client.inCall.id, client);
    for (const client of everybody) client.encryption.joined(null);
    await settle();
    agree(...everybody);
    expect(keys(everybody[0] as Client)).toBe(before);
  });

  it('a_guest_is_in_the_group_that_goes_on_without_being_added_again', async () => {
    const claire = await come('claire', await account(1));
    const guest = await come('guest', { identity: await guestIdentity(1n) });
    claire.encryption.admit(guest.inCall.deviceKey ?? '');
    await eventually(() => agree(claire, guest));
    const [before, changes] = [keys(claire), server.number];
    restart();
    await comeBack(guest);
    await comeBack(claire);
    await settle(5_000);
    agree(claire, guest);
    expect(keys(claire)).toBe(before);
    expect(server.number).toBe(changes);
  });

  it.each([true, false])('whoever_missed_the_last_change_before_the_restart_comes_in_anew_whoever_is_back_first_%s', async (isFirst) => {
    const claire = await come('claire', await account(1));
    const karim = await come('karim', await account(2));
    const guest = await come('guest', { identity: await guestIdentity(1n) });
    claire.encryption.admit(guest.inCall.deviceKey ?? '');
    await eventually(() => agree(claire, karim, guest));
    server.tamper = (event, to) => (to === 'karim' || to === 'guest' ? null : event);
    const emma = await come('emma', await account(3));
    server.tamper = (event) => event;
    restart();
    for (const client of isFirst ? [karim, guest, claire, emma] : [claire, emma, karim, guest]) await comeBack(client);
    await eventually(() => agree(claire, karim, emma, guest));
  });

  it('whoever_does_not_come_back_after_a_restart_is_taken_out_after_half_a_minute', async () => {
    const claire = await come('claire', await account(1));
    const karim = await come('karim', await account(2));
    const emma = await come('emma', await account(3));
    await eventually(() => agree(claire, karim, emma));
    const before = keys(claire);
    restart();
    await comeBack(claire);
    await comeBack(karim);
    await settle(20_000);
    expect(keys(claire)).toBe(before);
    await eventually(() => expect(keys(claire)).not.toBe(before));
    await eventually(() => agree(claire, karim));
  });

  it('a_group_that_cannot_be_entered_is_replaced_by_another', async () => {
    server.group = { id: 'AAAA', groupInfo: 'AAAA', epoch: 'AAAA' };
    server.number = 5;
    const claire = await come('claire', await account(1));
    await eventually(() => agree(claire));
    const last = await come('karim', await account(2));
    await eventually(() => agree(claire, last));
  });

  it('an_account_that_is_not_in_the_directory_gets_no_keys_though_the_server_lets_it_in', async () => {
    const claire = await come('claire', await account(1));
    const mallory = await account(9);
    const certificate = [...registered.keys()].find((key) => key.startsWith(toHex(accountOf(mallory.personId))));
    registered.delete(certificate ?? '');
    const refused = await come('mallory', mallory);
    await settle(3_000);
    expect([...claire.encryption.members.keys()]).toEqual(['claire']);
    expect(keys(refused)).not.toBe(keys(claire));
  });

  const say = (client: Client, text: string): Promise<void> => client.encryption.say(() => utf8(text));

  it('what_one_says_all_others_hear_in_the_same_order_and_the_server_has_none_of_it', async () => {
    const claire = await come('claire', await account(1));
    const karim = await come('karim', await account(2));
    const guest = await come('guest', { identity: await guestIdentity(1n) });
    claire.encryption.admit(guest.inCall.deviceKey ?? '');
    await eventually(() => agree(claire, karim, guest));
    await Promise.all([say(claire, 'one'), say(guest, 'two'), say(claire, 'three'), settle()]);
    await eventually(() => expect(karim.heard).toHaveLength(3));
    expect([...karim.heard].sort()).toEqual(['claire: one', 'claire: three', 'guest: two']);
    expect(karim.heard.filter((one) => one.startsWith('claire'))).toEqual(['claire: one', 'claire: three']);
    expect(claire.heard).toEqual(['guest: two']);
    expect(guest.heard).toEqual(['claire: one', 'claire: three']);
    expect(server.carried.map((message) => atob(message)).filter((message) => /one|two|three/.test(message))).toEqual([]);
  });

  it('what_is_said_while_the_keys_change_is_heard_by_everybody_who_is_in_by_then', async () => {
    const claire = await come('claire', await account(1));
    const karim = await come('karim', await account(2));
    await eventually(() => agree(claire, karim));
    // She has not heard of the change that brings Emma in when she speaks.
    const held: (GroupEvent | CallMessageEvent)[] = [];
    server.tamper = (event, to) => {
      if (to !== 'claire') return event;
      held.push(event);
      return null;
    };
    const emma = await come('emma', await account(3));
    const said = say(claire, 'who is there?');
    await settle();
    expect(server.carried).toEqual([]);
    server.tamper = (event) => event;
    for (const event of held) claire.encryption.take(event);
    await Promise.all([said, settle(3_000)]);
    await eventually(() => expect(emma.heard).toEqual(['claire: who is there?']));
    expect(karim.heard).toEqual(['claire: who is there?']);
  });

  it('what_is_said_without_a_line_or_keys_is_said_once_they_are_there_and_who_comes_late_hears_nothing_of_before', async () => {
    const claire = await come('claire', await account(1));
    const guest = await come('guest', { identity: await guestIdentity(1n) });
    const early = say(guest, 'I have no keys yet');
    await say(claire, 'before');
    expect(guest.heard).toEqual([]);
    claire.encryption.admit(guest.inCall.deviceKey ?? '');
    await Promise.all([early, settle(3_000)]);
    await eventually(() => expect(claire.heard).toEqual(['guest: I have no keys yet']));
    await Promise.all([say(claire, 'after'), settle()]);
    await eventually(() => expect(guest.heard).toEqual(['claire: after']));
  });

  it('a_message_that_the_server_changes_repeats_or_makes_up_is_said_to_be_unreadable_and_the_rest_goes_on', async () => {
    const claire = await come('claire', await account(1));
    const karim = await come('karim', await account(2));
    await eventually(() => agree(claire, karim));
    await Promise.all([say(claire, 'first'), settle()]);
    await eventually(() => expect(karim.heard).toEqual(['claire: first']));
    const [first = ''] = server.carried;
    const changed = `${first.slice(0, -8)}${first.at(-8) === 'A' ? 'B' : 'A'}${first.slice(-7)}`;
    // Under another name too: who sealed it counts, not who the server says it was.
    for (const message of [first, changed, 'AAAA', 'no base64']) server.tell({ kind: 'call-message', participantId: 'karim', message }, ['karim']);
    await eventually(() => expect(karim.heard.slice(1)).toEqual(['unopened', 'unopened', 'unopened', 'unopened']));
    server.tamper = (event) => (event.kind === 'call-message' ? { ...event, participantId: 'mallory' } : event);
    await Promise.all([say(claire, 'second'), settle()]);
    await eventually(() => expect(karim.heard.at(-1)).toBe('claire: second'));
  });

  it('after_another_group_began_people_go_on_talking', async () => {
    const claire = await come('claire', await account(1));
    const karim = await come('karim', await account(2));
    await eventually(() => agree(claire, karim));
    // The server was started anew: it knows of no group.
    server.group = null;
    server.number = 0;
    const said = say(claire, 'still here');
    claire.encryption.joined(null);
    karim.encryption.joined(null);
    await Promise.all([said, settle(3_000)]);
    await eventually(() => agree(claire, karim));
    await Promise.all([say(karim, 'so am I'), settle()]);
    await eventually(() => expect(claire.heard.at(-1)).toBe('karim: so am I'));
  });

  it('what_is_said_after_a_restart_of_the_server_is_heard_by_all_who_are_back_guests_too', async () => {
    const claire = await come('claire', await account(1));
    const guest = await come('guest', { identity: await guestIdentity(1n) });
    claire.encryption.admit(guest.inCall.deviceKey ?? '');
    await eventually(() => agree(claire, guest));
    const before = keys(claire);
    restart();
    const said = [say(guest, 'are you there?'), say(claire, 'still here')];
    // A guest brings no group: what they say waits until it is known which one goes on.
    await comeBack(guest);
    await settle(5_000);
    expect(server.carried).toEqual([]);
    await comeBack(claire);
    await Promise.all([...said, settle(5_000)]);
    await eventually(() => expect(claire.heard).toEqual(['guest: are you there?']));
    await eventually(() => expect(guest.heard).toEqual(['claire: still here']));
    expect(keys(guest)).toBe(before);
  });

  it('who_is_waited_for_after_a_restart_is_no_stranger_until_they_should_be_back', async () => {
    const claire = await come('claire', await account(1));
    const guest = await come('guest', { identity: await guestIdentity(1n) });
    claire.encryption.admit(guest.inCall.deviceKey ?? '');
    const karim = await come('karim', await account(2));
    await eventually(() => agree(claire, karim, guest));
    restart();
    // Nobody who could take the others out is there.
    await comeBack(guest);
    await settle(25_000);
    expect(guest.encryption.strangers).toEqual([]);
    await settle(15_000);
    await eventually(() => expect(guest.encryption.strangers).toHaveLength(2));
  });

  it('somebody_whom_the_server_hides_is_taken_out_and_where_it_does_not_let_that_happen_is_warned_of', async () => {
    const claire = await come('claire', await account(1));
    const karim = await come('karim', await account(2));
    await eventually(() => agree(claire, karim));
    server.refusesChanges = true;
    server.hidden.add('karim');
    claire.encryption.participantsChanged();
    await eventually(() => expect(claire.encryption.strangers.map((one) => toBase64(one.deviceKey))).toEqual([karim.inCall.deviceKey]));
    expect([...claire.encryption.members.keys()]).toEqual(['claire']);

    const known = keys(karim);
    server.refusesChanges = false;
    server.clients.delete('karim');
    claire.encryption.participantsChanged();
    await eventually(() => expect(keys(claire)).not.toBe(known));
    await eventually(() => expect(claire.encryption.strangers).toEqual([]));
  });
});
