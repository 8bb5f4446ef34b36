import type { Bytes } from '../bytes';
import { keyIdOf, type TrackKind } from './key-id';
import { seal } from './seal';
import { type CipherSuite, deriveKey, type SFrameKey } from './sframe-key';

/**
 * Seals what one device sends in a call. It counts for each key by itself, so that a counter is never used twice: however often tracks are made anew, they share this sealer.
 * A device that has forgotten its counters (a page loaded again) joins the group anew, under another leaf or epoch, and so with other keys.
 */
export class FrameSealer {
  private epoch:
    { readonly number: bigint; readonly sender: number; readonly baseKey: Bytes; readonly tracks: Map<TrackKind, SealingTrack> } | undefined;

  constructor(private readonly suite: CipherSuite) {}

  /**
   * From now on frames are sealed for this epoch. Giving the present epoch again changes nothing.
   * @throws RangeError where it is an earlier one: its counters are gone, and its key would be used twice.
   */
  beginEpoch(epoch: bigint, sender: number, baseKey: Bytes): void {
    if (this.epoch !== undefined) {
      if (epoch === this.epoch.number) return;
      if (epoch < this.epoch.number) throw new RangeError('an epoch that has passed begins again');
    }
    this.epoch = { number: epoch, sender, baseKey, tracks: new Map() };
  }

  /** Null before the first epoch: nothing leaves in clear. */
  async seal(kind: TrackKind, metadata: Uint8Array, plaintext: Uint8Array): Promise<Bytes | null> {
    if (this.epoch === undefined) return null;
    let track = this.epoch.tracks.get(kind);
    if (track === undefined) {
      const keyId = keyIdOf({ epoch: this.epoch.number, sender: this.epoch.sender, kind });
      track = { keyId, key: deriveKey(this.suite, keyId, this.epoch.baseKey), next: 0n };
      this.epoch.tracks.set(kind, track);
    }
    // Taken before the first wait: two frames under way at once have two counters.
    const counter = track.next++;
    return seal(await track.key, { keyId: track.keyId, counter }, metadata, plaintext);
  }
}

interface SealingTrack {
  readonly keyId: bigint;
  readonly key: Promise<SFrameKey>;
  next: bigint;
}
