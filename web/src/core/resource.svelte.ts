import { keptStore } from '../platform/kept-store';
import { ApiError } from '../transport/api-error';
import type { ServerEvent } from '../transport/event-feed';
import { liveEvents } from './live-events';

/** Many events in one second make one fetch: the answer holds them all. */
const gatherMilliseconds = 250;

/** The event that said it had changed does not come again: what could not be fetched then is tried until it can. Milliseconds. */
const [firstPause, longestPause] = [5_000, 60_000];

export interface ResourceOptions {
  /** Kinds of events (their beginnings) after which it is fetched afresh. */
  readonly refreshOn?: readonly string[];
  /** Which of those events concern it; all where not given. */
  readonly concerns?: (event: ServerEvent) => boolean;
  /** For what a person then edits: fetching it again would throw away what they wrote. */
  readonly once?: boolean;
  /** What it is called in the browser's database: the last answer is kept there until its owner signs out, and shown when there is no link. */
  readonly keep?: () => string | undefined;
}

/** Something fetched from the server and kept true by its events. What was fetched stays shown while a new fetch fails. */
export class Resource<Value> {
  value = $state.raw<Value | undefined>();
  error = $state.raw<ApiError | undefined>();
  loading = $state(true);
  /** When the value shown was told by the server, where it is not from this visit: milliseconds since 1970. */
  keptAt = $state<number | undefined>();
  private turn = 0;
  private aborter = new AbortController();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private again: ReturnType<typeof setTimeout> | undefined;
  private pause = firstPause;

  constructor(
    private readonly fetchValue: (signal: AbortSignal) => Promise<Value>,
    private readonly keep: () => string | undefined = () => undefined,
  ) {}

  async load(): Promise<void> {
    const turn = ++this.turn;
    this.aborter.abort();
    this.aborter = new AbortController();
    clearTimeout(this.again);
    this.loading = true;
    try {
      const value = await this.fetchValue(this.aborter.signal);
      if (turn !== this.turn) return;
      this.value = value;
      this.error = undefined;
      this.keptAt = undefined;
      this.pause = firstPause;
      this.write(value);
    } catch (error) {
      if (turn !== this.turn) return;
      if (!(error instanceof ApiError)) throw error;
      if (error.isPassing && this.value === undefined) await this.recall(turn);
      if (turn !== this.turn) return;
      this.error = error;
      if (error.isPassing) this.loadLater();
    } finally {
      if (turn === this.turn) this.loading = false;
    }
  }

  private loadLater(): void {
    this.again = setTimeout(() => void this.load(), this.pause);
    this.pause = Math.min(2 * this.pause, longestPause);
  }

  /** A browser that refuses its database (a private window, a full disk) shows what it is told and keeps nothing. */
  private write(value: Value): void {
    const key = this.keep();
    if (key !== undefined) keptStore.write(key, { value, keptAt: Date.now() }).catch(() => undefined);
  }

  private async recall(turn: number): Promise<void> {
    const key = this.keep();
    const kept = key === undefined ? undefined : await keptStore.read(key).catch(() => undefined);
    if (kept === undefined || turn !== this.turn) return;
    this.value = kept.value as Value;
    this.keptAt = kept.keptAt;
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
    clearTimeout(this.again);
    // What it reads has changed, and it goes on: an event that waited must not keep all later ones from being heard.
    this.timer = undefined;
    this.aborter.abort();
  }
}

/** For a component: loads when it appears (and again when what `fetchValue` reads changes), follows the events, and ends with it. */
export function resource<Value>(fetchValue: (signal: AbortSignal) => Promise<Value>, options: ResourceOptions = {}): Resource<Value> {
  const made = new Resource(fetchValue, options.keep);
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
