import { ApiError } from '../transport/api-error';

/** Milliseconds. */
const [firstPause, longestPause] = [1_000, 15_000];

const wait = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * Asks until the server answers: a link that fails, or a server that is busy or broken, is asked again, each time a little later.
 * Undefined where the server refused, or once the answer is no longer wanted.
 */
export async function untilAnswered<Result>(
  ask: () => Promise<Result>,
  isWanted: () => boolean,
  pauseFor: (milliseconds: number) => Promise<void> = wait,
): Promise<Result | undefined> {
  for (let pause = firstPause; isWanted(); pause = Math.min(2 * pause, longestPause)) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof ApiError) || (!error.isPassing && error.status < 500)) return undefined;
      await pauseFor(pause);
    }
  }
  return undefined;
}
