import { expect, it } from 'vitest';
import { personOf } from '../../../../src/core/devices/account-bytes';
import { encodeContent, type RoomContent } from '../../../../src/core/rooms/room-content';
import { RoomSession } from '../../../../src/core/rooms/room-session';
import { viewOf } from '../../../../src/core/rooms/room-view';
import { type Bytes, toHex } from '../../../../src/e2ee/bytes';
import { sealContent } from '../../../../src/e2ee/rooms/content';
import { type EntryHeader, parseEntry, signEntry } from '../../../../src/e2ee/rooms/entry';
import type { RoomState } from '../../../../src/e2ee/rooms/replay';
import { ApiError } from '../../../../src/transport/api-error';
import { SeededRandom } from '../../../e2ee/seeded';
import { begin, type Begun, letIn, makeLink, readable, type Visitor } from './memory-guests';
import { type Browser, browserOn } from './memory-rooms';

const hour = 3_600_000;

/** Somebody from outside as the walk knows them. `ended`: they left or were removed. */
interface Stay {
  readonly visitor: Visitor;
  readonly until: number;
  ended: boolean;
}

function stateOf({ server, id }: Begun): RoomState {
  const room = server.rooms.get(personOf(id));
  if (room === undefined) throw new Error('the room has begun');
  return room.state;
}

/**
 * What a guest's own program could make with all that the guest ever had, whatever an honest one would refuse to: written as if they had seen the room up to where the last key that they have was
 * in force.
 */
async function forged(state: RoomState, room: Bytes, { keys, session }: Visitor, content: RoomContent): Promise<Bytes | null> {
  const at = state.eras.findLastIndex(({ number }) => session.log.keyOf(number) !== undefined);
  const era = state.eras[at];
  const key = era === undefined ? undefined : session.log.keyOf(era.number);
  if (era === undefined || key === undefined) return null;
  const next = state.eras[at + 1];
  const seenSeq = next === undefined ? state.heads.head.seq : next.startSeq - 1n;
  const header: EntryHeader = {
    room,
    id: crypto.getRandomValues(new Uint8Array(16)),
    device: keys.device.device,
    deviceSeq: (state.devices.get(toHex(keys.device.device))?.lastSeq ?? 0n) + 1n,
    seenSeq,
    seenHash: state.heads.at(seenSeq) ?? new Uint8Array(32),
    class: 'content',
    era: era.number,
  };
  return signEntry(keys.device.signer, header, await sealContent(key, header, encodeContent(content)));
}

function textsOf({ log }: RoomSession): string[] {
  return viewOf(log.items).timeline.flatMap((one) => (one.kind === 'message' && one.message.text !== null ? [one.message.text] : []));
}

function ignoreMissingKey(error: unknown): void {
  if (!(error instanceof ApiError) || error.code !== 'room-key-missing') throw error;
}

function saidBy(texts: readonly string[], by: string): string[] {
  return texts.filter((text) => text.startsWith(by));
}

