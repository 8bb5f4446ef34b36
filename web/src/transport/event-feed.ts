/** Something that happened on the server. `kind` is noun.verb-past: `alert.raised`. */
export interface ServerEvent {
  readonly seq: number;
  readonly at: string;
  readonly kind: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** `through`: the log was gone through up to this number. `reset`: what we had is no basis any more, fetch afresh. */
export interface EventBatch {
  readonly through: number;
  readonly events: readonly ServerEvent[];
  readonly reset?: boolean;
}

/** One line to the server, good until it breaks. */
export interface FeedLine {
  /** Resolves once open. */
  open(): Promise<void>;
  /** Streams batches after a number until the line breaks; then calls `broken`, once. */
  subscribe(after: number, receive: (batch: EventBatch) => void, broken: () => void): void;
  close(): void;
}

export type FeedState = 'connecting' | 'live' | 'broken' | 'stopped';

export interface FeedListener {
  receive(batch: EventBatch): void;
  stateChanged(state: FeedState): void;
}

const firstDelay = 500;
/** Half a minute between tries spares the battery in a long outage; coming back online tries at once. */
const longestDelay = 30_000;

/**
 * The numbered events of the server, in order, none twice and none lost: after any break it asks for what follows the last number it had.
 */
export class EventFeed {
  private line: FeedLine | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private through = -1;
  private failures = 0;
  private stopped = true;

  constructor(
    private readonly newLine: () => FeedLine,
    private readonly listener: FeedListener,
    /** 0 to 1: spreads the return of thousands of browsers after an outage. */
    private readonly random: () => number = Math.random,
  ) {}

  start(): void {
    if (!this.stopped) return;
    this.stopped = false;
    this.connect();
  }

  stop(): void {
    this.stopped = true;
    this.through = -1;
    this.dropLine();
    this.listener.stateChanged('stopped');
  }

  /** The network came back, or the person looks at the page again: no need to wait for the next try. */
  retryNow(): void {
    if (this.stopped || this.timer === undefined) return;
    this.failures = 0;
    this.connect();
  }

  private connect(): void {
    this.dropLine();
    const line = (this.line = this.newLine());
    this.listener.stateChanged('connecting');
    line
      .open()
      .then(() => {
        if (this.line !== line) return;
        line.subscribe(
          this.through,
          (batch) => this.take(line, batch),
          () => this.lost(line),
        );
        this.listener.stateChanged('live');
      })
      .catch(() => this.lost(line));
  }

  private take(line: FeedLine, batch: EventBatch): void {
    if (this.line !== line) return;
    this.failures = 0;
    const fresh = batch.reset ? batch.events : batch.events.filter((event) => event.seq > this.through);
    this.through = batch.reset ? batch.through : Math.max(this.through, batch.through);
    if (fresh.length > 0 || batch.reset) this.listener.receive({ ...batch, events: fresh });
  }

  private lost(line: FeedLine): void {
    if (this.line !== line || this.stopped) return;
    this.dropLine();
    this.listener.stateChanged('broken');
    const delay = Math.min(longestDelay, firstDelay * 2 ** this.failures) * (0.5 + this.random());
    this.failures += 1;
    this.timer = setTimeout(() => this.connect(), delay);
  }

  private dropLine(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const line = this.line;
    this.line = undefined;
    line?.close();
  }
}
