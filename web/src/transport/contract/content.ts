/** What alerts are made of, as the rules of the server write them. Durations are ISO 8601 (`PT5M`), times ISO 8601 UTC. */
export type Severity = 'info' | 'advisory' | 'severe' | 'extreme';
export type AlertMode = 'real' | 'exercise';
export type ContentLanguage = 'fr' | 'en';
export type ChannelKind = 'in-app' | 'web-push' | 'sms' | 'email';
export type AnswerMeaning = 'safe' | 'need-help' | 'coming' | 'not-available' | 'other';

export interface LocalizedText {
  readonly fr?: string | null;
  readonly en?: string | null;
}

export interface AnswerChoice {
  readonly key: string;
  readonly meaning: AnswerMeaning;
  readonly label: LocalizedText;
}

export interface VariableDefinition {
  readonly name: string;
  readonly label: LocalizedText;
  readonly kind: 'text' | 'choice' | 'time';
  readonly required: boolean;
  readonly default?: LocalizedText | null;
  readonly choices: readonly { readonly key: string; readonly label: LocalizedText }[];
}

export interface ScenarioContent {
  readonly title: LocalizedText;
  readonly body: LocalizedText;
  readonly variables: readonly VariableDefinition[];
}

export interface AudienceSelection {
  readonly everyone: boolean;
  readonly people: readonly string[];
  readonly groups: readonly string[];
  readonly sites: readonly string[];
  readonly functions: readonly string[];
  readonly onDuty: readonly string[];
  readonly lists: readonly string[];
}

export interface AudienceExpression {
  readonly include: AudienceSelection;
  readonly exclude: AudienceSelection;
}

export interface PlanStep {
  readonly channels: readonly ChannelKind[];
  readonly after: string;
  readonly condition: 'always' | 'unless-delivered' | 'unless-answered';
  readonly contactPoints: 'all' | 'first';
}

export interface ChannelPlan {
  readonly steps: readonly PlanStep[];
  readonly followPreferences: boolean;
  readonly retry?: { readonly maxAttempts: number; readonly firstDelay: string; readonly maxDelay: string };
  readonly repeat?: { readonly every: string; readonly times: number } | null;
  readonly expiry: string;
}

export type EscalationAction =
  | { readonly kind: 'remind' }
  | { readonly kind: 'notify-deputies' }
  | { readonly kind: 'notify'; readonly audience: AudienceExpression; readonly plan?: ChannelPlan | null }
  | { readonly kind: 'raise-severity'; readonly to: Severity };

export interface EscalationRule {
  readonly key: string;
  readonly of?: AudienceExpression | null;
  readonly answers: readonly string[];
  readonly minimum: { readonly count?: number | null; readonly percent?: number | null };
  readonly within: string;
  readonly after?: string | null;
  readonly then: EscalationAction;
}

export type ScenarioCategory = 'fire' | 'health' | 'cyber' | 'utilities' | 'telecom' | 'weather' | 'supply' | 'security' | 'other';

export type Attachment =
  { readonly kind: 'room'; readonly id: string } | { readonly kind: 'link'; readonly url: string; readonly label?: LocalizedText | null };

export interface ScenarioDefinition {
  readonly format?: number;
  readonly name: LocalizedText;
  readonly category: ScenarioCategory;
  readonly icon: string;
  readonly severity: Severity;
  readonly mode: AlertMode;
  readonly content: ScenarioContent;
  readonly audience: AudienceExpression;
  readonly plan: ChannelPlan;
  readonly answers: readonly AnswerChoice[];
  readonly escalation: readonly EscalationRule[];
  readonly attachment?: Attachment | null;
}
