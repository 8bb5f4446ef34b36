import { t } from '../../core/i18n/i18n.svelte';
import type { ExerciseRun } from '../../core/rooms/exercises/exercises-view';
import { isRunning } from '../../core/rooms/exercises/run-clock';
import type { ExerciseScript, Trigger } from '../../core/rooms/exercises/script-content';

/** A moment of the exercise, from its beginning: T+05:30, T+1:05:30. */
export function positionInWords(milliseconds: number): string {
  return `T+${clockInWords(milliseconds)}`;
}

/** 05:30, 1:05:30. */
export function clockInWords(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${two(minutes)}:${two(seconds % 60)}`;
}

/** When an inject leaves, in a sentence. */
export function triggerInWords(trigger: Trigger, { injects, objectives }: Pick<ExerciseScript, 'injects' | 'objectives'>): string {
  switch (trigger.on) {
    case 'hand':
      return t('exercises.when.hand');
    case 'time':
      return positionInWords(trigger.minutes * 60_000);
    case 'inject':
      return t('exercises.when.inject', {
        minutes: trigger.minutes,
        title: injects.find(({ id }) => id === trigger.of)?.title ?? t('exercises.when.missing'),
      });
    case 'objective':
      return t('exercises.when.objective', {
        minutes: trigger.minutes,
        title: objectives.find(({ id }) => id === trigger.of)?.text ?? t('exercises.when.missing'),
      });
    case 'decision':
    case 'task':
      return t(`exercises.when.${trigger.on}`, { minutes: trigger.minutes, words: trigger.words });
  }
}

export type RunState = 'prepared' | 'running' | 'paused' | 'ended';

export function stateOf({ end, clock }: ExerciseRun): RunState {
  if (end !== null) return 'ended';
  if (clock.length === 0) return 'prepared';
  return isRunning(clock) ? 'running' : 'paused';
}
