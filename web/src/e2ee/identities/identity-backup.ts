import { openOnce, sealOnce } from '../aes-gcm';
import { type Bytes, concatenate } from '../bytes';
import { deriveBytes } from '../labelled';
import { refusal, type Result, success } from '../result';
import { WireReader, WireWriter } from '../wire';
import type { IdentitySecrets } from './identity';

const version = 1;
const sealedLength = 64 + 16;

/** What opens a backup: the entropy of the printed code, or what a passkey's PRF (WebAuthn level 3, section 10.1.4) gave for the backup's salt. */
export type BackupSecret = { readonly kind: 'recovery-code'; readonly entropy: Bytes } | { readonly kind: 'passkey'; readonly output: Bytes };

const kinds = { 'recovery-code': 1, passkey: 2 } as const;

/** The server keeps it and can open nothing: the secret has at least 128 bits of chance, so that no slow derivation is needed. */
export async function sealBackup(account: Bytes, salt: Bytes, secret: BackupSecret, identity: IdentitySecrets): Promise<Bytes> {
  const header = encodeHeader(account, salt, secret.kind);
  const { key, nonce } = await derive(secret, salt, header);
  return concatenate(header, await sealOnce(key, nonce, header, concatenate(identity.signingSeed, identity.sealingSeed)));
}

/** Random for each backup, for it makes the key and the nonce; a passkey is asked with it as input. */
export function makeBackupSalt(): Bytes {
  return crypto.getRandomValues(new Uint8Array(32));
}

export interface BackupHeader {
  readonly account: Bytes;
  readonly kind: BackupSecret['kind'];
  readonly salt: Bytes;
}

/** What must be asked for to open it. */
export function readBackupHeader(backup: Uint8Array): BackupHeader | null {
  return parse(backup)?.header ?? null;
}

/** `wrong-secret` says no more than that: another code, another passkey, or bytes that were changed. */
export async function openBackup(backup: Uint8Array, secret: BackupSecret): Promise<Result<IdentitySecrets, 'malformed-backup' | 'wrong-secret'>> {
  const parsed = parse(backup);
  if (parsed === null) return refusal('malformed-backup');
  if (parsed.header.kind !== secret.kind) return refusal('wrong-secret');
  const header = encodeHeader(parsed.header.account, parsed.header.salt, secret.kind);
  const { key, nonce } = await derive(secret, parsed.header.salt, header);
  const opened = await openOnce(key, nonce, header, parsed.sealed);
  if (!opened.ok) return refusal('wrong-secret');
  return success({ signingSeed: opened.value.slice(0, 32), sealingSeed: opened.value.slice(32) });
}

function parse(backup: Uint8Array): { readonly header: BackupHeader; readonly sealed: Bytes } | null {
  const reader = new WireReader(backup);
  const readVersion = reader.uint8();
  const number = reader.uint8();
  const account = reader.fixed(16);
  const salt = reader.fixed(32);
  const sealed = reader.fixed(sealedLength);
  const kind = number === kinds['recovery-code'] ? 'recovery-code' : number === kinds.passkey ? 'passkey' : null;
  return reader.isComplete && readVersion === version && kind !== null ? { header: { account, kind, salt }, sealed } : null;
}

function encodeHeader(account: Bytes, salt: Bytes, kind: BackupSecret['kind']): Bytes {
  return new WireWriter().uint8(version).uint8(kinds[kind]).fixed(account, 16).fixed(salt, 32).bytes();
}

/** Key and nonce both come of the secret and the salt, which no other backup has. */
async function derive(secret: BackupSecret, salt: Bytes, header: Bytes): Promise<{ readonly key: Bytes; readonly nonce: Bytes }> {
  const bytes = await deriveBytes(secret.kind === 'passkey' ? secret.output : secret.entropy, salt, 'Tocsin identity backup v1', header, 44);
  return { key: bytes.slice(0, 32), nonce: bytes.slice(32) };
}
