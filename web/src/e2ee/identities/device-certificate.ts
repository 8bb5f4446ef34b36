import { type Bytes, concatenate } from '../bytes';
import { labelled } from '../labelled';
import { refusal, type Result, success } from '../result';
import { signatureLength, type Signer, signingPublicKeyLength, verifySignature } from '../signature';
import { WireReader, WireWriter } from '../wire';

const version = 1;
const certificateLabel = 'Tocsin device certificate v1';
const revocationLabel = 'Tocsin device revocation v1';

/** An identity says that a device is its own. Also the credential of the device in the MLS group of a call. */
export interface DeviceCertificate {
  readonly account: Bytes;
  readonly device: Bytes;
  readonly identityKey: Bytes;
  readonly deviceKey: Bytes;
  /** Unix milliseconds. */
  readonly issuedAt: bigint;
}

export interface DeviceRevocation {
  readonly account: Bytes;
  readonly device: Bytes;
  readonly identityKey: Bytes;
  readonly revokedAt: bigint;
}

export type CertificateRefusal = 'malformed-certificate' | 'bad-signature';

export async function certifyDevice(identity: Signer, subject: Omit<DeviceCertificate, 'identityKey'>): Promise<Bytes> {
  const body = encodeCertificate({ ...subject, identityKey: identity.publicKey });
  return concatenate(body, await identity.sign(labelled(certificateLabel, body)));
}

/** The shape alone: for what this device has verified before and kept sealed. */
export function parseDeviceCertificate(certificate: Uint8Array): Result<DeviceCertificate & { readonly signature: Bytes }, 'malformed-certificate'> {
  const reader = new WireReader(certificate);
  const readVersion = reader.uint8();
  const read = {
    account: reader.fixed(16),
    device: reader.fixed(16),
    identityKey: reader.fixed(signingPublicKeyLength),
    deviceKey: reader.fixed(signingPublicKeyLength),
    issuedAt: reader.uint64(),
    signature: reader.fixed(signatureLength),
  };
  return reader.isComplete && readVersion === version ? success(read) : refusal('malformed-certificate');
}

/** That the named identity signed it. Whether that identity is the account's, and the device not revoked, the directory says. */
export async function readDeviceCertificate(certificate: Uint8Array): Promise<Result<DeviceCertificate, CertificateRefusal>> {
  const parsed = parseDeviceCertificate(certificate);
  if (!parsed.ok) return parsed;
  const { signature, ...read } = parsed.value;
  const isSigned = await verifySignature(read.identityKey, signature, labelled(certificateLabel, encodeCertificate(read)));
  return isSigned ? success(read) : refusal('bad-signature');
}

export async function revokeDevice(identity: Signer, subject: Omit<DeviceRevocation, 'identityKey'>): Promise<Bytes> {
  const body = encodeRevocation({ ...subject, identityKey: identity.publicKey });
  return concatenate(body, await identity.sign(labelled(revocationLabel, body)));
}

/** The shape alone: for what this device has verified before and kept sealed. */
export function parseDeviceRevocation(revocation: Uint8Array): Result<DeviceRevocation & { readonly signature: Bytes }, 'malformed-certificate'> {
  const reader = new WireReader(revocation);
  const readVersion = reader.uint8();
  const read = {
    account: reader.fixed(16),
    device: reader.fixed(16),
    identityKey: reader.fixed(signingPublicKeyLength),
    revokedAt: reader.uint64(),
    signature: reader.fixed(signatureLength),
  };
  return reader.isComplete && readVersion === version ? success(read) : refusal('malformed-certificate');
}

export async function readDeviceRevocation(revocation: Uint8Array): Promise<Result<DeviceRevocation, CertificateRefusal>> {
  const parsed = parseDeviceRevocation(revocation);
  if (!parsed.ok) return parsed;
  const { signature, ...read } = parsed.value;
  const isSigned = await verifySignature(read.identityKey, signature, labelled(revocationLabel, encodeRevocation(read)));
  return isSigned ? success(read) : refusal('bad-signature');
}

function encodeCertificate({ account, device, identityKey, deviceKey, issuedAt }: DeviceCertificate): Bytes {
  return new WireWriter()
    .uint8(version)
    .fixed(account, 16)
    .fixed(device, 16)
    .fixed(identityKey, signingPublicKeyLength)
    .fixed(deviceKey, signingPublicKeyLength)
    .uint64(issuedAt)
    .bytes();
}

function encodeRevocation({ account, device, identityKey, revokedAt }: DeviceRevocation): Bytes {
  return new WireWriter().uint8(version).fixed(account, 16).fixed(device, 16).fixed(identityKey, signingPublicKeyLength).uint64(revokedAt).bytes();
}
