import type { components } from './generated';

/**
 * What alerts are made of. Durations are ISO 8601 (`PT5M`), times ISO 8601 UTC.
 * On the wire what stands at its default may be left out; these types are the complete ones that `completeDefinition` makes.
 */
type Schemas = components['schemas'];

/** With these members no longer optional. */
type With<Thing, Keys extends keyof Thing> = Omit<Thing, Keys> & Required<Pick<Thing, Keys>>;

export type Severity = Schemas['Severity'];
export type AlertMode = Schemas['AlertMode'];
export type ContentLanguage = Schemas['ContentLanguage'];
export type ChannelKind = Schemas['ChannelKind'];
export type AnswerMeaning = Schemas['AnswerMeaning'];
export type LocalizedText = Schemas['LocalizedText'];
export type AnswerChoice = Schemas['AnswerChoice'];
export type ScenarioCategory = Schemas['ScenarioCategory'];
export type Attachment = Schemas['Attachment'];

export type VariableDefinition = With<Schemas['VariableDefinition'], 'kind' | 'required' | 'choices'>;
export type ScenarioContent = Omit<Schemas['ScenarioContent'], 'variables'> & { readonly variables: readonly VariableDefinition[] };

export type AudienceSelection = Required<Schemas['AudienceSelection']>;
export type AudienceExpression = { readonly [Side in keyof Schemas['AudienceExpression']]-?: AudienceSelection };

export type PlanStep = Required<Schemas['PlanStep']>;
export type ChannelPlan = With<Omit<Schemas['ChannelPlan'], 'steps'>, 'followPreferences' | 'expiry'> & { readonly steps: readonly PlanStep[] };

type WrittenAction = Schemas['EscalationAction'];
type NotifyAction = Extract<WrittenAction, { readonly kind: 'notify' }>;
export type EscalationAction =
  | Exclude<WrittenAction, NotifyAction>
  | (Omit<NotifyAction, 'audience' | 'plan'> & { readonly audience: AudienceExpression; readonly plan?: ChannelPlan });
export type EscalationRule = Omit<With<Schemas['EscalationRule'], 'answers'>, 'of' | 'then'> & {
  readonly of?: AudienceExpression | null;
  readonly then: EscalationAction;
};

/** A scenario as it travels. */
export type WrittenDefinition = Schemas['ScenarioDefinition'];
export type ScenarioDefinition = Omit<With<WrittenDefinition, 'mode' | 'answers'>, 'content' | 'audience' | 'plan' | 'escalation'> & {
  readonly content: ScenarioContent;
  readonly audience: AudienceExpression;
  readonly plan: ChannelPlan;
  readonly escalation: readonly EscalationRule[];
};
