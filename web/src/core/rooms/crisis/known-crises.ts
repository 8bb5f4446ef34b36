import type { AlertMode } from '../../../transport/contract/content';
import type { RoomRow } from '../room-list.svelte';
import type { OpenRoom } from '../rooms.svelte';
import type { CrisisCell } from './crisis-content';
import type { CrisisView } from './crisis-view';

/** A cell of a crisis, as somebody sees it. */
export interface KnownCell {
  /** In hexadecimal. */
  readonly id: string;
  /** Its room where this person is in it. */
  readonly row: RoomRow | undefined;
  /** As the leading room tells it; undefined for who is not in that. */
  readonly told: CrisisCell | undefined;
}

/** A crisis as somebody knows it from the rooms that they are in. */
export interface KnownCrisis {
  /** Of the leading room, as addresses have it. */
  readonly id: string;
  readonly name: string;
  readonly mode: AlertMode;
  /** Undefined for who is in cells only. */
  readonly leading: RoomRow | undefined;
  readonly view: CrisisView | undefined;
  readonly cells: readonly KnownCell[];
}

/** All crises of these rooms: those that go on first, each of them the latest first. */
export function crisesIn(rows: readonly RoomRow[]): readonly KnownCrisis[] {
  const byAccount = new Map(rows.map((row) => [hexOf(row.room.id), row]));
  const led = rows.flatMap((row): KnownCrisis[] => {
    const view = row.room.crisis;
    if (view === null) return [];
    // What a room says of itself counts for nothing here: the leading room says which rooms are its cells.
    const cells = view.cells.map((told) => ({ id: told.id, told, row: told.room === null ? undefined : byAccount.get(told.room) }));
    return [{ id: row.room.id, name: view.name, mode: view.mode, leading: row, view, cells }];
  });
  const ledIds = new Set(led.map(({ id }) => hexOf(id)));
  const linked = new Map<string, KnownCrisis>();
  for (const row of rows) {
    const link = row.room.crisisLink;
    if (link === null || ledIds.has(link.leading)) continue;
    const known = linked.get(link.leading) ?? {
      id: uuidOf(link.leading),
      name: link.name,
      mode: link.mode,
      leading: undefined,
      view: undefined,
      cells: [],
    };
    linked.set(link.leading, { ...known, cells: [...known.cells, { id: link.cell, row, told: undefined }] });
  }
  return [...led, ...linked.values()].sort((one, other) => Number(isOver(one)) - Number(isOver(other)) || sinceOf(other).localeCompare(sinceOf(one)));
}

/** Rooms of a crisis that this person may read; the leading one first. */
export function roomsOf(crisis: KnownCrisis): readonly OpenRoom[] {
  return [...(crisis.leading ? [crisis.leading.room] : []), ...crisis.cells.flatMap(({ row }) => (row ? [row.room] : []))];
}

export function isOver(crisis: KnownCrisis): boolean {
  return crisis.view !== undefined && crisis.view.closing !== null;
}

function sinceOf({ view }: KnownCrisis): string {
  return view?.since ?? '';
}

function hexOf(id: string): string {
  return id.replaceAll('-', '');
}

function uuidOf(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
