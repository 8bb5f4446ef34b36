import { captureMicrophone, CaptureError } from './media-devices';

/** Somebody speaks. */
export interface Recording {
  /** Since it began. */
  seconds(): number;
  /** What was said; the microphone is let go of. */
  stop(): Promise<{ readonly blob: Blob; readonly seconds: number }>;
}

/** Opus, in what this browser writes it into. */
const formats = ['audio/webm;codecs=opus', 'audio/ogg;codecs=opus', 'audio/mp4'];

/** @throws CaptureError */
export async function startRecording(): Promise<Recording> {
  if (typeof MediaRecorder !== 'function') throw new CaptureError('unsupported');
  const track = await captureMicrophone();
  const mimeType = formats.find((format) => MediaRecorder.isTypeSupported(format));
  const recorder = new MediaRecorder(new MediaStream([track]), { audioBitsPerSecond: 32_000, ...(mimeType === undefined ? {} : { mimeType }) });
  const parts: Blob[] = [];
  recorder.ondataavailable = ({ data }) => parts.push(data);
  const begun = performance.now();
  const ended = new Promise<void>((done) => recorder.addEventListener('stop', () => done(), { once: true }));
  recorder.start(1000);
  const seconds = (): number => (performance.now() - begun) / 1000;
  return {
    seconds,
    async stop() {
      const spoken = seconds();
      if (recorder.state !== 'inactive') recorder.stop();
      await ended;
      track.stop();
      return { blob: new Blob(parts, { type: recorder.mimeType.split(';')[0] ?? '' }), seconds: Math.round(spoken * 10) / 10 };
    },
  };
}
