import { CallFrames } from '../../web/src/e2ee/frames/call-frames';

/** Of one connection's end: what goes through it, and whether this run seals. Clear frames pass here and nowhere in the client, whose own worker knows no such choice. */
export interface End {
  readonly isSender: boolean;
  readonly isSealed: boolean;
}

export interface Delay {
  readonly p50: number;
  readonly p99: number;
}

/** Microseconds, of frames whose bytes came out as they went in. */
export interface Counted {
  readonly frames: number;
  readonly bytes: number;
  /** From the transform being handed the encoded frame until it hands it on: out, and in. */
  readonly sending: Delay;
  readonly receiving: Delay;
  /** From handed to the first transform until out of the second, the connection between them. */
  readonly through: Delay;
}

interface Frame {
  data: ArrayBuffer;
}

interface Transformer {
  readonly options: End;
  readonly readable: ReadableStream<Frame>;
  readonly writable: WritableStream<Frame>;
}

const participant = 'sender';
const call = new CallFrames();
call.begin({ group: 'bench', epoch: 1n, ownLeaf: 0, baseKey: crypto.getRandomValues(new Uint8Array(32)), participants: [[0, participant]] });
const underWay: { readonly bytes: Uint8Array; readonly at: number }[] = [];
/** A connection may leave out frames that its sender had encoded; what is not there by then never comes. */
const mostUnderWay = 300;
let counts = emptyCounts();

function emptyCounts() {
  return { frames: 0, bytes: 0, sending: [] as number[], receiving: [] as number[], through: [] as number[] };
}

async function transform({ isSender, isSealed }: End, frame: Frame): Promise<boolean> {
  const began = performance.now();
  const bytes = new Uint8Array(frame.data);
  if (isSender) {
    underWay.push({ bytes: bytes.slice(), at: began });
    if (underWay.length > mostUnderWay) underWay.shift();
    if (!isSealed) return count(counts.sending, began);
    const sealed = await call.seal('vp8', 'video', bytes);
    if (sealed === null) throw new Error('a frame was not sealed');
    frame.data = sealed.buffer as ArrayBuffer;
    return count(counts.sending, began);
  }
  if (isSealed) {
    const opened = await call.open('vp8', 'video', participant, bytes);
    if (!opened.ok) throw new Error(`a frame did not open: ${opened.code}`);
    frame.data = opened.value.buffer.slice(opened.value.byteOffset, opened.value.byteOffset + opened.value.byteLength) as ArrayBuffer;
  }
  count(counts.receiving, began);
  const received = new Uint8Array(frame.data);
  const at = underWay.findIndex((sent) => equal(sent.bytes, received));
  const [sent] = at < 0 ? [] : underWay.splice(0, at + 1).slice(-1);
  if (sent === undefined) throw new Error('a frame came that was not sent');
  counts.through.push((performance.now() - sent.at) * 1000);
  counts.frames++;
  counts.bytes += received.length;
  return true;
}

function count(into: number[], began: number): boolean {
  into.push((performance.now() - began) * 1000);
  return true;
}

function equal(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

function quantiles(values: readonly number[]): Delay {
  const sorted = [...values].sort((one, other) => one - other);
  const at = (part: number): number => sorted[Math.floor(part * sorted.length)] ?? NaN;
  return { p50: at(0.5), p99: at(0.99) };
}

Object.assign(globalThis, {
  onrtctransform: ({ transformer }: { readonly transformer: Transformer }) => {
    void transformer.readable
      .pipeThrough(
        new TransformStream<Frame, Frame>({
          async transform(frame, controller) {
            await transform(transformer.options, frame);
            controller.enqueue(frame);
          },
        }),
      )
      .pipeTo(transformer.writable)
      .catch((error: unknown) => postMessage({ failure: String(error) }));
  },
});

/** `begin` forgets what was counted before, `end` answers with it. */
addEventListener('message', ({ data }: MessageEvent<'begin' | 'end'>) => {
  if (data === 'begin') counts = emptyCounts();
  else
    postMessage({
      counted: {
        frames: counts.frames,
        bytes: counts.bytes,
        sending: quantiles(counts.sending),
        receiving: quantiles(counts.receiving),
        through: quantiles(counts.through),
      } satisfies Counted,
    });
});
