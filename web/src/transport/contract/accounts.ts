import type { components } from './generated';

type Schemas = components['schemas'];

export type Session = Schemas['SessionView'];
export type Role = Session['roles'][number];
export type SignInMethod = Session['method'];
export type WaysToSignIn = Schemas['WaysToSignIn'];
export type SetupLink = Schemas['SetupLinkView'];
export type FirstAdministrator = Schemas['FirstAdministrator'];
export type AuthenticatorOffer = Schemas['AuthenticatorOffer'];
export type PasskeyView = Schemas['PasskeyView'];
export type PasskeyOptions = Schemas['PasskeyOptions'];
export type ListedSession = Schemas['ListedSession'];
export type EmergencyCardView = Schemas['EmergencyCardView'];
export type PrintedEmergencyCard = Schemas['PrintedEmergencyCard'];
export type AccountView = Schemas['AccountView'];
export type InvitationLink = Schemas['InvitationLink'];
export type InvitedAccount = Schemas['InvitedAccount'];
export type OpenInvitation = Schemas['OpenInvitation'];
export type ApiTokenView = Schemas['ApiTokenView'];
export type CreatedApiToken = Schemas['CreatedApiToken'];
