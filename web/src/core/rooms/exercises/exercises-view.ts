import { type KeptDocument, withVersion } from '../plans/plan-view';
import type { RoomItem } from '../room-log';
import type { AlertFigures } from './alert-figures';
import type { ExerciseContent, Firing, ObjectiveMark, PlayedInject } from './exercise-content';
import { type RunClock, withSetting } from './run-clock';
import { type ExerciseScript, type Inject, mostInjects } from './script-content';

export type KeptScript = KeptDocument<ExerciseScript>;

/** Seen or done at a moment of the exercise. */
export interface AtPosition {
  /** Account in hexadecimal. */
  readonly author: string;
  /** By its author's clock. */
  readonly at: string;
  /** Milliseconds of the exercise's time. */
  readonly position: number;
}

export interface FiredInject extends AtPosition {
  readonly firing: Firing;
}

export interface SeenReaction extends AtPosition {
  readonly text: string;
}

export interface ObserverNote extends AtPosition {
  readonly id: string;
  readonly objective: string | null;
  readonly mark: ObjectiveMark | null;
  readonly text: string;
}

/** How an alert stood at a moment by its author's clock. */
export interface KeptFigures {
  readonly author: string;
  readonly at: string;
  readonly figures: AlertFigures;
}

export interface FollowUp {
  readonly id: string;
  readonly author: string;
  readonly text: string;
}

/** One time that an exercise is played. */
export interface ExerciseRun {
  readonly id: string;
  /** As it is played, with what was added meanwhile. */
  readonly script: ExerciseScript;
  /** The document that it is a version of. */
  readonly of: string;
  /** The players' leading room, in hexadecimal. */
  readonly crisis: string;
  readonly channels: boolean;
  readonly preparedBy: string;
  /** By the server's clock. */
  readonly preparedAt: string;
  readonly clock: RunClock;
  /** Who set the clock last: their page fires what is due. */
  readonly steeredBy: string;
  readonly fired: ReadonlyMap<string, FiredInject>;
  readonly skipped: ReadonlySet<string>;
  readonly added: ReadonlySet<string>;
  readonly reactions: ReadonlyMap<string, SeenReaction>;
  readonly notes: readonly ObserverNote[];
  readonly actions: readonly FollowUp[];
  /** By inject, the alert that it left as. */
  readonly alerts: ReadonlyMap<string, string>;
  /** By inject, how its alert stood after the end. */
  readonly figures: ReadonlyMap<string, KeptFigures>;
  /** Null while it goes on. */
  readonly end: (AtPosition & { readonly text: string }) | null;
}

/** An inject in the players' room. */
export interface ReceivedInject extends PlayedInject {
  /** Of the entry. */
  readonly id: string;
  /** Account in hexadecimal of the animator. */
  readonly author: string;
  /** By the server's clock. */
  readonly at: string;
}

export interface Exercises {
  readonly scripts: readonly KeptScript[];
  /** In the order in which they were prepared. */
  readonly runs: readonly ExerciseRun[];
  /** Of a players' room, in the order in which they came; each once. */
  readonly received: readonly ReceivedInject[];
}

export const noExercises: Exercises = { scripts: [], runs: [], received: [] };

/**
 * What a room's entries say of exercises. Of the entries alone, so the same for everybody who has them: animators (who administer the room) write scripts and steer runs, all observe. Of one inject of one run
 * the first firing counts, in the animators' room as in the players': two pages that fire the same make one inject.
 */
export function exercisesOf(items: readonly RoomItem[]): Exercises {
  const scripts = new Map<string, KeptScript>();
  const versions = new Map<string, { readonly of: string; readonly script: ExerciseScript }>();
  const runs = new Map<string, ExerciseRun>();
  const received = new Map<string, ReceivedInject>();
  const seen = new Set<string>();
  for (const { what, id, author, at, byAdministrator } of items) {
    if (what.kind !== 'content' || id === undefined || author === undefined || seen.has(id)) continue;
    const { content } = what;
    if (!isOfExercises(content)) continue;
    seen.add(id);
    if (!('run' in content)) {
      if (byAdministrator !== true) continue;
      const kept = { id, author, at, note: content.note ?? null, what: content.script };
      scripts.set(content.of, withVersion(scripts.get(content.of), content.of, content.after, kept));
      versions.set(id, { of: content.of, script: content.script });
    } else if (content.kind === 'inject') {
      const key = `${content.run}/${content.inject}`;
      if (byAdministrator === true && !received.has(key)) received.set(key, { ...content, id, author, at });
    } else if (content.kind === 'exercise-run') {
      const version = versions.get(content.version);
      if (byAdministrator === true && version !== undefined && !runs.has(content.run)) runs.set(content.run, prepared(content, version, author, at));
    } else {
      const run = runs.get(content.run);
      if (run === undefined || (byAdministrator !== true && !observes(content))) continue;
      const next = changed(run, content, id, author);
      if (next !== null) runs.set(run.id, next);
    }
  }
  return { scripts: [...scripts.values()], runs: [...runs.values()], received: [...received.values()] };
}

