import { ApiError } from '../transport/api-error';
import type { ServerEvent } from '../transport/event-feed';
import { liveEvents } from './live-events';

/** Many events in one second make one fetch: the answer holds them all. */
const gatherMilliseconds = 250;

export interface ResourceOptions {
  /** Kinds of events (their beginnings) after which it is fetched afresh. */
  readonly refreshOn?: readonly string[];
  /** Which of those events concern it; all where not given. */
  readonly concerns?: (event: ServerEvent) => boolean;
  /** For what a person then edits: fetching it again would throw away what they wrote. */
  readonly once?: boolean;
}

/** Something fetched from the server and kept true by its events. What was fetched stays shown while a new fetch fails. */
export class Resource<Value> {
  value = $state.raw<Value | undefined>();
  error = $state.raw<ApiError | undefined>();
  loading = $state(true);
  private turn = 0;
  private aborter = new AbortController();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly fetchValue: (signal: AbortSignal) => Promise<Value>) {}

  async load(): Promise<void> {
    const turn = ++this.turn;
    this.aborter.abort();
    this.aborter = new AbortController();
    this.loading = true;
    try {
      const value = await this.fetchValue(this.aborter.signal);
      if (turn !== this.turn) return;
      this.value = value;
      this.error = undefined;
    } catch (error) {
      if (turn !== this.turn) return;
      if (!(error instanceof ApiError)) throw error;
      this.error = error;
    } finally {
      if (turn === this.turn) this.loading = false;
    }
  }

  /** Soon, together with what else happens in the meantime. */
  loadSoon(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      void this.load();
    }, gatherMilliseconds);
  }

  dispose(): void {
    this.turn += 1;
    clearTimeout(this.timer);
    this.aborter.abort();
  }
}

/** For a component: loads when it appears (and again when what `fetchValue` reads changes), follows the events, and ends with it. */
export function resource<Value>(fetchValue: (signal: AbortSignal) => Promise<Value>, options: ResourceOptions = {}): Resource<Value> {
  const made = new Resource(fetchValue);
  $effect(() => {
    void made.load();
    return () => made.dispose();
  });
  $effect(() => {
    if (options.once) return;
    const concerns = options.concerns ?? (() => true);
    return liveEvents.on(
      options.refreshOn ?? [],
      (events) => {
        if (events.some(concerns)) made.loadSoon();
      },
      () => made.loadSoon(),
    );
  });
  return made;
}
