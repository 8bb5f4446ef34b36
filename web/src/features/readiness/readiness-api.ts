import { api } from '../../core/server';
import type { ReadinessFigures } from '../../transport/contract/readiness';

export const monthChoices = [3, 6, 12] as const;
export type Months = (typeof monthChoices)[number];

export function fetchReadiness(months: Months, signal: AbortSignal): Promise<ReadinessFigures> {
  return api.get('/api/v1/readiness', { query: { months }, signal }) as Promise<ReadinessFigures>;
}
