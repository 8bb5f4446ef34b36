import type { HistoryPolicy } from './room-content';
import type { RoomItem } from './room-log';

/** From where on whoever comes later reads a room, and since when each is in it: which eras' keys somebody is given. */
export class RoomHistory {
  private policy: { readonly from: HistoryPolicy; readonly seq: number } | undefined;
  private readonly joined = new Map<string, number>();
  private readonly guests = new Set<string>();

  get from(): HistoryPolicy {
    return this.policy?.from ?? 'beginning';
  }

  /** The items in order; one that is opened later may come again. */
  note({ seq, what, author, byAdministrator }: RoomItem): void {
    if (what.kind === 'members') {
      for (const account of what.removed) this.joined.delete(account);
      for (const { account, role } of what.set) {
        if (!this.joined.has(account)) this.joined.set(account, seq);
        if (role === 'guest') this.guests.add(account);
      }
    } else if (what.kind === 'departure' && author !== undefined) this.joined.delete(author);
    else if (what.kind === 'content' && what.content.kind === 'history' && byAdministrator && (this.policy === undefined || seq < this.policy.seq))
      // Chosen when the room began: what is said later opens nothing.
      this.policy = { from: what.content.from, seq };
  }

  /** Guests read nothing of what was before them, whatever the room's history gives to others. @param endSeq The entry that began the next era; undefined where there is none yet. */
  isGiven(account: string, endSeq: bigint | undefined): boolean {
    return (this.from === 'beginning' && !this.guests.has(account)) || endSeq === undefined || endSeq > BigInt(this.joined.get(account) ?? 0);
  }
}
