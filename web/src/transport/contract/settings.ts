import type { components } from './generated';

export type OrganisationSettings = components['schemas']['OrganisationSettings'];
export type ChannelHealthState = components['schemas']['ChannelHealthState'];
export type ChannelState = components['schemas']['ChannelStateView'];
export type TestMessage = components['schemas']['TestMessageView'];
