import { type Bytes, fromHex, toHex } from '../../../e2ee/bytes';
import type { RoomContent } from '../room-content';
import type { RoomItem } from '../room-log';

/** A link as the room knows it. */
export interface KnownGuestLink {
  readonly secret: Bytes;
  readonly until: string;
  readonly guests: number;
}

/** What a guest of the room may write. All else of a guest is shown as refused: a guest pins nothing, keeps no log and asks nobody to confirm. */
export function isForGuests(content: RoomContent): boolean {
  return (content.kind === 'message' && content.priority === undefined) || ['edit', 'deletion', 'acknowledgement'].includes(content.kind);
}

/** What a room's administrators have said of its guests: the links that they made, the keys of those whom they let in, and until when these stay. */
export class GuestBook {
  private readonly known: KnownGuestLink[] = [];
  private readonly keys = new Map<string, Bytes>();
  private readonly names = new Map<string, string>();
  private readonly ends = new Map<string, number>();
  private areEndsNew = false;

  /** The items in any order; one that is opened later may come again. */
  note({ what, byAdministrator }: RoomItem): void {
    if (what.kind !== 'content' || !byAdministrator) return;
    const { content } = what;
    if (content.kind === 'guest-link') this.known.push({ secret: fromHex(content.secret), until: content.until, guests: content.guests });
    if (content.kind !== 'guest') return;
    this.keys.set(content.account, fromHex(content.key));
    this.names.set(content.account, content.name);
    const end = content.until === undefined ? Infinity : Date.parse(content.until);
    // Whatever comes in which order: what was said once is not drawn out.
    if (end >= this.endOf(content.account)) return;
    this.ends.set(content.account, end);
    this.areEndsNew = true;
  }

  get links(): readonly KnownGuestLink[] {
    return this.known;
  }

  /** Of an account in hexadecimal. Whoever uses it holds it against the roster's hash. */
  sealingKeyOf(account: string): Bytes | undefined {
    return this.keys.get(account);
  }

  nameOf(account: string): string | undefined {
    return this.names.get(account);
  }

  /** When their stay is over, in Unix milliseconds; infinity where nobody has said. */
  endOf(account: string): number {
    return this.ends.get(account) ?? Infinity;
  }

  /** Whether ends of stays were read since it was asked last. */
  takeNewEnds(): boolean {
    const { areEndsNew } = this;
    this.areEndsNew = false;
    return areEndsNew;
  }

  /** Of those who are here, what is said again to whoever reads from now on. */
  saidOf(account: string): RoomContent | undefined {
    const [key, name, end] = [this.keys.get(account), this.names.get(account), this.endOf(account)];
    if (key === undefined || name === undefined) return undefined;
    return { kind: 'guest', account, name, key: toHex(key), ...(end === Infinity ? {} : { until: new Date(end).toISOString() }) };
  }
}
