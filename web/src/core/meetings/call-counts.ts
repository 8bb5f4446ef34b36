import type { Schedule } from './media-session';

/** What the counts need of the call; a device is named by its key in base64. */
export interface CountsHost {
  /** Has every device in the group told how many texts this page has said. Resolves once it was. */
  tell(): Promise<void>;
  /** Devices of others who are in the call and have its keys. */
  others(): Iterable<string>;
  /** Nothing that counts has come of this device for too long. Once, until something comes again. */
  fellSilent(deviceKey: string): void;
  schedule: Schedule;
  now(): Date;
}

/** With two hundred in a call, three a second reach each of them. */
export const tellMilliseconds = 60_000;
/** After a text, so that one that nobody got is noticed soon. */
export const tellSoonMilliseconds = 5_000;
/** Longer than three counts take, and than the server keeps the place of who lost their line. */
export const silentMilliseconds = 200_000;

/**
 * Has the last message of somebody missed where the server holds it back: every page says now and then how many texts it has said, also none, so that whoever has fewer knows it; and of whom not even that
 * comes, something is held back or their device is lost. The server cannot tell a count from a text: both are sealed, and of one length.
 */
export class CallCounts {
  private readonly heardAt = new Map<string, number>();
  private readonly silent = new Set<string>();
  private lookedAt = 0;
  private isTelling = false;
  private cancelTick: (() => void) | undefined;
  private cancelSoon: (() => void) | undefined;

  constructor(private readonly host: CountsHost) {}

  /** This device has the keys. Again changes nothing. */
  begin(): void {
    if (this.cancelTick) return;
    this.lookedAt = this.now();
    this.tick();
  }

  /** A text or a count of this device has come. */
  heard(deviceKey: string): void {
    this.heardAt.set(deviceKey, this.now());
    this.silent.delete(deviceKey);
  }

  /** A text of one's own was said. */
  said(): void {
    this.cancelSoon?.();
    this.cancelSoon = this.host.schedule(tellSoonMilliseconds, () => this.tell());
  }

  /** Another line than before: what was not heard meanwhile says nothing of anybody. */
  resume(): void {
    this.heardAt.clear();
  }

  end(): void {
    this.cancelTick?.();
    this.cancelSoon?.();
    this.cancelTick = undefined;
    this.heardAt.clear();
    this.silent.clear();
  }

  private tick(): void {
    this.cancelTick = this.host.schedule(tellMilliseconds, () => this.tick());
    this.look();
    this.tell();
  }

  private look(): void {
    const now = this.now();
    // This device slept: others may have spoken, and the line tells it only now.
    if (now - this.lookedAt > 2 * tellMilliseconds) this.heardAt.clear();
    this.lookedAt = now;
    const others = new Set(this.host.others());
    for (const known of [...this.heardAt.keys(), ...this.silent]) {
      if (others.has(known)) continue;
      this.heardAt.delete(known);
      this.silent.delete(known);
    }
    for (const other of others) {
      const heardAt = this.heardAt.get(other);
      if (heardAt === undefined) this.heardAt.set(other, now);
      else if (now - heardAt >= silentMilliseconds && !this.silent.has(other)) {
        this.silent.add(other);
        this.host.fellSilent(other);
      }
    }
  }

  /** One at a time: what waits for keys or for a line is counted when it is sealed. */
  private tell(): void {
    if (this.isTelling) return;
    this.isTelling = true;
    const done = (): void => void (this.isTelling = false);
    this.host.tell().then(done, done);
  }

  private now(): number {
    return this.host.now().getTime();
  }
}
