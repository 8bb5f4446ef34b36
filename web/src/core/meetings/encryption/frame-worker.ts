import { CallFrames } from '../../../e2ee/frames/call-frames';
import { FrameReceiver, FrameSender } from './frame-streams';
import type { FromFrameWorker, FrameTransformOptions, ToFrameWorker } from './frame-messages';

/** The worker of a call: every frame of every track goes through here, with the keys that the page gives it. */

/** What a worker has that the page's types do not know. @remarks W3C WebRTC Encoded Transform, section 6. */
interface TransformScope {
  onmessage: ((event: MessageEvent<ToFrameWorker>) => void) | null;
  onrtctransform: ((event: { readonly transformer: Transformer }) => void) | null;
  postMessage(message: FromFrameWorker): void;
}

interface Transformer {
  readonly readable: ReadableStream<RTCEncodedVideoFrame | RTCEncodedAudioFrame>;
  readonly writable: WritableStream<RTCEncodedVideoFrame | RTCEncodedAudioFrame>;
  readonly options: FrameTransformOptions;
  generateKeyFrame(): Promise<unknown>;
  sendKeyFrameRequest(): Promise<unknown>;
}

const scope = self as unknown as TransformScope;
const frames = new CallFrames();
const receivers = new Set<FrameReceiver>();

scope.onmessage = ({ data }) => {
  if (data.kind === 'forget') frames.forgetBefore(data.before);
  else if (frames.begin(data.epoch)) for (const receiver of receivers) receiver.keysCame();
};

scope.onrtctransform = ({ transformer }) => {
  const { options, readable, writable } = transformer;
  const attached = options.direction === 'send' ? new FrameSender(frames, options) : receiver(options, transformer);
  readable
    .pipeThrough(new TransformStream({ transform: (frame, to) => attached.transform(frame, (passed) => to.enqueue(passed)) }))
    .pipeTo(writable)
    // The track has ended, and its frames with it.
    .catch(() => undefined)
    .finally(() => {
      if (attached instanceof FrameReceiver) receivers.delete(attached);
    });
};

function receiver(options: Extract<FrameTransformOptions, { direction: 'receive' }>, transformer: Transformer): FrameReceiver {
  const made = new FrameReceiver(frames, options, {
    now: () => performance.now(),
    // Refused for sound, and once the track has ended.
    requestKeyFrame: () => void transformer.sendKeyFrameRequest().catch(() => undefined),
    legible: (isLegible) => scope.postMessage({ kind: 'legibility', participant: options.participant, track: options.track, isLegible }),
  });
  receivers.add(made);
  return made;
}
