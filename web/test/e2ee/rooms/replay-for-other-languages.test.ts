import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { type Bytes, toHex } from '../../../src/e2ee/bytes';
import { encodeEraKeySeals } from '../../../src/e2ee/rooms/era-keys';
import { emptyRoom, replay } from '../../../src/e2ee/rooms/replay';
import { SeededRandom } from '../seeded';
import { createRoom, Person } from './people';

const path = resolve(import.meta.dirname, '../../../../test/vectors/rooms/stories.json');

/** An entry, who sends it to the server, and what a reader says of it. */
interface Sent {
  readonly by: Person;
  readonly bytes: Bytes;
}

/** Everything that an honest room does: nothing of it is refused. */
async function honest(random: SeededRandom): Promise<Sent[]> {
  const { creator, entries } = await createRoom(random);
  const sent: Sent[] = [{ by: creator, bytes: entries[0] as Bytes }];
  const all = (): Bytes[] => sent.map(({ bytes }) => bytes);
  const add = async (by: Person, bytes: Promise<Bytes>): Promise<void> => {
    sent.push({ by, bytes: await bytes });
    await by.read(all());
  };
  await creator.read(all());
  const other = await Person.create(random, creator.room.room);
  const third = await Person.create(random, creator.room.room);
  const seals = encodeEraKeySeals({ era: 1, seals: [creator, other].map(({ account }) => ({ account, sealed: random.bytes(1168) })) });
  await add(creator, creator.write('era-keys', seals));
  await add(creator, creator.change({ set: [other.member()], era: 1 }));
  await other.read(all());
  await add(other, other.introduce());
  // Both had seen the same: the server orders them.
  sent.push({ by: creator, bytes: await creator.writeContent() }, { by: other, bytes: await other.writeContent() });
  await creator.read(all());
  await add(creator, creator.change({ set: [third.member('administrator')], era: 2 }));
  await third.read(all());
  await add(third, third.introduce());
  await add(third, third.change({ removed: [other.account], era: 3 }));
  await add(third, third.writeContent());
  await creator.read(all());
  await add(creator, creator.revoke(creator.device));
  return sent;
}

/** The honest room, then what every reader refuses. */
async function hostile(random: SeededRandom): Promise<Sent[]> {
  const { creator, entries } = await createRoom(random);
  const sent: Sent[] = [{ by: creator, bytes: entries[0] as Bytes }];
  const all = (): Bytes[] => sent.map(({ bytes }) => bytes);
  const add = async (by: Person, bytes: Promise<Bytes>): Promise<void> => {
    sent.push({ by, bytes: await bytes });
    await creator.read(all());
    await by.read(all());
  };
  await creator.read(all());
  const other = await Person.create(random, creator.room.room);
  const stranger = await Person.create(random, creator.room.room);
  const impostor = await Person.create(random, creator.room.room, other.account);
  const third = await Person.create(random, creator.room.room);
  await add(creator, creator.change({ set: [other.member()], era: 1 }));
  await other.read(all());
  await add(other, other.writeContent());
  await add(other, other.introduce());
  await add(other, other.introduce());
  await stranger.read(all());
  await add(stranger, stranger.introduce());
  await add(stranger, stranger.writeContent());
  await impostor.read(all());
  await add(impostor, impostor.introduce());
  const forged = await creator.writeContent();
  forged[200] = (forged[200] ?? 0) ^ 1;
  await add(creator, Promise.resolve(forged));
  await add(creator, creator.write('content', random.bytes(20), { seenHash: random.bytes(32) }));
  await add(creator, creator.write('content', random.bytes(20), { seenSeq: 1000n }));
  await add(creator, creator.write('content', random.bytes(20), { deviceSeq: 1n }));
  await add(creator, creator.write('content', random.bytes(20), { era: 7 }));
  await add(creator, creator.write('content', random.bytes(20), { room: random.bytes(16) }));
  await add(creator, creator.write('membership', random.bytes(200)));
  await add(creator, creator.write('device', random.bytes(200)));
  await add(creator, creator.write('era-keys', random.bytes(200)));
  await add(creator, creator.write('era-keys', encodeEraKeySeals({ era: 9, seals: [] })));
  await add(creator, creator.change({ removed: [other.account], era: 1 }));
  await add(creator, creator.change({ removed: [other.account], era: 5 }));
  await add(creator, creator.change({ removed: [creator.account] }));
  await add(creator, creator.change({ set: [third.member()] }, other.identity));
  await add(
    creator,
    creator.change({ creation: { nonce: random.bytes(16), certificate: creator.certificate }, set: [creator.member('administrator')] }),
  );
  await add(other, other.change({ set: [third.member()] }));
  await add(other, other.revoke(creator.device));
  const [first, second] = [await creator.change({ set: [third.member()] }), await creator.change({ set: [other.member('administrator')] })];
  sent.push({ by: creator, bytes: first }, { by: creator, bytes: second });
  await creator.read(all());
  await other.read(all());
  await add(other, other.revoke(other.device));
  await add(other, other.writeContent());
  sent.push({ by: creator, bytes: random.bytes(300) });
  return sent;
}

