import { renewShell } from '../platform/service-worker-registration';
import { isNewerServed } from '../transport/served-client';

/**
 * Whether the server serves a newer client than this page runs. Looked for each time that the line comes back, since a server that was replaced has broken it. The page goes on as it
 * is until whoever reads it reloads it: nothing here does so by itself.
 */
class NewerClient {
  private found = $state(false);
  private looking: Promise<void> | undefined;
  private readonly keeping: (() => Promise<void>)[] = [];

  /** Known to be served, and ready here. */
  get isHere(): boolean {
    return this.found;
  }

  look(): Promise<void> {
    if (this.found) return Promise.resolve();
    this.looking ??= isNewerServed()
      .then(async (isNewer) => {
        if (isNewer) this.found = await renewShell();
      })
      // Without a server nothing is known; the next line asks again.
      .catch(() => undefined)
      .finally(() => (this.looking = undefined));
    return this.looking;
  }

  /** @param keep Keeps what the page holds in memory only, such as words that nobody has sent yet. */
  beforeReload(keep: () => Promise<void>): void {
    this.keeping.push(keep);
  }

  async reload(): Promise<void> {
    await Promise.allSettled(this.keeping.map((keep) => keep()));
    window.location.reload();
  }
}

export const newerClient = new NewerClient();
