import { api } from '../../../core/server';
import type { ReadinessFigures } from '../../../transport/contract/readiness';
import type { ContactRefreshSummary } from '../../../transport/contract/refreshes';

export const monthChoices = [3, 6, 12] as const;
export type Months = (typeof monthChoices)[number];

export function fetchReadiness(months: Months, signal: AbortSignal): Promise<ReadinessFigures> {
  return api.get('/api/v1/readiness', { query: { months }, signal }) as Promise<ReadinessFigures>;
}

/** The campaign that began last, under way or not; null where there never was one. */
export function fetchLatestRefresh(signal: AbortSignal): Promise<ContactRefreshSummary | null> {
  return api.get('/api/v1/contact-refreshes', { query: { limit: 1 }, signal }).then((page) => page.items[0] ?? null);
}
