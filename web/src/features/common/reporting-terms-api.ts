import { type NationalTerms, parseNationalTerms } from '../../core/rooms/reporting/national-terms';
import { type Regime, regimes } from '../../core/rooms/reporting/regimes';
import { api } from '../../core/server';

/** By law; what is missing is as the Union has it. */
export type ReportingTerms = Readonly<Partial<Record<Regime, NationalTerms>>>;

export async function fetchReportingTerms(signal: AbortSignal): Promise<ReportingTerms> {
  const answer = await api.get('/api/v1/settings/reporting-terms', { signal });
  const known = regimes.map((regime) => [regime, parseNationalTerms(answer[regime])] as const);
  return Object.fromEntries(known.filter(([, terms]) => terms !== null));
}
