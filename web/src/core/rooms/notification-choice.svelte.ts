import { type Bytes, utf8 } from '../../e2ee/bytes';
import { thisDevice } from '../devices/this-device.svelte';
import type { ShownMessage } from './room-view';

export const notificationTimes = ['all', 'mentions', 'never'] as const;

/** When a room says outside of its page that something was written, and whether it then says which room: never what, nor by whom. */
export interface NotificationChoice {
  readonly when: (typeof notificationTimes)[number];
  readonly withName: boolean;
}

const byDefault: NotificationChoice = { when: 'all', withName: false };
const name = 'room-notifications';
let choices = $state.raw<Readonly<Record<string, NotificationChoice>>>({});
let reading: { readonly device: unknown; readonly done: Promise<void> } | undefined;

/** Of this room, in this browser. */
export function notificationChoice(room: string): NotificationChoice {
  return choices[room] ?? byDefault;
}

/** As they were made in this browser; sealed, since they name rooms. */
export async function readNotificationChoices(): Promise<void> {
  const state = thisDevice();
  if (state.kind !== 'ready') return;
  // Whoever comes while it is read waits for it: a choice written before would leave the others out.
  if (reading?.device !== state.device) reading = { device: state.device, done: readFrom(state.keys.sealed) };
  await reading.done;
}

async function readFrom(store: { read(name: string): Promise<Bytes | null> }): Promise<void> {
  const bytes = await store.read(name);
  choices = bytes === null ? {} : (JSON.parse(new TextDecoder().decode(bytes)) as Record<string, NotificationChoice>);
}

export async function chooseNotifications(room: string, choice: NotificationChoice): Promise<void> {
  await readNotificationChoices();
  choices = { ...choices, [room]: choice };
  const state = thisDevice();
  if (state.kind === 'ready') await state.keys.sealed.write(new Map([[name, utf8(JSON.stringify(choices))]]));
}

/** Whether these new messages of others are worth a notification. A priority message is, whatever was chosen: it asks to be confirmed. */
export function isNotified(fresh: readonly ShownMessage[], self: string, { when }: NotificationChoice): boolean {
  return fresh.some(
    (message) => (message.priority && message.askedOf.includes(self)) || when === 'all' || (when === 'mentions' && message.mentions.includes(self)),
  );
}
