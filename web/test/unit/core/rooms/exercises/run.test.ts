import { describe, expect, it } from 'vitest';
import type { AlertFigures } from '../../../../../src/core/rooms/exercises/alert-figures';
import type { ExerciseContent } from '../../../../../src/core/rooms/exercises/exercise-content';
import { type ExerciseRun, exercisesOf, markOf } from '../../../../../src/core/rooms/exercises/exercises-view';
import { lessonsOf } from '../../../../../src/core/rooms/exercises/lessons';
import { delayUntil, positionAt, positionThen, type RunClock, withSetting } from '../../../../../src/core/rooms/exercises/run-clock';
import { clockNow, firedNow, leavingOf, workOf } from '../../../../../src/core/rooms/exercises/run-conduct';
import {
  comingUp,
  deedsIn,
  dueNow,
  graceMilliseconds,
  plannedTimes,
  type PlayersDeed,
  scheduleOf,
  stuckInjects,
} from '../../../../../src/core/rooms/exercises/run-engine';
import type { ExerciseScript, Inject, Trigger } from '../../../../../src/core/rooms/exercises/script-content';
import { encodeContent, parseContent, type RoomContent } from '../../../../../src/core/rooms/room-content';
import type { RoomItem } from '../../../../../src/core/rooms/room-log';
import { utf8 } from '../../../../../src/e2ee/bytes';
import { SeededRandom } from '../../../../e2ee/seeded';

const id = (number: number): string => number.toString(16).padStart(32, '0');
const [claire, bruno, observer] = [id(0xc1), id(0xb2), id(0x0b)];
const minute = 60_000;
const began = Date.parse('2026-11-23T09:00:00.000Z');
const runId = id(0xf00);

const inject = (number: number, trigger: Trigger, more: Partial<Inject> = {}): Inject => ({
  id: id(number),
  title: `Inject ${number}`,
  kind: 'message',
  trigger,
  from: 'SOC',
  to: 'All',
  text: 'Something happened',
  expected: { text: 'React', minutes: 5 },
  objectives: [id(50)],
  ...more,
});
const figures: AlertFigures = {
  people: 9,
  standings: { 'needs-help': 1, failed: 1, 'not-reached': 1, sent: 1, delivered: 1, read: 2, answered: 2 },
  answers: [
    { key: 'safe', text: 'I am safe', count: 2 },
    { key: 'need-help', text: 'I need help', count: 1 },
  ],
  channels: [{ channel: 'email', waiting: 1, accepted: 2, delivered: 5, failed: 1, withdrawn: 0 }],
  firstAnswer: 30_000,
  medianAnswer: 60_000,
};
const scriptOf = (...injects: Inject[]): ExerciseScript => ({
  title: 'Ransomware',
  language: 'en',
  briefing: '',
  objectives: [
    { id: id(50), text: 'Isolate' },
    { id: id(51), text: 'Tell' },
  ],
  injects,
});

/** A room that several write in. */
class Entries {
  readonly items: RoomItem[] = [];

  write(content: RoomContent, author: string, now: number, byAdministrator = true): void {
    const seq = this.items.length + 1;
    this.items.push({
      seq,
      id: id(10_000 + seq),
      author,
      at: new Date(now).toISOString(),
      ...(byAdministrator ? { byAdministrator: true as const } : {}),
      what: { kind: 'content', content },
    });
  }

  run(upTo = this.items.length): ExerciseRun {
    const run = exercisesOf(this.items.slice(0, upTo)).runs[0];
    if (run === undefined) throw new Error('no run');
    return run;
  }
}

function prepared(script: ExerciseScript): Entries {
  const entries = new Entries();
  entries.write({ kind: 'exercise-script', of: id(1), script, after: null }, claire, began);
  entries.write({ kind: 'exercise-run', run: runId, version: id(10_001), crisis: id(0xcc), channels: false }, claire, began);
  return entries;
}

