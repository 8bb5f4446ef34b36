import { foldForSearch } from '../../search-fold';
import type { RoomItem } from '../room-log';
import type { StakeholderContact, StakeholderContent, StakeholderFields, StakeholderKind } from './stakeholder-content';

/** What a contact said from a moment on. */
export interface ContactVersion {
  readonly contact: StakeholderContact;
  /** Account in hexadecimal. */
  readonly author: string;
  /** When it was written, by the server's clock. */
  readonly enteredAt: string;
  /** Why it was corrected; null for what was written first. */
  readonly reason: string | null;
}

export interface KnownContact {
  /** The entry that it is; of its line in the log as well, where it has one. */
  readonly id: string;
  /** It is a line of the log, too. */
  readonly isLogged: boolean;
  /** As it stands. */
  readonly latest: ContactVersion;
  /** What it said before, the first first; none where nobody has corrected it. */
  readonly earlier: readonly ContactVersion[];
}

export interface Stakeholder extends StakeholderFields {
  /** Of the entry that began it. */
  readonly id: string;
  /** Its place in the order in which they were written: the first has 1. */
  readonly number: number;
  /** Nobody follows them any more. */
  readonly ended: boolean;
  /** In the order in which they were written. */
  readonly contacts: readonly KnownContact[];
}

export interface StakeholdersOfRoom {
  /** In the order in which they were written. */
  readonly stakeholders: readonly Stakeholder[];
  /** Ids of entries that counted: what they say stands in the log. */
  readonly counted: ReadonlySet<string>;
}

const kinds: ReadonlySet<string> = new Set<StakeholderContent['kind']>([
  'stakeholder',
  'stakeholder-change',
  'stakeholder-contact',
  'stakeholder-contact-correction',
]);

/**
 * Whom a leading room keeps informed. Of the entries alone, so the same for everybody who has them: as with tasks everybody of the room counts, of two changes of one field the later in the room. Contacts are never taken
 * back; corrections add. When the next one is due is said by whatever said it last: a contact or a change.
 */
export function stakeholdersOf(items: readonly RoomItem[]): StakeholdersOfRoom {
  const known = new Map<string, Stakeholder>();
  const ofContact = new Map<string, string>();
  const counted = new Set<string>();
  const seen = new Set<string>();
  for (const { what, id, author, at } of items) {
    // Of two entries of one id the first counts.
    if (what.kind !== 'content' || id === undefined || author === undefined || seen.has(id)) continue;
    seen.add(id);
    const { content } = what;
    if (!isOfStakeholders(content)) continue;
    if (content.kind === 'stakeholder') {
      known.set(id, { ...content.stakeholder, id, number: known.size + 1, ended: false, contacts: [] });
      counted.add(id);
      continue;
    }
    const stakeholder = known.get(content.kind === 'stakeholder-contact-correction' ? (ofContact.get(content.of) ?? '') : content.of);
    if (stakeholder === undefined) continue;
    known.set(stakeholder.id, changed(stakeholder, content, { id, author, at }));
    if (content.kind === 'stakeholder-contact') ofContact.set(id, stakeholder.id);
    counted.add(id);
  }
  return { stakeholders: [...known.values()], counted };
}

function isOfStakeholders(content: { readonly kind: string }): content is StakeholderContent {
  return kinds.has(content.kind);
}

function changed(
  stakeholder: Stakeholder,
  content: Exclude<StakeholderContent, { readonly kind: 'stakeholder' }>,
  { id, author, at }: { readonly id: string; readonly author: string; readonly at: string },
): Stakeholder {
  switch (content.kind) {
    case 'stakeholder-change':
      return { ...stakeholder, ...content.change };
    case 'stakeholder-contact': {
      const { contact, due, statement } = content;
      const latest = { contact, author, enteredAt: at, reason: null };
      return { ...stakeholder, due, contacts: [...stakeholder.contacts, { id, isLogged: statement !== undefined, latest, earlier: [] }] };
    }
    case 'stakeholder-contact-correction': {
      const latest = { contact: content.contact, author, enteredAt: at, reason: content.reason };
      const contacts = stakeholder.contacts.map((one) => (one.id === content.of ? { ...one, latest, earlier: [...one.earlier, one.latest] } : one));
      return { ...stakeholder, contacts };
    }
  }
}