/** People leave of themselves; with what is refused about that, or only what an honest server keeps. */
async function parting(random: SeededRandom, withRefusals: boolean): Promise<Sent[]> {
  const { creator, entries } = await createRoom(random);
  const sent: Sent[] = [{ by: creator, bytes: entries[0] as Bytes }];
  const all = (): Bytes[] => sent.map(({ bytes }) => bytes);
  const other = await Person.create(random, creator.room.room);
  const third = await Person.create(random, creator.room.room);
  const add = async (by: Person, bytes: Promise<Bytes>): Promise<void> => {
    sent.push({ by, bytes: await bytes });
    for (const person of [creator, other, third]) await person.read(all());
  };
  const refused = async (by: Person, make: () => Promise<Bytes>): Promise<void> => {
    if (withRefusals) await add(by, make());
  };
  await creator.read(all());
  await add(creator, creator.change({ set: [other.member(), third.member()], era: 1 }));
  await add(other, other.introduce());
  await add(third, third.introduce());
  await refused(creator, () => creator.depart());
  await refused(third, () => third.write('departure', random.bytes(3)));
  await refused(third, () => third.change({}));
  const late = await other.writeContent();
  await add(third, third.depart());
  // Its author had not heard of that.
  sent.push({ by: other, bytes: late });
  await refused(other, () => other.writeContent());
  await refused(third, () => third.writeContent());
  await refused(creator, () => creator.change({ set: [third.member()], era: 1 }));
  await refused(other, () => other.change({ set: [third.member()] }));
  // Nobody need wait for an administrator; but nobody who is none does more than that, or does it twice.
  const second = withRefusals ? await creator.change({}) : null;
  await add(other, other.change({}));
  if (second !== null) await add(creator, Promise.resolve(second));
  await refused(other, () => other.change({}));
  await add(other, other.writeContent());
  await add(creator, creator.change({ set: [third.member(), other.member('administrator')] }));
  await add(other, other.writeContent());
  await add(creator, creator.depart());
  await refused(creator, () => creator.writeContent());
  await add(other, other.change({}));
  await add(third, third.writeContent());
  await add(third, third.depart());
  await add(other, other.depart());
  await refused(other, () => other.depart());
  return sent;
}

