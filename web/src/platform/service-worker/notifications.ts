declare const self: ServiceWorkerGlobalScope;

/**
 * Chromium forgets a notification that is being shown while somebody asks which are: the person sees it, but a press on it does nothing, and the next with its tag comes beside it. What a
 * room tells asks, and an alert may come at any moment: here one waits for the other.
 */
let showing: Promise<unknown> = Promise.resolve();
let asking: Promise<unknown> = Promise.resolve();

/** Waits for no other to be shown, whose picture may be long in coming: only for an answer on which are. */
export function showNotification(title: string, options: NotificationOptions): Promise<void> {
  const shown = asking.then(() => self.registration.showNotification(title, options));
  showing = Promise.allSettled([showing, shown]);
  return shown;
}

/** Those with this tag, as soon as none is being shown. */
export async function shownNotifications(tag: string): Promise<Notification[]> {
  for (let awaited: Promise<unknown> | undefined; awaited !== showing; await awaited) awaited = showing;
  const asked = self.registration.getNotifications({ tag });
  asking = Promise.allSettled([asking, asked]);
  return asked;
}
