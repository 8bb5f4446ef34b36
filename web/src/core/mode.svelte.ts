export type AlertMode = 'real' | 'exercise';

/** What the page at hand shows; undefined where it shows no alert. */
let pageMode = $state<AlertMode | undefined>();
/** An exercise is going on, and nothing real is. */
let exerciseUnderWay = $state(false);

export function isExercise(): boolean {
  return pageMode === undefined ? exerciseUnderWay : pageMode === 'exercise';
}

export function setExerciseUnderWay(value: boolean): void {
  exerciseUnderWay = value;
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
