import type { NationalTerms } from '../../core/rooms/reporting/national-terms';
import type { Regime } from '../../core/rooms/reporting/regimes';
import { api } from '../../core/server';

export function saveReportingTerms(regime: Regime, terms: NationalTerms): Promise<unknown> {
  return api.send('PUT', '/api/v1/settings/reporting-terms/{regime}', { path: { regime }, body: terms });
}

export function resetReportingTerms(regime: Regime): Promise<void> {
  return api.send('DELETE', '/api/v1/settings/reporting-terms/{regime}', { path: { regime } });
}
