import type { CallFrames } from '../../../e2ee/frames/call-frames';
import type { FrameTransformOptions } from './frame-messages';

/** An encoded frame of a browser, of sound or picture: the part that is sealed. */
export interface EncodedFrame {
  data: ArrayBuffer;
  /** Of pictures: `key`, `delta` or `empty`. */
  readonly type?: string;
}

/** Seals what one sender sends. What can not be sealed does not leave. */
export class FrameSender {
  constructor(
    private readonly frames: CallFrames,
    private readonly options: Extract<FrameTransformOptions, { direction: 'send' }>,
  ) {}

  async transform<Frame extends EncodedFrame>(frame: Frame, pass: (frame: Frame) => void): Promise<void> {
    const sealed = await this.frames.seal(this.options.codec, this.options.track, new Uint8Array(frame.data));
    if (sealed === null) return;
    frame.data = sealed.buffer;
    pass(frame);
  }
}

export interface ReceiverPorts {
  /** Milliseconds, from any beginning. */
  now(): number;
  /** Asks the sender for a picture that can be decoded alone. */
  requestKeyFrame(): void;
  /** What is received became legible, or has not been for a while. */
  legible(isLegible: boolean): void;
}

/** A frame may be under way longer than the commit that brings its keys, and the other way round; after this it is no matter of order any more. */
const illegibleMilliseconds = 2_000;
/** The sender needs as long to hear of a request and to answer it. */
const requestMilliseconds = 500;

/** Opens what one receiver receives. What can not be opened is not shown. */
export class FrameReceiver {
  private readonly isVideo: boolean;
  /** Since when nothing could be opened. */
  private refusedSince: number | undefined;
  private isLegible = true;
  /** A frame was left out: those after it may need it, so the decoder gets none before one that stands alone. */
  private needsKeyFrame = false;
  private requestedAt = -Infinity;

  constructor(
    private readonly frames: CallFrames,
    private readonly options: Extract<FrameTransformOptions, { direction: 'receive' }>,
    private readonly ports: ReceiverPorts,
  ) {
    this.isVideo = options.track === 'video' || options.track === 'screen';
  }

  async transform<Frame extends EncodedFrame>(frame: Frame, pass: (frame: Frame) => void): Promise<void> {
    const { codec, track, participant } = this.options;
    const opened = await this.frames.open(codec, track, participant, new Uint8Array(frame.data));
    if (!opened.ok) {
      // A copy is nothing lost: browsers probe their line with them.
      if (opened.code !== 'replayed') this.refused();
      return;
    }
    this.refusedSince = undefined;
    this.tell(true);
    if (this.needsKeyFrame && frame.type !== 'key') {
      this.request();
      return;
    }
    this.needsKeyFrame = false;
    frame.data = opened.value.buffer;
    pass(frame);
  }

  /** What was refused until now may be legible from here on. Decoders ask for nothing by themselves: they have not seen a frame. */
  keysCame(): void {
    this.requestedAt = -Infinity;
    if (this.needsKeyFrame) this.request();
  }

  private refused(): void {
    const now = this.ports.now();
    this.needsKeyFrame = this.isVideo;
    this.refusedSince ??= now;
    if (now - this.refusedSince >= illegibleMilliseconds) this.tell(false);
  }

  private request(): void {
    const now = this.ports.now();
    if (now - this.requestedAt < requestMilliseconds) return;
    this.requestedAt = now;
    this.ports.requestKeyFrame();
  }

  private tell(isLegible: boolean): void {
    if (isLegible === this.isLegible) return;
    this.isLegible = isLegible;
    this.ports.legible(isLegible);
  }
}
