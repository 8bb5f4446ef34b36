declare const self: ServiceWorkerGlobalScope;

/** What a push of ours carries; sealed on the way by RFC 8291. */
export interface PushedAlert {
  readonly title: string;
  readonly body: string;
  readonly severity: 'info' | 'advisory' | 'severe' | 'extreme';
  readonly mode: 'real' | 'exercise';
  readonly language: 'fr' | 'en';
  readonly link: string | null;
  readonly tag: string;
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
    tag: alert.tag,
    renotify: true,
    icon: '/icon-192.png',
    badge: '/icon-192.png',
    requireInteraction: alert.severity === 'severe' || alert.severity === 'extreme',
    vibrate: alert.severity === 'extreme' ? [600, 200, 600, 200, 600] : [300, 150, 300],
    actions: alert.answers.slice(0, shownAnswers).map((answer) => ({ action: answer.key, title: answer.label })),
    data: { link: alert.link },
  };
  await self.registration.showNotification(alert.title, options);
}

/** A push we can't read must still be shown: the browser demands it, and silence would be worse. */
function readPush(data: PushMessageData | null): PushedAlert {
  const unreadable: PushedAlert = {
    title: 'Tocsin',
    body: 'Nouvelle alerte. Ouvrez Tocsin. · New alert. Open Tocsin.',
    severity: 'severe',
    mode: 'real',
    language: 'fr',
    link: null,
    tag: 'tocsin',
    answers: [],
  };
  try {
    return { ...unreadable, ...(data?.json() as Partial<PushedAlert> | undefined) };
  } catch {
    return unreadable;
  }
}

/** A press on the notification opens the personal page; a press on an answer opens it with that answer ready to confirm. */
export async function openAlert(notification: Notification, action: string): Promise<void> {
  notification.close();
  const { link } = notification.data as { link: string | null };
  const target = new URL(link ?? '/', self.location.origin);
  if (action) target.searchParams.set('answer', action);
  const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const open = windows.find((client) => new URL(client.url).pathname === target.pathname);
  if (open) await open.focus();
  else await self.clients.openWindow(target.href);
}
