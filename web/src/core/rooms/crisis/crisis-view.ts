import type { AlertMode, Severity } from '../../../transport/contract/content';
import type { RoomItem } from '../room-log';
import { type ClosingCheck, type CrisisCell, type CrisisContent, type CrisisStatus, type HandOver, mostBulletins, mostCells } from './crisis-content';

export interface CrisisHandOver extends HandOver {
  /** Of the entry that tells of it. */
  readonly id: string;
  /** Account of who goes. */
  readonly from: string;
  /** By the server's clock. */
  readonly at: string;
  /** Null until who is to take over has said that they do. */
  readonly takenAt: string | null;
}

export interface CrisisClosing {
  readonly author: string;
  /** When it ended, as its author says. */
  readonly at: string;
  readonly text: string;
  readonly checks: readonly ClosingCheck[];
}

/** One thing that changed the crisis. */
export interface CrisisEvent {
  readonly id: string;
  readonly author: string;
  /** When it happened, as its author says. */
  readonly at: string;
  readonly text: string;
  readonly kind: CrisisContent['kind'];
}

/** What a crisis amounts to. */
export interface CrisisView {
  readonly name: string;
  readonly mode: AlertMode;
  readonly severity: Severity;
  readonly status: CrisisStatus;
  /** Since when, as said by who opened it. */
  readonly since: string;
  readonly openedBy: string;
  readonly alert: string | null;
  readonly cells: readonly CrisisCell[];
  /** The first first. */
  readonly handOvers: readonly CrisisHandOver[];
  /** Null while it goes on. */
  readonly closing: CrisisClosing | null;
  /** Ids of bulletins that are part of it, in hexadecimal; the first first. */
  readonly bulletins: readonly string[];
  /** In the order in which they were written. */
  readonly events: readonly CrisisEvent[];
}

/** Of a cell's room: what crisis it belongs to. */
export interface CrisisLink {
  /** Id of the leading room, in hexadecimal. */
  readonly leading: string;
  readonly cell: string;
  readonly name: string;
  readonly mode: AlertMode;
}

export interface CrisisOfRoom {
  /** Null where the room leads no crisis. */
  readonly crisis: CrisisView | null;
  /** Null where the room is no crisis' cell. */
  readonly link: CrisisLink | null;
  /** Ids of entries that counted: what they say stands in the log. */
  readonly counted: ReadonlySet<string>;
}

/**
 * What a room's entries say of a crisis. Of the entries alone, so the same for everybody who has them: only administrators change a crisis, of two changes of one field the later in the room counts, of
 * two openings, of two rooms for one cell and of two closings the first.
 */
export function crisisOf(items: readonly RoomItem[]): CrisisOfRoom {
  let crisis: CrisisView | null = null;
  let link: CrisisLink | null = null;
  const counted = new Set<string>();
  for (const { what, id, author, at, byAdministrator } of items) {
    if (what.kind !== 'content' || id === undefined || author === undefined || byAdministrator !== true || counted.has(id)) continue;
    const { content } = what;
    if (content.kind === 'crisis-link') {
      link ??= { leading: content.leading, cell: content.cell, name: content.name, mode: content.mode };
      continue;
    }
    if (!isOfCrisis(content)) continue;
    const next: CrisisView | null = crisis === null ? opened(content, author) : changed(crisis, content, id, author, at);
    if (next === null) continue;
    counted.add(id);
    const { statement } = content;
    const event = statement === undefined ? [] : [{ id, author, at: statement.at, text: statement.text, kind: content.kind }];
    crisis = { ...next, events: [...next.events, ...event] };
  }
  return { crisis, link, counted };
}

type ChangingContent = Exclude<CrisisContent, { readonly kind: 'crisis-link' }>;

const changingKinds: ReadonlySet<string> = new Set<ChangingContent['kind']>([
  'crisis',
  'crisis-cell',
  'crisis-change',
  'crisis-hand-over',
  'crisis-taken-over',
  'crisis-closing',
  'crisis-reopening',
  'crisis-bulletin',
]);

function isOfCrisis(content: { readonly kind: string }): content is ChangingContent {
  return changingKinds.has(content.kind);
}

function opened(content: ChangingContent, author: string): CrisisView | null {
  if (content.kind !== 'crisis') return null;
  const { name, mode, severity, cells, alert } = content.crisis;
  return {
    name,
    mode,
    severity,
    cells,
    status: 'assessing',
    since: content.statement.at,
    openedBy: author,
    alert: alert ?? null,
    handOvers: [],
    closing: null,
    bulletins: [],
    events: [],
  };
}

/** @returns Null for what does not count. */
function changed(crisis: CrisisView, content: ChangingContent, id: string, author: string, at: string): CrisisView | null {
  switch (content.kind) {
    case 'crisis':
      return null;
    case 'crisis-cell':
      return withCell(crisis, content.cell);
    case 'crisis-change':
      return { ...crisis, ...content.change };
    case 'crisis-hand-over':
      return { ...crisis, handOvers: [...crisis.handOvers, { ...content.handOver, id, from: author, at, takenAt: null }] };
    case 'crisis-taken-over': {
      const isTheirs = crisis.handOvers.some((one) => one.id === content.of && one.to === author && one.takenAt === null);
      return isTheirs ? { ...crisis, handOvers: crisis.handOvers.map((one) => (one.id === content.of ? { ...one, takenAt: at } : one)) } : null;
    }
    case 'crisis-closing':
      return crisis.closing === null
        ? { ...crisis, closing: { author, at: content.statement.at, text: content.statement.text, checks: content.checks } }
        : null;
    case 'crisis-reopening':
      return crisis.closing === null ? null : { ...crisis, closing: null };
    case 'crisis-bulletin': {
      const { bulletins } = crisis;
      if (bulletins.includes(content.bulletin) || bulletins.length >= mostBulletins) return null;
      return { ...crisis, bulletins: [...bulletins, content.bulletin] };
    }
  }
}

/** A cell has one room: a second that somebody else began at the same moment is none of the crisis'. */
function withCell(crisis: CrisisView, cell: CrisisCell): CrisisView | null {
  const known = crisis.cells.find(({ id }) => id === cell.id);
  if (known === undefined) return crisis.cells.length < mostCells ? { ...crisis, cells: [...crisis.cells, cell] } : null;
  const told = { ...cell, room: known.room ?? cell.room };
  return { ...crisis, cells: crisis.cells.map((one) => (one.id === cell.id ? told : one)) };
}

/** Still to be taken over by this account, the latest; undefined where nothing is. */
export function handOverTo(crisis: CrisisView, account: string): CrisisHandOver | undefined {
  return crisis.closing === null ? crisis.handOvers.findLast(({ to, takenAt }) => to === account && takenAt === null) : undefined;
}

/** Who leads a cell, or with null the crisis, now: who took over last, and before that whoever was named first as holder of a function, or opened it. */
export function leaderOf(crisis: CrisisView, cell: string | null): string | undefined {
  const taken = crisis.handOvers.findLast((one) => one.cell === cell && one.takenAt !== null);
  if (taken !== undefined) return taken.to;
  if (cell === null) return crisis.openedBy;
  return crisis.cells.find(({ id }) => id === cell)?.people.find((seat) => seat.function !== undefined && seat.deputy === undefined)?.account;
}
