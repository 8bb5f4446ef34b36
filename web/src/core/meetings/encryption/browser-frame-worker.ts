import type { FrameWorker } from './call-encryption.svelte';
import type { FromFrameWorker } from './frame-messages';

/** One worker for all tracks of a call. */
export function browserFrameWorker(heard: (message: FromFrameWorker) => void): FrameWorker {
  const worker = new Worker(new URL('./frame-worker.ts', import.meta.url), { type: 'module' });
  worker.onmessage = ({ data }: MessageEvent<FromFrameWorker>) => heard(data);
  return {
    post: (message) => worker.postMessage(message),
    transform: (options) => new RTCRtpScriptTransform(worker, options),
    close: () => worker.terminate(),
  };
}
