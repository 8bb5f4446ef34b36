import { showNotification } from './notifications';

declare const self: ServiceWorkerGlobalScope;

/** What a push of ours carries; sealed on the way by RFC 8291. */
export interface PushedAlert {
  readonly alertId: string;
  readonly title: string;
  readonly body: string;
  readonly severity: 'info' | 'advisory' | 'severe' | 'extreme';
  readonly mode: 'real' | 'exercise';
  readonly language: 'fr' | 'en';
  readonly link: string | null;
  readonly answers: readonly { readonly key: string; readonly label: string }[];
}

interface NotificationOptionsWithActions extends NotificationOptions {
  actions?: { action: string; title: string }[];
  renotify?: boolean;
  vibrate?: number[];
}

/** Browsers show two buttons at most; the page behind the notification has them all. */
const shownAnswers = 2;

export async function showAlert(data: PushMessageData | null): Promise<void> {
  const alert = readPush(data);
  const options: NotificationOptionsWithActions = {
    body: alert.body,
    lang: alert.language,
    // Each alert has a place of its own, where what comes later of it takes the place of what came before: two alerts at once are both seen.
    tag: alert.alertId === '' ? 'tocsin' : `alert-${alert.alertId}`,
    renotify: true,
    icon: '/icon-192.png',
    badge: '/icon-192.png',
    requireInteraction: alert.severity === 'severe' || alert.severity === 'extreme',
    vibrate: alert.severity === 'extreme' ? [600, 200, 600, 200, 600] : [300, 150, 300],
    actions: alert.answers.slice(0, shownAnswers).map((answer) => ({ action: answer.key, title: answer.label })),
    data: { link: alert.link },
  };
  await showNotification(alert.title, options);
}

/** A push we can't read must still be shown: the browser demands it, and silence would be worse. */
function readPush(data: PushMessageData | null): PushedAlert {
  const unreadable: PushedAlert = {
    alertId: '',
    title: 'Tocsin',
    body: 'Nouvelle alerte. Ouvrez Tocsin. · New alert. Open Tocsin.',
    severity: 'severe',
    mode: 'real',
    language: 'fr',
    link: null,
    answers: [],
  };
  try {
    return { ...unreadable, ...(data?.json() as Partial<PushedAlert> | undefined) };
  } catch {
    return unreadable;
  }
}

/** A press on the notification opens what it tells of; a press on an answer opens the personal page with that answer's button in view and marked. */
export async function openPushed(notification: Notification, action: string): Promise<void> {
  notification.close();
  const { link } = notification.data as { readonly link: string | null };
  const target = new URL(link ?? '/', self.location.origin);
  if (action) target.hash = `answer-${action}`;
  const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const open = windows.find(({ url }) => {
    const { origin, pathname } = new URL(url);
    return origin === target.origin && pathname === target.pathname;
  });
  // Another page of ours is left alone: somebody may be in a call there, or write.
  if (open === undefined || (action !== '' && !(await wentTo(open, target.hash)))) await self.clients.openWindow(target.href);
  else await open.focus();
}

/** Within the page that is open, so that what was begun there stays. */
async function wentTo(open: WindowClient, hash: string): Promise<boolean> {
  const place = new URL(open.url);
  place.hash = hash;
  try {
    return (await open.navigate(place.href)) !== null;
  } catch {
    // It belongs to another service worker: personal pages have their own.
    return false;
  }
}
