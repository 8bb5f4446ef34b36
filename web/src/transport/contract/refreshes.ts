import type { components } from './generated';

type Schemas = components['schemas'];

export type ContactRefreshAudience = Schemas['ContactRefreshAudience'];
export type NewContactRefresh = Schemas['NewContactRefresh'];
export type ContactRefreshPreview = Schemas['ContactRefreshPreview'];
export type ContactRefreshCounts = Schemas['ContactRefreshCounts'];
export type ContactRefreshSummary = Schemas['ContactRefreshSummary'];
export type ContactRefresh = Schemas['ContactRefreshDetail'];
export type ContactRefreshPerson = Schemas['ContactRefreshPerson'];
export type RefreshStanding = ContactRefreshPerson['standing'];
export type MyContactRefresh = Schemas['MyContactRefreshView'];
