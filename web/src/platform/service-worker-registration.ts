/** After the page itself: the first visit on a bad link is for what the person came for. */
export function registerServiceWorker(): void {
  if (!('serviceWorker' in navigator) || import.meta.env.DEV) return;
  const register = (): void => {
    navigator.serviceWorker.register('/service-worker.js', { updateViaCache: 'none' }).catch(() => undefined);
  };
  if (document.readyState === 'complete') register();
  else window.addEventListener('load', register, { once: true });
}

/** Has the service worker fetch what is served now, so that a reload shows it. False where it could not: a reload would show the same again. */
export async function renewShell(): Promise<boolean> {
  const registration = await navigator.serviceWorker?.getRegistration();
  if (registration === undefined) return true;
  const current = await registration.update();
  const next = current.installing ?? current.waiting;
  if (next === null) return true;
  return new Promise((settle) => {
    const look = (): void => {
      if (next.state === 'activated') settle(true);
      else if (next.state === 'redundant') settle(false);
    };
    next.addEventListener('statechange', look);
    look();
  });
}
