import { setCallHost } from '../../core/call-host.svelte';
import { ConnectionCheck } from '../../core/meetings/connection-check';
import { CallEncryption } from '../../core/meetings/encryption/call-encryption.svelte';
import { browserFrameWorker } from '../../core/meetings/encryption/browser-frame-worker';
import { guestIdentity } from '../../core/meetings/encryption/call-identity';
import { ownIdentity } from '../../core/meetings/encryption/own-identity';
import { MeetingClient, type Admission, type MeetingPorts } from '../../core/meetings/meeting-client.svelte';
import { testPicture } from '../../platform/test-picture';
import { mediasoupDevice } from '../../transport/call-device';
import { signalrMeetingLines } from '../../transport/meeting-line';
import type { CallLayout } from '../../core/meetings/call-layout';
import type { Capture } from './capture.svelte';
import { fetchRouter } from './meeting-api';
import { recordAttendance } from './record-attendance.svelte';

/** The one call that this page is in. */
export interface ActiveCall {
  /** Where its page is. */
  readonly path: string;
  /** The room whose call it is; null where it is of none, or where a guest is in it. */
  readonly roomId: string | null;
  readonly client: MeetingClient;
  readonly capture: Capture;
  readonly view: CallView;
}

/** How the person looks at the call. */
export class CallView {
  layout = $state<CallLayout>('grid');
  pinned = $state<string | undefined>();
  audioOnly = $state(false);
  pushToTalk = $state(false);
}

let active = $state.raw<ActiveCall | undefined>();

export function activeCall(): ActiveCall | undefined {
  return active;
}

export function newClient(isGuest: boolean): MeetingClient {
  const identity = isGuest ? () => guestIdentity(BigInt(Date.now())) : ownIdentity;
  return new MeetingClient({
    ...portsOf(isGuest),
    newDevice: mediasoupDevice,
    newEncryption: (host) => new CallEncryption({ ...host, identity, newWorker: browserFrameWorker }),
    now: () => new Date(),
    random: Math.random,
  });
}

export function newConnectionCheck(isGuest: boolean): ConnectionCheck {
  // A picture made for the test goes there and back, which nobody else sees.
  return new ConnectionCheck({ ...portsOf(isGuest), newDevice: (router) => mediasoupDevice(router), testPicture, now: () => performance.now() });
}

function portsOf(isGuest: boolean): Pick<MeetingPorts, 'newLine' | 'fetchRouter' | 'schedule'> {
  return {
    newLine: signalrMeetingLines(isGuest ? '/hub/guest' : '/hub'),
    fetchRouter,
    schedule(milliseconds, run) {
      const timer = setTimeout(run, milliseconds);
      return () => clearTimeout(timer);
    },
  };
}

export interface Entering {
  readonly path: string;
  readonly roomId: string | null;
  readonly admission: Admission;
  readonly client: MeetingClient;
  readonly capture: Capture;
  readonly microphone: boolean;
  readonly camera: boolean;
}

/** Goes in with what was captured before: the microphone is captured even where it stays shut, so that speaking takes no time. */
export async function enterCall({ path, roomId, admission, client, capture, microphone, camera }: Entering): Promise<void> {
  leaveCall();
  capture.feed(client);
  active = { path, roomId, client, capture, view: new CallView() };
  if (capture.current.microphone) await client.send('microphone', capture.current.microphone, microphone);
  if (camera && capture.current.camera) await client.send('camera', capture.current.camera);
  else capture.stop('camera');
  await client.join(admission);
  // Nobody waits for it, and no call fails for it.
  if (roomId !== null && 'meetingId' in admission) recordAttendance(roomId, admission.meetingId, client).catch(() => undefined);
}

/** Shows the call on every page of the application. */
export async function hostCall(): Promise<void> {
  setCallHost((await import('./CallHost.svelte')).default);
}

export function leaveCall(): void {
  if (!active) return;
  const { client, capture } = active;
  if (client.state.phase.kind !== 'left') client.leave();
  capture.end();
}

/** The page of a call that is over was read. */
export function forgetCall(): void {
  leaveCall();
  active = undefined;
  setCallHost(undefined);
}
