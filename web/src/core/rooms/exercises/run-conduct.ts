import type { RoomContent } from '../room-content';
import type { ExerciseContent, PlayedInject } from './exercise-content';
import type { ExerciseRun, ReceivedInject } from './exercises-view';
import { positionAt } from './run-clock';
import { dueNow, isMine, type PlayersDeed } from './run-engine';
import type { Inject } from './script-content';

/** What an animator's page knows when it looks what is to be done. */
export interface ConductView {
  /** Unix milliseconds. */
  readonly now: number;
  /** Account in hexadecimal of the animator. */
  readonly self: string;
  readonly deeds: readonly PlayersDeed[];
  /** In the players' room; undefined where this animator is not in it, or it has not been read yet. */
  readonly received: readonly ReceivedInject[] | undefined;
  /** Written by this page and not yet known to be kept: by kind and inject. */
  readonly leaving: ReadonlySet<string>;
}

/** Entries that the page is to write, each into its room. */
export interface ConductWork {
  readonly animators: readonly ExerciseContent[];
  readonly players: readonly ExerciseContent[];
}

/** Of the entries and a time alone: a page that was closed meanwhile does what is due when it opens, and one that looks twice finds the second time nothing to do. */
export function workOf(run: ExerciseRun, { now, self, deeds, received, leaving }: ConductView): ConductWork {
  const position = positionAt(run.clock, now);
  const speed = run.clock.at(-1)?.speed ?? 1;
  const animators = dueNow(run, deeds, now)
    .filter(({ inject }) => !leaving.has(leavingKey('exercise-fired', inject.id)))
    .filter(({ due }) => isMine(run.steeredBy === self, (position - (due ?? position)) / speed))
    .map(({ inject }) => firedNow(run, inject, now, 'due'));
  const players =
    received === undefined
      ? []
      : run.script.injects
          .filter(({ id }) => {
            const fired = run.fired.get(id);
            if (fired === undefined || leaving.has(leavingKey('inject', id))) return false;
            if (received.some((one) => one.run === run.id && one.inject === id)) return false;
            return isMine(fired.author === self, now - Date.parse(fired.at));
          })
          .sort((one, other) => (run.fired.get(one.id)?.position ?? 0) - (run.fired.get(other.id)?.position ?? 0))
          .map((inject): ExerciseContent => ({ kind: 'inject', ...playedInject(run, inject) }));
  return { animators, players };
}

export function leavingKey(kind: ExerciseContent['kind'], inject: string): string {
  return `${kind}/${inject}`;
}

/** By kind and inject, of what waits in either room. */
export function leavingOf(run: ExerciseRun, waiting: readonly RoomContent[]): ReadonlySet<string> {
  return new Set(
    waiting.flatMap((content) =>
      (content.kind === 'exercise-fired' || content.kind === 'inject') && content.run === run.id ? [leavingKey(content.kind, content.inject)] : [],
    ),
  );
}

export function firedNow(run: ExerciseRun, { id }: Inject, now: number, firing: 'due' | 'hand'): ExerciseContent {
  return {
    kind: 'exercise-fired',
    run: run.id,
    inject: id,
    at: new Date(now).toISOString(),
    position: Math.round(positionAt(run.clock, now)),
    firing,
  };
}

/** @param change What is different from now on; where the exercise stands is where it stands now, unless it jumps. */
export function clockNow(
  run: ExerciseRun,
  now: number,
  change: { readonly running?: boolean; readonly speed?: number; readonly position?: number },
): ExerciseContent {
  const last = run.clock.at(-1);
  return {
    kind: 'exercise-clock',
    run: run.id,
    at: new Date(now).toISOString(),
    position: Math.round(change.position ?? positionAt(run.clock, now)),
    speed: change.speed ?? last?.speed ?? 1,
    running: change.running ?? last?.running ?? false,
  };
}

export function playedInject(run: ExerciseRun, { id, kind, title, from, to, text }: Inject): PlayedInject {
  return { run: run.id, inject: id, exercise: run.script.title, as: kind, title, from, to, text };
}
