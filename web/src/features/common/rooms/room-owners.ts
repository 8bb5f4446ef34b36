import { t } from '../../../core/i18n/i18n.svelte';
import type { OpenRoom } from '../../../core/rooms/rooms.svelte';
import { nameIn } from './room-names';

/** Who can be asked to see to something: the room's members, and whoever does now, though they may have left. */
export function ownersFor(room: OpenRoom, of?: { readonly owner: string | null }): readonly { readonly value: string; readonly label: string }[] {
  const accounts = new Set(room.members.map(({ account }) => account));
  if (of?.owner) accounts.add(of.owner);
  const people = [...accounts].map((account) => ({ value: account, label: account === room.self ? t('rooms.you') : nameIn(room.view, account) }));
  return [{ value: '', label: t('tasks.owner.none') }, ...people.sort((one, other) => one.label.localeCompare(other.label))];
}