/** @param now Unix milliseconds. */
export function isContactOverdue({ ended, due }: Pick<Stakeholder, 'ended' | 'due'>, now: number): boolean {
  return !ended && due !== null && Date.parse(due) < now;
}

/** Those that are followed: what is due first comes first, so that the overdue lead; then those without a time, as they were written. */
export function inDueOrder(stakeholders: readonly Stakeholder[]): readonly Stakeholder[] {
  return stakeholders
    .filter(({ ended }) => !ended)
    .sort((one, other) => (one.due ?? '9').localeCompare(other.due ?? '9') || one.number - other.number);
}

/** As they happened, the latest first; of two at one moment, the one that was written later. */
export function contactsByTime({ contacts }: Pick<Stakeholder, 'contacts'>): readonly KnownContact[] {
  return [...contacts].reverse().sort((one, other) => other.latest.contact.at.localeCompare(one.latest.contact.at));
}

/** When the next contact falls due by their rhythm; undefined where they have none. @param at When the one that is being recorded was, in UTC as ISO 8601. */
export function nextByRhythm(stakeholder: Pick<Stakeholder, 'contacts' | 'rhythm'>, at: string): string | undefined {
  if (stakeholder.rhythm === null) return undefined;
  const last = contactsByTime(stakeholder)[0]?.latest.contact.at ?? at;
  // What is recorded late does not bring the next one forward.
  const since = last > at ? last : at;
  return new Date(Date.parse(since) + stakeholder.rhythm * 60_000).toISOString();
}

export interface StakeholderFilter {
  /** None chosen: all. */
  readonly kinds: ReadonlySet<StakeholderKind>;
  readonly query: string;
}

/** Those that have all words of the query in what they are, in who answers for them, or in what was said. */
export function selectStakeholders(
  stakeholders: readonly Stakeholder[],
  { kinds: chosen, query }: StakeholderFilter,
  nameOf: (account: string) => string,
): readonly Stakeholder[] {
  const words = foldForSearch(query).split(/\s+/).filter(Boolean);
  return stakeholders.filter((one) => {
    if (chosen.size > 0 && !chosen.has(one.kind)) return false;
    if (words.length === 0) return true;
    const said = one.contacts.flatMap(({ latest: { contact } }) => [contact.who, contact.said, contact.promised]);
    const text = foldForSearch([one.name, one.stake, one.reach, one.function, one.owner === null ? '' : nameOf(one.owner), ...said].join('\n'));
    return words.every((word) => text.includes(word));
  });
}

/** A piece of how somebody is reached. */
export type ReachPart =
  | { readonly kind: 'words'; readonly text: string }
  /** @property href Of the scheme `tel` or `mailto`, and nothing else. */
  | { readonly kind: 'phone' | 'mail'; readonly text: string; readonly href: string };

const phone = /^\+?\(?\d[\d\s().-]*$/;
/** Without signs that would begin headers of the letter. */
const mail = /^[\w.+-]+@[\w-]+(?:\.[\w-]+)+$/;
/** Digits of the longest number that there is (ITU-T E.164). */
const mostDigits = 15;

/** Line by line: a number or an address, also after words and a colon, is one to be called or written to. All else stays words. */
export function partsOfReach(reach: string): readonly (readonly ReachPart[])[] {
  return reach
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .map((line) => {
      const colon = line.lastIndexOf(':') + 1;
      const link = linkOf(line.slice(colon).trim());
      if (link === null) return [{ kind: 'words', text: line }];
      return colon === 0 ? [link] : [{ kind: 'words', text: line.slice(0, colon).trim() }, link];
    });
}

function linkOf(text: string): ReachPart | null {
  if (mail.test(text)) return { kind: 'mail', text, href: `mailto:${text}` };
  const digits = text.replace(/\D/g, '');
  if (!phone.test(text) || digits.length < 2 || digits.length > mostDigits) return null;
  return { kind: 'phone', text, href: `tel:${text.startsWith('+') ? '+' : ''}${digits}` };
}
