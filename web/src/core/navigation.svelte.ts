/** Where the person is in the application. Pages are addresses: back, reload and shared links work as everywhere on the web. */
let current = $state.raw<URL>(new URL('/', 'http://localhost'));
let guard: (() => boolean) | undefined;

export function location(): URL {
  return current;
}

export function startNavigation(): () => void {
  current = new URL(window.location.href);
  const moved = (): void => {
    current = new URL(window.location.href);
  };
  window.addEventListener('popstate', moved);
  document.addEventListener('click', intercept);
  return () => {
    window.removeEventListener('popstate', moved);
    document.removeEventListener('click', intercept);
  };
}

export function navigate(to: string, options: { replace?: boolean } = {}): void {
  const target = new URL(to, window.location.href);
  if (guard && target.pathname !== current.pathname && !guard()) return;
  if (options.replace) history.replaceState(null, '', target);
  else if (target.href !== window.location.href) history.pushState(null, '', target);
  const samePage = target.pathname === current.pathname;
  current = target;
  if (!samePage) window.scrollTo(0, 0);
}

/** Asks before leaving a page with unsaved words. Returns how to remove the question. */
export function guardLeaving(mayLeave: () => boolean): () => void {
  guard = mayLeave;
  const unloading = (event: BeforeUnloadEvent): void => {
    if (!mayLeave()) event.preventDefault();
  };
  window.addEventListener('beforeunload', unloading);
  return () => {
    guard = undefined;
    window.removeEventListener('beforeunload', unloading);
  };
}

/** Paths that belong to the server: files, exports and the answer page are fetched, not routed. */
const servedPrefixes = ['/api/', '/a/', '/c/', '/hub', '/lab'];

function intercept(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = (event.target as Element | null)?.closest('a');
  if (!link || link.target || link.hasAttribute('download') || link.origin !== window.location.origin) return;
  if (servedPrefixes.some((prefix) => link.pathname.startsWith(prefix))) return;
  if (link.hash && link.pathname === window.location.pathname && link.search === window.location.search) return;
  event.preventDefault();
  navigate(link.href);
}
