import { fromHex } from '../../e2ee/bytes';
import { indexedDeviceStore } from '../../platform/device-store';
import { withFreshSignIn } from '../fresh-sign-in.svelte';
import { liveEvents } from '../live-events';
import { HandoverGiver, HandoverReceiver } from './device-handover';
import { nameDevice, nameService, readDeviceNames } from './device-names';
import { handoverService } from './handover-service';
import { identityService } from './identity-service';
import {
  keepUnderPasskey,
  type OfferedCode,
  offerRecoveryCode,
  recoverByCode,
  recoverByPasskey,
  type RecoveryRefusal,
  resetIdentity,
  revocationOf,
} from './recovery';
import { forgetDevice } from './forgetting';
import { closeThisDevice, directoryChanges, settle, thisDevice } from './this-device.svelte';

export interface OwnDevice {
  /** Its number in hexadecimal. */
  readonly id: string;
  /** Milliseconds since 1970, as the device's clock had it. */
  readonly since: number;
  readonly isThis: boolean;
}

const now = (): number => Date.now();

/** The devices of whoever is signed in, as this browser has verified them, the newest first. */
export function ownDevices(): readonly OwnDevice[] {
  directoryChanges();
  const state = thisDevice();
  if (state.kind !== 'ready' && state.kind !== 'not-a-device') return [];
  const devices = state.directory.identityOf(state.keys.account)?.devices ?? new Map();
  const own = state.kind === 'ready' ? state.device.device.join() : null;
  return [...devices]
    .flatMap(([id, certificate]) =>
      certificate === null ? [] : [{ id, since: Number(certificate.issuedAt), isThis: certificate.device.join() === own }],
    )
    .sort((one, other) => other.since - one.since);
}

/** What the person calls their devices, by id; empty where this browser is none of them. */
export async function ownDeviceNames(): Promise<ReadonlyMap<string, string>> {
  directoryChanges();
  const state = thisDevice();
  return state.kind === 'ready' ? readDeviceNames(state.device, nameService) : new Map();
}

export function renameDevice(id: string, name: string): Promise<void> {
  return nameDevice(ready().device, fromHex(id), name, nameService);
}

export async function revoke(id: string): Promise<void> {
  const state = ready();
  await identityService.publish([await revocationOf(state.device, fromHex(id), now)]);
  await state.directory.sync();
}

export function offerCode(): Promise<OfferedCode> {
  return offerRecoveryCode(ready().device, identityService);
}

export function protectByPasskey(): Promise<boolean> {
  return keepUnderPasskey(ready().device, identityService);
}

/** @returns Why it could not be, or null when this browser is a device now. */
export async function recoverWithCode(typed: string): Promise<RecoveryRefusal | null> {
  const recovered = await recoverByCode(newcomer(), typed, identityService, now);
  if (!recovered.ok) return recovered.code;
  settle(recovered.value);
  return null;
}

/** As `recoverWithCode`, by the passkey that sealed the backup. */
export async function recoverWithPasskey(): Promise<RecoveryRefusal | null> {
  const recovered = await recoverByPasskey(newcomer(), identityService, now);
  if (!recovered.ok) return recovered.code;
  settle(recovered.value);
  return null;
}

/** This browser offers itself to another device of the same person. Once it has joined, `settle` is for whoever shows it. */
export function receiveIdentity(): Promise<HandoverReceiver> {
  return HandoverReceiver.begin(newcomer(), { handovers: handoverService, identities: identityService }, now);
}

/** @param offered What the new device shows: scanned, pasted or typed. */
export function giveIdentity(offered: string): ReturnType<typeof HandoverGiver.begin> {
  return HandoverGiver.begin(ready(), offered, handoverService);
}

/** Calls when something may have come, and from time to time: an event can be missed, and the end of the ten minutes has none. @returns How to stop. */
export function followHandover(look: () => void): () => void {
  const timer = setInterval(look, 15_000);
  const stop = liveEvents.on(['device-handover.', 'directory-log.'], look);
  return () => {
    clearInterval(timer);
    stop();
  };
}

/** Whether nothing would open the person's identity again if this browser forgot it. */
export async function isOnlyHere(): Promise<boolean> {
  return thisDevice().kind === 'ready' && ownDevices().length === 1 && (await identityService.listBackups()).length === 0;
}

/** For a computer that others use too: before signing out. */
export async function forgetThisDevice(): Promise<void> {
  const state = thisDevice();
  if (state.kind !== 'ready' && state.kind !== 'not-a-device') return;
  closeThisDevice();
  await forgetDevice(state, indexedDeviceStore, identityService, now);
}

export async function startAfresh(): Promise<void> {
  const state = thisDevice();
  if (state.kind !== 'ready' && state.kind !== 'not-a-device') throw new Error('no device to begin anew with');
  settle(await resetIdentity(state, { ...identityService, reset: (entries) => withFreshSignIn(() => identityService.reset(entries)) }, now));
}

function ready(): Extract<ReturnType<typeof thisDevice>, { kind: 'ready' }> {
  const state = thisDevice();
  if (state.kind !== 'ready') throw new Error('this browser is no device');
  return state;
}

function newcomer(): Extract<ReturnType<typeof thisDevice>, { kind: 'not-a-device' }> {
  const state = thisDevice();
  if (state.kind !== 'not-a-device') throw new Error('this browser is a device already');
  return state;
}