const exerciseKinds: ReadonlySet<string> = new Set<ExerciseContent['kind']>([
  'exercise-script',
  'exercise-run',
  'exercise-clock',
  'exercise-fired',
  'exercise-skipped',
  'exercise-added',
  'exercise-reaction',
  'exercise-note',
  'exercise-action',
  'exercise-alert',
  'exercise-alert-figures',
  'exercise-end',
  'inject',
]);

function isOfExercises(content: { readonly kind: string }): content is ExerciseContent {
  return exerciseKinds.has(content.kind);
}

type RunContent = Exclude<ExerciseContent, { readonly kind: 'exercise-script' | 'exercise-run' | 'inject' }>;

/** What whoever is in the room may say. */
function observes({ kind }: RunContent): boolean {
  return kind === 'exercise-reaction' || kind === 'exercise-note';
}

function prepared(
  { run: id, crisis, channels }: Extract<ExerciseContent, { readonly kind: 'exercise-run' }>,
  { of, script }: { readonly of: string; readonly script: ExerciseScript },
  author: string,
  at: string,
): ExerciseRun {
  return {
    id,
    script,
    of,
    crisis,
    channels,
    preparedBy: author,
    preparedAt: at,
    clock: [],
    steeredBy: author,
    fired: new Map(),
    skipped: new Set(),
    added: new Set(),
    reactions: new Map(),
    notes: [],
    actions: [],
    alerts: new Map(),
    figures: new Map(),
    end: null,
  };
}

/** @returns Null for what does not count: it came a second time, is of nothing, or after the end. */
function changed(run: ExerciseRun, content: RunContent, id: string, author: string): ExerciseRun | null {
  switch (content.kind) {
    case 'exercise-clock': {
      if (run.end !== null) return null;
      const { position, speed, running } = content;
      return { ...run, clock: withSetting(run.clock, { at: Date.parse(content.at), position, speed, running }), steeredBy: author };
    }
    case 'exercise-fired': {
      if (run.end !== null || run.fired.has(content.inject) || injectOf(run, content.inject) === undefined) return null;
      const { at, position, firing } = content;
      return { ...run, fired: new Map([...run.fired, [content.inject, { author, at, position, firing }]]) };
    }
    case 'exercise-skipped': {
      if (run.end !== null || run.fired.has(content.inject) || injectOf(run, content.inject) === undefined) return null;
      const others = [...run.skipped].filter((one) => one !== content.inject);
      return { ...run, skipped: new Set(content.skipped ? [...others, content.inject] : others) };
    }
    case 'exercise-added': {
      const { inject } = content;
      if (run.end !== null || injectOf(run, inject.id) !== undefined || run.script.injects.length >= 2 * mostInjects) return null;
      return { ...run, script: { ...run.script, injects: [...run.script.injects, inject] }, added: new Set([...run.added, inject.id]) };
    }
    case 'exercise-reaction': {
      if (run.reactions.has(content.inject) || !run.fired.has(content.inject)) return null;
      const { at, position, text } = content;
      return { ...run, reactions: new Map([...run.reactions, [content.inject, { author, at, position, text }]]) };
    }
    case 'exercise-note': {
      const { objective, mark, text, at, position } = content;
      return { ...run, notes: [...run.notes, { id, author, objective, mark, text, at, position }] };
    }
    case 'exercise-action':
      return { ...run, actions: [...run.actions, { id, author, text: content.text }] };
    case 'exercise-alert':
      return run.alerts.has(content.inject) ? null : { ...run, alerts: new Map([...run.alerts, [content.inject, content.alert]]) };
    case 'exercise-alert-figures': {
      // What stood while it ran is no result; and of two pages that keep them, the first counts.
      if (run.end === null || !run.alerts.has(content.inject) || run.figures.has(content.inject)) return null;
      const { at, figures } = content;
      return { ...run, figures: new Map([...run.figures, [content.inject, { author, at, figures }]]) };
    }
    case 'exercise-end': {
      if (run.end !== null) return null;
      const { at, position, text } = content;
      return { ...run, end: { author, at, position, text } };
    }
  }
}

export function injectOf(run: ExerciseRun, id: string): Inject | undefined {
  return run.script.injects.find((inject) => inject.id === id);
}

/** How far an objective was met: what was said of it last. */
export function markOf(run: ExerciseRun, objective: string): ObjectiveMark | null {
  return run.notes.findLast((note) => note.objective === objective && note.mark !== null)?.mark ?? null;
}
