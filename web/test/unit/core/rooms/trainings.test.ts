import { describe, expect, it } from 'vitest';
import { encodeContent, parseContent } from '../../../../src/core/rooms/room-content';
import type { RoomItem } from '../../../../src/core/rooms/room-log';
import { presences, type Presence, type TrainingContent, type TrainingTerms } from '../../../../src/core/rooms/trainings/training-content';
import { attendanceScores, confirmationWindow, presenceOf, trainingOf } from '../../../../src/core/rooms/trainings/training-view';
import { utf8 } from '../../../../src/e2ee/bytes';
import { SeededRandom } from '../../../e2ee/seeded';

const id = (number: number): string => number.toString(16).padStart(32, '0');
const [claire, bruno, dana] = [id(0xc), id(0xb), id(0xd)];
const at = '2026-11-22T13:00:00.000Z';
const terms: TrainingTerms = { title: 'First aid', at, minutes: 60, place: 'Room 2', trainers: 'Dr Roy', material: '# Bring', run: null };

let seq = 0;
function entry(content: TrainingContent, author = claire): RoomItem {
  seq += 1;
  return { seq, id: id(1000 + seq), author, at, ...(author === claire ? { byAdministrator: true } : {}), what: { kind: 'content', content } };
}
const said = (what: Partial<TrainingTerms> = {}, author = claire): RoomItem => entry({ kind: 'training', terms: { ...terms, ...what } }, author);
const word = (of: string, presence: Presence, author = claire, when = at, note = ''): RoomItem =>
  entry({ kind: 'training-presence', of, presence, at: when, note }, author);

describe('a training', () => {
  it('is_what_an_administrator_said_last', () => {
    const training = trainingOf([said(), said({ title: 'Fire' }), said({ title: 'Mine' }, bruno)]);
    expect(training.terms?.title).toBe('Fire');
    expect(trainingOf([said({}, bruno)]).terms).toBeNull();
  });

  it('lets_people_say_that_they_are_there_themselves_while_it_lasts_and_nothing_else', () => {
    const { from, until } = confirmationWindow(terms);
    const on = (ms: number): string => new Date(ms).toISOString();
    const standing = (...items: readonly RoomItem[]): Presence | undefined => presenceOf(trainingOf([said(), ...items]), bruno)?.presence;
    expect(standing(word(bruno, 'present', bruno, on(from)))).toBe('present');
    expect(standing(word(bruno, 'present', bruno, on(until)))).toBe('present');
    expect(standing(word(bruno, 'present', bruno, on(from - 1)))).toBeUndefined();
    expect(standing(word(bruno, 'present', bruno, on(until + 1)))).toBeUndefined();
    expect(standing(word(bruno, 'excused', bruno))).toBeUndefined();
    expect(standing(word(bruno, 'present', dana))).toBeUndefined();
    expect(presenceOf(trainingOf([word(bruno, 'present', bruno)]), bruno)).toBeNull();
  });

  it('keeps_every_word_and_lets_no_one_speak_against_the_trainer', () => {
    const training = trainingOf([
      said(),
      word(bruno, 'present', bruno),
      word(bruno, 'absent', claire, at, 'Left after five minutes'),
      word(bruno, 'present', bruno),
      word(bruno, 'excused'),
    ]);
    expect(training.words.get(bruno)?.map(({ presence }) => presence)).toEqual(['present', 'absent', 'excused']);
    expect(presenceOf(training, bruno)).toMatchObject({ presence: 'excused', author: claire, byTrainer: true });
  });

  it('counts_an_entry_that_comes_twice_once', () => {
    const twice = word(bruno, 'present');
    expect(trainingOf([said(), twice, twice]).words.get(bruno)).toHaveLength(1);
  });

  it('is_scored_within_its_months_whoever_missed_most_first', () => {
    const begins = Date.parse(at);
    const past = { training: trainingOf([said(), word(bruno, 'present'), word(dana, 'excused')]), expected: [bruno, dana] };
    const also = { training: trainingOf([said(), word(bruno, 'absent')]), expected: [bruno] };
    const old = { training: trainingOf([said({ at: '2020-01-01T00:00:00.000Z' })]), expected: [bruno] };
    expect(attendanceScores([past, also, old, { training: trainingOf([]), expected: [bruno] }], begins - 1, begins + 1)).toEqual([
      { account: dana, attended: 0, of: 1 },
      { account: bruno, attended: 1, of: 2 },
    ]);
    // Of what is still to come nobody has missed anything.
    expect(attendanceScores([past], begins - 10, begins - 1)).toEqual([]);
  });

  it('is_read_back_as_it_was_written_and_refused_where_it_is_malformed', () => {
    const contents: TrainingContent[] = [
      { kind: 'training', terms },
      { kind: 'training', terms: { ...terms, place: '', trainers: '', material: '', run: id(7) } },
      ...presences.map((presence): TrainingContent => ({ kind: 'training-presence', of: bruno, presence, at, note: 'x' })),
    ];
    const parse = (value: unknown): unknown => parseContent(utf8(JSON.stringify(value)));
    for (const content of contents) {
      expect(parseContent(encodeContent(content))).toEqual(content);
      for (const field of Object.keys(content)) if (field !== 'kind') expect(parse({ ...content, [field]: [[]] })).toBeNull();
    }
    const hostile: Readonly<Record<string, readonly unknown[]>> = {
      title: ['', ' ', 'x'.repeat(121), 3],
      at: ['tomorrow', '2026-11-22', '2026-13-45T13:00:00.000Z'],
      minutes: [4, 10_081, 30.5, '60', null, Infinity],
      place: ['x'.repeat(201), null],
      trainers: ['x'.repeat(201), {}],
      material: ['x'.repeat(20_001), 0],
      run: ['x', undefined, 5],
    };
    for (const [field, values] of Object.entries(hostile))
      for (const value of values) expect(parse({ kind: 'training', terms: { ...terms, [field]: value } })).toBeNull();
  });

  it('never_fails_and_stays_bounded_whatever_people_write_in_whatever_order', () => {
    const random = new SeededRandom();
    for (let round = 0; round < 200; round++) {
      const people = [claire, bruno, dana];
      const items = Array.from({ length: random.below(30) }, () =>
        random.chance(0.2)
          ? said({ at: new Date(Date.parse(at) + random.below(1e8)).toISOString() }, random.pick(people))
          : word(random.pick(people), random.pick([...presences]), random.pick(people), new Date(Date.parse(at) + random.below(1e8)).toISOString()),
      );
      const { words } = trainingOf(items);
      for (const [account, all] of words)
        for (const [index, one] of all.entries())
          expect(one.byTrainer || (one.author === account && one.presence === 'present' && index === 0)).toBe(true);
      // The same for whoever has the same entries.
      expect(trainingOf([...items, ...items])).toEqual(trainingOf(items));
    }
  });
});
