import { longestPosition } from './exercise-content';

/** From a moment on the exercise's time goes on from a position, or stands still. */
export interface ClockSetting {
  /** Unix milliseconds, by the clock of whoever set it. */
  readonly at: number;
  /** Milliseconds of the exercise's time. */
  readonly position: number;
  readonly speed: number;
  readonly running: boolean;
}

/**
 * The exercise's time: settings in the order of the room. Each says its position itself, so that clocks that differ neither add up nor take back what has passed; a setting that would go back stands where
 * the one before it was set.
 */
export type RunClock = readonly ClockSetting[];

/** @returns The clock with one more setting. */
export function withSetting(clock: RunClock, setting: ClockSetting): RunClock {
  return [...clock, { ...setting, position: Math.max(setting.position, clock.at(-1)?.position ?? 0) }];
}

/** @param now Unix milliseconds. @returns Whole milliseconds of the exercise's time; 0 before it began. */
export function positionAt(clock: RunClock, now: number): number {
  const last = clock.at(-1);
  return last === undefined ? 0 : positionFrom(last, now);
}

/** Where the exercise stood at a moment in the past, by the setting that was in force then. */
export function positionThen(clock: RunClock, moment: number): number {
  const inForce = clock.findLastIndex(({ at }) => at <= moment);
  const setting = clock[inForce];
  if (setting === undefined) return 0;
  const next = clock[inForce + 1];
  return Math.min(positionFrom(setting, moment), next?.position ?? Infinity);
}

/** Milliseconds of real time until the exercise stands there; null while it stands still. */
export function delayUntil(clock: RunClock, position: number, now: number): number | null {
  const last = clock.at(-1);
  if (last === undefined || !last.running) return null;
  return Math.max(0, Math.ceil((position - positionAt(clock, now)) / last.speed));
}

export function isRunning(clock: RunClock): boolean {
  return clock.at(-1)?.running === true;
}

function positionFrom({ at, position, speed, running }: ClockSetting, now: number): number {
  return running ? Math.min(longestPosition, position + Math.max(0, now - at) * speed) : position;
}
