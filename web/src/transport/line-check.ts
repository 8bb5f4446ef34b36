export interface LineFigures {
  readonly roundTripMilliseconds: number;
  /** One decimal: more would promise what a single try can't. */
  readonly megabits: number;
}

/** Small and never kept: its time is the line's. */
const small = '/health/live';
/** The page itself, with what it needs: large enough to see a rate, small enough for a phone on a bad link. */
const tries = 3;

/** How long the server takes to answer, and about how fast it sends: from what it serves anyway. */
export async function measureLine(): Promise<LineFigures> {
  const times: number[] = [];
  for (let i = 0; i < tries; i += 1) {
    const startedAt = performance.now();
    await fetch(small, { cache: 'no-store' });
    times.push(performance.now() - startedAt);
  }
  const roundTripMilliseconds = Math.round(Math.min(...times));
  const scripts = [...document.querySelectorAll<HTMLScriptElement>('script[src]')].map((script) => script.src);
  const startedAt = performance.now();
  const bodies = await Promise.all(scripts.map(async (address) => (await fetch(address, { cache: 'reload' })).arrayBuffer()));
  const seconds = Math.max(0.001, (performance.now() - startedAt - roundTripMilliseconds) / 1000);
  const bits = bodies.reduce((sum, body) => sum + body.byteLength, 0) * 8;
  return { roundTripMilliseconds, megabits: Math.round(bits / seconds / 100_000) / 10 };
}
