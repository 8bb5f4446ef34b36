import type {
  AudienceExpression,
  AudienceSelection,
  ChannelPlan,
  EscalationAction,
  ScenarioDefinition,
  WrittenDefinition,
} from '../transport/contract/content';

type WrittenRule = NonNullable<WrittenDefinition['escalation']>[number];

const nobody: AudienceSelection = { everyone: false, people: [], groups: [], sites: [], functions: [], onDuty: [], lists: [] };

export function completeAudience(audience: WrittenDefinition['audience']): AudienceExpression {
  return { include: { ...nobody, ...audience?.include }, exclude: { ...nobody, ...audience?.exclude } };
}

export function completePlan(plan: WrittenDefinition['plan']): ChannelPlan {
  const steps = plan?.steps ?? [{ channels: ['in-app', 'web-push', 'sms', 'email'] as const }];
  return {
    followPreferences: true,
    expiry: 'PT4H',
    ...plan,
    steps: steps.map((step) => ({ after: 'PT0S', condition: 'unless-answered', contactPoints: 'all', ...step })),
  };
}

function completeAction(action: WrittenRule['then']): EscalationAction {
  if (action.kind !== 'notify') return action;
  const { audience, plan, ...rest } = action;
  return { ...rest, audience: completeAudience(audience), ...(plan ? { plan: completePlan(plan) } : {}) };
}

/** With every default written out, so that what edits it needs to know none. */
export function completeDefinition(written: WrittenDefinition): ScenarioDefinition {
  const content = written.content;
  return {
    format: 1,
    mode: 'real',
    answers: [],
    ...written,
    content: {
      title: content?.title ?? {},
      body: content?.body ?? {},
      variables: (content?.variables ?? []).map((variable) => ({
        ...variable,
        kind: variable.kind ?? 'text',
        required: variable.required ?? false,
        choices: variable.choices ?? [],
      })),
    },
    audience: completeAudience(written.audience),
    plan: completePlan(written.plan),
    escalation: (written.escalation ?? []).map((rule) => ({
      ...rule,
      answers: rule.answers ?? [],
      of: rule.of ? completeAudience(rule.of) : null,
      then: completeAction(rule.then),
    })),
  };
}
