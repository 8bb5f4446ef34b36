import { completed, openDatabase } from '../database';
import { showNotification, shownNotifications } from './notifications';

declare const self: ServiceWorkerGlobalScope;

/** What the server knows of something new in a room, and no more: docs/protocol/web-push.md. */
export interface PushedRoom {
  readonly roomId: string;
  readonly seq: number;
  /** `task`: something of the person's is due; of no entry. */
  readonly kind: 'message' | 'priority' | 'admission' | 'task';
}

/** What a page left here, sealed, for the time when none is open (`room-push.ts` in core/rooms). */
interface Kept {
  readonly language: 'fr' | 'en';
  /** Of the rooms whose name may be shown. */
  readonly names: Readonly<Record<string, string>>;
}

const texts = {
  fr: { named: (room: string) => `Nouveau message dans ${room}`, nameless: 'Du nouveau dans Tocsin', task: 'L’une de vos tâches est à échéance' },
  en: { named: (room: string) => `New message in ${room}`, nameless: 'New activity in Tocsin', task: 'A task of yours is due' },
} as const;

const keyName = '/store-key';
const recordName = 'room-push';
const nonceLength = 12;

/** @returns Undefined where the push is of something else, or cannot be read. */
export function readRoomPush(data: PushMessageData | null): PushedRoom | undefined {
  try {
    const pushed = data?.json() as Partial<PushedRoom> | null | undefined;
    if (typeof pushed?.roomId !== 'string' || !/^[\da-f-]{36}$/.test(pushed.roomId) || typeof pushed.seq !== 'number') return undefined;
    return { roomId: pushed.roomId, seq: pushed.seq, kind: pushed.kind ?? 'message' };
  } catch {
    return undefined;
  }
}

/**
 * Of one room there is one notification at a time, the page's own among them: it makes itself heard again only for what is newer, or is still to be confirmed. Whoever looks at a page of
 * ours sees there what is unread; then browsers ask for no notification either. A task that is due has one of its own beside it: what is written does not take it away.
 */
export async function showRoom({ roomId, seq, kind }: PushedRoom): Promise<void> {
  const isTask = kind === 'task';
  const link = isTask ? `/rooms/${roomId}/tasks?mine` : `/rooms/${roomId}`;
  const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (windows.some(({ visibilityState }) => visibilityState === 'visible')) return;
  const tag = isTask ? `task-${roomId}` : `room-${roomId}`;
  const shown = await shownNotifications(tag);
  const known = Math.max(0, ...shown.map(({ data }) => (data as { readonly seq?: number } | null)?.seq ?? 0));
  const kept = await readKept(roomId).catch(() => undefined);
  const language = kept?.language ?? (self.navigator.language.startsWith('fr') ? 'fr' : 'en');
  const name = kept?.names[roomId];
  const options: NotificationOptions & { renotify: boolean } = {
    tag,
    lang: language,
    renotify: isTask || kind === 'priority' || seq > known,
    requireInteraction: isTask || kind === 'priority',
    icon: '/icon-192.png',
    badge: '/icon-192.png',
    data: { link, seq: Math.max(seq, known) },
  };
  const { named, nameless, task } = texts[language];
  if (isTask) return showNotification(task, name === undefined ? options : { ...options, body: name });
  await showNotification(name === undefined ? nameless : named(name), options);
}

/** Of whoever has this room in this browser; else of anybody here, for the language. Who cannot be read is passed over. */
async function readKept(roomId: string): Promise<Kept | undefined> {
  const store = (await openDatabase()).transaction('devices').objectStore('devices');
  const names = (await completed(store.getAllKeys())).filter((name): name is string => typeof name === 'string' && name.endsWith(keyName));
  const sealed = await Promise.all(
    names.map(async (name) => {
      const record = `${name.slice(0, -keyName.length)}/sealed/${recordName}`;
      const [key, bytes] = (await Promise.all([completed(store.get(name)), completed(store.get(record))])) as [unknown, unknown];
      return { record, key, bytes };
    }),
  );
  const opened = (await Promise.all(sealed.map(({ record, key, bytes }) => open(record, key, bytes)))).filter((kept) => kept !== undefined);
  return opened.find((kept) => kept.names[roomId] !== undefined) ?? opened[0];
}

/** As `SealedStore` seals: the value is bound to its name. */
async function open(record: string, key: unknown, bytes: unknown): Promise<Kept | undefined> {
  if (!(key instanceof CryptoKey) || !(bytes instanceof Uint8Array) || bytes.length < nonceLength) return undefined;
  const parameters = { name: 'AES-GCM', iv: new Uint8Array(bytes.subarray(0, nonceLength)), additionalData: new TextEncoder().encode(record) };
  try {
    return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt(parameters, key, new Uint8Array(bytes.subarray(nonceLength))))) as Kept;
  } catch {
    return undefined;
  }
}
