import type { FrameEpoch } from '../../../e2ee/frames/call-frames';
import type { Codec } from '../../../e2ee/frames/frame-layout';
import type { TrackKind } from '../../../e2ee/sframe/key-id';

/** To the worker. */
export type ToFrameWorker =
  | { readonly kind: 'epoch'; readonly epoch: FrameEpoch }
  /** Frames of epochs before this one are opened no more. */
  | { readonly kind: 'forget'; readonly before: bigint };

/** From the worker: whether what this participant sends can be opened. Said when it changes. */
export interface FromFrameWorker {
  readonly kind: 'legibility';
  readonly participant: string;
  readonly track: TrackKind;
  readonly isLegible: boolean;
}

/** What a transform is for; given when it is attached to its sender or receiver. */
export type FrameTransformOptions =
  | { readonly direction: 'send'; readonly codec: Codec; readonly track: TrackKind }
  | { readonly direction: 'receive'; readonly codec: Codec; readonly track: TrackKind; readonly participant: string };
