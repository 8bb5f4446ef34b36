import type { ChannelKind, ContentLanguage } from './content';

export interface OnDutyPerson {
  readonly rotaId: string;
  readonly rotaName: string;
  readonly personId: string;
  readonly name: string;
  readonly functionName?: string | null;
  readonly phone?: string | null;
  readonly until: string;
}

export interface NamedThing {
  readonly id: string;
  readonly name: string;
  /** How many people it comes to, where the server says so. */
  readonly people?: number;
}

export interface NamedGroup extends NamedThing {
  readonly description?: string | null;
  readonly parentId?: string | null;
  readonly subgroupIds?: readonly string[];
}

export interface SiteView extends NamedThing {
  readonly postalAddress?: string | null;
  readonly externalId?: string | null;
}

export interface FunctionHolder {
  readonly id: string;
  readonly name: string;
  readonly rank: number;
  readonly active: boolean;
}

export interface FunctionView extends NamedThing {
  readonly nameFr?: string | null;
  readonly nameEn?: string | null;
  readonly description?: string | null;
  readonly holders: readonly FunctionHolder[];
  readonly deputies: readonly FunctionHolder[];
}

export interface PersonSummary {
  readonly id: string;
  readonly name: string;
  readonly givenName?: string;
  readonly familyName?: string;
  readonly externalId?: string | null;
  readonly siteId?: string | null;
  readonly siteName?: string | null;
  readonly jobTitle?: string | null;
  readonly active?: boolean;
}

export type ContactPointKind = 'mobile' | 'landline' | 'email' | 'pager' | 'app';

/** Every day from one wall time until another, `HH:mm`, in an IANA time zone. */
export interface QuietHours {
  readonly from: string;
  readonly until: string;
  readonly timeZone: string;
}

export interface ContactPoint {
  readonly id: string;
  readonly kind: ContactPointKind;
  readonly address?: string | null;
  /** As people read it. */
  readonly display: string;
  readonly label?: string | null;
  readonly quietHours?: QuietHours | null;
  readonly verifiedAt?: string | null;
  readonly enabled: boolean;
}

export interface ContactPointInput {
  readonly kind: ContactPointKind;
  readonly address?: string | null;
  readonly label?: string | null;
  readonly quietHours?: QuietHours | null;
  readonly enabled?: boolean;
}

export interface ChannelPreferences {
  readonly order: readonly ChannelKind[];
  readonly declined: readonly ChannelKind[];
}

export interface PersonDetail {
  readonly person: PersonSummary;
  readonly language: ContentLanguage;
  readonly hasAccount: boolean;
  readonly contactPoints: readonly ContactPoint[];
  readonly groups: readonly NamedThing[];
  readonly functions: readonly { readonly id: string; readonly name: string; readonly rank: number }[];
  readonly lists: readonly NamedThing[];
  readonly preferences: ChannelPreferences;
}

export interface PersonInput {
  readonly givenName: string;
  readonly familyName: string;
  readonly displayName?: string | null;
  readonly externalId?: string | null;
  readonly language: ContentLanguage;
  readonly siteId?: string | null;
  readonly jobTitle?: string | null;
}
