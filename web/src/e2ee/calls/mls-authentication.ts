import type { ClientConfig } from 'ts-mls/clientConfig.js';
import type { Credential } from 'ts-mls/credential.js';
import { defaultKeyRetentionConfig } from 'ts-mls/keyRetentionConfig.js';
import { defaultLifetimeConfig } from 'ts-mls/lifetimeConfig.js';
import { defaultPaddingConfig } from 'ts-mls/paddingConfig.js';
import { equalBytes } from '../bytes';
import { type DeviceCertificate, readDeviceCertificate } from '../identities/device-certificate';

/**
 * What a device is to this call. `rostered`: of a member of the room, certified by the identity in the roster, not revoked. `guest`: of nobody in the roster.
 * `refused`: in the name of a member but not by their identity, or revoked.
 */
export type Standing = 'rostered' | 'guest' | 'refused';

/** What the room's roster and the directory say; asked anew at each step, so that it may change during a call. */
export interface CallPolicy {
  standingOf(certificate: DeviceCertificate): Standing;
  /** Beside one's own devices and those that are refused, which anybody in the roster may take out. */
  mayRemove(by: DeviceCertificate, whom: DeviceCertificate): boolean;
}

/** The certificate in an MLS credential, if its device's key is the leaf's. Null for anything else: nobody is in a call without one. */
export async function certificateIn(credential: Credential, signatureKey: Uint8Array): Promise<DeviceCertificate | null> {
  if (credential.credentialType !== 'basic' || !('identity' in credential)) return null;
  const read = await readDeviceCertificate(credential.identity);
  return read.ok && equalBytes(read.value.deviceKey, signatureKey) ? read.value : null;
}

/** The library's own accepts every credential. This one accepts those whose certificate holds and whose device is not refused. */
export function strictConfig(policy: CallPolicy): ClientConfig {
  return {
    keyRetentionConfig: defaultKeyRetentionConfig,
    lifetimeConfig: defaultLifetimeConfig,
    paddingConfig: defaultPaddingConfig,
    // Two packages are of one client where the device is the same.
    keyPackageEqualityConfig: {
      compareKeyPackages: (one, other) => equalBytes(one.leafNode.signaturePublicKey, other.leafNode.signaturePublicKey),
      compareKeyPackageToLeafNode: (one, other) => equalBytes(one.leafNode.signaturePublicKey, other.signaturePublicKey),
    },
    authService: {
      async validateCredential(credential, signatureKey) {
        const certificate = await certificateIn(credential, signatureKey);
        return certificate !== null && policy.standingOf(certificate) !== 'refused';
      },
    },
  };
}
