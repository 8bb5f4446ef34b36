import type { Bytes } from '../bytes';
import type { Result } from '../result';
import { FrameOpener, type OpeningRefusal } from '../sframe/frame-opener';
import { FrameSealer } from '../sframe/frame-sealer';
import type { TrackKind } from '../sframe/key-id';
import type { Codec } from './frame-layout';
import { openFrame, sealFrame } from './frame-transform';

/** docs/protocol/calls.md: AES-256-GCM with SHA-512. */
export const callCipherSuite = 5;

/** One epoch of a call's group, as those need it who seal and open its frames. */
export interface FrameEpoch {
  /** Of the group: another group begins anew, with other keys and counters. */
  readonly group: string;
  readonly epoch: bigint;
  readonly ownLeaf: number;
  readonly baseKey: Bytes;
  /** Every leaf, with the participant whose device it is: empty where nobody in the call is known to have it. */
  readonly participants: readonly (readonly [leaf: number, participant: string])[];
}

/**
 * The keys of one call: seals everything that a device sends and opens everything that it receives. One for all tracks, so that a counter is never used twice.
 * Told of an epoch again, it learns who the leaves are; who is behind a leaf may become known after its keys.
 */
export class CallFrames {
  private group = '';
  private sealer = new FrameSealer(callCipherSuite);
  private opener = new FrameOpener(callCipherSuite);
  private readonly participants = new Map<bigint, ReadonlyMap<number, string>>();

  /** @returns Whether it brought keys. */
  begin({ group, epoch, ownLeaf, baseKey, participants }: FrameEpoch): boolean {
    if (group !== this.group) {
      this.group = group;
      this.sealer = new FrameSealer(callCipherSuite);
      this.opener = new FrameOpener(callCipherSuite);
      this.participants.clear();
    }
    const isNew = !this.participants.has(epoch);
    this.sealer.beginEpoch(epoch, ownLeaf, baseKey);
    this.opener.addEpoch(
      epoch,
      participants.map(([leaf]) => leaf),
      baseKey,
    );
    this.participants.set(epoch, new Map(participants));
    // The opener keeps four epochs; what it has forgotten opens nothing any more.
    for (const known of this.participants.keys()) if (known + 4n <= epoch) this.participants.delete(known);
    return isNew;
  }

  /** What was sealed in epochs before this one is opened no more: whoever has left keeps their keys. */
  forgetBefore(epoch: bigint): void {
    this.opener.forgetBefore(epoch);
  }

  /** Null where nothing may be sent: no key yet, or not a frame of this codec. */
  seal(codec: Codec, kind: TrackKind, frame: Uint8Array): Promise<Bytes | null> {
    return sealFrame(this.sealer, codec, kind, frame);
  }

  open(codec: Codec, kind: TrackKind, participant: string, frame: Uint8Array): Promise<Result<Bytes, OpeningRefusal | 'other-track'>> {
    return openFrame(this.opener, codec, kind, (epoch, leaf) => this.participants.get(epoch)?.get(leaf) === participant, frame);
  }
}
