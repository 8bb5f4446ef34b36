export type NotificationPermissionState = 'granted' | 'denied' | 'default' | 'impossible';

export function notificationPermission(): NotificationPermissionState {
  return 'Notification' in window && window.isSecureContext ? Notification.permission : 'impossible';
}

/** Asks the person and the browser. */
export async function askForNotifications(): Promise<NotificationPermissionState> {
  if (notificationPermission() === 'default') await Notification.requestPermission();
  return notificationPermission();
}

/**
 * Of one room there is one notification at a time: the next takes its place.
 * @param seq Number of the entry: a push of what was told already makes no second sound.
 * @param link Opened by a press on it; the service worker does that also where no page is left.
 */
export async function notifyOfRoom(title: string, body: string, room: string, seq: number, link: string): Promise<void> {
  if (notificationPermission() !== 'granted') return;
  const options = { body, tag: `room-${room}`, renotify: true, icon: '/icon-192.png', badge: '/icon-192.png', data: { link, seq } };
  const registration = await navigator.serviceWorker?.getRegistration();
  if (registration?.active) await registration.showNotification(title, options);
  else new Notification(title, options).onclick = () => window.focus();
}
