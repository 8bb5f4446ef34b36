import type { Sent } from '../operations';
import type { components } from './generated';

type Schemas = components['schemas'];

/** Anything of the directory that has a name. */
export interface NamedThing {
  readonly id: string;
  readonly name: string;
  /** How many people it comes to, where the server says so. */
  readonly people?: number;
}

export type OnDutyPerson = Schemas['OnDutyPerson'];
export type NamedGroup = Schemas['GroupView'];
export type SiteView = Schemas['SiteView'];
export type FunctionHolder = Schemas['FunctionHolderView'];
export type FunctionView = Schemas['FunctionView'];
export type PersonSummary = Schemas['PersonSummary'];
export type PersonDetail = Schemas['PersonDetail'];
export type PersonInput = Sent<Schemas['PersonInput']>;
export type ContactPointKind = Schemas['ContactPointKind'];
export type QuietHours = Schemas['QuietHours'];
export type ContactPoint = Schemas['ContactPointView'];
export type ContactPointCode = Schemas['ContactPointCodeView'];
export type ContactPointInput = Sent<Schemas['ContactPointInput']>;
export type ChannelPreferences = Schemas['ChannelPreferencesView'];
