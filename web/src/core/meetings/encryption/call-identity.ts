import { type Bytes, equalBytes } from '../../../e2ee/bytes';
import type { CallDevice } from '../../../e2ee/calls/call-group';
import type { CallPolicy, Standing } from '../../../e2ee/calls/mls-authentication';
import { certifyDevice, type DeviceCertificate } from '../../../e2ee/identities/device-certificate';
import { generateSigningKey, signerOf } from '../../../e2ee/signature';

export type { DeviceCertificate };

/** With what somebody comes into a call, and what they know of the others. */
export interface CallIdentity {
  readonly device: CallDevice;
  readonly policy: CallPolicy;
  /** Accounts come in by themselves; guests are added. */
  readonly isGuest: boolean;
  /** Reads what is new in the directory of devices. */
  refresh(): Promise<void>;
}

/** Certificates of guests name nobody: whoever names an account must be in the directory. */
const nobody: Bytes = new Uint8Array(16);

export function isGuestCertificate({ account }: DeviceCertificate): boolean {
  return equalBytes(account, nobody);
}

/** What accounts believe: the directory of devices, as this device has verified it. */
export interface KnownDevices {
  deviceOf(account: Uint8Array, device: Uint8Array): DeviceCertificate | null;
  sync(): Promise<void>;
}

export function accountIdentity(device: CallDevice, directory: KnownDevices): CallIdentity {
  return { device, isGuest: false, policy: directoryPolicy(directory), refresh: () => directory.sync() };
}

/**
 * An identity for one call, made anew by each page: of guests, and of accounts on a browser that is none of their devices. Guests have no directory: they tell accounts from guests by what
 * a certificate says, and compare the code.
 */
export async function guestIdentity(now: bigint, directory?: KnownDevices): Promise<CallIdentity> {
  const [identity, device] = await Promise.all([generateSigningKey().then(signerOf), generateSigningKey().then(signerOf)]);
  const subject = { account: nobody, device: crypto.getRandomValues(new Uint8Array(16)), deviceKey: device.publicKey, issuedAt: now };
  const certificate = await certifyDevice(identity, subject);
  const policy = directory ? directoryPolicy(directory) : callPolicy((other) => (isGuestCertificate(other) ? 'guest' : 'rostered'));
  return { device: { certificate, signer: device }, isGuest: true, policy, refresh: () => directory?.sync() ?? Promise.resolve() };
}

function directoryPolicy(directory: KnownDevices): CallPolicy {
  return callPolicy((certificate) => {
    if (isGuestCertificate(certificate)) return 'guest';
    const known = directory.deviceOf(certificate.account, certificate.device);
    return known !== null && equalBytes(known.deviceKey, certificate.deviceKey) ? 'rostered' : 'refused';
  });
}

/** Whoever is gone must be taken out by somebody: any account may, and who was taken out by mistake comes in again. Decision 0109. */
function callPolicy(standingOf: (certificate: DeviceCertificate) => Standing): CallPolicy {
  return { standingOf, mayRemove: (by) => standingOf(by) === 'rostered' };
}
