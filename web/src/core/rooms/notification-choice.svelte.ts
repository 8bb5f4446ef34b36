import { type Bytes, utf8 } from '../../e2ee/bytes';
import { thisDevice } from '../devices/this-device.svelte';
import { keepForPushes, tellMuted } from './room-push';
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
let known: { readonly language: 'fr' | 'en'; readonly titles: ReadonlyMap<string, string> } | undefined;
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
  if (state.kind !== 'ready') return;
  await state.keys.sealed.write(new Map([[name, utf8(JSON.stringify(choices))]]));
  await keepShownNames();
  await tellPushChoices();
}

/**
 * Tells the server which rooms send this browser no pushes: those that do not tell of each message. Mentions are sealed, so that the server cannot pick them out; a priority message it
 * sends all the same.
 */
export async function tellPushChoices(): Promise<void> {
  await readNotificationChoices();
  const state = thisDevice();
  if (state.kind !== 'ready') return;
  const muted = Object.entries(choices).filter(([, { when }]) => when !== 'all');
  await tellMuted(state.keys.sealed, new Set(muted.map(([room]) => room)));
}

/** Leaves what the service worker may say while no page is open. */
export async function keepRoomNames(language: 'fr' | 'en', titles: ReadonlyMap<string, string>): Promise<void> {
  known = { language, titles };
  await readNotificationChoices();
  await keepShownNames();
}

async function keepShownNames(): Promise<void> {
  const state = thisDevice();
  if (state.kind !== 'ready' || known === undefined) return;
  const shown = [...known.titles].filter(([room]) => notificationChoice(room).withName);
  await keepForPushes(state.keys.sealed, known.language, Object.fromEntries(shown));
}

/** Whether these new messages of others are worth a notification. A priority message is, whatever was chosen: it asks to be confirmed. */
export function isNotified(fresh: readonly ShownMessage[], self: string, { when }: NotificationChoice): boolean {
  return fresh.some(
    (message) => (message.priority && message.askedOf.includes(self)) || when === 'all' || (when === 'mentions' && message.mentions.includes(self)),
  );
}