describe('the clock of an exercise', () => {
  it('goes_at_its_speed_stands_still_and_jumps', () => {
    let clock: RunClock = [];
    expect(positionAt(clock, began)).toBe(0);
    clock = withSetting(clock, { at: began, position: 0, speed: 1, running: true });
    clock = withSetting(clock, { at: began + 10 * minute, position: 10 * minute, speed: 60, running: true });
    expect(positionAt(clock, began + 11 * minute)).toBe(70 * minute);
    expect(delayUntil(clock, 130 * minute, began + 11 * minute)).toBe(minute);
    clock = withSetting(clock, { at: began + 11 * minute, position: 70 * minute, speed: 60, running: false });
    expect(positionAt(clock, began + 500 * minute)).toBe(70 * minute);
    expect(delayUntil(clock, 130 * minute, began)).toBeNull();
    expect(positionThen(clock, began + 5 * minute)).toBe(5 * minute);
    expect(positionThen(clock, began + 10.5 * minute)).toBe(40 * minute);
    expect(positionThen(clock, began - 1)).toBe(0);
  });

  it('never_goes_back_though_the_clocks_of_two_animators_differ', () => {
    let clock: RunClock = withSetting([], { at: began, position: 0, speed: 1, running: true });
    // Somebody whose clock is behind by an hour pauses: the exercise stands no earlier than it stood.
    clock = withSetting(clock, { at: began - 60 * minute, position: 0, speed: 1, running: false });
    clock = withSetting(clock, { at: began + 20 * minute, position: 7 * minute, speed: 1, running: true });
    expect(positionAt(clock, began)).toBe(7 * minute);
    clock = withSetting(clock, { at: began, position: 2 * minute, speed: 1, running: true });
    expect(positionAt(clock, began)).toBe(7 * minute);
  });
});

