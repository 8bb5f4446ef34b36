import { type Bytes, concatenate, sha256 } from '../bytes';
import { hpkeKeyPairOf, hpkePublicKeyLength } from '../hpke';
import { labelled, labelledHash } from '../labelled';
import { refusal, type Result, success } from '../result';
import { signatureLength, type Signer, signerFromSeed, signingPublicKeyLength, verifySignature } from '../signature';
import { WireReader, WireWriter } from '../wire';

const version = 1;
const label = 'Tocsin identity v1';

/** What everybody knows of an account: the key that signs for it, and the one that is sealed to. docs/protocol/identities.md has the layout. */
export interface Identity {
  readonly account: Bytes;
  readonly signingKey: Bytes;
  readonly sealingKey: Bytes;
  /** Unix milliseconds, as the device's clock had it. */
  readonly createdAt: bigint;
}

/** Both seeds: all that a backup holds. Never leaves the device in clear. */
export interface IdentitySecrets {
  readonly signingSeed: Bytes;
  readonly sealingSeed: Bytes;
}

export function makeIdentitySecrets(): IdentitySecrets {
  return { signingSeed: crypto.getRandomValues(new Uint8Array(32)), sealingSeed: crypto.getRandomValues(new Uint8Array(32)) };
}

/** @returns The identity as it is published, signed by itself: whoever publishes it holds the key. */
export async function publishIdentity(account: Bytes, secrets: IdentitySecrets, createdAt: bigint): Promise<Bytes> {
  const signer = await signerFromSeed(secrets.signingSeed);
  const { publicKey: sealingKey } = await hpkeKeyPairOf(secrets.sealingSeed);
  const body = encodeBody({ account, signingKey: signer.publicKey, sealingKey, createdAt });
  return concatenate(body, await signer.sign(labelled(label, body)));
}

/** The shape alone: for what this device has verified before and kept sealed. */
export function parseIdentity(published: Uint8Array): Result<Identity & { readonly signature: Bytes }, 'malformed-identity'> {
  const reader = new WireReader(published);
  const readVersion = reader.uint8();
  const identity = {
    account: reader.fixed(16),
    signingKey: reader.fixed(signingPublicKeyLength),
    sealingKey: reader.fixed(hpkePublicKeyLength),
    createdAt: reader.uint64(),
    signature: reader.fixed(signatureLength),
  };
  return reader.isComplete && readVersion === version ? success(identity) : refusal('malformed-identity');
}

export async function readIdentity(published: Uint8Array): Promise<Result<Identity, 'malformed-identity' | 'bad-signature'>> {
  const parsed = parseIdentity(published);
  if (!parsed.ok) return parsed;
  const { signature, ...identity } = parsed.value;
  const isSigned = await verifySignature(identity.signingKey, signature, labelled(label, encodeBody(identity)));
  return isSigned ? success(identity) : refusal('bad-signature');
}

/** 32 bytes that stand for the identity wherever it is named: pinned, or shown as a QR code. */
export async function fingerprintOf({ account, signingKey, sealingKey }: Identity): Promise<Bytes> {
  return fingerprintFrom(account, signingKey, await sha256(sealingKey));
}

/** Of the parts that a room's roster has: a sealing key is long, its hash is not. */
export function fingerprintFrom(account: Bytes, signingKey: Bytes, sealingKeyHash: Bytes): Promise<Bytes> {
  return labelledHash('Tocsin identity fingerprint v1', account, signingKey, sealingKeyHash);
}

export function identitySigner(secrets: IdentitySecrets): Promise<Signer> {
  return signerFromSeed(secrets.signingSeed);
}

function encodeBody({ account, signingKey, sealingKey, createdAt }: Identity): Bytes {
  return new WireWriter()
    .uint8(version)
    .fixed(account, 16)
    .fixed(signingKey, signingPublicKeyLength)
    .fixed(sealingKey, hpkePublicKeyLength)
    .uint64(createdAt)
    .bytes();
}
