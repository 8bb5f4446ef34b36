import type { Role } from '../../../e2ee/rooms/membership';
import type { RoomItem } from '../room-log';
import {
  lengthOf,
  longestSituationReport,
  mostSections,
  type SituationContent,
  type SituationPart,
  type SituationSection,
} from './situation-content';

/** What a section said from a moment on. */
export interface SectionVersion extends SituationPart {
  /** The entry that it is; the draft's own for what it began with. */
  readonly entry: string;
  /** Account in hexadecimal. */
  readonly author: string;
  /** By the server's clock. */
  readonly at: string;
  /** Its author had an older version before them than the one that this replaces: what that one changed is not in it, unless by chance. */
  readonly overlaps: boolean;
}

export interface WrittenSection {
  readonly id: string;
  /** As it stands. */
  readonly latest: SectionVersion;
  /** The first first. */
  readonly earlier: readonly SectionVersion[];
}

/** A whole text, submitted for approval. */
export interface Submission {
  /** The entry that it is. */
  readonly id: string;
  readonly author: string;
  readonly at: string;
  readonly parts: readonly SituationPart[];
  /** Those that count, the first first. */
  readonly approvals: readonly { readonly author: string; readonly at: string }[];
}

/** The next report, as far as it has come. */
export interface SituationDraft {
  readonly id: string;
  readonly startedBy: string;
  readonly at: string;
  readonly sections: readonly WrittenSection[];
  /** The last that was submitted: no other can be approved or published. */
  readonly submission: Submission | null;
}

export interface PublishedReport {
  /** The entry that published it. */
  readonly id: string;
  /** The entries that it was begun and submitted with. */
  readonly draft: string;
  readonly submission: string;
  /** The first has 1. */
  readonly number: number;
  /** When, as its publisher signed it. */
  readonly at: string;
  /** When its draft was begun, by the server's clock: what is younger may not be in it. */
  readonly begunAt: string;
  readonly publisher: string;
  /** Who submitted the text. */
  readonly author: string;
  /** Null where nobody else was in the crisis to approve it. */
  readonly approver: string | null;
  readonly parts: readonly SituationPart[];
  /** As its sections stand now: with what was written into them after the text was submitted, which is in no report yet. */
  readonly sections: readonly WrittenSection[];
}

/** Why an approval or a publication does not count. */
export type DiscountReason =
  /** Its author does not administer the room: they read. */
  | 'not-entitled'
  /** Of the own text. */
  | 'own-text'
  /** Of a text that is not, or no longer, the one that stands for approval. */
  | 'other-text'
  /** Published without an approval that counts. */
  | 'not-approved';

export interface DiscountedStep {
  readonly id: string;
  readonly author: string;
  readonly at: string;
  readonly step: 'approval' | 'publication';
  readonly reason: DiscountReason;
}

export interface SituationView {
  /** Null where nobody has said how often. @property since As its author signed it. */
  readonly rhythm: { readonly minutes: number | null; readonly author: string; readonly since: string } | null;
  /** Null where none is under way. */
  readonly draft: SituationDraft | null;
  /** The first first. */
  readonly published: readonly PublishedReport[];
  /** Steps that somebody took and that changed nothing, the first first; of many the last. */
  readonly discounted: readonly DiscountedStep[];
  /** Entries whose lines of the log speak of the reports themselves. */
  readonly lines: ReadonlySet<string>;
  /** When the next report is due, in unix milliseconds; null where none is. */
  readonly due: number | null;
}

export interface SituationOfRoom {
  readonly situation: SituationView;
  /** Ids of entries that counted: what they say stands in the log. */
  readonly counted: ReadonlySet<string>;
}

export const noSituation: SituationView = { rhythm: null, draft: null, published: [], discounted: [], lines: new Set(), due: null };

/** More than that nobody reads. */
const mostDiscounted = 50;

/** An entry of these kinds, with who wrote it. */
interface Written {
  readonly id: string;
  readonly author: string;
  readonly at: string;
  readonly byAdministrator: boolean;
}

/** What is known up to an entry. @property base From where the next report's time counts, in unix milliseconds. */
interface Known extends Omit<SituationView, 'due' | 'lines'> {
  readonly base: number | null;
}

