import { describe, expect, it } from 'vitest';
import { accountOf } from '../../../../src/core/devices/account-bytes';
import { crisisOf } from '../../../../src/core/rooms/crisis/crisis-view';
import { exercisesOf } from '../../../../src/core/rooms/exercises/exercises-view';
import { logOf } from '../../../../src/core/rooms/log/log-view';
import type { RoomContent } from '../../../../src/core/rooms/room-content';
import { RoomLog, type RoomStore } from '../../../../src/core/rooms/room-log';
import { RoomSession } from '../../../../src/core/rooms/room-session';
import { situationOf } from '../../../../src/core/rooms/situation/situation-view';
import { tasksOf } from '../../../../src/core/rooms/tasks/task-view';
import { type Bytes, equalBytes, toHex } from '../../../../src/e2ee/bytes';
import { type EntryHeader, parseEntry, signEntry } from '../../../../src/e2ee/rooms/entry';
import { generateSigningKey, signerOf } from '../../../../src/e2ee/signature';
import { SeededRandom, seed } from '../../../e2ee/seeded';
import { MemoryDirectoryLog } from '../devices/memory';
import { type Browser, browserOn, MemoryRooms } from './memory-rooms';

const moment = '2026-11-22T03:00:00.000Z';
const fact = (text: string) => ({ type: 'fact', text, at: moment }) as const;
const hex = (of: string): string => of.repeat(16);

/** A crisis as three people wrote it, and another room of theirs whose entries are good there and nowhere else. */
interface Written {
  readonly room: Bytes;
  readonly entries: readonly Bytes[];
  readonly elsewhere: readonly Bytes[];
  /** What an honest member writes next, who has read all of it. */
  readonly next: Bytes;
  readonly reader: Browser;
  readonly random: SeededRandom;
}

/** Everything that a page of a crisis shows, from what was verified. */
function shownBy({ items }: Pick<RoomLog, 'items'>): unknown {
  const { crisis, counted } = crisisOf(items);
  const { situation, counted: reports } = situationOf(items);
  return {
    crisis,
    log: logOf(items, new Set([...counted, ...reports])),
    tasks: tasksOf(items),
    situation: { ...situation, lines: [...situation.lines] },
    injects: exercisesOf(items).received,
  };
}

/** Nothing on any page says that something is wrong. */
function isSilent({ problem, items }: Pick<RoomLog, 'problem' | 'items'>): boolean {
  return problem === null && items.every(({ what, missing }) => what.kind !== 'refused' && missing === undefined);
}

/** Every other person has the latest before them when they write; one in three writes upon what they read last. */
async function writtenCrisis(random: SeededRandom): Promise<Written> {
  const [log, server] = [new MemoryDirectoryLog(), new MemoryRooms()];
  const people = [await browserOn(log, server), await browserOn(log, server), await browserOn(log, server)];
  for (const { directory } of people) await directory.sync();
  const [founder] = people as [Browser];
  const begin = async (contents: readonly RoomContent[]): Promise<RoomSession[]> => {
    const nonce = crypto.getRandomValues(new Uint8Array(16));
    const id = await RoomSession.idOf(founder, nonce);
    const sessions: RoomSession[] = [];
    for (const person of people) sessions.push(await RoomSession.open(person, id));
    const members = people.slice(1).map(({ device }) => ({ account: device.account, role: 'administrator' as const }));
    await sessions[0]?.begin({ nonce, members, contents });
    for (const session of sessions) await session.sync();
    return sessions;
  };
  const crisis = { name: 'Ransomware', mode: 'exercise', severity: 'severe', cells: [] } as const;
  const sessions = await begin([{ kind: 'crisis', crisis, statement: fact('opened') }]);
  const others = await begin([{ kind: 'name', text: 'Elsewhere' }]);
  const accounts = people.map(({ device }) => toHex(device.account));
  for (let step = 0; step < 26; step++) {
    const session = random.pick(sessions);
    if (random.chance(0.7)) await session.sync();
    await session.write(nextContent(session, random, step, accounts));
  }
  const other = random.pick(others);
  for (const content of [
    { kind: 'situation-approval', of: hex('ab') },
    { kind: 'log-entry', statement: fact('elsewhere') },
  ] as const)
    await other.write(content);
  const last = random.pick(sessions);
  await last.sync();
  const entries = [...(server.rooms.get(last.id)?.entries ?? [])];
  await last.write({ kind: 'log-entry', statement: fact('whoever wrote this has read all that was before') });
  const next = server.rooms.get(last.id)?.entries.at(-1) ?? new Uint8Array();
  return { room: last.log.room, entries, elsewhere: server.rooms.get(other.id)?.entries ?? [], next, reader: random.pick(people), random };
}

