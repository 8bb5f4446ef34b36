import { completeDefinition } from '../../core/complete-definition';
import { api } from '../../core/server';
import type { ScenarioSummary } from '../../transport/contract/alerts';
import type { ScenarioDefinition, WrittenDefinition } from '../../transport/contract/content';

function complete<Holder extends { readonly definition: WrittenDefinition }>(holder: Holder) {
  return { ...holder, definition: completeDefinition(holder.definition) };
}

export async function fetchScenarios(signal: AbortSignal): Promise<readonly ScenarioSummary[]> {
  const page = await api.get('/api/v1/scenarios', { query: { limit: 500 }, signal });
  return page.items.map(complete);
}

export async function fetchScenario(id: string, signal: AbortSignal): Promise<ScenarioSummary> {
  return complete(await api.get('/api/v1/scenarios/{id}', { path: { id }, signal }));
}

export async function createScenario(key: string, definition: ScenarioDefinition): Promise<ScenarioSummary> {
  return complete(await api.send('POST', '/api/v1/scenarios', { body: { definition, enabled: true, ...(key ? { key } : {}) } }));
}

/** `version` is the one that was read: what somebody else changed in the meantime is not overwritten unseen. */
export async function saveScenario(id: string, version: number, enabled: boolean, definition: ScenarioDefinition): Promise<ScenarioSummary> {
  return complete(await api.send('PUT', '/api/v1/scenarios/{id}', { path: { id }, body: { version, enabled, definition } }));
}