it('members_and_guests_who_come_and_go_on_broken_lines_end_in_the_same_room_and_nothing_counts_that_a_guest_wrote_outside_their_stay', async () => {
  const random = new SeededRandom();
  const here = await begin();
  const there = await begin();
  const { server, claires, claire, bruno, id, log } = here;
  const karim = await browserOn(log, server);
  await claires.add([{ id: personOf(karim.device.account), name: 'Karim' }]);
  await claires.setRole(personOf(bruno.device.account), 'administrator');
  // The walk goes by sessions; Claire's room is one, and lets guests in.
  const browsers: readonly Browser[] = [claire, bruno, karim];
  const sessions = await Promise.all(browsers.map((browser) => RoomSession.open(browser, id)));
  for (const browser of browsers) await browser.directory.sync();
  const elsewhere = await letIn(there, there.claires, await makeLink(there), 'Of another room');
  const stays: Stay[] = [];
  const written: string[] = [];
  const forgeries = { late: 0, gone: 0, 'not allowed': 0, elsewhere: 0, again: 0 };
  /** On lines that hold. Whoever began keys gives them to the others as they read, so that some wait for the second time. */
  const everybodyReads = async (): Promise<void> => {
    for (const { service } of browsers) Object.assign(service, { isUp: true, loses: 0 });
    for (let twice = 0; twice < 2; twice++) {
      await claires.sync();
      for (const session of sessions) await session.sync().catch(ignoreMissingKey);
    }
  };
  const isOver = ({ until }: Stay): boolean => server.now >= until;

  for (let round = 0; round < 80; round++) {
    server.now += random.below(hour / 2);
    const present = stays.filter((stay) => !stay.ended && !isOver(stay));
    const at = random.below(browsers.length);
    const browser = browsers[at] as Browser;
    const action = random.next();
    if (action < 0.12 && stays.length < 9) {
      // Keys that somebody began without a line come first: nobody is let in meanwhile.
      await everybodyReads();
      const until = server.now + hour + random.below(6 * hour);
      await claires.sync();
      const visitor = await letIn(here, claires, await makeLink(here, new Date(until).toISOString()), `Guest ${stays.length}`);
      stays.push({ visitor, until, ended: false });
      await visitor.room.sync();
    } else if (action < 0.3 && present.length > 0) {
      const { visitor } = random.pick(present);
      visitor.line.isUp = random.chance(0.7);
      visitor.line.loses = random.chance(0.1) ? 1 : 0;
      const text = `guest ${visitor.keys.id} ${round}`;
      written.push(text);
      await visitor.room.write({ kind: 'message', text });
    } else if (action < 0.36 && present.length > 0) {
      const stay = random.pick(present);
      Object.assign(stay.visitor.line, { isUp: true, loses: 0 });
      await stay.visitor.room.leave(null);
      stay.ended = true;
    } else if (action < 0.42 && present.length > 0) {
      Object.assign(claire.service, { isUp: true, loses: 0 });
      const stay = random.pick(present);
      await claires.sync();
      await claires.remove(stay.visitor.keys.id);
      stay.ended = true;
    } else if (action < 0.58 && stays.length > 0) {
      const stay = random.pick(stays);
      const isLate = isOver(stay) && !stay.ended;
      const what = stay.ended ? 'gone' : isLate ? 'late' : 'not allowed';
      const content: RoomContent = what === 'not allowed' ? { kind: 'name', text: 'forged' } : { kind: 'message', text: `forged ${round}` };
      const entry = await forged(stateOf(here), id, stay.visitor, content);
      if (entry === null) continue;
      forgeries[what]++;
      await server.force(here.claires.id, entry);
    } else if (action < 0.62) {
      // A guest of another room who knows this one's id; their key does not matter, nothing looks at it.
      const foreign = await forged(stateOf(there), random.chance(0.5) ? id : there.id, elsewhere, { kind: 'message', text: `forged ${round}` });
      if (foreign === null) throw new Error('a guest who is in has a key');
      forgeries.elsewhere++;
      await server.force(here.claires.id, foreign);
    } else if (action < 0.66 && stays.length > 0) {
      const entries = server.rooms.get(here.claires.id)?.entries ?? [];
      forgeries.again++;
      await server.force(here.claires.id, random.pick(entries));
    } else {
      browser.service.isUp = random.chance(0.6);
      browser.service.loses = random.chance(0.15) ? 1 : 0;
      // Now and then the page is opened anew: what it had not kept is gone.
      if (random.chance(0.2)) sessions[at] = await RoomSession.open(browser, id);
      const session = sessions[at] as RoomSession;
      if (random.chance(0.3)) await session.sync().catch(() => undefined);
      else {
        const text = `member ${at} ${round}`;
        written.push(text);
        await session.write({ kind: 'message', text });
      }
    }
  }

  for (const { visitor } of stays) Object.assign(visitor.line, { isUp: true, loses: 0 });
  for (let twice = 0; twice < 2; twice++) {
    await everybodyReads();
    for (const { visitor } of stays) await visitor.room.sync();
  }
  for (const session of sessions) await session.sync();

  // A browser that reads all of it at once, at the end, and those that followed it piece by piece.
  const nothing = { read: () => Promise.resolve(null), write: () => Promise.resolve() };
  const anew = await RoomSession.open({ ...claire, store: nothing }, id);
  await anew.sync();
  const first = viewOf(anew.log.items);
  for (const session of sessions) {
    expect(viewOf(session.log.items)).toEqual(first);
    expect([...session.log.state.roster.keys()].sort()).toEqual([...stateOf(here).roster.keys()].sort());
    expect(session.log.head).toEqual(stateOf(here).heads.head);
  }
  process.stdout.write(`${stays.length} guests, forged ${JSON.stringify(forgeries)}\n`);
  const shown = textsOf(anew);
  expect(saidBy(shown, 'forged')).toEqual([]);
  expect(first.name).toBe('Froid');
  expect(saidBy(shown, 'member').sort()).toEqual(saidBy(written, 'member').sort());
  const taken = new Set(shown);
  const lost = written.filter((text) => !taken.has(text));
  for (const { visitor, until, ended } of stays) {
    const own = saidBy(shown, `guest ${visitor.keys.id}`);
    expect(own).toEqual(saidBy(written, `guest ${visitor.keys.id}`).filter((text) => taken.has(text)));
    // What did not come in time was still on its way when they went.
    if (!ended && server.now < until) expect(lost.filter((text) => text.startsWith(`guest ${visitor.keys.id}`))).toEqual([]);
    const messages = first.timeline.flatMap((one) =>
      one.kind === 'message' && one.message.author === toHex(visitor.keys.device.account) ? [one] : [],
    );
    for (const { message } of messages) expect(Date.parse(message.at)).toBeLessThan(until);
  }

  // With every key that a guest ever had: of what was written when their time was over they open nothing but what they forged themselves.
  const entries = server.rooms.get(here.claires.id)?.entries ?? [];
  for (const { visitor, until } of stays) {
    const after = entries.filter((bytes, position) => {
      const parsed = parseEntry(bytes);
      const isOwn = parsed.ok && toHex(parsed.value.header.device) === toHex(visitor.keys.device.device);
      return !isOwn && !entries.slice(0, position).includes(bytes) && Date.parse(server.writtenAt(here.claires.id, position + 1)) >= until;
    });
    const others = stays.flatMap((one) => (one.visitor === visitor ? [] : [toHex(one.visitor.keys.device.device)]));
    const honest = after.filter((bytes) => {
      const parsed = parseEntry(bytes);
      return parsed.ok && !others.includes(toHex(parsed.value.header.device));
    });
    expect(await readable(visitor, honest)).toBe(0);
  }
});