describe('a run', () => {
  it('fires_by_time_after_another_on_what_players_do_on_an_objective_and_by_hand', () => {
    const entries = prepared(
      scriptOf(
        inject(101, { on: 'time', minutes: 10 }),
        inject(102, { on: 'inject', of: id(101), minutes: 5 }),
        inject(103, { on: 'decision', words: 'payer rancon', minutes: 2 }),
        inject(104, { on: 'task', words: 'isolate', minutes: 0 }),
        inject(105, { on: 'objective', of: id(51), minutes: 1 }),
        inject(106, { on: 'hand' }),
      ),
    );
    entries.write(clockNow(entries.run(), began, { running: true }), claire, began);
    const at = (minutes: number): number => began + minutes * minute;
    const due = (now: number, deeds: readonly PlayersDeed[] = []): string[] => dueNow(entries.run(), deeds, now).map((one) => one.inject.title);
    expect(due(at(9.9))).toEqual([]);
    expect(due(at(10))).toEqual(['Inject 101']);
    expect(comingUp(entries.run(), []).map((one) => one.foreseen)).toEqual([10 * minute, 15 * minute, null, null, null, null]);
    entries.write(firedNow(entries.run(), inject(101, { on: 'hand' }), at(12), 'due'), claire, at(12));
    expect(due(at(16.9))).toEqual([]);
    expect(due(at(17))).toEqual(['Inject 102']);
    const deeds: PlayersDeed[] = [
      { kind: 'decision', text: 'Ne pas payer la rançon', at: new Date(at(13)).toISOString() },
      // Before the exercise began: of something else.
      { kind: 'task', text: 'Isolate B2', at: new Date(at(-1)).toISOString() },
    ];
    expect(due(at(15), deeds)).toEqual(['Inject 103']);
    entries.write(
      { kind: 'exercise-note', run: runId, objective: id(51), mark: 'partly', text: '', at: new Date(at(13)).toISOString(), position: 13 * minute },
      observer,
      at(13),
      false,
    );
    expect(due(at(14))).toEqual(['Inject 105']);
    expect(markOf(entries.run(), id(51))).toBe('partly');
    entries.write({ kind: 'exercise-skipped', run: runId, inject: id(105), skipped: true }, claire, at(14));
    expect(due(at(14))).toEqual([]);
    entries.write({ kind: 'exercise-skipped', run: runId, inject: id(105), skipped: false }, bruno, at(14));
    expect(due(at(14))).toEqual(['Inject 105']);
    // It stands still: nothing leaves, whatever the time is.
    entries.write(clockNow(entries.run(), at(14), { running: false }), bruno, at(14));
    expect(due(at(600), deeds)).toEqual([]);
    expect(scheduleOf(entries.run(), []).find((one) => one.inject.id === id(106))).toMatchObject({ due: null, foreseen: null, state: 'waiting' });
  });

  it('reads_what_players_did_from_their_rooms', () => {
    const players = new Entries();
    players.write({ kind: 'log-entry', statement: { type: 'decision', text: 'Cut', at: '2026-11-23T09:05:00.000Z' } }, bruno, began);
    players.write({ kind: 'log-entry', statement: { type: 'fact', text: 'Seen', at: '2026-11-23T09:05:00.000Z' } }, bruno, began);
    const tasks = [
      {
        title: 'Isolate',
        state: 'done',
        events: [{ author: bruno, at: '2026-11-23T09:06:00.000Z', what: { kind: 'changed', change: { state: 'done' } } }],
      },
      { title: 'Call', state: 'to-do', events: [] },
    ] as never;
    const log = [
      {
        latest: { statement: { type: 'decision', text: 'Cut', at: '' }, enteredAt: '2026-11-23T09:07:00.000Z' },
        earlier: [],
      },
    ] as never;
    expect(deedsIn([{ log, tasks }])).toEqual([
      { kind: 'decision', text: 'Cut', at: '2026-11-23T09:07:00.000Z' },
      { kind: 'task', text: 'Isolate', at: '2026-11-23T09:06:00.000Z' },
    ]);
  });

  it('is_steered_by_animators_and_observed_by_all', () => {
    const entries = prepared(scriptOf(inject(101, { on: 'time', minutes: 1 })));
    const before = entries.run();
    entries.write(clockNow(before, began, { running: true }), observer, began, false);
    entries.write(firedNow(before, inject(101, { on: 'hand' }), began, 'hand'), observer, began, false);
    entries.write({ kind: 'exercise-end', run: runId, at: new Date(began).toISOString(), position: 0, text: '' }, observer, began, false);
    expect(entries.run()).toEqual(before);
    entries.write(
      { kind: 'inject', run: runId, inject: id(101), exercise: 'x', as: 'mail', title: 'x', from: '', to: '', text: '' },
      observer,
      began,
      false,
    );
    expect(exercisesOf(entries.items).received).toEqual([]);
    // What was never fired has no reaction.
    entries.write(
      { kind: 'exercise-reaction', run: runId, inject: id(101), at: new Date(began).toISOString(), position: 0, text: '' },
      observer,
      began,
      false,
    );
    expect(entries.run().reactions.size).toBe(0);
  });

  it('takes_nothing_after_its_end_but_what_is_learned_from_it', () => {
    const entries = prepared(scriptOf(inject(101, { on: 'time', minutes: 1 })));
    const at = new Date(began).toISOString();
    entries.write({ kind: 'exercise-end', run: runId, at, position: 0, text: 'Well done' }, claire, began);
    const ended = entries.run();
    entries.write(clockNow(ended, began, { running: true }), claire, began);
    entries.write(firedNow(ended, inject(101, { on: 'hand' }), began, 'hand'), claire, began);
    entries.write({ kind: 'exercise-added', run: runId, inject: inject(102, { on: 'hand' }) }, claire, began);
    expect(entries.run()).toEqual(ended);
    entries.write({ kind: 'exercise-action', run: runId, text: 'Print the cards' }, claire, began);
    entries.write({ kind: 'exercise-note', run: runId, objective: null, mark: null, text: 'Calm', at, position: 0 }, observer, began, false);
    expect(entries.run()).toMatchObject({ actions: [{ text: 'Print the cards' }], notes: [{ text: 'Calm' }] });
  });

  it('keeps_the_first_figures_of_an_alert_that_an_animator_wrote_after_the_end', () => {
    const entries = prepared(scriptOf(inject(101, { on: 'hand' }), inject(102, { on: 'hand' })));
    const at = new Date(began).toISOString();
    const kept = (people: number, of = 101): ExerciseContent => ({
      kind: 'exercise-alert-figures',
      run: runId,
      inject: id(of),
      at,
      figures: { ...figures, people },
    });
    entries.write({ kind: 'exercise-alert', run: runId, inject: id(101), alert: id(9) }, claire, began);
    entries.write(kept(1), claire, began);
    entries.write({ kind: 'exercise-end', run: runId, at, position: 0, text: '' }, claire, began);
    entries.write(kept(2), observer, began, false);
    entries.write(kept(3, 102), claire, began);
    expect(entries.run().figures.size).toBe(0);
    entries.write(kept(4), claire, began);
    entries.write(kept(5), bruno, began);
    expect([...entries.run().figures]).toEqual([[id(101), { author: claire, at, figures: { ...figures, people: 4 } }]]);
  });

  it('knows_injects_that_never_leave_by_themselves', () => {
    const script = scriptOf(
      inject(101, { on: 'inject', of: id(102), minutes: 1 }),
      inject(102, { on: 'inject', of: id(101), minutes: 1 }),
      inject(103, { on: 'inject', of: id(999), minutes: 1 }),
      inject(104, { on: 'inject', of: id(105), minutes: 2 }),
      inject(105, { on: 'time', minutes: 3 }),
      inject(106, { on: 'inject', of: id(107), minutes: 3 }),
      inject(107, { on: 'hand' }),
    );
    expect(stuckInjects(script).map((one) => one.id)).toEqual([id(101), id(102), id(103)]);
    expect([...plannedTimes(script)]).toEqual([
      [id(105), 3 * minute],
      [id(104), 5 * minute],
    ]);
  });

  it('has_contents_that_are_read_back_and_nothing_of_what_is_malformed', () => {
    const script = scriptOf(inject(101, { on: 'time', minutes: 1 }), inject(102, { on: 'decision', words: 'x', minutes: 0 }));
    const entries = prepared(script);
    const { run, at } = { run: runId, at: new Date(began).toISOString() };
    const contents: ExerciseContent[] = [
      { kind: 'exercise-script', of: id(1), script, after: id(2), note: 'Shorter' },
      { kind: 'exercise-run', run, version: id(2), crisis: id(3), channels: true },
      clockNow(entries.run(), began, { running: true, speed: 60, position: 5 }),
      firedNow(entries.run(), inject(101, { on: 'hand' }), began, 'hand'),
      { kind: 'exercise-skipped', run, inject: id(101), skipped: true },
      { kind: 'exercise-added', run, inject: inject(103, { on: 'hand' }) },
      { kind: 'exercise-reaction', run, inject: id(101), at, position: 3, text: '' },
      { kind: 'exercise-note', run, objective: id(50), mark: 'not-met', text: '', at, position: 3 },
      { kind: 'exercise-action', run, text: 'x' },
      { kind: 'exercise-alert', run, inject: id(101), alert: id(9) },
      { kind: 'exercise-alert-figures', run, inject: id(101), at, figures },
      { kind: 'exercise-end', run, at, position: 3, text: '' },
      { kind: 'inject', run, inject: id(101), exercise: 'x', as: 'sms', title: 'x', from: '', to: '', text: 'y' },
    ];
    const parse = (value: unknown): unknown => parseContent(utf8(JSON.stringify(value)));
    for (const content of contents) {
      expect(parseContent(encodeContent(content))).toEqual(content);
      // Of the same kind, with each of its fields in turn of another form.
      for (const field of Object.keys(content)) if (!['kind', 'note'].includes(field)) expect(parse({ ...content, [field]: [[]] })).toBeNull();
    }
    expect(parse({ ...contents[0], script: { ...script, injects: [script.injects[0], script.injects[0]] } })).toBeNull();
    expect(parse({ ...contents[2], speed: 61 })).toBeNull();
    expect(parse({ ...contents[2], position: -1 })).toBeNull();
    expect(parse({ ...contents[7], mark: null, text: ' ' })).toBeNull();
  });
});