const kinds: ReadonlySet<string> = new Set<SituationContent['kind']>([
  'situation-rhythm',
  'situation-draft',
  'situation-section',
  'situation-submission',
  'situation-approval',
  'situation-publication',
]);

/**
 * What a leading room's entries say of situation reports. Of the entries alone, so the same for everybody who has them: only administrators count; of two drafts that are begun at one moment the first, of two
 * versions of one section the later, and of two submissions the later with the approvals that name it. A report is published once somebody else than who submitted its text has approved it and both are still in the room as
 * administrators; one who is alone in the crisis publishes without, and the report says so.
 */
export function situationOf(items: readonly RoomItem[]): SituationOfRoom {
  let known: Known = { rhythm: null, draft: null, published: [], discounted: [], base: null };
  const counted = new Set<string>();
  const lines = new Set<string>();
  const seen = new Set<string>();
  const roster = new Map<string, Role>();
  for (const { what, id, author, at, byAdministrator } of items) {
    if (what.kind === 'members') {
      for (const account of what.removed) roster.delete(account);
      for (const { account, role } of what.set) roster.set(account, role);
    } else if (what.kind === 'departure' && author !== undefined) roster.delete(author);
    // Of two entries of one id the first counts, also for who cannot open that one.
    if (id === undefined || author === undefined || seen.has(id)) continue;
    seen.add(id);
    if (what.kind !== 'content' || !isOfSituation(what.content)) continue;
    const next = after(known, what.content, { id, author, at, byAdministrator: byAdministrator === true }, roster);
    if (next === null) continue;
    known = next.known;
    if (next.counts) counted.add(id);
    if (next.counts && 'statement' in what.content) lines.add(id);
  }
  const { base, ...view } = known;
  const minutes = view.rhythm?.minutes ?? null;
  return { situation: { ...view, lines, due: base === null || minutes === null ? null : base + minutes * 60_000 }, counted };
}

function isOfSituation(content: { readonly kind: string }): content is SituationContent {
  return kinds.has(content.kind);
}

type Step = { readonly known: Known; readonly counts: boolean } | null;

function after(known: Known, content: SituationContent, entry: Written, roster: ReadonlyMap<string, Role>): Step {
  if (content.kind === 'situation-approval') return approved(known, content.of, entry);
  if (content.kind === 'situation-publication') return published(known, content, entry, roster);
  if (!entry.byAdministrator) return null;
  switch (content.kind) {
    case 'situation-rhythm': {
      const { minutes, statement } = content;
      return counting({ ...known, rhythm: { minutes, author: entry.author, since: statement.at }, base: Date.parse(statement.at) });
    }
    case 'situation-draft':
      return known.draft === null ? counting({ ...known, draft: begun(content.sections, entry) }) : null;
    case 'situation-section':
      return written(known, content, entry);
    case 'situation-submission': {
      const { draft } = known;
      if (draft === null || draft.id !== content.of) return null;
      const { id, author, at } = entry;
      return counting({ ...known, draft: { ...draft, submission: { id, author, at, parts: content.parts, approvals: [] } } });
    }
  }
}

function counting(known: Known): Step {
  return { known, counts: true };
}

function discounting(known: Known, { id, author, at }: Written, step: DiscountedStep['step'], reason: DiscountReason): Step {
  return { known: { ...known, discounted: [...known.discounted, { id, author, at, step, reason }].slice(-mostDiscounted) }, counts: false };
}

function begun(sections: readonly SituationSection[], { id, author, at }: Written): SituationDraft {
  return {
    id,
    startedBy: author,
    at,
    sections: sections.map(({ id: section, heading, text }) => ({
      id: section,
      latest: { heading, text, entry: id, author, at, overlaps: false },
      earlier: [],
    })),
    submission: null,
  };
}

/** Also of a report that was published meanwhile: what is written is lost nowhere. */
function written(known: Known, content: Extract<SituationContent, { kind: 'situation-section' }>, entry: Written): Step {
  const { draft } = known;
  if (draft?.id === content.of) {
    const sections = withVersion(draft.sections, content, entry);
    return sections === null ? null : counting({ ...known, draft: { ...draft, sections } });
  }
  const at = known.published.findIndex((one) => one.draft === content.of);
  const report = known.published[at];
  const sections = report === undefined ? null : withVersion(report.sections, content, entry);
  if (report === undefined || sections === null) return null;
  return counting({ ...known, published: known.published.with(at, { ...report, sections }) });
}