/** A guest is let in, writes, goes; another is removed. With what is refused about guests, or only what an honest server keeps. */
async function guests(random: SeededRandom, withRefusals: boolean): Promise<Sent[]> {
  const { creator, entries } = await createRoom(random);
  const sent: Sent[] = [{ by: creator, bytes: entries[0] as Bytes }];
  const all = (): Bytes[] => sent.map(({ bytes }) => bytes);
  const { room } = creator.room;
  const other = await Person.create(random, room);
  const guest = await Person.createGuest(random, room);
  const second = await Person.createGuest(random, room);
  const elsewhere = await Person.createGuest(random, random.bytes(16));
  const add = async (by: Person, bytes: Promise<Bytes>): Promise<void> => {
    sent.push({ by, bytes: await bytes });
    for (const person of [creator, other, guest, second]) await person.read(all());
  };
  const refused = async (by: Person, make: () => Promise<Bytes>): Promise<void> => {
    if (withRefusals) await add(by, make());
  };
  await creator.read(all());
  await add(creator, creator.change({ set: [other.member()], era: 1 }));
  await add(other, other.introduce());
  await refused(other, () => other.change({}));
  // By who administers nothing, without an era of its own, as somebody of the directory, and of another room.
  await refused(other, () => other.change({ set: [guest.member('guest')] }));
  await refused(creator, () => creator.change({ set: [guest.member('guest')], era: 1 }));
  await refused(creator, () => creator.change({ set: [guest.member('member')] }));
  await refused(creator, () => creator.change({ set: [guest.member('administrator')] }));
  await refused(creator, () => creator.change({ set: [other.member('guest')] }));
  await refused(creator, () => creator.change({ set: [elsewhere.member('guest')] }));
  await refused(creator, () => creator.change({ set: [{ ...guest.member('guest'), signingKey: second.identity.publicKey }] }));
  await refused(creator, () => creator.change({ set: [guest.member('guest')] }, other.identity));
  await refused(guest, () => guest.introduce());
  const admission = await creator.change({ set: [guest.member('guest')] });
  await add(creator, Promise.resolve(admission));
  await add(guest, guest.introduce());
  await add(guest, guest.writeContent());
  await refused(guest, () => guest.change({ set: [second.member('guest')] }));
  await refused(guest, () => guest.change({ removed: [creator.account] }));
  await refused(guest, () => guest.write('era-keys', encodeEraKeySeals({ era: 2, seals: [] })));
  await refused(creator, () => creator.change({ set: [guest.member('administrator')] }));
  // Only guests would remain.
  await refused(creator, () => creator.change({ removed: [creator.account, other.account] }));
  await add(creator, creator.change({ set: [second.member('guest')] }));
  await add(second, second.introduce());
  await add(second, second.writeContent());
  // The time of one is over: any member may begin the next era, which does nothing else.
  await refused(other, () => other.change({ removed: [second.account] }));
  await add(other, other.change({}));
  await add(second, second.depart());
  await refused(creator, () => creator.writeContent());
  await refused(guest, () => guest.change({}));
  await add(creator, creator.change({ removed: [guest.account] }));
  await refused(guest, () => guest.writeContent());
  await refused(creator, () => Promise.resolve(admission));
  await refused(creator, () => creator.change({ set: [guest.member('guest')] }));
  await refused(creator, () => creator.change({ set: [second.member('guest')] }));
  await add(creator, creator.writeContent());
  return sent;
}

/** One person writes on and on, as an outbox that was filled for a day. */
async function steady(random: SeededRandom): Promise<Sent[]> {
  const { creator, entries } = await createRoom(random);
  await creator.read(entries);
  const sent: Sent[] = [{ by: creator, bytes: entries[0] as Bytes }];
  while (sent.length < 150) sent.push({ by: creator, bytes: await creator.writeContent() });
  return sent;
}

async function storyOf(sent: readonly Sent[]): Promise<unknown> {
  const room = sent[0]?.by.room.room ?? new Uint8Array();
  let state = await emptyRoom(room);
  const entries = [];
  for (const [at, { by, bytes }] of sent.entries()) {
    const next = await replay(state, BigInt(at) + 1n, bytes);
    state = next.state;
    const code = next.outcome.kind === 'refused' ? next.outcome.code : next.outcome.kind;
    entries.push({ account: toHex(by.account), entry: toHex(bytes), code, chainHash: toHex(state.heads.head.hash) });
  }
  return {
    room: toHex(room),
    entries,
    members: [...state.roster].map(([account, { role }]) => `${account} ${role}`).sort(),
    devices: [...state.devices].map(([device, { lastSeq, isRevoked }]) => `${device} ${lastSeq} ${isRevoked}`).sort(),
    eras: state.eras.map(({ number, startSeq }) => `${number} ${startSeq}`),
  };
}

it('other_languages_accept_and_refuse_what_this_one_does', async () => {
  const stories = {
    honest: await storyOf(await honest(new SeededRandom(1))),
    hostile: await storyOf(await hostile(new SeededRandom(2))),
    parting: await storyOf(await parting(new SeededRandom(3), false)),
    steady: await storyOf(await steady(new SeededRandom(5))),
    lingering: await storyOf(await parting(new SeededRandom(4), true)),
    guests: await storyOf(await guests(new SeededRandom(6), false)),
    hostileGuests: await storyOf(await guests(new SeededRandom(7), true)),
  };
  const text = `${JSON.stringify(stories, null, 2)}\n`;
  if (process.env['TOCSIN_WRITE_VECTORS'] === '1') writeFileSync(path, text);
  expect(readFileSync(path, 'utf8')).toBe(text);
});
