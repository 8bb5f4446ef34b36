import { describe, expect, it } from 'vitest';
import { CallGestures } from '../../../../src/core/meetings/call-gestures.svelte';
import { fromBase64, toBase64 } from '../../../../src/core/devices/account-bytes';
import { readCallContent, type CallContent } from '../../../../src/e2ee/calls/call-content';

/** People whose sealed contents reach all others in one order, unless the test keeps them back. */
class Room {
  readonly people = new Map<string, CallGestures>();
  readonly said: { readonly from: string; readonly content: CallContent }[] = [];
  readonly hosts = new Set<string>();
  hold: ((() => void) | undefined)[] | undefined;

  enter(name: string): CallGestures {
    const key = keyOf(name);
    const gestures = new CallGestures({
      ownKey: () => key,
      say: (content) =>
        new Promise((resolve) => {
          const deliver = (): void => {
            const read = readCallContent(content());
            if (!read) throw new Error('nobody can read it');
            this.deliver(name, read);
            resolve();
          };
          if (this.hold) this.hold.push(deliver);
          else deliver();
        }),
    });
    this.people.set(name, gestures);
    for (const [other, one] of this.people) if (other !== name) one.restate();
    return gestures;
  }

  deliver(from: string, content: CallContent): void {
    this.said.push({ from, content });
    for (const [name, one] of this.people) {
      if (name === from) continue;
      if (content.kind === 'hand') one.hearHand(content, keyOf(from));
      else if (content.kind === 'lower-hand' && this.hosts.has(from)) one.lower(content);
    }
  }

  order(of: string): string[] {
    return [...(this.people.get(of)?.raised ?? [])].sort(([a, p], [b, q]) => p - q || (a < b ? -1 : 1)).map(([key]) => nameOf(key));
  }
}

const keyOf = (name: string): string => toBase64(Uint8Array.from({ length: 32 }, (_, at) => name.charCodeAt(at) || 0));
const nameOf = (key: string): string => String.fromCharCode(...(fromBase64(key) ?? [])).replaceAll('\0', '');
const settled = (): Promise<void> => new Promise((done) => setTimeout(done, 0));

describe('raised hands', () => {
  it('stand_in_the_order_they_went_up_for_everybody_also_for_who_comes_late', async () => {
    const room = new Room();
    const [claire, karim, emma] = ['claire', 'karim', 'emma'].map((name) => room.enter(name));
    for (const one of [emma, claire, karim]) {
      one?.raiseHand(true);
      await settled();
    }
    for (const name of ['claire', 'karim', 'emma']) expect(room.order(name)).toEqual(['emma', 'claire', 'karim']);
    room.enter('late');
    await settled();
    expect(room.order('late')).toEqual(['emma', 'claire', 'karim']);
    emma?.raiseHand(false);
    await settled();
    emma?.raiseHand(true);
    await settled();
    for (const name of ['claire', 'emma', 'late']) expect(room.order(name)).toEqual(['claire', 'karim', 'emma']);
  });

  it('raised_at_once_stand_in_one_order_for_all', async () => {
    const room = new Room();
    const [claire, karim] = ['claire', 'karim'].map((name) => room.enter(name));
    room.hold = [];
    karim?.raiseHand(true);
    claire?.raiseHand(true);
    for (const deliver of room.hold.splice(0)) deliver?.();
    await settled();
    expect(room.order('claire')).toEqual(room.order('karim'));
    expect(room.order('claire')).toHaveLength(2);
  });

  it('are_lowered_by_a_host_for_everybody_and_by_nobody_else_and_one_raised_since_stays_up', async () => {
    const room = new Room();
    const [host, karim, emma] = ['host', 'karim', 'emma'].map((name) => room.enter(name));
    room.hosts.add('host');
    karim?.raiseHand(true);
    await settled();
    await emma?.lowerHand(keyOf('karim'));
    expect(room.order('host')).toEqual(['karim']);
    expect(karim?.isHandUp).toBe(true);

    // Emma, who is no host, is alone in what she believes; what Karim says next puts it right.
    const before = room.said.findLast(({ content }) => content.kind === 'hand');
    await host?.lowerHand(keyOf('karim'));
    expect(karim?.isHandUp).toBe(false);
    for (const name of ['host', 'karim', 'emma']) expect(room.order(name)).toEqual([]);
    // What he said before comes once more: it stays down.
    if (before) room.deliver(before.from, before.content);
    expect(room.order('host')).toEqual([]);

    const lowering = room.said.findLast(({ content }) => content.kind === 'lower-hand');
    karim?.raiseHand(true);
    await settled();
    if (lowering) room.deliver(lowering.from, lowering.content);
    expect(karim?.isHandUp).toBe(true);
    for (const name of ['host', 'karim', 'emma']) expect(room.order(name)).toEqual(['karim']);
  });

  it('what_changes_while_it_is_on_its_way_is_said_afterwards', async () => {
    const room = new Room();
    const karim = room.enter('karim');
    room.enter('claire');
    room.hold = [];
    karim.raiseHand(true);
    karim.raiseHand(false);
    karim.raiseHand(true);
    for (let round = 0; round < 3; round++) {
      for (const deliver of room.hold.splice(0)) deliver?.();
      await settled();
    }
    expect(room.order('claire')).toEqual(['karim']);
    expect(room.said.filter(({ content }) => content.kind === 'hand').length).toBeLessThanOrEqual(2);
  });

  it('of_a_page_that_was_loaded_anew_count_from_the_start_and_those_who_went_have_none', async () => {
    const room = new Room();
    const claire = room.enter('claire');
    const before = room.enter('karim');
    before.raiseHand(true);
    before.raiseHand(false);
    await settled();
    const after = room.enter('karim');
    after.raiseHand(true);
    await settled();
    expect(room.order('claire')).toEqual(['karim']);
    claire.keep(new Set([keyOf('claire')]));
    expect(room.order('claire')).toEqual([]);
  });
});

describe('reactions', () => {
  it('that_wait_without_end_are_left_out', async () => {
    const room = new Room();
    const karim = room.enter('karim');
    room.hold = [];
    const asked = Array.from({ length: 5 }, () => karim.react('heart'));
    for (const deliver of room.hold.splice(0)) deliver?.();
    expect(await Promise.all(asked)).toEqual([true, true, true, false, false]);
    expect(room.said.map(({ content }) => content)).toEqual(Array(3).fill({ kind: 'reaction', reaction: 'heart' }));
  });
});
