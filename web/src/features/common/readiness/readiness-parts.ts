import type { DocumentVersion } from '../../../core/rooms/plans/plan-content';
import { librariesIn } from '../../../core/rooms/plans/libraries';
import { inUse, validityOf } from '../../../core/rooms/plans/plan-view';
import type { RoomRow } from '../../../core/rooms/room-list.svelte';
import type { ReadinessFigures } from '../../../transport/contract/readiness';
import { channelLines, drillLine, exerciseLine, functionLines, plansLine, reachLines, type ReadinessLine } from './readiness-lines';

export interface ReadinessParts {
  readonly reach: readonly ReadinessLine[];
  readonly functions: readonly ReadinessLine[];
  readonly tests: readonly ReadinessLine[];
  readonly channels: readonly ReadinessLine[];
  readonly plans: readonly ReadinessLine[];
}

/** All that readiness is judged by: figures of the server, and what this browser reads in its rooms. @param rows Undefined where it reads none. @param now Unix milliseconds. */
export function readinessParts(figures: ReadinessFigures, rows: readonly RoomRow[] | undefined, now: number): ReadinessParts {
  const exerciseRooms = (rows ?? []).map(({ room }) => room).filter((room) => room.view.purpose === 'exercises' && room.line !== 'gone');
  const runs = exerciseRooms.flatMap((room) => room.exercises.runs);
  /** Alerts that were injects asked for no answer: they are no tests of the alert. */
  const injects = new Set(runs.flatMap((run) => [...run.alerts.values()]));
  const lastEnd = runs.flatMap(({ end }) => (end === null ? [] : [end.at])).reduce<string | undefined>(laterOf, undefined);
  const libraries = librariesIn(rows ?? []);
  return {
    reach: reachLines(figures),
    functions: functionLines(figures, now),
    tests: [drillLine(figures, injects, now), ...(exerciseRooms.length > 0 ? [exerciseLine(lastEnd, now)] : [])],
    channels: channelLines(figures, now),
    plans: libraries.length > 0 ? [plansLine(countPlans(libraries, now))] : [],
  };
}

function countPlans(libraries: ReturnType<typeof librariesIn>, now: number): { inUse: number; expired: number; soon: number; undated: number } {
  const validities = libraries
    .flatMap(({ library }) => [...inUse<DocumentVersion>(library.plans), ...inUse<DocumentVersion>(library.cards)])
    .map(({ latest }) => validityOf(latest.what, now));
  const count = (wanted: string): number => validities.filter((one) => one === wanted).length;
  return { inUse: validities.length, expired: count('expired'), soon: count('soon'), undated: count('undated') };
}

function laterOf(latest: string | undefined, at: string): string {
  return latest !== undefined && Date.parse(latest) > Date.parse(at) ? latest : at;
}

export function allLines({ reach, functions, tests, channels, plans }: ReadinessParts): readonly ReadinessLine[] {
  return [...reach, ...functions, ...tests, ...channels, ...plans];
}

/** What to begin with: the first that is urgent, or else to be looked at; none where all is right. */
export function worstOf(lines: readonly ReadinessLine[]): ReadinessLine | undefined {
  return lines.find(({ verdict }) => verdict === 'urgent') ?? lines.find(({ verdict }) => verdict === 'look');
}