/** What somebody does who sees the room as this session has it. */
function nextContent({ log }: RoomSession, random: SeededRandom, step: number, accounts: readonly string[]): RoomContent {
  const lines = logOf(log.items, new Set());
  const tasks = tasksOf(log.items);
  const { draft } = situationOf(log.items).situation;
  const title = `inject ${step}`;
  const parts = [{ heading: 'In brief', text: `text ${step}` }];
  const able: RoomContent[] = [
    { kind: 'log-entry', statement: { type: 'decision', text: `decision ${step}`, at: moment } },
    { kind: 'task', task: { title: `task ${step}`, state: 'to-do', owner: null, due: null, urgent: false } },
    { kind: 'crisis-change', change: { severity: random.pick(['advisory', 'severe', 'extreme']) }, statement: fact(`changed ${step}`) },
    {
      kind: 'inject',
      run: hex('01'),
      inject: hex(`0${step % 10}`),
      exercise: 'Night',
      as: 'call',
      title,
      from: 'Prefecture',
      to: 'You',
      text: 'This is REAL',
    },
    { kind: 'situation-draft', sections: [{ id: hex('0a'), heading: 'In brief', text: '' }] },
  ];
  if (lines.length > 0)
    able.push({ kind: 'log-correction', of: random.pick(lines).id, statement: fact(`corrected ${step}`), reason: 'counted again' });
  if (tasks.length > 0) {
    const of = random.pick(tasks).id;
    able.push({ kind: 'task-change', of, change: { owner: random.pick(accounts) } }, { kind: 'task-change', of, change: { state: 'done' } });
  }
  if (draft !== null) {
    able.push({ kind: 'situation-submission', of: draft.id, parts });
    if (draft.submission !== null) {
      const of = draft.submission.id;
      // Also of the own text: an attempt that counts for nothing.
      able.push({ kind: 'situation-approval', of }, { kind: 'situation-publication', of, statement: fact(`published ${step}`) });
    }
  }
  return random.pick(able);
}

type Cheat = (entries: Bytes[], written: Written) => Promise<void> | void;

function place({ random }: Written, entries: readonly Bytes[]): number {
  return random.below(entries.length);
}

/** By a key of the server's own. What it says is taken from what somebody wrote before. */
async function forged(written: Written, entries: readonly Bytes[], as: (header: EntryHeader) => Partial<EntryHeader>): Promise<Bytes> {
  const like = parseEntry(written.random.pick(entries));
  if (!like.ok) throw new Error('honest entries are well formed');
  const { header, payload } = like.value;
  const own = await generateSigningKey().then(signerOf);
  return signEntry(own, { ...header, id: crypto.getRandomValues(new Uint8Array(16)), ...as(header) }, payload);
}

const cheats: Readonly<Record<string, Cheat>> = {
  'forges in somebody’s name': async (entries, written) => {
    entries.splice(place(written, entries) + 1, 0, await forged(written, entries, ({ deviceSeq }) => ({ deviceSeq: deviceSeq + 1n })));
  },
  'forges by a device of its own': async (entries, written) => {
    const device = crypto.getRandomValues(new Uint8Array(16));
    entries.splice(place(written, entries) + 1, 0, await forged(written, entries, () => ({ device, deviceSeq: 1n })));
  },
  alters: (entries, written) => {
    const at = place(written, entries);
    const altered = Uint8Array.from(entries[at] ?? []);
    const byte = written.random.below(altered.length);
    altered[byte] = (altered[byte] ?? 0) ^ (1 << written.random.below(8));
    entries[at] = altered;
  },
  'leaves out': (entries, written) => void entries.splice(place(written, entries), 1),
  'withholds the end': (entries, written) => void entries.splice(place(written, entries)),
  reorders: (entries, written) => {
    const [one, other] = [place(written, entries), place(written, entries)];
    [entries[one], entries[other]] = [entries[other] as Bytes, entries[one] as Bytes];
  },
  repeats: (entries, written) => void entries.splice(place(written, entries) + 1, 0, Uint8Array.from(written.random.pick(entries))),
  'brings from another room': (entries, written) => void entries.splice(place(written, entries) + 1, 0, written.random.pick(written.elsewhere)),
};

