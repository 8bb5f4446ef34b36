import type { Role } from '../../e2ee/rooms/membership';
import { statementOf } from './log/log-view';
import type { HistoryPolicy, RoomPurpose } from './room-content';
import type { RoomItem } from './room-log';
import type { SharedFile } from './shared-file';

/** A message as it stands after everything that was said about it. */
export interface ShownMessage {
  readonly id: string;
  readonly seq: number;
  readonly at: string;
  readonly author: string;
  /** Null once deleted. */
  readonly text: string | null;
  /** Null where there is none, and once deleted. */
  readonly file: SharedFile | null;
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

/** Of somebody who is or was here as a guest. */
export interface GuestStay {
  /** ISO 8601; null where nobody has said. */
  readonly until: string | null;
  /** Null while they are in the roster, also where their time is over. */
  readonly ended: { readonly how: 'left' | 'removed'; readonly at: string } | null;
}

/** What an entry changed of who is in the room. Accounts; each stands once. */
export interface MemberChange {
  /** The first entry: the room begins. */
  readonly began: boolean;
  readonly added: readonly string[];
  /** Let in as guests. */
  readonly guests: readonly string[];
  readonly removed: readonly string[];
  readonly madeAdministrator: readonly string[];
  readonly madeMember: readonly string[];
  /** In the room already, and from here on with another identity. */
  readonly renewed: readonly string[];
  /** Left of themselves. */
  readonly left: readonly string[];
}

export type TimelineEntry = { readonly kind: 'message'; readonly message: ShownMessage } | Notice;

/** What happened beside messages. */
export interface Notice {
  readonly kind: 'notice';
  readonly item: RoomItem;
  readonly members?: MemberChange;
  /** What the room is called from here on, where it was called otherwise before. */
  readonly renamed?: string;
  /** The group of the directory that the room is open to from here on; null where it is closed to it. */
  readonly openedTo?: string | null;
}

/** The group of the directory that the room is open to, as its administrators say it. */
export interface FollowedGroup {
  /** In hexadecimal. */
  readonly id: string;
  /** As whoever opened the room saw it. */
  readonly name: string;
  /** Accounts of who stays in the room whatever the group says. */
  readonly keeps: readonly string[];
}

export interface RoomView {
  /** Null for a room that nobody has named. */
  readonly name: string | null;
  readonly purpose: RoomPurpose;
  /** From where on whoever is added later reads. */
  readonly history: HistoryPolicy;
  /** Null where the room is open to no group. */
  readonly group: FollowedGroup | null;
  /** By account, the entry by which each who is in the room came into it. */
  readonly joined: ReadonlyMap<string, number>;
  /** Accounts of everybody who is or was here as a guest. */
  readonly guests: ReadonlySet<string>;
  /** The same by account, with how long they stay or stayed. */
  readonly stays: ReadonlyMap<string, GuestStay>;
  /** By account. */
  readonly names: ReadonlyMap<string, string>;
  readonly timeline: readonly TimelineEntry[];
  readonly pinned: readonly ShownMessage[];
}

/**
 * What a room's entries amount to. Of the entries alone, so the same for everybody who has them: only who wrote a message edits it; they and administrators delete it; what the
 * room is and how people are called is said by administrators.
 * @param counted Ids of entries that changed a crisis: they are told among the messages.
 */
export function viewOf(items: readonly RoomItem[], counted: ReadonlySet<string> = new Set()): RoomView {
  let name: string | null = null;
  let purpose: RoomPurpose = 'group';
  let history: HistoryPolicy | null = null;
  let group = null as FollowedGroup | null;
  const joined = new Map<string, number>();
  const names = new Map<string, string>();
  const guests = new Set<string>();
  const ends = new Map<string, string>();
  const gone = new Map<string, NonNullable<GuestStay['ended']>>();
  const messages = new Map<string, ShownMessage>();
  const present = new Map<string, Role>();
  const order: (string | Omit<Notice, 'kind'>)[] = [];
  const change = (of: string, changed: (message: ShownMessage) => Partial<ShownMessage> | null): void => {
    const message = messages.get(of);
    if (message !== undefined) messages.set(of, { ...message, ...changed(message) });
  };
  for (const item of items) {
    const { what, id, author, byAdministrator } = item;
    if (what.kind === 'members') {
      const members = changeMembers(present, what.set, what.removed);
      for (const account of members.removed) {
        joined.delete(account);
        if (guests.has(account)) gone.set(account, { how: 'removed', at: item.at });
      }
      for (const account of members.guests) guests.add(account);
      for (const account of [...members.added, ...members.guests]) joined.set(account, item.seq);
      // An era that begins because somebody left was told with that.
      if (members.began || what.set.length + what.removed.length > 0) order.push({ item, members });
    } else if (what.kind === 'departure' && author !== undefined) {
      present.delete(author);
      joined.delete(author);
      if (guests.has(author)) gone.set(author, { how: 'left', at: item.at });
      order.push({ item, members: { ...nothingChanged, left: [author] } });
    } else if ((isTold(item) || (id !== undefined && counted.has(id) && saysSomething(item))) && !isOneMoreClosed(item, order.at(-1)))
      order.push({ item });
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
          file: content.file ?? null,
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
        change(content.of, ({ author: writer }) => (writer === author || byAdministrator ? { text: null, file: null, pinned: false } : null));
        break;
      case 'pin':
        change(content.of, ({ text }) => (text === null ? null : { pinned: content.on }));
        break;
      case 'acknowledgement':
        change(content.of, ({ priority, acknowledgedBy: by }) => (priority && !by.includes(author) ? { acknowledgedBy: [...by, author] } : null));
        break;
      case 'name':
        if (!byAdministrator || content.text === name) break;
        if (name !== null) order.push({ item, renamed: content.text });
        name = content.text;
        break;
      case 'purpose':
        if (byAdministrator) purpose = content.purpose;
        break;
      case 'history':
        if (byAdministrator) history ??= content.from;
        break;
      case 'group': {
        if (!byAdministrator) break;
        const { group: to, name: called, keeps } = content;
        if (to !== (group?.id ?? null)) order.push({ item, openedTo: to === null ? null : called });
        group = to === null ? null : { id: to, name: called, keeps };
        break;
      }
      case 'people':
        if (byAdministrator) for (const [account, called] of Object.entries(content.names)) names.set(account, called);
        break;
      case 'guest':
        if (!byAdministrator) break;
        names.set(content.account, content.name);
        if (content.until !== undefined && Date.parse(content.until) < Date.parse(ends.get(content.account) ?? '9999-12-31T00:00:00Z'))
          ends.set(content.account, content.until);
        break;
    }
  }
  const timeline = order.flatMap((one): TimelineEntry[] => {
    if (typeof one !== 'string') return [{ kind: 'notice', ...one }];
    const message = messages.get(one);
    return message === undefined ? [] : [{ kind: 'message', message }];
  });
  return {
    name,
    purpose,
    history: history ?? 'beginning',
    group,
    joined,
    guests,
    stays: new Map([...guests].map((account) => [account, { until: ends.get(account) ?? null, ended: gone.get(account) ?? null }])),
    names,
    timeline,
    pinned: [...messages.values()].filter(({ pinned }) => pinned),
  };
}

