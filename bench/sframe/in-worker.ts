import { callCipherSuite as suite } from '../../web/src/e2ee/frames/call-frames';
import { FrameOpener } from '../../web/src/e2ee/sframe/frame-opener';
import { FrameSealer } from '../../web/src/e2ee/sframe/frame-sealer';
import type { TrackKind } from '../../web/src/e2ee/sframe/key-id';
import { baseKeyLength } from '../../web/src/e2ee/sframe/sframe-key';

const epoch = 1n;
const sender = 0;
const kind: TrackKind = 'video';
/** Compiled, and the crypto threads started, before anything is measured. */
const warmUp = 300;
const frames = 1500;

/** Microseconds that one frame was under way, one frame at a time: a camera has the next one 33 ms later. */
export interface Delay {
  readonly p50: number;
  readonly p99: number;
}

export interface Figures {
  readonly size: number;
  readonly seal: Delay;
  readonly open: Delay;
  /** AES-256-GCM of the browser for as many bytes, without counter, header, key lookup and replay window. */
  readonly bareSeal: Delay;
  readonly bareOpen: Delay;
  /** Bytes that a frame grows by. */
  readonly overhead: number;
}

async function measure(size: number): Promise<Figures> {
  const baseKey = crypto.getRandomValues(new Uint8Array(baseKeyLength(suite)));
  const [sealer, opener] = [new FrameSealer(suite), new FrameOpener(suite)];
  sealer.beginEpoch(epoch, sender, baseKey);
  opener.addEpoch(epoch, [sender], baseKey);
  const key = await crypto.subtle.importKey('raw', crypto.getRandomValues(new Uint8Array(baseKeyLength(suite))), 'AES-GCM', false, [
    'encrypt',
    'decrypt',
  ]);
  const delays = { seal: [] as number[], open: [] as number[], bareSeal: [] as number[], bareOpen: [] as number[] };
  const timed = async <Value>(into: number[], work: () => Promise<Value>): Promise<Value> => {
    const began = performance.now();
    const value = await work();
    into.push((performance.now() - began) * 1000);
    return value;
  };
  const metadata = new Uint8Array();
  let overhead = 0;
  for (let number = 0; number < warmUp + frames; number++) {
    const plaintext = crypto.getRandomValues(new Uint8Array(size));
    const sealed = await timed(delays.seal, () => sealer.seal(kind, metadata, plaintext));
    if (sealed === null) throw new Error('a frame was not sealed');
    const opened = await timed(delays.open, () => opener.open(sealed, metadata));
    if (!opened.ok || !equal(opened.value.plaintext, plaintext)) throw new Error('a frame did not open as what was sealed');
    overhead = Math.max(overhead, sealed.length - size);
    const parameters = { name: 'AES-GCM', iv: new Uint8Array(new BigUint64Array([BigInt(number), 0n]).buffer, 0, 12) };
    const bare = await timed(delays.bareSeal, () => crypto.subtle.encrypt(parameters, key, plaintext));
    await timed(delays.bareOpen, () => crypto.subtle.decrypt(parameters, key, bare));
  }
  const [seal, open, bareSeal, bareOpen] = [delays.seal, delays.open, delays.bareSeal, delays.bareOpen].map((values) =>
    quantiles(values.slice(warmUp)),
  ) as [Delay, Delay, Delay, Delay];
  return { size, seal, open, bareSeal, bareOpen, overhead };
}

function equal(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

function quantiles(values: number[]): Delay {
  const sorted = values.sort((one, other) => one - other);
  const at = (part: number): number => sorted[Math.floor(part * sorted.length)] ?? NaN;
  return { p50: at(0.5), p99: at(0.99) };
}

addEventListener('message', ({ data }: MessageEvent<readonly number[]>) => {
  void (async () => {
    try {
      const figures: Figures[] = [];
      for (const size of data) figures.push(await measure(size));
      postMessage({ figures });
    } catch (error) {
      postMessage({ failure: String(error) });
    }
  })();
});
