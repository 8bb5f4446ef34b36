/** The minute hand that every relative time on the page follows: one timer for all. */
let current = $state(Date.now());

export function nowMilliseconds(): number {
  return current;
}

/** Returns how to stop it. */
export function startClock(everyMilliseconds = 15_000): () => void {
  const tick = (): void => {
    current = Date.now();
  };
  const timer = setInterval(tick, everyMilliseconds);
  document.addEventListener('visibilitychange', tick);
  return () => {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', tick);
  };
}
