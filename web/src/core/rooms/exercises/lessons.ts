import type { ObjectiveMark } from './exercise-content';
import { type AtPosition, type ExerciseRun, type FiredInject, markOf, type ObserverNote, type SeenReaction } from './exercises-view';
import { plannedTimes } from './run-engine';
import type { Inject, Objective } from './script-content';

/** One inject in the timeline of expected and actual. Milliseconds of the exercise's time. */
export interface TimelineLine {
  readonly inject: Inject;
  readonly added: boolean;
  readonly state: 'fired' | 'skipped' | 'left';
  readonly planned: number | null;
  readonly fired: FiredInject | null;
  readonly reaction: SeenReaction | null;
  /** From the inject to the reaction. */
  readonly took: number | null;
  /** Within the time that was expected; null where there was none to keep, or nobody has seen a reaction. */
  readonly inTime: boolean | null;
}

export interface JudgedObjective {
  readonly objective: Objective;
  readonly mark: ObjectiveMark | null;
  readonly notes: readonly ObserverNote[];
}

/** What a run taught: of its entries alone. */
export interface LessonsLearned {
  readonly timeline: readonly TimelineLine[];
  readonly objectives: readonly JudgedObjective[];
  /** Notes that are of no objective. */
  readonly notes: readonly ObserverNote[];
  readonly fired: number;
  /** Of the injects that were fired and ask for a reaction, those that had one, and those that had it in time. */
  readonly asked: number;
  readonly reacted: number;
  readonly inTime: number;
  /** The middle of all reaction times; null where nobody has seen one. */
  readonly median: number | null;
  /** Objectives met, one that was partly met as a half, in percent of those that were judged; null where none was. */
  readonly score: number | null;
}

/** Fired injects in the order in which they left, then those that did not, in the script's. */
export function lessonsOf(run: ExerciseRun): LessonsLearned {
  const planned = plannedTimes(run.script);
  const lines = run.script.injects.map((inject): TimelineLine => {
    const fired = run.fired.get(inject.id) ?? null;
    const reaction = run.reactions.get(inject.id) ?? null;
    const took = fired !== null && reaction !== null ? Math.max(0, reaction.position - fired.position) : null;
    const limit = inject.expected?.minutes ?? null;
    return {
      inject,
      added: run.added.has(inject.id),
      state: fired !== null ? 'fired' : run.skipped.has(inject.id) ? 'skipped' : 'left',
      planned: planned.get(inject.id) ?? null,
      fired,
      reaction,
      took,
      inTime: took === null || limit === null ? null : took <= limit * 60_000,
    };
  });
  const timeline = [...lines].sort((one, other) => rank(one.fired) - rank(other.fired) || 0);
  const asked = lines.filter(({ fired, inject }) => fired !== null && inject.expected !== null);
  const times = lines.flatMap(({ took }) => (took === null ? [] : [took])).sort((one, other) => one - other);
  const objectives = run.script.objectives.map((objective) => ({
    objective,
    mark: markOf(run, objective.id),
    notes: run.notes.filter((note) => note.objective === objective.id),
  }));
  const known = new Set(run.script.objectives.map(({ id }) => id));
  return {
    timeline,
    objectives,
    notes: run.notes.filter(({ objective }) => objective === null || !known.has(objective)),
    fired: lines.filter(({ fired }) => fired !== null).length,
    asked: asked.length,
    reacted: asked.filter(({ reaction }) => reaction !== null).length,
    inTime: asked.filter(({ inTime }) => inTime === true).length,
    median: times.length === 0 ? null : (times[Math.floor((times.length - 1) / 2)] ?? null),
    score: scoreOf(objectives),
  };
}

function scoreOf(objectives: readonly JudgedObjective[]): number | null {
  const judged = objectives.flatMap(({ mark }) => (mark === null ? [] : [mark]));
  const points = judged.reduce((sum, mark) => sum + (mark === 'met' ? 1 : mark === 'partly' ? 0.5 : 0), 0);
  return judged.length === 0 ? null : Math.round((100 * points) / judged.length);
}

/** Far beyond any exercise, and not infinite: two of them differ by nothing. */
function rank(fired: AtPosition | null): number {
  return fired?.position ?? Number.MAX_SAFE_INTEGER;
}
