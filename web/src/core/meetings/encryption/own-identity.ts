import { thisDevice } from '../../devices/this-device.svelte';
import { accountIdentity, guestIdentity, type CallIdentity } from './call-identity';

/** This browser as a device of whoever is signed in; where it is none of theirs, somebody in the call hands over the keys, as to a guest. @throws Error where it can be neither: pages do not let people join then. */
export function ownIdentity(): Promise<CallIdentity> {
  const state = thisDevice();
  if (state.kind === 'not-a-device') return guestIdentity(BigInt(Date.now()), state.directory);
  if (state.kind !== 'ready') return Promise.reject(new Error(`not a device: ${state.kind}`));
  return Promise.resolve(accountIdentity(state.device, state.directory));
}
