import { t } from '../../../core/i18n/i18n.svelte';
import type { RoomView } from '../../../core/rooms/room-view';
import type { RoomPerson } from '../../../core/rooms/room-beginning';
import type { OpenRoom } from '../../../core/rooms/rooms.svelte';
import type { IconName } from '../../../ui/icons/shapes';

/** How the room's administrators call somebody; a few characters of their account where they have not said. Guests chose their names themselves: they are never shown without saying so. */
export function nameIn(view: RoomView, account: string): string {
  const name = view.names.get(account) ?? t('rooms.unknownPerson', { code: account.slice(-6).toUpperCase() });
  return view.guests.has(account) ? t('rooms.guestNamed', { name }) : name;
}

/** A room of two is called by whom one talks to. */
export function titleOf(room: OpenRoom): string {
  const other = room.view.purpose === 'direct' ? room.members.find(({ isSelf }) => !isSelf) : undefined;
  return other === undefined ? (room.view.name ?? t('rooms.unnamed')) : nameIn(room.view, other.account);
}

export const purposeIcons = {
  direct: 'person',
  group: 'group',
  'crisis-cell': 'flag',
  library: 'copy',
  exercises: 'hand',
  training: 'calendar',
} as const satisfies Readonly<Record<RoomView['purpose'], IconName>>;

/** Everybody with whom one of these rooms is shared, each once, by name. */
export function peopleOf(rooms: readonly OpenRoom[]): readonly RoomPerson[] {
  const people = new Map<string, string>();
  for (const room of rooms)
    for (const { id, account, isSelf, isGuest } of room.members)
      if (!isSelf && !isGuest && !people.has(id)) people.set(id, nameIn(room.view, account));
  return [...people].map(([id, name]) => ({ id, name })).sort((one, other) => one.name.localeCompare(other.name));
}

/** Names in a sentence; of many the first few. */
export function namesIn(view: RoomView, accounts: readonly string[]): string {
  const most = 5;
  const names = accounts.slice(0, most).map((account) => nameIn(view, account));
  return accounts.length > most ? t('rooms.andMore', { names: names.join(', '), n: accounts.length - most }) : names.join(', ');
}
