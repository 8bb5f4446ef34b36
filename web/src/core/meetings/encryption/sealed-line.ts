import { ApiError } from '../../../transport/api-error';
import type { Schedule } from '../media-session';

/** What the line needs of the group's place in the call. */
export interface SealedLineHost {
  /** With the keys of now, and the number of the change that brought them; null while there are none. */
  seal(content: Uint8Array): Promise<{ readonly message: string; readonly after: number } | null>;
  send(message: string, after: number): Promise<unknown>;
  /** Has `speak` called in the group's turn. */
  wake(): void;
  /** The server names a change of keys that never came. */
  missed(): void;
  schedule: Schedule;
}

interface Unsaid {
  /** Asked anew each time that it is sealed. */
  readonly content: () => Uint8Array;
  readonly said: () => void;
  readonly failed: (error: unknown) => void;
  /** As it was given to the server, whose echo is awaited. */
  sealed: string | undefined;
  refusedAfter: number | undefined;
}

/** More than anybody types while the line is away. */
const mostUnsaid = 64;
/** A change of keys that the server has and this device has not comes in that time, or was missed. */
const patienceMilliseconds = 3_000;
/** The server takes one a second from whoever says much. */
const paceMilliseconds = 1_000;

/**
 * What this device has to say in its group, one after the other. Each is sealed with the keys of now and taken by the server in their epoch only: where they have changed meanwhile it is sealed
 * anew, so that everybody who hears it can open it. It is said once it came back in its place among what others say.
 */
export class SealedLine {
  private readonly unsaid: Unsaid[] = [];

  constructor(private readonly host: SealedLineHost) {}

  /** Resolves once it was said. @throws ApiError where it can not be. */
  say(content: () => Uint8Array): Promise<void> {
    if (this.unsaid.length >= mostUnsaid) return Promise.reject(new ApiError('too-many-requests', 429, 'Too much waits to be said.'));
    return new Promise((said, failed) => {
      this.unsaid.push({ content, said, failed, sealed: undefined, refusedAfter: undefined });
      this.host.wake();
    });
  }

  /** In the group's turn: whatever is first, where nothing is under way. */
  async speak(): Promise<void> {
    const [next] = this.unsaid;
    if (!next || next.sealed !== undefined) return;
    const sealed = await this.host.seal(next.content());
    if (!sealed) return;
    next.sealed = sealed.message;
    try {
      await this.host.send(sealed.message, sealed.after);
    } catch (error) {
      this.notTaken(next, sealed.after, error);
    }
  }

  /** In the group's turn: whether it is what this device gave the server. */
  cameBack(message: string): boolean {
    const [first] = this.unsaid;
    if (!first || first.sealed !== message) return false;
    this.unsaid.shift();
    first.said();
    this.host.wake();
    return true;
  }

  /** Another line than before: what was under way may have been lost with it. Whoever heard it already knows it again by its number. */
  resume(): void {
    const [first] = this.unsaid;
    if (first) first.sealed = undefined;
    this.host.wake();
  }

  end(): void {
    for (const { failed } of this.unsaid.splice(0)) failed(ApiError.unreachable());
  }

  private notTaken(next: Unsaid, after: number, error: unknown): void {
    next.sealed = undefined;
    switch (error instanceof ApiError ? error.code : '') {
      case 'call-group-moved':
        // The change is on its way, and wakes the line.
        if (next.refusedAfter === after) this.host.missed();
        next.refusedAfter = after;
        this.host.schedule(patienceMilliseconds, () => this.host.wake());
        break;
      case 'too-many-requests':
        this.host.schedule(paceMilliseconds, () => this.host.wake());
        break;
      case 'unreachable':
      case 'not-in-meeting':
        // At once where this device is in the call again before.
        this.host.schedule(patienceMilliseconds, () => this.host.wake());
        break;
      default:
        this.unsaid.shift();
        next.failed(error);
        this.host.wake();
    }
  }
}
