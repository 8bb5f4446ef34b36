import type { ContentLanguage } from './content';

export type Role = 'administrator' | 'crisis-director' | 'crisis-member' | 'communicator' | 'auditor' | 'staff';
export type SignInMethod = 'passkey' | 'password' | 'emergency-card';

export interface Session {
  readonly account: { readonly id: string; readonly name: string; readonly signInName: string };
  readonly personId: string;
  readonly language: ContentLanguage;
  readonly roles: readonly Role[];
  readonly session: string;
  readonly method: SignInMethod;
  readonly expiresAt: string;
  readonly organisation: string;
  readonly demonstration: boolean;
}

export interface WaysToSignIn {
  /** False where the address is a bare IP address: browsers want a name. */
  readonly passkeys: boolean;
  /** False until there is an administrator. */
  readonly setUp: boolean;
  readonly organisation: string;
  readonly demonstration: boolean;
}

export interface SetupLink {
  readonly firstAdministrator: boolean;
  readonly name?: string | null;
  readonly signInName?: string | null;
  readonly language?: ContentLanguage | null;
  readonly organisation: string;
  readonly expiresAt: string;
}

export interface FirstAdministrator {
  readonly signInName: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly language: ContentLanguage;
  readonly organisation: string;
}

export interface AuthenticatorOffer {
  readonly key: string;
  readonly uri: string;
  readonly qrSvg: string;
  readonly enrolment: string;
}

export interface PasskeyView {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
  readonly synced: boolean;
}

export interface ListedSession {
  readonly id: string;
  readonly method: SignInMethod;
  readonly device: string;
  readonly network?: string | null;
  readonly createdAt: string;
  readonly lastSeenAt: string;
  readonly expiresAt: string;
  readonly current: boolean;
}

export interface EmergencyCardView {
  readonly id: string;
  readonly label: string;
  readonly createdAt: string;
  readonly codesLeft: number;
  readonly codes: number;
  readonly lastUsedAt?: string | null;
}

export interface PrintedEmergencyCard {
  readonly id: string;
  readonly signInName: string;
  readonly codes: readonly string[];
  readonly address: string;
  readonly qrSvg: string;
}

export interface AccountView {
  readonly id: string;
  readonly personId: string;
  readonly name: string;
  readonly personActive: boolean;
  readonly signInName: string;
  readonly roles: readonly Role[];
  readonly createdAt: string;
  readonly disabledAt?: string | null;
  readonly passkeys: number;
  readonly password: boolean;
  readonly emergencyCards: number;
  readonly openLinkUntil?: string | null;
  readonly lastSeenAt?: string | null;
}

export interface InvitationLink {
  readonly id: string;
  readonly address: string;
  readonly qrSvg: string;
  readonly expiresAt: string;
}

export interface ApiTokenView {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly createdAt: string;
  readonly expiresAt?: string | null;
  readonly lastUsedAt?: string | null;
}
