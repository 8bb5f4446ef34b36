import type { Counted, End } from './in-worker';

const width = 640;
const height = 360;
const framesPerSecond = 30;
let worker: Worker | undefined;
let received: RTCPeerConnection | undefined;

/** Begins the call; resolves once pictures are shown. */
async function begin(isSealed: boolean): Promise<void> {
  if (!crossOriginIsolated) throw new Error('the clock is too coarse');
  worker = new Worker('/worker.js', { type: 'module' });
  const running = worker;
  const [sending, receiving] = [new RTCPeerConnection(), new RTCPeerConnection()];
  received = receiving;
  sending.onicecandidate = ({ candidate }) => void receiving.addIceCandidate(candidate ?? undefined);
  receiving.onicecandidate = ({ candidate }) => void sending.addIceCandidate(candidate ?? undefined);
  const transformOf = (end: End): RTCRtpScriptTransform => new RTCRtpScriptTransform(running, end);
  const video = document.body.appendChild(document.createElement('video'));
  video.muted = true;
  receiving.ontrack = ({ track, receiver }) => {
    receiver.transform = transformOf({ isSender: false, isSealed });
    video.srcObject = new MediaStream([track]);
    void video.play();
  };
  const transceiver = sending.addTransceiver(movingPicture(), { direction: 'sendonly' });
  transceiver.setCodecPreferences(RTCRtpSender.getCapabilities('video')?.codecs.filter(({ mimeType }) => mimeType === 'video/VP8') ?? []);
  transceiver.sender.transform = transformOf({ isSender: true, isSealed });
  await sending.setLocalDescription();
  if (sending.localDescription) await receiving.setRemoteDescription(sending.localDescription);
  await receiving.setLocalDescription();
  if (receiving.localDescription) await sending.setRemoteDescription(receiving.localDescription);
  await new Promise<void>((resolve) => video.requestVideoFrameCallback(() => resolve()));
}

/** A camera: every picture is another, none is plain. */
function movingPicture(): MediaStreamTrack {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext('2d');
  let turn = 0;
  setInterval(() => {
    turn++;
    for (let at = 0; at < 60 && context; at++) {
      context.fillStyle = `hsl(${(turn * 7 + at * 31) % 360} 70% 50%)`;
      context.fillRect((at * 97 + turn * 5) % width, (at * 61 + turn * 3) % height, 48, 36);
    }
  }, 1000 / framesPerSecond);
  const [track] = canvas.captureStream(framesPerSecond).getVideoTracks();
  if (!track) throw new Error('a canvas gives no track');
  return track;
}

/** What went through the call for some seconds, and how many pictures were decoded of it. */
async function count(milliseconds: number): Promise<Counted & { readonly decoded: number }> {
  const running = worker;
  if (!running) throw new Error('there is no call');
  const before = await decoded();
  running.postMessage('begin');
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  const counted = await new Promise<Counted>((resolve, reject) => {
    running.onmessage = ({ data }: MessageEvent<{ counted?: Counted; failure?: string }>) =>
      data.counted ? resolve(data.counted) : reject(new Error(data.failure));
    running.postMessage('end');
  });
  return { ...counted, decoded: (await decoded()) - before };
}

async function decoded(): Promise<number> {
  let frames = 0;
  for (const entry of ((await received?.getStats()) ?? new Map()).values() as Iterable<{ type: string; framesDecoded?: number }>)
    if (entry.type === 'inbound-rtp') frames += entry.framesDecoded ?? 0;
  return frames;
}

Object.assign(window, { begin, count });