/** @returns Null where there is no room for a further section. */
function withVersion(
  sections: readonly WrittenSection[],
  { after: had, section: { id, heading, text } }: Extract<SituationContent, { kind: 'situation-section' }>,
  { id: entry, author, at }: Written,
): readonly WrittenSection[] | null {
  const place = sections.findIndex((one) => one.id === id);
  const section = sections[place];
  if (section === undefined) {
    if (sections.length >= mostSections) return null;
    return [...sections, { id, latest: { heading, text, entry, author, at, overlaps: false }, earlier: [] }];
  }
  const latest = { heading, text, entry, author, at, overlaps: had !== section.latest.entry };
  return sections.with(place, { ...section, latest, earlier: [...section.earlier, section.latest] });
}

function approved(known: Known, of: string, entry: Written): Step {
  const { draft } = known;
  const submission = draft?.submission ?? null;
  if (!entry.byAdministrator) return discounting(known, entry, 'approval', 'not-entitled');
  if (draft === null || submission === null || submission.id !== of) {
    // One approval was enough: a further one that came too late meant the same words.
    return known.published.some((report) => report.submission === of) ? null : discounting(known, entry, 'approval', 'other-text');
  }
  if (submission.author === entry.author) return discounting(known, entry, 'approval', 'own-text');
  if (submission.approvals.some(({ author }) => author === entry.author)) return null;
  const approvals = [...submission.approvals, { author: entry.author, at: entry.at }];
  return counting({ ...known, draft: { ...draft, submission: { ...submission, approvals } } });
}

function published(
  known: Known,
  { of, statement }: Extract<SituationContent, { kind: 'situation-publication' }>,
  entry: Written,
  roster: ReadonlyMap<string, Role>,
): Step {
  const { draft } = known;
  const submission = draft?.submission ?? null;
  if (!entry.byAdministrator) return discounting(known, entry, 'publication', 'not-entitled');
  // Two who publish at one moment published the same.
  if (known.published.some((report) => report.submission === of)) return null;
  if (draft === null || submission === null || submission.id !== of) return discounting(known, entry, 'publication', 'other-text');
  // Whoever was removed since may have been removed for what they approved.
  const approver = submission.approvals.find(({ author }) => roster.get(author) === 'administrator')?.author ?? null;
  if (approver === null && !isAlone(roster, entry.author)) return discounting(known, entry, 'publication', 'not-approved');
  const report: PublishedReport = {
    id: entry.id,
    draft: draft.id,
    submission: of,
    number: known.published.length + 1,
    at: statement.at,
    begunAt: draft.at,
    publisher: entry.author,
    author: submission.author,
    approver,
    parts: submission.parts,
    sections: draft.sections,
  };
  return counting({ ...known, draft: null, published: [...known.published, report], base: Date.parse(statement.at) });
}

/** Nobody else could approve: whoever only reads does not. */
export function isAlone(roster: ReadonlyMap<string, Role>, account: string): boolean {
  const administrators = [...roster].filter(([, role]) => role === 'administrator');
  return administrators.length === 1 && administrators[0]?.[0] === account;
}

/** What would be submitted now. */
export function partsOf(draft: Pick<SituationDraft, 'sections'>): readonly SituationPart[] {
  return draft.sections.map(({ latest: { heading, text } }) => ({ heading, text }));
}

/** Headings of sections that no longer say what was submitted. */
export function changedSince(sections: readonly WrittenSection[], parts: readonly SituationPart[]): readonly string[] {
  return partsOf({ sections }).flatMap(({ heading, text }, at) => (parts[at]?.heading === heading && parts[at].text === text ? [] : [heading]));
}

/** Sections fit one by one and are too much together. */
export function isTooLong(draft: Pick<SituationDraft, 'sections'>): boolean {
  return lengthOf(partsOf(draft)) > longestSituationReport;
}

/** @param now Unix milliseconds. */
export function isReportOverdue({ due }: Pick<SituationView, 'due'>, now: number): boolean {
  return due !== null && due < now;
}
