import { ApiError } from '../transport/api-error';
import type { Page } from '../transport/contract/alerts';

/** A list too long to have whole: its pages are fetched as the person comes near their end. */
export class PagedList<Item> {
  items = $state.raw<readonly Item[]>([]);
  error = $state.raw<ApiError | undefined>();
  loading = $state(false);
  complete = $state(false);
  private cursor: string | undefined;
  private turn = 0;

  constructor(
    private readonly fetchPage: (after: string | undefined, signal: AbortSignal) => Promise<Page<Item>>,
    private aborter = new AbortController(),
  ) {}

  /** From the beginning again; what is shown stays until the first page is here. */
  restart(): void {
    this.turn += 1;
    this.aborter.abort();
    this.aborter = new AbortController();
    this.cursor = undefined;
    this.complete = false;
    this.loading = false;
    void this.fetchNext(true);
  }

  more(): void {
    if (!this.loading && !this.complete && !this.error) void this.fetchNext(false);
  }

  dispose(): void {
    this.turn += 1;
    this.aborter.abort();
  }

  private async fetchNext(fresh: boolean): Promise<void> {
    const turn = this.turn;
    this.loading = true;
    try {
      const page = await this.fetchPage(this.cursor, this.aborter.signal);
      if (turn !== this.turn) return;
      this.items = fresh ? page.items : [...this.items, ...page.items];
      this.cursor = page.next ?? undefined;
      this.complete = !page.next;
      this.error = undefined;
    } catch (error) {
      if (turn !== this.turn) return;
      if (!(error instanceof ApiError)) throw error;
      this.error = error;
    } finally {
      if (turn === this.turn) this.loading = false;
    }
  }
}
