import { type Bytes, fromHex } from '../../e2ee/bytes';
import { checkVerificationCode, safetyNumber, verificationCode } from '../../e2ee/identities/safety-number';
import { accountOf, personOf } from './account-bytes';
import type { DirectoryProblem, Trust } from './device-directory';
import { directoryChanges, thisDevice } from './this-device.svelte';

/** `none` where this browser cannot tell: it is no device, has not opened yet, or the id in the address is none. */
export function trustInPerson(personId: string): Trust | 'none' {
  directoryChanges();
  const state = thisDevice();
  const isPerson = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(personId);
  return state.kind === 'ready' && isPerson ? state.directory.trustIn(accountOf(personId)) : 'none';
}

/** For a QR code that the person scans on their own device; null where one of the two has no identity. */
export function verificationCodeFor(personId: string): string | null {
  const both = identitiesOf(personId);
  return both === null ? null : verificationCode(both.own, both.theirs);
}

export type ScanOutcome = 'same' | 'not-a-verification-code' | 'other-keys' | 'other-person';

/** What the person's device showed. Where it is the same on both sides the identity is verified from here on. */
export async function verifyByScan(personId: string, scanned: string): Promise<ScanOutcome> {
  const [state, both] = [thisDevice(), identitiesOf(personId)];
  if (state.kind !== 'ready' || both === null) return 'other-keys';
  const checked = checkVerificationCode(scanned, both.own, both.theirs, state.directory.fingerprints());
  if (!checked.ok) return checked.code;
  await acceptIdentity(personId, { verified: true });
  return 'same';
}

/** Sixty digits, the same on both sides; null where one of the two has no identity. Another number once an identity was replaced. */
export async function safetyNumberWith(personId: string): Promise<string | null> {
  const both = identitiesOf(personId);
  return both === null ? null : safetyNumber(both.own, both.theirs);
}

function identitiesOf(personId: string): { readonly own: Bytes; readonly theirs: Bytes } | null {
  directoryChanges();
  const state = thisDevice();
  if (state.kind !== 'ready') return null;
  const [own, theirs] = [state.directory.identityOf(state.device.account), state.directory.identityOf(accountOf(personId))];
  return own === undefined || theirs === undefined ? null : { own: own.fingerprint, theirs: theirs.fingerprint };
}

/** `verified` where the safety number was compared with the person, and not only taken note of. */
export async function acceptIdentity(personId: string, how: { readonly verified: boolean }): Promise<void> {
  const state = thisDevice();
  if (state.kind === 'ready') await state.directory.accept(accountOf(personId), how);
}

/** People whose identity is another than this device counted on, without oneself. */
export function changedPeople(): readonly string[] {
  directoryChanges();
  const state = thisDevice();
  if (state.kind !== 'ready') return [];
  const own = personOf(state.device.account);
  return state.directory
    .changedAccounts()
    .map((account) => personOf(fromHex(account)))
    .filter((person) => person !== own);
}

/** What the server did that no honest one does. */
export function directoryProblem(): DirectoryProblem | null {
  directoryChanges();
  const state = thisDevice();
  return state.kind === 'ready' || state.kind === 'not-a-device' ? state.directory.problem : null;
}

/** After an old backup was restored: reads everything from the server again, and warns of whoever differs. */
export async function readDirectoryAnew(): Promise<void> {
  const state = thisDevice();
  if (state.kind === 'ready' || state.kind === 'not-a-device') await state.directory.startOver();
}
