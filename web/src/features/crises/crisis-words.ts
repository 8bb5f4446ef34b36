import { t } from '../../core/i18n/i18n.svelte';
import type { KnownCell, KnownCrisis } from '../../core/rooms/crisis/known-crises';
import type { LogStatement } from '../../core/rooms/log/log-content';
import type { OpenRoom } from '../../core/rooms/rooms.svelte';
import { nameIn, titleOf } from '../common/rooms/room-names';

/** An exercise says so in everything that leaves this page. */
export function withMode(mode: 'real' | 'exercise', text: string): string {
  return mode === 'exercise' ? `${t('exercise.word')} · ${text}` : text;
}

/** What happened now, for the log. */
export function factNow(text: string): LogStatement {
  return { type: 'fact', text, at: new Date().toISOString() };
}

/** As the leading room's people are called there; oneself is named as well, for all read it. */
export function calledIn(room: OpenRoom, account: string): string {
  return nameIn(room.view, account);
}

export function cellName({ told, row }: KnownCell): string {
  return told?.name ?? (row ? titleOf(row.room) : t('rooms.unnamed'));
}

/** What is handed over, in a sentence. */
export function partName(crisis: Pick<KnownCrisis, 'cells'>, cell: string | null): string {
  const known = cell === null ? undefined : crisis.cells.find(({ id }) => id === cell);
  return known === undefined ? t('crisis.handOver.whole') : t('crisis.handOver.cell', { name: cellName(known) });
}

/** What a room of the crisis is called among the others. */
export function roomWord(crisis: KnownCrisis, room: string): string {
  const cell = crisis.cells.find(({ row }) => row?.room.id === room);
  return cell === undefined ? crisis.name : cellName(cell);
}

/** One each, without what is empty; cut to what an entry may hold. */
export function linesOf(text: string, longest: number, most: number): readonly string[] {
  return text
    .split('\n')
    .map((one) => one.trim().slice(0, longest))
    .filter(Boolean)
    .slice(0, most);
}
