import type { Bytes } from '../bytes';
import { refusal, type Result, success } from '../result';
import { parseKeyId, type TrackKind } from './key-id';
import { ReplayWindow } from './replay-window';
import { open, parseFrame } from './seal';
import { type CipherSuite, deriveKey, type SFrameKey } from './sframe-key';

export interface OpenedFrame {
  readonly plaintext: Bytes;
  /** The epoch whose key opened it: leaves are names within it only. */
  readonly epoch: bigint;
  /** Leaf index of who sealed it, in the group of its epoch. Whoever is in the group could have: what a member says of another is trusted within the call. */
  readonly sender: number;
  readonly kind: TrackKind;
}

/** `unknown-key`: of an epoch that is not here yet, or no longer. `replayed`: seen before, or too old to tell; browsers do receive copies, which is no attack. */
export type OpeningRefusal = 'malformed-frame' | 'unknown-key' | 'replayed' | 'forged';

/** Epochs that frames may still be of: one commit passes in less than the time a frame is under way, and several may follow each other. */
const epochsKept = 4;

/** Keys that one epoch may bring to be held: every leaf with all its kinds would be more than any call has. A hostile server can name any. */
const keysKept = 2048;

/** Opens what one device receives in a call. */
export class FrameOpener {
  private readonly epochs: {
    readonly number: bigint;
    readonly baseKey: Bytes;
    readonly leaves: ReadonlySet<number>;
    readonly keys: Map<bigint, OpeningKey>;
  }[] = [];

  constructor(private readonly suite: CipherSuite) {}

  /** `leaves` are the members of that epoch; frames of others are refused before any work. The oldest epoch of more than four is forgotten, with its key. */
  addEpoch(epoch: bigint, leaves: Iterable<number>, baseKey: Bytes): void {
    if (this.epochs.some((known) => known.number === epoch)) return;
    this.epochs.push({ number: epoch, baseKey, leaves: new Set(leaves), keys: new Map() });
    this.epochs.sort((one, other) => (one.number < other.number ? -1 : 1));
    while (this.epochs.length > epochsKept) this.epochs.shift();
  }

  /** Forgets every epoch before this one at once: its members can no longer be heard under the old keys. */
  forgetBefore(epoch: bigint): void {
    while (this.epochs[0] !== undefined && this.epochs[0].number < epoch) this.epochs.shift();
  }

  async open(frame: Uint8Array, metadata: Uint8Array): Promise<Result<OpenedFrame, OpeningRefusal>> {
    const parsed = parseFrame(frame);
    if (parsed === null) return refusal('malformed-frame');
    const { keyId, counter } = parsed.header;
    const name = parseKeyId(keyId);
    if (name === null) return refusal('unknown-key');
    const found = this.find(keyId, name.epochLow, name.sender);
    if (found === null) return refusal('unknown-key');
    const { epoch, key } = found;
    if (!key.window.isFresh(counter)) return refusal('replayed');
    const opened = await open(await key.key, parsed, metadata);
    if (!opened.ok) return opened;
    if (!key.window.tryMark(counter)) return refusal('replayed');
    return success({ plaintext: opened.value, epoch, sender: name.sender, kind: name.kind });
  }

  private find(keyId: bigint, epochLow: number, sender: number): { readonly epoch: bigint; readonly key: OpeningKey } | null {
    const epoch = this.epochs.findLast((known) => Number(known.number & 0xffn) === epochLow);
    if (epoch === undefined || !epoch.leaves.has(sender)) return null;
    let key = epoch.keys.get(keyId);
    if (key === undefined) {
      if (epoch.keys.size >= keysKept) return null;
      key = { key: deriveKey(this.suite, keyId, epoch.baseKey), window: new ReplayWindow() };
      epoch.keys.set(keyId, key);
    }
    return { epoch: epoch.number, key };
  }
}

interface OpeningKey {
  readonly key: Promise<SFrameKey>;
  readonly window: ReplayWindow;
}
