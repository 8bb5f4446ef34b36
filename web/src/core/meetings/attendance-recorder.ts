import type { CallAttendanceContent, NotedPerson } from '../rooms/calls/call-content';
import { keyOfVisit, longestGap } from '../rooms/calls/call-view';
import type { Schedule } from './media-session';

/** Somebody in the call, as this browser sees them. */
export interface SeenAttendee {
  /** Of their browser in the call: see `CallAttendanceContent`. */
  readonly key: string;
  readonly name: string;
  /** In hexadecimal; null for guests. */
  readonly account: string | null;
  readonly isHost: boolean;
  /** Whether they tell of themselves: their browser is a device of somebody of the room. Undefined while it is not known yet. */
  readonly tells: boolean | undefined;
}

/** The call as it is now. */
export interface SeenCall {
  /** `away`: the line broke, and is being mended. */
  readonly phase: 'before' | 'in' | 'away' | 'ended' | 'left';
  readonly self: SeenAttendee | undefined;
  readonly others: readonly SeenAttendee[];
}

export interface RecorderPorts {
  readonly call: string;
  /** Who is told to be in the call, by `keyOfVisit`: what the room has, and what this browser is about to send it. */
  present(): ReadonlySet<string>;
  write(content: CallAttendanceContent): void;
  schedule: Schedule;
  now(): Date;
}

/** Who came a moment ago may be about to be known, in milliseconds. */
const settling = 5_000;
/** What is owed is looked at so often, in milliseconds. */
const lookEvery = 15_000;
/** Of one browser in one call: more would be a fault, and a room keeps everything. */
const mostEntries = 500;

interface Seen {
  readonly attendee: SeenAttendee;
  readonly since: number;
  /** Unix milliseconds; null while they are there. */
  goneAt: number | null;
}

/**
 * Tells the room of a call who was in it. Of itself at once; of others only what they cannot tell, or did not: guests, browsers that are no device of the room, and who vanished. Of all who
 * could tell that, the one with the lowest key does; what is there already is not told twice.
 */
export class AttendanceRecorder {
  private readonly seen = new Map<string, Seen>();
  private self: SeenAttendee | undefined;
  private phase: SeenCall['phase'] = 'before';
  private hasCome = false;
  private awaySince: number | null = null;
  private cancelLook: (() => void) | undefined;
  private written = 0;

  constructor(private readonly ports: RecorderPorts) {}

  see({ phase, self, others }: SeenCall): void {
    if (this.phase === 'left' || this.phase === 'ended') return;
    this.phase = phase;
    if (phase === 'left' || phase === 'ended') return this.leave(phase);
    if (phase === 'away') {
      this.awaySince ??= this.now();
      return;
    }
    if (phase !== 'in' || self === undefined) return;
    this.self = self;
    this.come(others.length === 0);
    this.note(others);
    this.look();
  }

  private come(alone: boolean): void {
    if (this.self === undefined) return;
    const { awaySince } = this;
    this.awaySince = null;
    if (!this.hasCome) {
      this.hasCome = true;
      return this.tell('came', this.self, this.now(), { alone });
    }
    // A broken line of a minute is no departure.
    if (awaySince === null || this.now() - awaySince <= longestGap) return;
    this.tell('left', this.self, awaySince);
    this.tell('came', this.self, this.now());
  }

  private note(others: readonly SeenAttendee[]): void {
    const now = this.now();
    const there = new Map(others.map((one) => [one.key, one]));
    for (const [key, one] of this.seen) if (!there.has(key)) one.goneAt ??= now;
    for (const [key, attendee] of there) {
      const known = this.seen.get(key);
      const isBack = known !== undefined && (known.goneAt === null || now - known.goneAt <= longestGap);
      this.seen.set(key, { attendee, since: isBack ? known.since : now, goneAt: null });
    }
  }

  /** Tells what is owed, and looks again while something may come to be. */
  private look(): void {
    this.cancelLook?.();
    this.cancelLook = undefined;
    if (this.phase === 'in' && this.isMine()) this.tellOwed(settling, longestGap);
    if (this.seen.size > 0) this.cancelLook = this.ports.schedule(lookEvery, () => this.look());
  }

  private tellOwed(afterComing: number, afterGoing: number): void {
    const present = this.ports.present();
    const now = this.now();
    for (const [key, { attendee, since, goneAt }] of this.seen) {
      const isTold = present.has(keyOfVisit(attendee.account, key));
      if (goneAt === null) {
        if (attendee.tells === false && !isTold && now - since >= afterComing) this.tell('came', attendee, since);
      } else if (now - goneAt >= afterGoing) {
        if (isTold) this.tell('left', attendee, goneAt);
        this.seen.delete(key);
      }
    }
  }

  private leave(phase: 'left' | 'ended'): void {
    this.cancelLook?.();
    if (!this.hasCome || this.self === undefined) return;
    const now = this.now();
    const others = [...this.seen.values()].filter(({ goneAt, attendee }) => goneAt === null && attendee.tells === true);
    // Nobody stays who could tell the rest.
    if (phase === 'ended' ? this.isMine() : others.length === 0) {
      this.tellOwed(0, 0);
      for (const one of this.seen.values()) if (one.attendee.tells === false) one.goneAt ??= now;
      this.tellOwed(0, 0);
    }
    this.tell('left', this.self, this.awaySince ?? now);
  }

  /** Whether this browser is the one that tells of others: the lowest key of those who are there and can. */
  private isMine(): boolean {
    const { self } = this;
    if (self === undefined) return false;
    return ![...this.seen.values()].some(({ attendee, goneAt }) => goneAt === null && attendee.tells === true && attendee.key < self.key);
  }

  private tell(step: 'came' | 'left', attendee: SeenAttendee, at: number, { alone = false } = {}): void {
    if (this.written >= mostEntries) return;
    this.written += 1;
    this.ports.write({
      kind: 'call-attendance',
      call: this.ports.call,
      step,
      at: new Date(at).toISOString(),
      key: attendee.key,
      ...(alone ? { alone } : {}),
      ...(attendee === this.self ? {} : { who: this.noted(attendee) }),
    });
  }

  private noted({ name, account }: SeenAttendee): NotedPerson {
    const hosts = [this.self, ...[...this.seen.values()].map(({ attendee }) => attendee)];
    const host = hosts.find((one) => one?.isHost === true && one.account !== null)?.account;
    return {
      name,
      ...(account === null ? { guest: true } : { account }),
      ...(account !== null || host === undefined || host === null ? {} : { host }),
    };
  }

  private now(): number {
    return this.ports.now().getTime();
  }
}