/** Another browser of somebody who is in the room, to which nothing was shown yet. */
function emptyStore(): RoomStore {
  const values = new Map<string, Uint8Array>();
  return {
    read: (name) => Promise.resolve((values.get(name) as Bytes | undefined) ?? null),
    write: (written) => {
      for (const [name, value] of written) values.set(name, value);
      return Promise.resolve();
    },
  };
}

async function readerOf({ room, reader }: Written): Promise<RoomLog> {
  return RoomLog.open(emptyStore(), reader.device, room);
}

async function take(log: RoomLog, entries: readonly Bytes[]): Promise<void> {
  const from = Number(log.head.seq);
  await log.noteHead(entries.length);
  await log.take(entries.slice(from).map((entry, at) => ({ seq: from + at + 1, at: moment, entry })));
}

/** Silent, it has shown exactly what was there when the latest of what it shows was written. */
function expectNothingElse(log: RoomLog, served: readonly Bytes[], honest: readonly Bytes[], told: string): void {
  const seen = served.reduce((most, entry) => {
    const parsed = parseEntry(entry);
    return parsed.ok && Number(parsed.value.header.seenSeq) > most ? Number(parsed.value.header.seenSeq) : most;
  }, 0);
  for (let at = 0; at < seen; at++)
    expect(equalBytes(served[at] ?? new Uint8Array(), honest[at] ?? new Uint8Array()), `${told}: entry ${at + 1}`).toBe(true);
  for (const entry of served)
    expect(
      honest.some((one) => equalBytes(one, entry)),
      `${told}: nothing is made up`,
    ).toBe(true);
  expect(log.items.length, told).toBe(served.length);
}

