/** Opening a crisis: its rooms one after the other, each once however often it is tried. Arrives with the pages of crises: it brings the cryptography with it. */
import { type Bytes, fromHex, sha256, toHex, utf8 } from '../../../e2ee/bytes';
import { accountOf, personOf } from '../../devices/account-bytes';
import type { LogStatement } from '../log/log-content';
import type { RoomContent } from '../room-content';
import { obstacleTo, openRoom, readSealed, RoomDraft, writeSealed } from '../rooms-here';
import type { RoomPerson } from '../room-beginning';
import type { OpenRoom } from '../rooms.svelte';
import type { CrisisCell, CrisisOpening } from './crisis-content';

/** What somebody wants opened, whole: kept sealed in this browser until all of it is there. */
export interface CrisisPlan {
  /** 16 bytes in hexadecimal: with who opens it, the leading room's id. */
  readonly nonce: string;
  readonly crisis: CrisisOpening;
  readonly statement: LogStatement;
  /** Everybody of the crisis but who opens it. */
  readonly people: readonly RoomPerson[];
  /** What the leading room is called. */
  readonly roomName: string;
  /** What each cell's room is called, by the cell's id. */
  readonly cellRoomNames: Readonly<Record<string, string>>;
  /** Said first in the leading room: the plan that it was opened from. */
  readonly first?: readonly RoomContent[];
  /** Said first in each cell's room, by the cell's id: action cards and first tasks. */
  readonly firstOfCells?: Readonly<Record<string, readonly RoomContent[]>>;
}

/** Rooms that are to begin, and those that have. */
export type OpeningProgress = (begun: number, of: number) => void;

const keptName = 'crisis-opening';

/** An opening that was cut short; null where none was. */
export async function keptPlan(): Promise<CrisisPlan | null> {
  const bytes = await readSealed(keptName);
  return bytes === null ? null : (JSON.parse(new TextDecoder().decode(bytes)) as CrisisPlan);
}

/** What has begun of it stays. */
export function forgetPlan(): Promise<void> {
  return writeSealed(keptName, null);
}

/**
 * Opens the crisis, or goes on where an earlier try was cut short. Only with the server; throws its refusal, and is then called again with the same plan, also after the browser was started anew.
 * @returns Id of the leading room.
 */
export async function openCrisis(plan: CrisisPlan, progress: OpeningProgress = () => undefined): Promise<string> {
  await writeSealed(keptName, utf8(JSON.stringify(plan)));
  const total = plan.crisis.cells.length + 1;
  // Since they were chosen an identity may have changed: who cannot be trusted to be themselves is added by hand, later.
  const people = plan.people.filter(({ id }) => obstacleTo(id) === null);
  progress(0, total);
  const leading = await new RoomDraft(fromHex(plan.nonce)).beginOnce({ purpose: 'crisis-cell', name: plan.roomName, history: 'beginning' }, people, [
    { kind: 'crisis', crisis: plan.crisis, statement: plan.statement },
    ...(plan.first ?? []),
  ]);
  progress(1, total);
  for (const [at, cell] of plan.crisis.cells.entries()) {
    await openCell(leading, cell, plan.cellRoomNames[cell.id] ?? cell.name, people, plan.firstOfCells?.[cell.id]);
    progress(at + 2, total);
  }
  await forgetPlan();
  return leading.id;
}

/**
 * Begins a cell's room, and says so in the leading room. Of one person it is one room, from whichever of their devices it is tried; where two people begin one at the same moment, the crisis has the one that
 * the leading room heard of first. Only with the server; throws its refusal.
 * @param people Who can be named: those of the cell who are not among them are not added.
 * @param first Said first in it: only by whoever begins it, so each once.
 */
export async function openCell(
  leading: OpenRoom,
  cell: CrisisCell,
  roomName: string,
  people: readonly RoomPerson[],
  first: readonly RoomContent[] = [],
): Promise<void> {
  // Somebody may have opened it meanwhile.
  await leading.hasBegun();
  const { crisis } = leading;
  if (crisis === null || crisis.cells.some(({ id, room }) => id === cell.id && room !== null)) return;
  const members = people.filter(({ id }) => cell.people.some(({ account }) => account === toHex(accountOf(id))));
  const link: RoomContent = { kind: 'crisis-link', leading: toHex(accountOf(leading.id)), cell: cell.id, name: crisis.name, mode: crisis.mode };
  const room = await new RoomDraft(await cellNonce(leading.id, cell.id)).beginOnce(
    { purpose: 'crisis-cell', name: roomName, history: 'beginning' },
    members,
    [link, ...first],
  );
  const isTold = leading.waiting.some((one) => one.kind === 'crisis-cell' && one.cell.id === cell.id);
  if (!isTold) await leading.write({ kind: 'crisis-cell', cell: { ...cell, room: toHex(accountOf(room.id)) } });
}

/** Adds people to the crisis and to one of its cells, where one is named. Only with the server; throws its refusal, and may be called again. */
export async function addToCrisis(leading: OpenRoom, cell: CrisisCell | null, people: readonly RoomPerson[]): Promise<void> {
  await addMissing(leading, people);
  if (cell === null) return;
  const room = cell.room === null ? null : await openRoom(roomIdIn(cell.room));
  if (room !== null) await addMissing(room, people);
  const added = people.map(({ id }) => toHex(accountOf(id))).filter((account) => !cell.people.some((seat) => seat.account === account));
  if (added.length > 0)
    await leading.write({ kind: 'crisis-cell', cell: { ...cell, people: [...cell.people, ...added.map((account) => ({ account }))] } });
}

async function addMissing(room: OpenRoom, people: readonly RoomPerson[]): Promise<void> {
  const missing = people.filter(({ id }) => !room.members.some((member) => member.id === id));
  if (missing.length > 0) await room.add(missing);
}

/** A room's id as addresses have it, from how entries name it. */
export function roomIdIn(room: string): string {
  return personOf(fromHex(room));
}

/** From the leading room and the cell: no device has to know what another of the same person has tried. */
async function cellNonce(leading: string, cell: string): Promise<Bytes> {
  const label = utf8('Tocsin crisis cell v1\0');
  const hash = await sha256(new Uint8Array([...label, ...accountOf(leading), ...fromHex(cell)]));
  return hash.slice(0, 16);
}
