import type { RoomItem } from '../room-log';
import type { CallAttendanceContent } from './call-content';

/** One stay of one browser in a call. */
export interface CallVisit {
  /** Who was there, in hexadecimal; null for who has no account. */
  readonly account: string | null;
  /** As whoever noted it saw it; null where they told it themselves. */
  readonly name: string | null;
  readonly guest: boolean;
  /** Account of who was host when a guest came; null where nobody said. */
  readonly host: string | null;
  readonly from: string;
  /** Null while it goes on, and where nobody was there to see the end. */
  readonly to: string | null;
  /** `open`: nothing was said of an end. `lost`: it ended, and nobody knows when. `noted`: it is `endNotedBy` who tells of the end. */
  readonly end: 'open' | 'said' | 'noted' | 'lost';
  readonly endNotedBy: string | null;
}

/** A call of the room, and who was in it. */
export interface AttendedCall {
  /** Of the meeting, in hexadecimal. */
  readonly id: string;
  readonly from: string;
  /** The latest end that is known; null while somebody is told to be in it. */
  readonly to: string | null;
  /** In the order in which they were told. */
  readonly visits: readonly CallVisit[];
}

/** A line that was gone for so long is one stay all the same, in milliseconds. */
export const longestGap = 60_000;
/** What a room's own people wrote in excess of it is passed over: nobody holds so many calls, and a page must draw them. */
export const mostCalls = 1000;
export const mostVisits = 2000;

interface Known extends CallVisit {
  /** Whose browser: nobody closes or covers another's stay by telling of themselves. */
  readonly whose: string;
}

/** What a room's entries tell of its calls, the first first. Of the entries alone, so the same for everybody who has them. Guests of a room tell nothing: see `isForGuests`. */
export function callsOf(items: readonly RoomItem[]): readonly AttendedCall[] {
  const calls = new Map<string, Known[]>();
  const told = new Set<string>();
  for (const { what, id, author, byGuest } of items) {
    if (what.kind !== 'content' || what.content.kind !== 'call-attendance' || byGuest || id === undefined || author === undefined || told.has(id))
      continue;
    told.add(id);
    const visits = calls.get(what.content.call) ?? [];
    if (visits.length === 0 && calls.size >= mostCalls) continue;
    take(visits, what.content, author);
    if (visits.length > 0) calls.set(what.content.call, visits);
  }
  return [...calls].map(([id, visits]) => callOf(id, visits)).sort((one, other) => one.from.localeCompare(other.from));
}

/** Whether a browser is told to be in the call now. @param account In hexadecimal; null for who has none. */
export function keyOfVisit(account: string | null, key: string): string {
  return `${account ?? ''}/${key}`;
}

/** Keys of {@link keyOfVisit} of everybody who is told to be in a call now. */
export function presentIn(items: readonly RoomItem[], call: string): ReadonlySet<string> {
  const visits: Known[] = [];
  for (const { what, author, byGuest } of items)
    if (what.kind === 'content' && what.content.kind === 'call-attendance' && what.content.call === call && !byGuest && author !== undefined)
      take(visits, what.content, author);
  return new Set(visits.filter(({ end }) => end === 'open').map(({ whose }) => whose));
}

/** Changes `visits` with it. */
function take(visits: Known[], { step, at, key, alone, who }: CallAttendanceContent, author: string): void {
  const account = who === undefined ? author : (who.account ?? null);
  const whose = keyOfVisit(account, key);
  // Entries of several come into the room in any order: who began after this moment was not there to be seen.
  if (alone)
    for (const [index, visit] of visits.entries())
      if (visit.end === 'open' && Date.parse(visit.from) <= Date.parse(at)) visits[index] = { ...visit, end: 'lost' };
  const index = visits.findLastIndex((one) => one.whose === whose);
  const last = visits[index];
  if (step === 'left') {
    // That it was lost another's clock may have said, and when it ended who left last, before one's own word came: that one is better.
    if (last === undefined || last.end === 'said' || (last.end !== 'open' && who !== undefined)) return;
    visits[index] = {
      ...last,
      to: at < last.from ? last.from : at,
      end: who === undefined ? 'said' : 'noted',
      endNotedBy: who === undefined ? null : author,
    };
    return;
  }
  if (last?.end === 'open') return;
  if (last !== undefined && last.to !== null && Date.parse(at) - Date.parse(last.to) <= longestGap) {
    visits[index] = { ...last, to: null, end: 'open', endNotedBy: null };
    return;
  }
  if (visits.length >= mostVisits) return;
  visits.push({
    whose,
    account,
    name: who?.name ?? null,
    guest: who?.guest ?? false,
    host: who?.host ?? null,
    from: at,
    to: null,
    end: 'open',
    endNotedBy: null,
  });
}

function callOf(id: string, visits: readonly Known[]): AttendedCall {
  const isOpen = visits.some(({ end }) => end === 'open');
  const ends = visits.flatMap(({ to }) => (to === null ? [] : [to])).sort();
  return {
    id,
    from: visits.map(({ from }) => from).sort()[0] ?? '',
    to: isOpen ? null : (ends.at(-1) ?? null),
    visits: visits.map(({ account, name, guest, host, from, to, end, endNotedBy }) => ({ account, name, guest, host, from, to, end, endNotedBy })),
  };
}

/** One person of a call, with all their stays: several browsers and returns stand together. */
export interface CallGoer {
  readonly account: string | null;
  readonly name: string | null;
  readonly guest: boolean;
  readonly host: string | null;
  readonly visits: readonly CallVisit[];
}

/** By when they first came. */
export function goersOf({ visits }: AttendedCall): readonly CallGoer[] {
  const goers = new Map<string, CallGoer>();
  for (const visit of [...visits].sort((one, other) => one.from.localeCompare(other.from))) {
    const key = visit.account ?? `/${visit.name ?? ''}`;
    const known = goers.get(key);
    const { account, name, guest, host } = visit;
    goers.set(key, known ? { ...known, visits: [...known.visits, visit] } : { account, name, guest, host, visits: [visit] });
  }
  return [...goers.values()];
}
