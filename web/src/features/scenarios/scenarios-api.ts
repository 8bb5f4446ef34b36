import { completeDefinition, type WrittenDefinition } from '../../core/complete-definition';
import { api } from '../../core/server';
import type { Page, ScenarioSummary } from '../../transport/contract/alerts';
import type { ScenarioDefinition } from '../../transport/contract/content';

function complete<Holder extends { readonly definition: WrittenDefinition }>(holder: Holder): Holder {
  return { ...holder, definition: completeDefinition(holder.definition) };
}

export async function fetchScenarios(signal: AbortSignal): Promise<readonly ScenarioSummary[]> {
  const page = await api.get<Page<ScenarioSummary>>('/api/v1/scenarios', { query: { limit: 500 }, signal });
  return page.items.map(complete);
}

export async function fetchScenario(id: string, signal: AbortSignal): Promise<ScenarioSummary> {
  return complete(await api.get<ScenarioSummary>(`/api/v1/scenarios/${encodeURIComponent(id)}`, { signal }));
}

export function createScenario(key: string, definition: ScenarioDefinition): Promise<ScenarioSummary> {
  return api.send('POST', '/api/v1/scenarios', { definition, ...(key ? { key } : {}) });
}

/** `version` is the one that was read: what somebody else changed in the meantime is not overwritten unseen. */
export function saveScenario(id: string, version: number, enabled: boolean, definition: ScenarioDefinition): Promise<ScenarioSummary> {
  return api.send('PUT', `/api/v1/scenarios/${encodeURIComponent(id)}`, { version, enabled, definition });
}
