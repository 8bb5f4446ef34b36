import type { Bytes } from '../bytes';
import { refusal, type Result, success } from '../result';
import type { FrameOpener, OpeningRefusal } from '../sframe/frame-opener';
import type { FrameSealer } from '../sframe/frame-sealer';
import type { TrackKind } from '../sframe/key-id';
import { type Codec, divideFrame, divideSealed, joinFrame, joinSealed } from './frame-layout';

/** Null where nothing may be sent: no key yet, or not a frame of this codec. Nothing ever leaves in clear. */
export async function sealFrame(sealer: FrameSealer, codec: Codec, kind: TrackKind, frame: Uint8Array): Promise<Bytes | null> {
  const parts = divideFrame(codec, frame);
  if (parts === null) return null;
  const sealed = await sealer.seal(kind, parts.clear, parts.secret);
  return sealed === null ? null : joinSealed(codec, { clear: parts.clear, sealed });
}

/**
 * @param isOf Whether this leaf of that epoch is the participant whose track this is; `kind` says what it is. A frame that another sealed, or for another track, is refused, so that the server
 * cannot mix them up.
 */
export async function openFrame(
  opener: FrameOpener,
  codec: Codec,
  kind: TrackKind,
  isOf: (epoch: bigint, leaf: number) => boolean,
  frame: Uint8Array,
): Promise<Result<Bytes, OpeningRefusal | 'other-track'>> {
  const parts = divideSealed(codec, frame);
  if (parts === null) return refusal('malformed-frame');
  const opened = await opener.open(parts.sealed, parts.clear);
  if (!opened.ok) return opened;
  if (opened.value.kind !== kind || !isOf(opened.value.epoch, opened.value.sender)) return refusal('other-track');
  return success(joinFrame({ clear: parts.clear, secret: opened.value.plaintext }));
}
