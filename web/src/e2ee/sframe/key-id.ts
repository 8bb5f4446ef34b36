/** What is sent apart. Audio and video never share a key, nor do a camera and a screen: each has its own transform and would count on its own. */
export const trackKinds = ['audio', 'video', 'screen', 'screen-audio'] as const;
export type TrackKind = (typeof trackKinds)[number];

export interface KeyName {
  /** Of the MLS group. Only its last 8 bits travel: receivers hold far fewer epochs than 256. */
  readonly epoch: bigint;
  /** Leaf index in the MLS group. */
  readonly sender: number;
  readonly kind: TrackKind;
}

const epochBits = 8n;
const senderBits = 16n;

/**
 * ```
 * | kind (the rest) | sender (16 bits) | epoch (8 bits) |
 * ```
 * @remarks RFC 9605 section 5.2, E = 8, S = 16, the context being the kind: audio, which is sent most often, has the shortest.
 */
export function keyIdOf({ epoch, sender, kind }: KeyName): bigint {
  if (!Number.isInteger(sender) || sender < 0 || sender > 0xffff) throw new RangeError('a call has at most 65,536 leaves');
  return (BigInt(trackKinds.indexOf(kind)) << (senderBits + epochBits)) | (BigInt(sender) << epochBits) | (epoch & 0xffn);
}

/** Null where no key of ours has this id. */
export function parseKeyId(keyId: bigint): { readonly epochLow: number; readonly sender: number; readonly kind: TrackKind } | null {
  const kind = trackKinds[Number(keyId >> (senderBits + epochBits))];
  if (kind === undefined) return null;
  return { epochLow: Number(keyId & 0xffn), sender: Number((keyId >> epochBits) & 0xffffn), kind };
}
