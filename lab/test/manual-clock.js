/** A clock that moves when the test says so. */
export function createManualClock(start = 1_000_000) {
  let now = start;
  /** @type {{ at: number, resolve: () => void }[]} */
  let waiting = [];
  return {
    now: () => now,
    /** @param {number} milliseconds */
    delay: (milliseconds) => new Promise((resolve) => waiting.push({ at: now + milliseconds, resolve: () => resolve(undefined) })),
    /** @param {number} milliseconds */
    async advance(milliseconds) {
      now += milliseconds;
      const due = waiting.filter((wait) => wait.at <= now);
      waiting = waiting.filter((wait) => wait.at > now);
      for (const wait of due) wait.resolve();
      // Lets what waited run before the test looks.
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}