/** Two animators at their pages, one of whom comes and goes, and players; time is a number. */
class Rehearsal {
  readonly players = new Entries();
  now = began;

  constructor(
    readonly animators: Entries,
    private readonly random: SeededRandom,
  ) {}

  /** One look of a page, which has read all but the last entries, and whose clock may differ. */
  look(self: string, behind: number, deeds: readonly PlayersDeed[], clockOff = 0): void {
    const run = this.animators.run(Math.max(2, this.animators.items.length - behind));
    const received = exercisesOf(this.players.items.slice(0, Math.max(0, this.players.items.length - behind))).received;
    const work = workOf(run, { now: this.now + clockOff, self, deeds, received, leaving: new Set() });
    for (const content of this.random.shuffled(work.animators)) this.animators.write(content, self, this.now);
    for (const content of work.players) this.players.write(content, self, this.now);
  }
}

describe('pages of animators', () => {
  it('fire_every_inject_exactly_once_whoever_looks_when_pauses_or_comes_back_late', () => {
    const random = new SeededRandom();
    for (let round = 0; round < 60; round++) {
      const count = 3 + random.below(10);
      const injects = Array.from({ length: count }, (_, at) => {
        const trigger: Trigger =
          at > 0 && random.chance(0.4)
            ? { on: 'inject', of: id(100 + random.below(at)), minutes: random.below(9) }
            : { on: 'time', minutes: random.below(30) };
        return inject(100 + at, trigger);
      });
      const rehearsal = new Rehearsal(prepared(scriptOf(...injects)), random);
      const { animators, players } = rehearsal;
      animators.write(clockNow(animators.run(), rehearsal.now, { running: true, speed: random.pick([1, 5, 60]) }), claire, rehearsal.now);
      for (let step = 0; step < 40; step++) {
        rehearsal.now += random.below(2 * minute);
        const run = animators.run();
        const who = random.pick([claire, bruno]);
        if (random.chance(0.3))
          animators.write(clockNow(run, rehearsal.now, { running: random.chance(0.6), speed: random.pick([1, 2, 60]) }), who, rehearsal.now);
        // Nobody may be there, both may be, and what they have read may be old.
        for (const self of random.shuffled([claire, bruno]))
          if (random.chance(0.7)) rehearsal.look(self, random.below(3), [], random.below(4000) - 2000);
      }
      // In the end somebody is there, and time goes by.
      for (let step = 0; step < 30; step++) {
        animators.write(clockNow(animators.run(), rehearsal.now, { running: true, speed: 60 }), bruno, rehearsal.now);
        rehearsal.now += 20 * minute;
        for (const self of [claire, bruno]) rehearsal.look(self, 0, []);
      }
      const run = animators.run();
      const { received } = exercisesOf(players.items);
      expect(run.fired.size).toBe(count);
      expect(received.map((one) => one.inject).sort()).toEqual(injects.map((one) => one.id).sort());
      for (const { trigger, id: fired } of injects) {
        const position = run.fired.get(fired)?.position ?? -1;
        const base = trigger.on === 'inject' ? (run.fired.get(trigger.of)?.position ?? Infinity) : 0;
        // Never early, but for what the clocks of two differ by at the highest speed.
        expect(position).toBeGreaterThanOrEqual(base + ('minutes' in trigger ? trigger.minutes : 0) * minute - 4000 * 60);
      }
    }
  });

  it('leave_it_to_who_steers_and_step_in_when_that_page_is_gone', () => {
    const entries = prepared(scriptOf(inject(101, { on: 'time', minutes: 1 })));
    entries.write(clockNow(entries.run(), began, { running: true }), claire, began);
    const work = (self: string, now: number): string[] => {
      const { animators, players } = workOf(entries.run(), { now, self, deeds: [], received: [], leaving: new Set() });
      return [...animators, ...players].map(({ kind }) => kind);
    };
    expect(work(bruno, began + minute)).toEqual([]);
    expect(work(claire, began + minute)).toEqual(['exercise-fired']);
    expect(work(bruno, began + minute + graceMilliseconds)).toEqual(['exercise-fired']);
    const fired = firedNow(entries.run(), inject(101, { on: 'hand' }), began + minute, 'due');
    // What is on its way is not written again.
    const leaving = leavingOf(entries.run(), [fired]);
    expect(workOf(entries.run(), { now: began + minute, self: claire, deeds: [], received: [], leaving }).animators).toEqual([]);
    entries.write(fired, claire, began + minute);
    expect(work(claire, began + minute)).toEqual(['inject']);
    expect(work(bruno, began + minute)).toEqual([]);
    expect(work(bruno, began + minute + graceMilliseconds)).toEqual(['inject']);
    // Who is not in the players' room delivers nothing.
    const outside = workOf(entries.run(), { now: began + 2 * minute, self: claire, deeds: [], received: undefined, leaving: new Set() });
    expect(outside).toEqual({ animators: [], players: [] });
  });
});

