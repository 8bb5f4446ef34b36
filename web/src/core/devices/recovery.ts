import { type Bytes, equalBytes } from '../../e2ee/bytes';
import { revokeDevice } from '../../e2ee/identities/device-certificate';
import { encodeLogEntry } from '../../e2ee/identities/directory-log';
import { identitySigner, type IdentitySecrets } from '../../e2ee/identities/identity';
import { type BackupSecret, makeBackupSalt, openBackup, readBackupHeader, sealBackup } from '../../e2ee/identities/identity-backup';
import { formatRecoveryCode, makeRecoveryEntropy, parseRecoveryCode } from '../../e2ee/identities/recovery-code';
import { refusal, type Result, success } from '../../e2ee/result';
import { askPasskeyForSecret } from '../../platform/passkeys';
import type { DeviceKeys, ThisDevice } from './device-keys';
import { type OpenedDevice, publish } from './device-opening';
import type { DeviceDirectory } from './device-directory';
import type { BackupService, IdentityService } from './identity-service';

/** A code that opens the identity once it is kept: not before its owner has shown that it is written down. */
export interface OfferedCode {
  /** Seven groups of four, joined by dashes. */
  readonly text: string;
  /** From here on this code opens the identity, and the one before it does not. */
  keep(): Promise<void>;
}

export async function offerRecoveryCode(device: ThisDevice, backups: BackupService): Promise<OfferedCode> {
  const entropy = makeRecoveryEntropy();
  return {
    text: await formatRecoveryCode(entropy),
    keep: () => keepBackup(device, { kind: 'recovery-code', entropy }, makeBackupSalt(), backups),
  };
}

/** @returns False where the authenticator gives no secret, or the person closed its question. */
export async function keepUnderPasskey(device: ThisDevice, backups: BackupService): Promise<boolean> {
  const salt = makeBackupSalt();
  const output = await askPasskeyForSecret(salt);
  if (output === null) return false;
  await keepBackup(device, { kind: 'passkey', output }, salt, backups);
  return true;
}

/** Where this browser is no device of an identity that there is. */
export interface Newcomer {
  readonly keys: DeviceKeys;
  readonly directory: DeviceDirectory;
}

export type RecoveryRefusal = 'wrong-length' | 'wrong-letter' | 'wrong-checksum' | 'no-backup' | 'wrong-secret' | 'no-passkey-secret' | 'old-backup';

/** Makes this browser a device by the code from the emergency card. */
export async function recoverByCode(
  newcomer: Newcomer,
  typed: string,
  service: IdentityService & BackupService,
  now: () => number,
): Promise<Result<OpenedDevice, RecoveryRefusal>> {
  const parsed = await parseRecoveryCode(typed);
  if (!parsed.ok) return parsed;
  const backup = await service.readBackup('recovery-code');
  return backup === null ? refusal('no-backup') : recover(newcomer, backup, { kind: 'recovery-code', entropy: parsed.value }, service, now);
}

/** Makes this browser a device by the passkey that sealed the backup. */
export async function recoverByPasskey(
  newcomer: Newcomer,
  service: IdentityService & BackupService,
  now: () => number,
): Promise<Result<OpenedDevice, RecoveryRefusal>> {
  const backup = await service.readBackup('passkey');
  const header = backup === null ? null : readBackupHeader(backup);
  if (backup === null || header === null) return refusal('no-backup');
  const output = await askPasskeyForSecret(header.salt);
  return output === null ? refusal('no-passkey-secret') : recover(newcomer, backup, { kind: 'passkey', output }, service, now);
}

/** Another identity from here on: the old one and all its devices count no more, and everybody is told. */
export async function resetIdentity({ keys, directory }: Newcomer, service: IdentityService, now: () => number): Promise<OpenedDevice> {
  const putBack = await keys.remember();
  const kept = await keys.make(BigInt(now()));
  try {
    return await publish(keys, directory, kept, { ...service, publish: (entries) => service.reset(entries) });
  } catch (error) {
    // Refused, or cut off: what this browser was before is worth more than an identity that nobody may have heard of.
    await putBack();
    throw error;
  }
}

/** That the certificate is the account's is for the directory to say: here it is only that its own identity takes it back. */
export async function revocationOf(device: ThisDevice, revoked: Bytes, now: () => number): Promise<Bytes> {
  const statement = await revokeDevice(device.identity, { account: device.account, device: revoked, revokedAt: BigInt(now()) });
  return encodeLogEntry({ kind: 'device-revocation', statement });
}

async function keepBackup(device: ThisDevice, secret: BackupSecret, salt: Bytes, backups: BackupService): Promise<void> {
  await backups.keepBackup(secret.kind, await sealBackup(device.account, salt, secret, device.secrets));
}

async function recover(
  { keys, directory }: Newcomer,
  backup: Bytes,
  secret: BackupSecret,
  service: IdentityService,
  now: () => number,
): Promise<Result<OpenedDevice, RecoveryRefusal>> {
  const opened = await openBackup(backup, secret);
  if (!opened.ok) return refusal('wrong-secret');
  const joined = await joinIdentity({ keys, directory }, opened.value, service, now);
  return joined === null ? refusal('old-backup') : success(joined);
}

/** @returns Null where the identity is not the one that the directory has: a server that gives back an old backup, or shows somebody else's identity, is found out here. */
export async function joinIdentity(
  { keys, directory }: Newcomer,
  secrets: IdentitySecrets,
  service: IdentityService,
  now: () => number,
): Promise<OpenedDevice | null> {
  if (!(await isPresent(directory, keys.account, secrets))) return null;
  await keys.forgetDevice();
  return publish(keys, directory, await keys.join(secrets, BigInt(now())), service);
}

async function isPresent(directory: DeviceDirectory, account: Bytes, secrets: IdentitySecrets): Promise<boolean> {
  const known = directory.identityOf(account);
  return known !== undefined && equalBytes(known.identity.signingKey, (await identitySigner(secrets)).publicKey);
}
