import type { AlertMode } from '../transport/contract/content';

/** Which alerts run now, of those that this person may see. */
export interface UnderWay {
  readonly exercise: boolean;
  readonly real: boolean;
}

/** What the band at the top of every page says while an exercise runs. */
export type ExerciseNotice =
  | 'nothing-real'
  /** The page shows a real alert, or one about to be raised: it must not be taken for the exercise. */
  | 'page-is-real'
  /** A real alert runs beside the exercise. */
  | 'real-as-well';

const remembered = 'tocsin.underWay';
const nothing: UnderWay = { exercise: false, real: false };

/** What the page at hand shows; undefined where it shows no alert. */
let pageMode = $state<AlertMode | undefined>();
// From before the page was loaded anew: the band is there before the server has answered, and without a link too.
let underWay = $state.raw<UnderWay>(recall());

/** Absent where nothing of an exercise runs or is shown. */
export function exerciseNotice(): ExerciseNotice | undefined {
  if (pageMode === 'exercise') return 'nothing-real';
  if (!underWay.exercise) return undefined;
  if (pageMode === 'real') return 'page-is-real';
  return underWay.real ? 'real-as-well' : 'nothing-real';
}

/** Whether the whole interface wears violet: everything that it shows is exercise. */
export function isExercise(): boolean {
  return exerciseNotice() === 'nothing-real';
}

export function exerciseIsUnderWay(): boolean {
  return underWay.exercise;
}

/** Whether any alert runs, exercise or real: what can wait does. */
export function alertIsUnderWay(): boolean {
  return underWay.exercise || underWay.real;
}

export function setUnderWay(value: UnderWay): void {
  underWay = value;
  if (value.exercise) localStorage.setItem(remembered, JSON.stringify(value));
  else localStorage.removeItem(remembered);
}

/** Signed out: what ran was this person's to see. */
export function forgetUnderWay(): void {
  setUnderWay(nothing);
}

/** For a page that shows one alert: the whole interface wears its mode while the page is open. */
export function wearMode(mode: () => AlertMode | undefined): void {
  $effect(() => {
    pageMode = mode();
    return () => {
      pageMode = undefined;
    };
  });
}

function recall(): UnderWay {
  const kept = localStorage.getItem(remembered);
  if (!kept) return nothing;
  try {
    const { exercise, real } = JSON.parse(kept) as Partial<UnderWay>;
    return { exercise: exercise === true, real: real === true };
  } catch {
    return nothing;
  }
}
