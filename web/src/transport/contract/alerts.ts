import type { AlertMode, AnswerChoice, ChannelKind, LocalizedText, ScenarioDefinition, Severity } from './content';

export type AlertState = 'active' | 'all-clear' | 'cancelled' | 'expired';

/** In the order in which the board lists people: who needs somebody to act comes first. */
export type Standing = 'needs-help' | 'failed' | 'not-reached' | 'sent' | 'delivered' | 'read' | 'answered';

export type AnswerVia = 'link' | 'in-app' | 'sms' | 'email' | 'operator' | 'web-push';

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Cursor of the next page; absent at the end. */
  readonly next?: string | null;
}

export interface ScenarioSummary {
  readonly id: string;
  readonly key: string;
  readonly version: number;
  readonly enabled: boolean;
  readonly definition: ScenarioDefinition;
  /** Who it goes to, in words of both languages. */
  readonly audienceSentence: LocalizedText;
  readonly lastRaisedAt?: string | null;
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
  readonly endedAt?: string | null;
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

export interface BoardSite {
  readonly siteId?: string | null;
  readonly name?: string | null;
  readonly recipients: number;
  readonly answered: number;
  readonly needHelp: number;
}

/** Counts only: a board of 100,000 people is a few rows. */
export interface Board {
  readonly alert: AlertDetail;
  readonly standings: Readonly<Record<Standing, number>>;
  readonly answers: readonly { readonly key: string; readonly count: number }[];
  readonly deliveries: readonly DeliveryCount[];
  readonly failures: readonly { readonly channel: ChannelKind; readonly code: string; readonly count: number }[];
  readonly sites: readonly BoardSite[];
  readonly unreadReplies: number;
}

export interface AlertDetail extends AlertSummary {
  readonly body: LocalizedText;
  readonly answers: readonly AnswerChoice[];
  readonly channels: readonly ChannelKind[];
  readonly audienceSentence: LocalizedText;
  readonly expiresAt: string;
  readonly revision: number;
}

export interface RecipientRow {
  readonly id: number;
  readonly personId: string;
  readonly name: string;
  readonly siteName?: string | null;
  readonly standing: Standing;
  readonly answer?: string | null;
  readonly answeredAt?: string | null;
  readonly via?: AnswerVia | null;
  readonly unreachable?: UnreachableReason | null;
  readonly comment?: string | null;
  readonly phones: readonly string[];
}

export type UnreachableReason = 'no-contact-point' | 'no-usable-channel' | 'declined' | 'quiet-until-expiry';

export interface RecipientDelivery {
  readonly id: number;
  readonly channel: ChannelKind;
  /** The contact point with all but its end hidden. */
  readonly address: string;
  readonly state: DeliveryState;
  readonly at: string;
  readonly attempts: number;
  readonly failure?: string | null;
  readonly carrierCode?: string | null;
}

export interface RecipientDetail extends RecipientRow {
  readonly deliveries: readonly RecipientDelivery[];
  readonly history: readonly {
    readonly at: string;
    readonly choice?: string | null;
    readonly comment?: string | null;
    readonly via: AnswerVia;
    readonly enteredBy?: string | null;
  }[];
}

export interface AlertTimelineEntry {
  readonly at: string;
  readonly kind: string;
  readonly by?: string | null;
  readonly text?: LocalizedText | null;
  readonly count?: number | null;
}
