import type { ChannelKind, ContentLanguage } from './content';

export interface OrganisationSettings {
  readonly organisationName: string;
  /** Of people whose own is not known. */
  readonly defaultLanguage: ContentLanguage;
}

export type ChannelHealthState = 'not-configured' | 'ready' | 'degraded' | 'down';

export interface ChannelState {
  readonly channel: ChannelKind;
  readonly state: ChannelHealthState;
  /** A stable code; absent where all is well. */
  readonly reason?: string | null;
}
