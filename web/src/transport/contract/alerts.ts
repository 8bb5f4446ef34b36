import type { ScenarioDefinition } from './content';
import type { components } from './generated';

type Schemas = components['schemas'];

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Cursor of the next page; absent at the end. */
  readonly next?: string | null;
}

export type AlertState = Schemas['AlertState'];
export type Standing = Schemas['Standing'];
export type AnswerVia = NonNullable<Schemas['AnswerVia']>;
export type DeliveryState = Schemas['DeliveryState'];
export type UnreachableReason = NonNullable<Schemas['UnreachableReason']>;

/** A scenario as it is kept, its definition complete. */
export type ScenarioSummary = Omit<Schemas['ScenarioSummary'], 'definition'> & { readonly definition: ScenarioDefinition };
export type AlertSummary = Schemas['AlertSummary'];
export type AlertDetail = Schemas['AlertDetail'];
export type AudienceCount = Schemas['AudienceCount'];
export type MyAlert = Schemas['MyAlert'];
export type DeliveryCount = Schemas['DeliveryCount'];
export type BoardSite = Schemas['SiteCount'];
/** Counts only: a board of 100,000 people is a few rows. Every standing is counted, zeros too. */
export type Board = Omit<Schemas['BoardView'], 'standings'> & { readonly standings: Readonly<Record<Standing, number>> };
export type RecipientRow = Schemas['RecipientRow'];
export type RecipientDelivery = Schemas['RecipientDelivery'];
export type RecipientDetail = Schemas['RecipientDetail'];
export type AlertTimelineEntry = Schemas['TimelineEntry'];
