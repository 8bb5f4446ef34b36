import { toHex } from '../../e2ee/bytes';
import { type Bytes } from '../../e2ee/bytes';
import { encodeLogEntry } from '../../e2ee/identities/directory-log';
import type { DeviceStore } from '../../platform/device-store';
import { ApiError } from '../../transport/api-error';
import { DeviceDirectory } from './device-directory';
import { DeviceKeys, isOfIdentity, type KeptDevice, type ThisDevice } from './device-keys';
import type { IdentityService } from './identity-service';

export type OpenedDevice =
  | { readonly kind: 'ready'; readonly keys: DeviceKeys; readonly directory: DeviceDirectory; readonly device: ThisDevice; readonly isFirst: boolean }
  /** The person has an identity and this browser has not: another device adds it, a recovery code opens the backup, or everything begins anew. */
  | { readonly kind: 'not-a-device'; readonly keys: DeviceKeys; readonly directory: DeviceDirectory; readonly because: 'new' | 'revoked' | 'reset' };

export interface DeviceSurroundings {
  readonly service: IdentityService;
  readonly store: DeviceStore;
  readonly personId: string;
  /** Unix milliseconds. */
  readonly now: () => number;
}

/**
 * Opens this browser's device, or makes it where the person has no identity yet. Without a server, what was opened before opens again; whoever was never a device gets the
 * server's absence as an error.
 */
export async function openDevice({ service, store, personId, now }: DeviceSurroundings): Promise<OpenedDevice> {
  const keys = await DeviceKeys.open(store, personId);
  const directory = await DeviceDirectory.open(service, keys.sealed);
  const missing = await directory.sync().then(() => null, passing);
  const kept = await keys.read();
  const device = kept === null ? null : await keys.open(kept);
  if (kept !== null && device !== null) return reopen(keys, directory, kept, device, service, missing);
  if (missing !== null) throw missing;
  if (directory.problem !== null || directory.identityOf(keys.account) !== undefined)
    return { kind: 'not-a-device', keys, directory, because: 'new' };
  return publish(keys, directory, await keys.make(BigInt(now())), service);
}

/** As the directory has it now: called again whenever that has grown. */
export function standingOf(directory: DeviceDirectory, device: ThisDevice): 'certified' | 'revoked' | 'reset' | 'unpublished' {
  const known = directory.identityOf(device.account);
  if (known === undefined) return 'unpublished';
  if (!isOfIdentity(device, known.identity.signingKey)) return 'reset';
  const certificate = known.devices.get(toHex(device.device));
  return certificate === undefined ? 'unpublished' : certificate === null ? 'revoked' : 'certified';
}

async function reopen(
  keys: DeviceKeys,
  directory: DeviceDirectory,
  kept: KeptDevice,
  device: ThisDevice,
  service: IdentityService,
  missing: Error | null,
): Promise<OpenedDevice> {
  const standing = standingOf(directory, device);
  switch (standing) {
    case 'certified':
      return { kind: 'ready', keys, directory, device, isFirst: false };
    case 'revoked':
    case 'reset':
      // Of a log that this device does not believe any more it is not told that it is none.
      return { kind: 'not-a-device', keys, directory, because: standing };
    case 'unpublished':
      // Made, and then the browser was closed or the link broke.
      if (missing !== null) throw missing;
      return publish(keys, directory, kept, service);
  }
}

/** Tells everybody of this device. Where another browser was first with an identity, this one is no device yet. */
export async function publish(keys: DeviceKeys, directory: DeviceDirectory, kept: KeptDevice, service: IdentityService): Promise<OpenedDevice> {
  const entries: Bytes[] = kept.identity === null ? [] : [encodeLogEntry({ kind: 'identity', statement: kept.identity })];
  entries.push(encodeLogEntry({ kind: 'device-certificate', statement: kept.certificate }));
  try {
    await service.publish(entries);
  } catch (error) {
    if (!(error instanceof ApiError) || !overtaken.has(error.code)) throw error;
    await keys.forgetDevice();
    await directory.sync();
    return { kind: 'not-a-device', keys, directory, because: 'new' };
  }
  await directory.sync();
  const device = await keys.open(kept);
  if (device === null) throw new Error('The browser has lost what it was just given to keep.');
  return { kind: 'ready', keys, directory, device, isFirst: kept.identity !== null };
}

const overtaken: ReadonlySet<string> = new Set(['identity-exists', 'other-identity', 'unknown-account']);

function passing(error: unknown): Error {
  if (error instanceof ApiError && error.isPassing) return error;
  throw error;
}
