import type { RoomPurpose } from './room-content';
import type { RoomItem } from './room-log';

/** A message as it stands after everything that was said about it. */
export interface ShownMessage {
  readonly id: string;
  readonly seq: number;
  readonly at: string;
  readonly author: string;
  /** Null once deleted. */
  readonly text: string | null;
  readonly edited: boolean;
  readonly pinned: boolean;
  readonly priority: boolean;
  readonly replyTo: string | null;
  readonly mentions: readonly string[];
  /** Accounts of who has acknowledged it. */
  readonly acknowledgedBy: readonly string[];
  /** Of a priority message, the accounts who were in the room when it was written, without its author. Whoever comes later is asked nothing of old. */
  readonly askedOf: readonly string[];
}

/** What an entry changed of who is in the room. Accounts; each stands once. */
export interface MemberChange {
  /** The first entry: the room begins. */
  readonly began: boolean;
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly madeAdministrator: readonly string[];
  readonly madeMember: readonly string[];
  /** In the room already, and from here on with another identity. */
  readonly renewed: readonly string[];
}

export type TimelineEntry =
  | { readonly kind: 'message'; readonly message: ShownMessage }
  | { readonly kind: 'notice'; readonly item: RoomItem; readonly members?: MemberChange };

export interface RoomView {
  /** Null for a room that nobody has named. */
  readonly name: string | null;
  readonly purpose: RoomPurpose;
  /** By account. */
  readonly names: ReadonlyMap<string, string>;
  readonly timeline: readonly TimelineEntry[];
  readonly pinned: readonly ShownMessage[];
}

/**
 * What a room's entries amount to. Of the entries alone, so the same for everybody who has them: only who wrote a message edits it; they and administrators delete it; what the
 * room is and how people are called is said by administrators.
 */
export function viewOf(items: readonly RoomItem[]): RoomView {
  let name: string | null = null;
  let purpose: RoomPurpose = 'group';
  const names = new Map<string, string>();
  const messages = new Map<string, ShownMessage>();
  const present = new Map<string, 'member' | 'administrator'>();
  const order: (string | { readonly item: RoomItem; readonly members?: MemberChange })[] = [];
  const change = (of: string, changed: (message: ShownMessage) => Partial<ShownMessage> | null): void => {
    const message = messages.get(of);
    if (message !== undefined) messages.set(of, { ...message, ...changed(message) });
  };
  for (const item of items) {
    const { what, id, author, byAdministrator } = item;
    if (what.kind === 'members') order.push({ item, members: changeMembers(present, what.set, what.removed) });
    else if (isTold(item)) order.push({ item });
    if (what.kind !== 'content' || id === undefined || author === undefined) continue;
    const { content } = what;
    switch (content.kind) {
      case 'message':
        // Ids are random: of two that are alike the first counts.
        if (messages.has(id)) break;
        messages.set(id, {
          id,
          seq: item.seq,
          at: item.at,
          author,
          text: content.text,
          edited: false,
          pinned: false,
          priority: content.priority ?? false,
          replyTo: content.replyTo ?? null,
          mentions: content.mentions ?? [],
          acknowledgedBy: [],
          askedOf: content.priority ? [...present.keys()].filter((account) => account !== author) : [],
        });
        order.push(id);
        break;
      case 'edit':
        change(content.of, ({ author: writer, text }) => (writer === author && text !== null ? { text: content.text, edited: true } : null));
        break;
      case 'deletion':
        change(content.of, ({ author: writer }) => (writer === author || byAdministrator ? { text: null, pinned: false } : null));
        break;
      case 'pin':
        change(content.of, ({ text }) => (text === null ? null : { pinned: content.on }));
        break;
      case 'acknowledgement':
        change(content.of, ({ priority, acknowledgedBy: by }) => (priority && !by.includes(author) ? { acknowledgedBy: [...by, author] } : null));
        break;
      case 'name':
        if (byAdministrator) name = content.text;
        break;
      case 'purpose':
        if (byAdministrator) purpose = content.purpose;
        break;
      case 'people':
        if (byAdministrator) for (const [account, called] of Object.entries(content.names)) names.set(account, called);
        break;
    }
  }
  const timeline = order.flatMap((one): TimelineEntry[] => {
    if (typeof one !== 'string') return [{ kind: 'notice', ...one }];
    const message = messages.get(one);
    return message === undefined ? [] : [{ kind: 'message', message }];
  });
  return { name, purpose, names, timeline, pinned: [...messages.values()].filter(({ pinned }) => pinned) };
}

/** Changes `present` with it. */
function changeMembers(
  present: Map<string, 'member' | 'administrator'>,
  set: readonly { readonly account: string; readonly role: 'member' | 'administrator' }[],
  removed: readonly string[],
): MemberChange {
  const began = present.size === 0;
  const known = set.filter(({ account }) => present.has(account));
  const withRole = (role: 'member' | 'administrator'): string[] =>
    known.filter((one) => one.role === role && present.get(one.account) !== role).map(({ account }) => account);
  const told = {
    began,
    added: set.filter(({ account }) => !present.has(account)).map(({ account }) => account),
    removed,
    madeAdministrator: withRole('administrator'),
    madeMember: withRole('member'),
    renewed: known.filter(({ account, role }) => present.get(account) === role).map(({ account }) => account),
  };
  for (const account of removed) present.delete(account);
  for (const { account, role } of set) present.set(account, role);
  return told;
}

/** What belongs to the machinery is not told, as long as it is right. */
function isTold({ what, missing }: RoomItem): boolean {
  return missing !== undefined || ['device-revoked', 'refused', 'closed', 'unreadable'].includes(what.kind);
}