describe('what a run teaches', () => {
  it('is_told_as_expected_and_actual_with_reaction_times_and_objectives', () => {
    const entries = prepared(
      scriptOf(
        inject(101, { on: 'time', minutes: 10 }),
        inject(102, { on: 'time', minutes: 2 }),
        inject(103, { on: 'time', minutes: 3 }, { expected: null }),
        inject(104, { on: 'hand' }),
      ),
    );
    entries.write(clockNow(entries.run(), began, { running: true }), claire, began);
    const at = (minutes: number): number => began + minutes * minute;
    const moment = (minutes: number): { at: string; position: number } => ({ at: new Date(at(minutes)).toISOString(), position: minutes * minute });
    for (const [number, minutes] of [
      [102, 2],
      [103, 3],
      [101, 11],
    ] as const)
      entries.write(firedNow(entries.run(), inject(number, { on: 'hand' }), at(minutes), 'due'), claire, at(minutes));
    entries.write({ kind: 'exercise-reaction', run: runId, inject: id(102), text: 'Cut', ...moment(6) }, observer, at(6), false);
    entries.write({ kind: 'exercise-reaction', run: runId, inject: id(102), text: 'Too late', ...moment(9) }, bruno, at(9));
    entries.write({ kind: 'exercise-reaction', run: runId, inject: id(101), text: '', ...moment(18) }, observer, at(18), false);
    entries.write({ kind: 'exercise-note', run: runId, objective: id(50), mark: 'not-met', text: 'Slow', ...moment(5) }, observer, at(5), false);
    entries.write({ kind: 'exercise-note', run: runId, objective: id(50), mark: 'met', text: 'Done', ...moment(7) }, observer, at(7), false);
    entries.write({ kind: 'exercise-note', run: runId, objective: id(51), mark: 'partly', text: '', ...moment(7) }, observer, at(7), false);
    entries.write({ kind: 'exercise-skipped', run: runId, inject: id(104), skipped: true }, claire, at(19));
    const lessons = lessonsOf(entries.run());
    expect(lessons.timeline.map(({ inject: { id: one }, state, planned, took, inTime }) => [one, state, planned, took, inTime])).toEqual([
      [id(102), 'fired', 2 * minute, 4 * minute, true],
      [id(103), 'fired', 3 * minute, null, null],
      [id(101), 'fired', 10 * minute, 7 * minute, false],
      [id(104), 'skipped', null, null, null],
    ]);
    expect(lessons).toMatchObject({ fired: 3, asked: 2, reacted: 2, inTime: 1, median: 4 * minute, score: 75 });
    expect(lessons.objectives.map(({ mark, notes }) => [mark, notes.length])).toEqual([
      ['met', 2],
      ['partly', 1],
    ]);
  });
});
