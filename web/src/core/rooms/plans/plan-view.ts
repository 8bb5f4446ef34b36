import type { RoomItem } from '../room-log';
import type { ActionCard, DocumentVersion, Plan } from './plan-content';

/** One version of a card, a plan or an exercise's script, as it was kept. */
export interface KeptVersion<Of> {
  /** The entry that it is. */
  readonly id: string;
  /** The first has 1. */
  readonly number: number;
  /** Account in hexadecimal. */
  readonly author: string;
  /** By the server's clock. */
  readonly at: string;
  /** What was changed, as its author says; null where they said nothing. */
  readonly note: string | null;
  /** Its author had an older version before them than the one that this replaces: what that one changed is not in it, unless by chance. */
  readonly overlaps: boolean;
  readonly what: Of;
}

export interface KeptDocument<Of> {
  /** Its own, in hexadecimal. */
  readonly id: string;
  /** The first first. */
  readonly versions: readonly KeptVersion<Of>[];
  readonly latest: KeptVersion<Of>;
}

export type KeptCard = KeptDocument<ActionCard>;
export type KeptPlan = KeptDocument<Plan>;

/** The cards and plans of a room, in the order in which they came. */
export interface PlanLibrary {
  readonly cards: readonly KeptCard[];
  readonly plans: readonly KeptPlan[];
}

export const emptyLibrary: PlanLibrary = { cards: [], plans: [] };

/**
 * What a room's entries say of cards and plans. Of the entries alone, so the same for everybody who has them: administrators of the room write, of two versions the later in the room counts, and one that was
 * written without knowledge of the one before says so.
 */
export function plansOf(items: readonly RoomItem[]): PlanLibrary {
  const cards = new Map<string, KeptCard>();
  const plans = new Map<string, KeptPlan>();
  const seen = new Set<string>();
  for (const { what, id, author, at, byAdministrator } of items) {
    if (what.kind !== 'content' || id === undefined || author === undefined || byAdministrator !== true || seen.has(id)) continue;
    const { content } = what;
    if (content.kind !== 'card' && content.kind !== 'plan') continue;
    // An id is of a card or of a plan; what says otherwise is of nothing.
    if (content.kind === 'card' ? plans.has(content.of) : cards.has(content.of)) continue;
    seen.add(id);
    const kept = { id, author, at, note: content.note ?? null };
    if (content.kind === 'card')
      cards.set(content.of, withVersion(cards.get(content.of), content.of, content.after, { ...kept, what: content.card }));
    else plans.set(content.of, withVersion(plans.get(content.of), content.of, content.after, { ...kept, what: content.plan }));
  }
  return { cards: [...cards.values()], plans: [...plans.values()] };
}

/** What is known of a document, with one more version of it. */
export function withVersion<Of>(
  known: KeptDocument<Of> | undefined,
  id: string,
  after: string | null,
  version: Omit<KeptVersion<Of>, 'number' | 'overlaps'>,
): KeptDocument<Of> {
  const latest = { ...version, number: (known?.versions.length ?? 0) + 1, overlaps: known !== undefined && after !== known.latest.id };
  return { id, versions: [...(known?.versions ?? []), latest], latest };
}

/** Whether it may be relied on. `soon`: its last day comes within the time that it takes to have it read again. */
export type Validity = 'valid' | 'soon' | 'expired' | 'undated';

const soonDays = 30;

/** @param now Unix milliseconds. Its last day is valid to its end, wherever on Earth the reader is by at most a day. */
export function validityOf({ validUntil }: Pick<DocumentVersion, 'validUntil'>, now: number): Validity {
  if (validUntil === null) return 'undated';
  const left = Date.parse(`${validUntil}T23:59:59.999Z`) - now;
  return left < 0 ? 'expired' : left < soonDays * 86_400_000 ? 'soon' : 'valid';
}

/** In use: those that are not retired, by title. */
export function inUse<Of extends DocumentVersion>(documents: readonly KeptDocument<Of>[]): readonly KeptDocument<Of>[] {
  return documents
    .filter(({ latest }) => latest.what.retired !== true)
    .sort((one, other) => one.latest.what.title.localeCompare(other.latest.what.title));
}