const nothingChanged: MemberChange = {
  began: false,
  added: [],
  guests: [],
  removed: [],
  madeAdministrator: [],
  madeMember: [],
  renewed: [],
  left: [],
};

/** Changes `present` with it. */
function changeMembers(
  present: Map<string, Role>,
  set: readonly { readonly account: string; readonly role: Role }[],
  removed: readonly string[],
): MemberChange {
  const began = present.size === 0;
  const known = set.filter(({ account }) => present.has(account));
  const withRole = (role: Role): string[] =>
    known.filter((one) => one.role === role && present.get(one.account) !== role).map(({ account }) => account);
  const told = {
    ...nothingChanged,
    began,
    added: set.filter(({ account, role }) => role !== 'guest' && !present.has(account)).map(({ account }) => account),
    guests: set.filter(({ account, role }) => role === 'guest' && !present.has(account)).map(({ account }) => account),
    removed,
    madeAdministrator: withRole('administrator'),
    madeMember: withRole('member'),
    renewed: known.filter(({ account, role }) => present.get(account) === role).map(({ account }) => account),
  };
  for (const account of removed) present.delete(account);
  for (const { account, role } of set) present.set(account, role);
  return told;
}

/** Of several in a row whose key is not there, the first stands for all. */
function isOneMoreClosed({ what, missing }: RoomItem, before: string | Omit<Notice, 'kind'> | undefined): boolean {
  return what.kind === 'closed' && missing === undefined && typeof before === 'object' && before.item.what.kind === 'closed';
}

/** That a cell's room has begun is no news: who is in it sees it, and who is not does not ask. */
function saysSomething({ what }: RoomItem): boolean {
  return what.kind === 'content' && statementOf(what.content) !== undefined;
}

/** What belongs to the machinery is not told, as long as it is right. */
function isTold({ what, missing }: RoomItem): boolean {
  if (what.kind === 'content' && ['log-entry', 'log-correction', 'task', 'inject'].includes(what.content.kind)) return true;
  return missing !== undefined || ['device-revoked', 'refused', 'closed', 'unreadable'].includes(what.kind);
}
