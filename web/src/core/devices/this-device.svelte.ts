/**
 * This browser as a device of whoever is signed in, and the directory that it has verified: what rooms and calls build upon. It stands in `core` because features share it and it
 * needs the server, the browser's database and `e2ee`, which `core` alone may import together. Import it where it is needed and not from the first page: it brings the
 * cryptography with it.
 */
import { browserName } from '../../platform/browser-name';
import { indexedDeviceStore } from '../../platform/device-store';
import { ApiError } from '../../transport/api-error';
import { liveEvents } from '../live-events';
import { nameService, suggestName } from './device-names';
import { openDevice, type OpenedDevice, standingOf } from './device-opening';
import { identityService } from './identity-service';

export type ThisDeviceState =
  | { readonly kind: 'closed' | 'opening' }
  /** The browser lacks the cryptography, or the page did not come over HTTPS. */
  | { readonly kind: 'unsupported' }
  /** Never opened here, and there is no server now: tried again when there is. */
  | { readonly kind: 'unreachable' }
  /** What this browser keeps, or what the server says of who is signed in, can not be used. */
  | { readonly kind: 'failed' }
  | OpenedDevice;

let state = $state.raw<ThisDeviceState>({ kind: 'closed' });
/** The directory is no reactive state: who reads it in a page reads this first. */
let changes = $state(0);
let whose: string | null = null;
let stop: () => void = () => undefined;

export function thisDevice(): ThisDeviceState {
  return state;
}

/** Grows with every change of the directory. */
export function directoryChanges(): number {
  return changes;
}

/** Once somebody is signed in, and again when the line is back: what was open stays. */
export async function openThisDevice(personId: string): Promise<void> {
  if (whose === personId) return state.kind === 'unreachable' ? open(personId) : undefined;
  closeThisDevice();
  whose = personId;
  stop = liveEvents.on(['directory-log.'], () => void follow(personId));
  await open(personId);
}

/** When nobody is signed in any more. The keys stay in the browser. */
export function closeThisDevice(): void {
  stop();
  whose = null;
  state = { kind: 'closed' };
}

async function open(personId: string): Promise<void> {
  if (!isSecureContext || crypto.subtle === undefined) {
    state = { kind: 'unsupported' };
    return;
  }
  state = { kind: 'opening' };
  const opened = await alone(personId, () =>
    openDevice({ service: identityService, store: indexedDeviceStore, personId, now: () => Date.now() }).catch(failed),
  );
  if (whose === personId) settle(opened);
}

/** After pages have changed what this browser is: recovered, added or reset. */
export function settle(opened: ThisDeviceState): void {
  state = opened;
  changes++;
  if (opened.kind !== 'ready' && opened.kind !== 'not-a-device') return;
  if (opened.kind === 'ready') void suggestName(opened.device, opened.keys, browserName(), nameService).then(() => changes++);
  const directory = opened.directory;
  directory.onChange(() => {
    changes++;
    if (state.kind !== 'ready' || state.directory !== directory) return;
    const standing = standingOf(directory, state.device);
    if (standing === 'revoked' || standing === 'reset') state = { kind: 'not-a-device', keys: state.keys, directory, because: standing };
  });
}

async function follow(personId: string): Promise<void> {
  if (state.kind === 'unreachable') await open(personId);
  else if (state.kind === 'ready' || state.kind === 'not-a-device') await state.directory.sync().catch(ignorePassing);
}

function failed(error: unknown): ThisDeviceState {
  if (error instanceof ApiError) return { kind: 'unreachable' };
  if (error instanceof DOMException && error.name === 'NotSupportedError') return { kind: 'unsupported' };
  // A page that goes on opening for ever tells nobody anything; whoever mends it finds the error in the browser's console.
  reportError(error);
  return { kind: 'failed' };
}

/** The next event, or the line's return, asks again. */
function ignorePassing(error: unknown): void {
  if (!(error instanceof ApiError)) throw error;
}

/** Of two tabs that open at once the second finds what the first has made. */
async function alone<Value>(personId: string, work: () => Promise<Value>): Promise<Value> {
  return navigator.locks === undefined ? work() : await navigator.locks.request<Promise<Value>>(`tocsin-device-${personId}`, work);
}
