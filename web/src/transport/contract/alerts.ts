import type { AlertMode, AnswerChoice, ChannelKind, LocalizedText, ScenarioDefinition, Severity } from './content';

export type AlertState = 'active' | 'all-clear' | 'cancelled' | 'expired';

/** In the order in which the board lists people: who needs somebody to act comes first. */
export type Standing = 'needs-help' | 'failed' | 'not-reached' | 'sent' | 'delivered' | 'read' | 'answered';

export type AnswerVia = 'link' | 'in-app' | 'sms' | 'email' | 'operator' | 'web-push';

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Cursor of the next page; null at the end. */
  readonly next: string | null;
}

export interface ScenarioSummary {
  readonly id: string;
  readonly key: string;
  readonly version: number;
  readonly enabled: boolean;
  readonly definition: ScenarioDefinition;
  /** Who it goes to, in words of both languages. */
  readonly audienceSentence: LocalizedText;
  readonly lastRaisedAt: string | null;
}

export interface AlertSummary {
  readonly id: string;
  readonly number: number;
  readonly state: AlertState;
  readonly mode: AlertMode;
  readonly severity: Severity;
  readonly title: LocalizedText;
  readonly raisedAt: string;
  readonly raisedBy: string;
  readonly endedAt: string | null;
  readonly recipients: number;
  readonly answered: number;
  readonly needHelp: number;
}

export interface MyAlert {
  readonly id: string;
  readonly number: number;
  readonly state: AlertState;
  readonly mode: AlertMode;
  readonly severity: Severity;
  readonly title: LocalizedText;
  readonly body: LocalizedText;
  readonly raisedAt: string;
  readonly updatedAt: string;
  readonly revision: number;
  readonly answers: readonly AnswerChoice[];
  readonly answered: { readonly choice: string; readonly at: string } | null;
}

export interface DeliveryCount {
  readonly channel: ChannelKind;
  readonly state: DeliveryState;
  readonly count: number;
}

export type DeliveryState = 'planned' | 'sending' | 'withdrawn' | 'accepted' | 'expired' | 'failed' | 'delivered' | 'read';
