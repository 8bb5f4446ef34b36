/** Long enough to read and answer, short enough that nobody forgets. */
const againAfterMilliseconds = 120_000;

/** At once, and again until it is stopped. @returns How to stop. */
export function remind(tell: () => () => void): () => void {
  let quiet = tell();
  const timer = setInterval(() => {
    quiet();
    quiet = tell();
  }, againAfterMilliseconds);
  return () => {
    clearInterval(timer);
    quiet();
  };
}
