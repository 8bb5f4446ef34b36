import { foldForSearch } from '../../search-fold';
import { type LogLine } from '../log/log-view';
import type { Task } from '../tasks/task-view';
import type { ExerciseRun } from './exercises-view';
import { type RunClock, isRunning, positionAt, positionThen } from './run-clock';
import type { ExerciseScript, Inject, Trigger } from './script-content';

/** What players did that conditions ask about, and when. */
export interface PlayersDeed {
  readonly kind: 'decision' | 'task';
  readonly text: string;
  /** In ISO 8601. */
  readonly at: string;
}

/** Where one inject of a run stands. Milliseconds of the exercise's time. */
export interface ScheduledInject {
  readonly inject: Inject;
  readonly state: 'waiting' | 'fired' | 'skipped';
  /** When it is to leave; null while its condition has not come true, and where it leaves by hand. */
  readonly due: number | null;
  /** When it would leave if all went as planned; null where nobody can say. */
  readonly foreseen: number | null;
}

const minute = 60_000;

/** Decisions and finished tasks of the players' rooms. */
export function deedsIn(rooms: readonly { readonly log: readonly LogLine[]; readonly tasks: readonly Task[] }[]): readonly PlayersDeed[] {
  return rooms.flatMap(({ log, tasks }) => [
    ...log.flatMap(({ latest: { statement }, earlier, latest }): PlayersDeed[] =>
      statement.type === 'decision' ? [{ kind: 'decision', text: statement.text, at: (earlier[0] ?? latest).enteredAt }] : [],
    ),
    ...tasks.flatMap(({ title, state, events }): PlayersDeed[] => {
      const done = state === 'done' ? events.findLast(({ what }) => what.kind === 'changed' && what.change.state === 'done') : undefined;
      return done === undefined ? [] : [{ kind: 'task', text: title, at: done.at }];
    }),
  ]);
}

/** All injects of a run, in the order of its script. */
export function scheduleOf(run: ExerciseRun, deeds: readonly PlayersDeed[]): readonly ScheduledInject[] {
  const planned = plannedTimes(run.script);
  return run.script.injects.map((inject) => {
    const state = run.fired.has(inject.id) ? 'fired' : run.skipped.has(inject.id) ? 'skipped' : 'waiting';
    const due = state === 'waiting' ? dueOf(run, inject.trigger, deeds) : null;
    return { inject, state, due, foreseen: due ?? planned.get(inject.id) ?? null };
  });
}

/** What is to leave now, what was due first before the rest; none while the exercise stands still. @param now Unix milliseconds. */
export function dueNow(run: ExerciseRun, deeds: readonly PlayersDeed[], now: number): readonly ScheduledInject[] {
  if (run.end !== null || !isRunning(run.clock)) return [];
  const position = positionAt(run.clock, now);
  return inOrder(scheduleOf(run, deeds).filter(({ due }) => due !== null && due <= position));
}

/** What comes next: by when it is due, then what is foreseen, then what leaves by hand or on a condition. */
export function comingUp(run: ExerciseRun, deeds: readonly PlayersDeed[]): readonly ScheduledInject[] {
  return inOrder(scheduleOf(run, deeds).filter(({ state }) => state === 'waiting'));
}

/**
 * Whether this page is to do it now. Pages of all animators know what is due; the one of whoever set the clock last does it at once, the others when it has not been done for a while. Two that do it all the same
 * do no harm: the first counts.
 */
export function isMine(isFirst: boolean, waitedMilliseconds: number): boolean {
  return isFirst || waitedMilliseconds >= graceMilliseconds;
}

/** Of real time: longer than an entry takes to be known to all, shorter than anybody at the table notices. */
export const graceMilliseconds = 8000;

/** By inject, when it would leave if all before it left in time; nothing of those that leave by hand or on what players do. Milliseconds of the exercise's time. */
export function plannedTimes(script: ExerciseScript): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  // A chain of injects is as long as there are injects; one that leads back to itself has no time.
  for (let round = 0; round < script.injects.length; round++) {
    const before = times.size;
    for (const { id, trigger } of script.injects) {
      if (times.has(id)) continue;
      const base = trigger.on === 'time' ? 0 : trigger.on === 'inject' ? times.get(trigger.of) : undefined;
      if (base !== undefined && 'minutes' in trigger) times.set(id, base + trigger.minutes * minute);
    }
    if (times.size === before) break;
  }
  return times;
}

/** Injects that wait for one another in a ring, or for one that there is not: they never leave by themselves. */
export function stuckInjects(script: ExerciseScript): readonly Inject[] {
  const free = new Set(script.injects.filter(({ trigger }) => trigger.on !== 'inject').map(({ id }) => id));
  for (let grew = true; grew;) {
    grew = false;
    for (const { id, trigger } of script.injects)
      if (trigger.on === 'inject' && free.has(trigger.of) && !free.has(id)) {
        free.add(id);
        grew = true;
      }
  }
  return script.injects.filter(({ id }) => !free.has(id));
}

function dueOf(run: ExerciseRun, trigger: Trigger, deeds: readonly PlayersDeed[]): number | null {
  switch (trigger.on) {
    case 'hand':
      return null;
    case 'time':
      return trigger.minutes * minute;
    case 'inject':
      return after(run.fired.get(trigger.of)?.position, trigger.minutes);
    case 'objective':
      return after(run.notes.find(({ objective, mark }) => objective === trigger.of && mark !== null)?.position, trigger.minutes);
    case 'decision':
    case 'task':
      return after(firstDeed(run, trigger, deeds), trigger.minutes);
  }
}

/** Where the exercise stood when players first did it. What they did before it began is none of it. */
function firstDeed(
  { clock }: { readonly clock: RunClock },
  { on, words }: Extract<Trigger, { readonly words: string }>,
  deeds: readonly PlayersDeed[],
): number | undefined {
  const began = clock[0]?.at;
  if (began === undefined) return undefined;
  const wanted = foldForSearch(words).split(/\s+/).filter(Boolean);
  const moments = deeds
    .filter(({ kind, text, at }) => kind === on && Date.parse(at) >= began && containsAll(text, wanted))
    .map(({ at }) => positionThen(clock, Date.parse(at)));
  return moments.length === 0 ? undefined : Math.min(...moments);
}

function containsAll(text: string, words: readonly string[]): boolean {
  const folded = foldForSearch(text);
  return words.every((word) => folded.includes(word));
}

function after(position: number | undefined, minutes: number): number | null {
  return position === undefined ? null : position + minutes * minute;
}

function inOrder(injects: readonly ScheduledInject[]): readonly ScheduledInject[] {
  const rank = ({ due, foreseen }: ScheduledInject): number => due ?? foreseen ?? Infinity;
  // Sorting is stable: of two at one time the script's first is first.
  return [...injects].sort((one, other) => (rank(one) === rank(other) ? 0 : rank(one) - rank(other)));
}
