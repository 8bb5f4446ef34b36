/** The script that a page begins with: the build names it after what is in it, and so after every part of the client. */
function entryOf(page: Document): string | undefined {
  return page.querySelector('script[type=module][src]')?.getAttribute('src') ?? undefined;
}

/** The version of the client that runs here. */
export function runningClient(): string | undefined {
  return entryOf(document);
}

/** Whether the server serves another client than the one that runs here. Fails where it cannot be reached. */
export async function isNewerServed(): Promise<boolean> {
  // Under this name the service worker keeps nothing: it would give out the page as it was.
  const response = await fetch('/index.html', { cache: 'no-cache' });
  if (!response.ok) return false;
  const served = entryOf(new DOMParser().parseFromString(await response.text(), 'text/html'));
  return served !== undefined && served !== runningClient();
}
