import type { FeedState } from '../transport/event-feed';

export type ConnectionKind = 'online' | 'slow' | 'offline' | 'unreachable';

/** An answer that took longer than this is worth saying; below it nobody notices. */
const slowMilliseconds = 3_000;

/** What is known of the line to the server, from every answer, every failure and the event feed. */
class Connection {
  private networkUp = $state(navigator.onLine);
  private failing = $state(false);
  private slow = $state(false);
  private downSince = $state<number | undefined>();
  feed = $state<FeedState>('stopped');
  /** Commands that wait for the link. */
  waiting = $state(0);
  /** Messages and what else was written in rooms. */
  waitingInRooms = $state(0);

  readonly kind: ConnectionKind = $derived(!this.networkUp ? 'offline' : this.failing ? 'unreachable' : this.slow ? 'slow' : 'online');

  /** Since when the server is out of reach, in milliseconds. */
  get since(): number | undefined {
    return this.downSince;
  }

  answered(milliseconds: number): void {
    this.slow = milliseconds > slowMilliseconds;
    this.recovered();
  }

  failed(): void {
    this.failing = true;
    this.downSince ??= Date.now();
  }

  feedChanged(state: FeedState): void {
    this.feed = state;
    if (state === 'live') this.recovered();
    if (state === 'broken') this.failed();
  }

  networkChanged(up: boolean): void {
    this.networkUp = up;
    if (!up) this.downSince ??= Date.now();
    else if (!this.failing) this.downSince = undefined;
  }

  private recovered(): void {
    this.failing = false;
    if (this.networkUp) this.downSince = undefined;
  }
}

export const connection = new Connection();
