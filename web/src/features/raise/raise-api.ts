import { completeDefinition } from '../../core/complete-definition';
import { api } from '../../core/server';
import type { AlertSummary, AudienceCount, ScenarioSummary } from '../../transport/contract/alerts';
import type {
  AlertMode,
  AnswerChoice,
  Attachment,
  AudienceExpression,
  ChannelPlan,
  EscalationRule,
  LocalizedText,
  Severity,
} from '../../transport/contract/content';
import type { PublicNotice } from './public-notice';

/** All that is decided when an alert is raised. Variables are filled in by the server, so that a script and a person get the same words. */
export interface WholeRequest {
  readonly scenarioId: string | undefined;
  readonly mode: AlertMode;
  readonly severity: Severity;
  readonly title: LocalizedText;
  readonly body: LocalizedText;
  readonly variables: Readonly<Record<string, string>>;
  readonly audience: AudienceExpression;
  readonly plan: ChannelPlan;
  readonly answers: readonly AnswerChoice[];
  readonly escalation: readonly EscalationRule[];
  readonly attachment: Attachment | undefined;
  /** Absent: the public is not shown it. */
  readonly public?: PublicNotice;
}

/** What is left out stays as the scenario prepared it. */
export type RaiseRequest = Partial<WholeRequest>;

export async function fetchScenarios(signal: AbortSignal): Promise<readonly ScenarioSummary[]> {
  const page = await api.get('/api/v1/scenarios', { query: { limit: 500 }, signal });
  return page.items.filter((scenario) => scenario.enabled).map((scenario) => ({ ...scenario, definition: completeDefinition(scenario.definition) }));
}

export async function fetchScenario(id: string, signal: AbortSignal): Promise<ScenarioSummary> {
  const scenario = await api.get('/api/v1/scenarios/{id}', { path: { id }, signal });
  return { ...scenario, definition: completeDefinition(scenario.definition) };
}

export function countAudience(audience: AudienceExpression, plan: ChannelPlan, severity: Severity, signal: AbortSignal): Promise<AudienceCount> {
  return api.send('POST', '/api/v1/alerts/audience-count', { body: { audience, plan, severity }, signal });
}

export function raiseAlert(request: RaiseRequest, idempotencyKey: string): Promise<AlertSummary> {
  return api.send('POST', '/api/v1/alerts', { body: request, idempotencyKey });
}