describe('a server that cheats in a crisis', () => {
  it('is_shown_to_by_the_next_word_of_an_honest_member_or_everybody_sees_exactly_the_honest_state', async () => {
    const random = new SeededRandom(seed ^ 0x0c15);
    const found = { nothing: 0, something: 0 };
    for (let crisis = 0; crisis < 3; crisis++) {
      const written = await writtenCrisis(random);
      const { entries: honest, next } = written;
      const honestly = await readerOf(written);
      await take(honestly, [...honest, next]);
      expect(isSilent(honestly)).toBe(true);
      const truth = shownBy(honestly);
      for (let attack = 0; attack < 24; attack++) {
        const served = [...honest];
        // One time in four it does not cheat: then nothing may be said.
        const chosen = Array.from({ length: random.below(4) }, () => random.pick(Object.keys(cheats)));
        for (const name of chosen) if (served.length > 0) await cheats[name]?.(served, written);
        const told = `seed ${seed}, crisis ${crisis}, attack ${attack}: ${chosen.join(', ')}`;
        // To somebody new, or to somebody who had read a part of the truth.
        const log = await readerOf(written);
        const known = random.chance(0.5) ? random.below(honest.length) : 0;
        await take(log, honest.slice(0, known));
        await take(log, served);
        if (isSilent(log))
          expectNothingElse(log, served.length < known ? honest.slice(0, known) : [...honest.slice(0, known), ...served.slice(known)], honest, told);
        await take(log, [...served, next]);
        if (chosen.length === 0) expect(isSilent(log), told).toBe(true);
        if (isSilent(log)) expect(shownBy(log), told).toEqual(truth);
        // What was found out stays, also where it tells the truth from then on.
        else await take(log, [...honest, next]).then(() => expect(isSilent(log), told).toBe(false));
        found[isSilent(log) ? 'nothing' : 'something']++;
      }
    }
    // A walk that never cheats, or always, would show nothing.
    expect(found.nothing).toBeGreaterThan(0);
    expect(found.something).toBeGreaterThan(found.nothing);
  });

  it('by_two_stories_of_log_and_tasks_is_found_out_by_whoever_reads_the_first_word_of_the_other_story', async () => {
    const random = new SeededRandom(seed ^ 0xf0c4);
    const written = await writtenCrisis(random);
    const { entries } = written;
    const [hers, his] = [await readerOf(written), await readerOf(written)];
    // From him it keeps one entry that somebody later has seen; she is shown everything.
    const later = entries.findLast((entry) => {
      const parsed = parseEntry(entry);
      return parsed.ok && parsed.value.header.seenSeq > 2n;
    });
    const parsed = parseEntry(later ?? new Uint8Array());
    if (!parsed.ok || later === undefined) throw new Error('somebody has read somebody');
    const hidden = Number(parsed.value.header.seenSeq) - 1;
    const story = entries.toSpliced(hidden, 1);
    await take(hers, entries);
    await take(his, story.slice(0, story.indexOf(later)));
    expect(isSilent(hers)).toBe(true);
    await take(his, story);
    expect(isSilent(his)).toBe(false);
    expect(his.problem).toBe('forked');
  });

  it('brings_no_approval_from_another_room_or_version_and_none_in_anybodys_name', async () => {
    const random = new SeededRandom(seed ^ 0xa990);
    const [log, server] = [new MemoryDirectoryLog(), new MemoryRooms()];
    const [claire, bruno] = [await browserOn(log, server), await browserOn(log, server)];
    for (const { directory } of [claire, bruno]) await directory.sync();
    const room = async (): Promise<{ hers: RoomSession; his: RoomSession }> => {
      const nonce = random.bytes(16);
      const id = await RoomSession.idOf(claire, nonce);
      const [hers, his] = [await RoomSession.open(claire, id), await RoomSession.open(bruno, id)];
      await hers.begin({ nonce, members: [{ account: bruno.device.account, role: 'administrator' }] });
      return { hers, his };
    };
    const submitted = async ({ hers, his }: { hers: RoomSession; his: RoomSession }, text: string): Promise<string> => {
      await hers.sync();
      const draft = situationOf(hers.log.items).situation.draft;
      if (draft === null) await hers.write({ kind: 'situation-draft', sections: [{ id: hex('0a'), heading: 'In brief', text: '' }] });
      const of = situationOf(hers.log.items).situation.draft?.id ?? '';
      await hers.write({ kind: 'situation-submission', of, parts: [{ heading: 'In brief', text }] });
      await his.sync();
      return situationOf(hers.log.items).situation.draft?.submission?.id ?? '';
    };
    const [one, other] = [await room(), await room()];
    await submitted(other, 'in the other room');
    const first = await submitted(one, 'first text');
    await one.his.write({ kind: 'situation-approval', of: first });
    const approval = server.rooms.get(one.his.id)?.entries.at(-1) ?? new Uint8Array();
    await submitted(one, 'another text');
    const entries = [...(server.rooms.get(one.hers.id)?.entries ?? [])];
    const parsed = parseEntry(approval);
    if (!parsed.ok) throw new Error('an approval is an entry');
    const { header, payload } = parsed.value;
    const own = await generateSigningKey().then(signerOf);
    const { seq: seenSeq, hash: seenHash } = one.hers.log.head;
    const attempts: readonly (readonly [string, Bytes])[] = [
      ['of the version before, once more', Uint8Array.from(approval)],
      ['in his name', await signEntry(own, { ...header, id: random.bytes(16), deviceSeq: header.deviceSeq + 1n, seenSeq, seenHash }, payload)],
      [
        'by a stranger',
        await signEntry(own, { ...header, id: random.bytes(16), device: random.bytes(16), deviceSeq: 1n, seenSeq, seenHash }, payload),
      ],
      ['from the other room', server.rooms.get(other.his.id)?.entries.at(-1) ?? new Uint8Array()],
    ];
    for (const [told, attempt] of attempts) {
      const reading = await RoomLog.open(emptyStore(), claire.device, accountOf(one.hers.id));
      await reading.take([...entries, attempt].map((entry, at) => ({ seq: at + 1, at: moment, entry })));
      expect(isSilent(reading), told).toBe(false);
      expect(situationOf(reading.items).situation.draft?.submission?.approvals, told).toEqual([]);
    }
    // An approval of the version before that he signs himself, too late, is shown as one of another text.
    await one.his.write({ kind: 'situation-approval', of: first });
    await one.hers.sync();
    const { draft, discounted } = situationOf(one.hers.log.items).situation;
    expect(draft?.submission?.approvals).toEqual([]);
    expect(discounted.map(({ reason }) => reason)).toEqual(['other-text']);
    // And she alone publishes nothing.
    await one.hers.write({ kind: 'situation-approval', of: draft?.submission?.id ?? '' });
    await one.hers.write({ kind: 'situation-publication', of: draft?.submission?.id ?? '', statement: fact('published') });
    const after = situationOf(one.hers.log.items).situation;
    expect(after.published).toEqual([]);
    expect(after.discounted.map(({ reason }) => reason)).toEqual(['other-text', 'own-text', 'not-approved']);
  });
});
