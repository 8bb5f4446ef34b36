/**
 * One press that counts once it has lasted: by the clock, whatever is drawn meanwhile. A page that is slow to draw, or draws nothing at all since it is covered, asks for no longer press than
 * another. Milliseconds, as `performance.now()` and the time of events count them.
 */
export class PressAndHold {
  private startedAt: number | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** @param onheld Once for each press that has lasted. */
  constructor(
    readonly milliseconds: number,
    private readonly onheld: () => void,
  ) {}

  get isPressed(): boolean {
    return this.startedAt !== undefined;
  }

  /** From 0 to 1: what is drawn of it. */
  share(now: number): number {
    return this.startedAt === undefined ? 0 : Math.min(1, Math.max(0, (now - this.startedAt) / this.milliseconds));
  }

  /** @param at When the press began, which may be before the page came to hear of it. */
  start(at: number, now: number): void {
    if (this.isPressed) return;
    this.startedAt = at;
    this.timer = setTimeout(() => this.end(), Math.max(0, at + this.milliseconds - now));
  }

  /** @param at When it ended: one that had lasted counts, also where the page was too busy to say so in time. @returns Whether there was one that had not. */
  release(at: number): boolean {
    if (!this.isPressed) return false;
    const hasLasted = this.share(at) >= 1;
    if (hasLasted) this.end();
    else this.cancel();
    return !hasLasted;
  }

  /** Nothing counts of it. */
  cancel(): void {
    clearTimeout(this.timer);
    [this.startedAt, this.timer] = [undefined, undefined];
  }

  private end(): void {
    this.cancel();
    this.onheld();
  }
}
