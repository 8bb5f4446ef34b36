import { t } from '../../../core/i18n/i18n.svelte';
import { newerClient } from '../../../core/newer-client.svelte';
import type { RoomItem } from '../../../core/rooms/room-log';
import type { Notice } from '../../../core/rooms/room-view';
import type { OpenRoom } from '../../../core/rooms/rooms.svelte';
import { nameIn, titleOf } from './room-names';

/** What is wrong with an entry, whatever it would have been: that it was refused, or that some are missing before it. Nothing where it is right. */
export function faultsOf(room: OpenRoom, { what, seq, author, missing }: RoomItem): readonly string[] {
  const by = author === room.self ? t('rooms.byYou') : nameIn(room.view, author ?? '');
  const said = missing === undefined ? [] : [t('rooms.notice.missing', { n: missing, by })];
  return what.kind === 'refused'
    ? [...said, orReload(t('rooms.notice.refused', { number: seq, why: t(`rooms.refusal.${what.code}`), code: what.code }))]
    : said;
}

/** What this page makes nothing of may be right by rules that only a newer one knows. */
export function orReload(fault: string): string {
  return newerClient.isHere ? t('rooms.notice.refusedHere', { fault }) : fault;
}

/** Of all its entries, the first first. */
export function faultsIn(room: OpenRoom): readonly string[] {
  return room.timeline.flatMap((one) => (one.kind === 'notice' ? faultsOf(room, one.item) : []));
}

/** Words about a room; where several are shown at once, after its name. */
export function ofRoom(room: OpenRoom, words: string, isNamed: boolean): string {
  return isNamed ? `${titleOf(room)} · ${words}` : words;
}

/** Written before this person came into a room that gives no history. */
export function isFromBefore(room: OpenRoom, { item }: Notice): boolean {
  return room.view.history === 'invitation' && item.seq < (room.view.joined.get(room.self) ?? 0);
}
