/**
 * How long a test waits before it says that something does not come: far more than it takes on a machine that does much else.
 * Nothing is slower for it while tests pass, and nothing has limits of its own.
 */
export const limits = {
  /** One thing that is waited for: in a page, or of a scripted server. */
  event: 60_000,
  test: 300_000,
  hook: 120_000,
} as const;
