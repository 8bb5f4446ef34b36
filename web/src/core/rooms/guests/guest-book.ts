import { type Bytes, fromHex } from '../../../e2ee/bytes';
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

/** What a room's administrators have said of its guests: the links that they made, and the keys of those whom they let in. */
export class GuestBook {
  private readonly known: KnownGuestLink[] = [];
  private readonly keys = new Map<string, Bytes>();
  private readonly names = new Map<string, string>();

  /** The items in any order; one that is opened later may come again. */
  note({ what, byAdministrator }: RoomItem): void {
    if (what.kind !== 'content' || !byAdministrator) return;
    const { content } = what;
    if (content.kind === 'guest-link') this.known.push({ secret: fromHex(content.secret), until: content.until, guests: content.guests });
    if (content.kind !== 'guest') return;
    this.keys.set(content.account, fromHex(content.key));
    this.names.set(content.account, content.name);
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
}
