/** Why a microphone, a camera or a screen could not be captured. */
export type CaptureFault = 'denied' | 'missing' | 'busy' | 'unsupported';

export class CaptureError extends Error {
  constructor(readonly fault: CaptureFault) {
    super(fault);
  }
}

export interface MediaDevice {
  readonly id: string;
  readonly label: string;
  readonly kind: 'camera' | 'microphone' | 'speaker';
}

const kinds = { videoinput: 'camera', audioinput: 'microphone', audiooutput: 'speaker' } as const;

/** Names are empty until the person has allowed one capture. */
export async function listDevices(): Promise<readonly MediaDevice[]> {
  if (!canMeet()) return [];
  const devices = await navigator.mediaDevices.enumerateDevices();
  return devices.filter((one) => one.deviceId !== '').map((one) => ({ id: one.deviceId, label: one.label, kind: kinds[one.kind] }));
}

export function onDevicesChanged(changed: () => void): () => void {
  navigator.mediaDevices?.addEventListener('devicechange', changed);
  return () => navigator.mediaDevices?.removeEventListener('devicechange', changed);
}

/** Whether this browser, at this address, can capture and hold calls: outside a secure context it can not. */
export function canMeet(): boolean {
  return 'mediaDevices' in navigator && navigator.mediaDevices !== undefined && typeof RTCPeerConnection === 'function';
}

/** Whether this browser lets a page seal each frame before it is sent: calls are held no other way. */
export function canEncrypt(): boolean {
  return typeof RTCRtpScriptTransform === 'function' && typeof crypto === 'object' && crypto.subtle !== undefined;
}

/** @throws CaptureError */
export async function captureMicrophone(deviceId?: string): Promise<MediaStreamTrack> {
  return captureOne({ audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true, ...chosen(deviceId) } });
}

/** @throws CaptureError */
export async function captureCamera(deviceId?: string): Promise<MediaStreamTrack> {
  return captureOne({ video: { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 }, ...chosen(deviceId) } });
}

/** The camera that looks away from the person, where there are two. @throws CaptureError */
export async function captureRearCamera(): Promise<MediaStreamTrack> {
  return captureOne({ video: { facingMode: { ideal: 'environment' }, width: { ideal: 1280 }, height: { ideal: 720 } } });
}

/** The screen, and its sound where the browser gives it. The person may close the choice: then `denied`. @throws CaptureError */
export async function captureScreen(): Promise<{ readonly video: MediaStreamTrack; readonly audio: MediaStreamTrack | undefined }> {
  if (!canMeet() || !('getDisplayMedia' in navigator.mediaDevices)) throw new CaptureError('unsupported');
  const stream = await asked(() => navigator.mediaDevices.getDisplayMedia({ video: { frameRate: { ideal: 15, max: 30 } }, audio: true }));
  const [video] = stream.getVideoTracks();
  if (!video) throw new CaptureError('missing');
  // Text must stay sharp: better fewer pictures a second than fewer pixels.
  video.contentHint = 'detail';
  return { video, audio: stream.getAudioTracks()[0] };
}

/** Sound leaves by a speaker of the person's choice, empty for the system's, where the browser can. */
export function playThrough(element: HTMLMediaElement, deviceId: string): void {
  if ('setSinkId' in element && element.sinkId !== deviceId) void element.setSinkId(deviceId).catch(() => undefined);
}

/** The device moves from one network to another: tells of it where the browser does (W3C Network Information). */
export function onNetworkChanged(changed: () => void): () => void {
  const connection = (navigator as { connection?: EventTarget }).connection;
  window.addEventListener('online', changed);
  connection?.addEventListener('change', changed);
  return () => {
    window.removeEventListener('online', changed);
    connection?.removeEventListener('change', changed);
  };
}

/** The person looks at the page again. */
export function onSeen(seen: () => void): () => void {
  const changed = (): void => {
    if (document.visibilityState === 'visible') seen();
  };
  document.addEventListener('visibilitychange', changed);
  return () => document.removeEventListener('visibilitychange', changed);
}

/** The screen stays on until the returned function is called; a page that was hidden asks again when it is seen. */
export function keepAwake(): () => void {
  let lock: WakeLockSentinel | undefined;
  let over = false;
  const ask = (): void => {
    if (over || document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return;
    navigator.wakeLock.request('screen').then(
      (given) => {
        if (over) void given.release();
        else lock = given;
      },
      () => undefined,
    );
  };
  ask();
  document.addEventListener('visibilitychange', ask);
  return () => {
    over = true;
    document.removeEventListener('visibilitychange', ask);
    void lock?.release();
  };
}

/** Loudness of a track, 0 to 1, several times a second; returns how to stop. */
export function followLevel(track: MediaStreamTrack, tell: (level: number) => void): () => void {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 512;
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
    tell(Math.min(1, Math.sqrt(power) * 4));
  }, 100);
  return () => {
    clearInterval(timer);
    void context.close();
  };
}

async function captureOne(constraints: MediaStreamConstraints): Promise<MediaStreamTrack> {
  if (!canMeet()) throw new CaptureError('unsupported');
  const [track] = (await asked(() => navigator.mediaDevices.getUserMedia(constraints))).getTracks();
  if (!track) throw new CaptureError('missing');
  return track;
}

function chosen(deviceId: string | undefined): MediaTrackConstraints {
  return deviceId ? { deviceId: { ideal: deviceId } } : {};
}

async function asked(capture: () => Promise<MediaStream>): Promise<MediaStream> {
  try {
    return await capture();
  } catch (error) {
    throw new CaptureError(faultOf(error instanceof DOMException ? error.name : ''));
  }
}

/** W3C Media Capture and Streams, section 10.2. */
function faultOf(name: string): CaptureFault {
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'denied';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'missing';
    case 'NotReadableError':
    case 'AbortError':
      return 'busy';
    default:
      return 'unsupported';
  }
}
