import { type Bytes, concatenate } from '../bytes';
import { maximumHeaderLength } from '../sframe/header';
import { tagLength } from '../sframe/sframe-key';

/** Codecs whose frames can be sealed so that every browser's packetizer and the SFU still handle them. */
export const sealableCodecs = ['opus', 'vp8', 'vp9', 'h264', 'av1'] as const;
export type Codec = (typeof sealableCodecs)[number];

/** A frame in two: what stays readable for packetizers, and what is sealed. */
export interface FrameParts {
  readonly clear: Bytes;
  readonly secret: Bytes;
}

/** A received frame in two: `clear` is bound to `sealed` as its metadata. */
export interface SealedParts {
  readonly clear: Bytes;
  readonly sealed: Bytes;
}

/** VP8 (RFC 6386 section 9.1): frame tag, and in a key frame the start code and the size; decoders drop a frame without them before our transform sees it. */
const vp8KeyFrameClear = 10;
const vp8DeltaFrameClear = 3;

/** H264: enough of the first slice for the packetizer to find its type and first macroblock. */
const h264SliceClear = 8;

/** AV1 specification section 5.3.1: type 1 is a sequence header, 6 a frame; bit 1 says that a size follows. */
const av1SequenceHeader = 1;
const av1FrameObu = (6 << 3) | 2;

/** How a frame of the encoder is divided. Null where it is not what its codec writes: nothing is sent then. */
export function divideFrame(codec: Codec, frame: Uint8Array): FrameParts | null {
  switch (codec) {
    case 'opus':
    case 'vp9':
      return { clear: new Uint8Array(), secret: new Uint8Array(frame) };
    case 'vp8':
      return frame.length < vp8ClearLength(frame) ? null : cut(frame, vp8ClearLength(frame));
    case 'h264':
      return divideH264(frame);
    case 'av1':
      return divideAv1(frame);
  }
}

/** The frame as it is handed to the packetizer. */
export function joinSealed(codec: Codec, { clear, sealed }: SealedParts): Bytes {
  switch (codec) {
    case 'opus':
    case 'vp8':
    case 'vp9':
      return concatenate(clear, sealed);
    case 'h264':
      // Its last byte is not zero, or a packetizer would take it for padding.
      return concatenate(clear, escapeRbsp(concatenate(sealed, Uint8Array.of(0x80)), clear));
    case 'av1':
      return concatenate(clear, Uint8Array.of(av1FrameObu), leb128(sealed.length), sealed);
  }
}

/** The parts of a received frame. Null where nothing could be sealed in it. */
export function divideSealed(codec: Codec, frame: Uint8Array): SealedParts | null {
  switch (codec) {
    case 'opus':
    case 'vp9':
      return sealedAfter(frame, 0);
    case 'vp8':
      return sealedAfter(frame, vp8ClearLength(frame));
    case 'h264':
      return divideSealedH264(frame);
    case 'av1':
      return divideSealedAv1(frame);
  }
}

/** The opened frame as the decoder gets it. */
export function joinFrame({ clear, secret }: FrameParts): Bytes {
  return concatenate(clear, secret);
}

/** What sealing adds at most, escapes of H264 not counted. */
export const maximumFrameOverhead = maximumHeaderLength + tagLength + 10;

/** The first bit of the frame tag is 0 in a key frame. */
function vp8ClearLength(frame: Uint8Array): number {
  return ((frame[0] ?? 1) & 1) === 0 ? vp8KeyFrameClear : vp8DeltaFrameClear;
}

function cut(frame: Uint8Array, at: number): FrameParts {
  return { clear: new Uint8Array(frame.subarray(0, at)), secret: new Uint8Array(frame.subarray(at)) };
}

function sealedAfter(frame: Uint8Array, at: number): SealedParts | null {
  if (frame.length < at + tagLength) return null;
  const { clear, secret } = cut(frame, at);
  return { clear, sealed: secret };
}

interface Unit {
  /** Of the start code. */
  readonly start: number;
  /** Of the byte after it. */
  readonly body: number;
}

/** Start codes of three or four bytes. H.264 annex B. */
function* nalUnits(frame: Uint8Array): Generator<Unit> {
  for (let at = 0; at + 3 < frame.length; at++) {
    if (frame[at] !== 0 || frame[at + 1] !== 0 || frame[at + 2] !== 1) continue;
    yield { start: at > 0 && frame[at - 1] === 0 ? at - 1 : at, body: at + 3 };
    at += 2;
  }
}

/** Slices: types 1 to 5. */
function isSlice(header: number | undefined): boolean {
  const type = (header ?? 0) & 0x1f;
  return type >= 1 && type <= 5;
}

/**
 * Everything up to the first slice's first bytes, each start code of four bytes: depacketizers write them so, and the bytes are bound to what is sealed. A slice that is shorter gets zeros
 * after it, which decoders skip (trailing_zero_8bits): what is clear ends at the same place for both sides.
 */
function h264Clear(frame: Uint8Array): { readonly clear: Bytes; readonly end: number } | null {
  const parts: Uint8Array[] = [];
  const units = [...nalUnits(frame)];
  for (const [at, unit] of units.entries()) {
    const next = units[at + 1]?.start ?? frame.length;
    parts.push(startCode);
    if (!isSlice(frame[unit.body])) {
      parts.push(frame.subarray(unit.body, next));
      continue;
    }
    const end = Math.min(unit.body + h264SliceClear, next);
    return { clear: concatenate(...parts, frame.subarray(unit.body, end), new Uint8Array(unit.body + h264SliceClear - end)), end };
  }
  return null;
}

const startCode = Uint8Array.of(0, 0, 0, 1);

function divideH264(frame: Uint8Array): FrameParts | null {
  const found = h264Clear(frame);
  return found === null ? null : { clear: found.clear, secret: new Uint8Array(frame.subarray(found.end)) };
}

function divideSealedH264(frame: Uint8Array): SealedParts | null {
  const found = h264Clear(frame);
  if (found === null) return null;
  const unescaped = unescapeRbsp(frame.subarray(found.end), found.clear);
  const end = unescaped.length - 1;
  return end >= tagLength && unescaped[end] === 0x80 ? { clear: found.clear, sealed: unescaped.slice(0, end) } : null;
}

/** H.264 section 7.4.1: after two zeros, a byte below 4 is preceded by 3. Zeros at the end of `before` count. */
function escapeRbsp(bytes: Uint8Array, before: Uint8Array): Bytes {
  const escaped: number[] = [];
  let zeros = zerosAtEnd(before);
  for (const byte of bytes) {
    if (zeros >= 2 && byte <= 3) {
      escaped.push(3);
      zeros = 0;
    }
    escaped.push(byte);
    zeros = byte === 0 ? zeros + 1 : 0;
  }
  return Uint8Array.from(escaped);
}

function unescapeRbsp(bytes: Uint8Array, before: Uint8Array): Bytes {
  const plain: number[] = [];
  let zeros = zerosAtEnd(before);
  for (const byte of bytes) {
    if (zeros >= 2 && byte === 3) {
      zeros = 0;
      continue;
    }
    plain.push(byte);
    zeros = byte === 0 ? zeros + 1 : 0;
  }
  return Uint8Array.from(plain);
}

function zerosAtEnd(bytes: Uint8Array): number {
  let zeros = 0;
  while (zeros < bytes.length && bytes[bytes.length - 1 - zeros] === 0) zeros++;
  return zeros;
}

interface Obu {
  readonly type: number;
  readonly start: number;
  readonly body: number;
  readonly end: number;
}

/** One open bitstream unit. AV1 specification section 5.3; one without a size goes to the end of the frame. */
function obuAt(frame: Uint8Array, start: number): Obu | null {
  const header = frame[start];
  if (header === undefined || (header & 0x80) !== 0) return null;
  const afterHeader = start + ((header & 4) === 0 ? 1 : 2);
  if ((header & 2) === 0) return { type: (header >> 3) & 0xf, start, body: afterHeader, end: frame.length };
  const size = readLeb128(frame, afterHeader);
  if (size === null || size.end + size.value > frame.length) return null;
  return { type: (header >> 3) & 0xf, start, body: size.end, end: size.end + size.value };
}

/** A sequence header stays clear, or the SFU and decoders could not tell a key frame; everything else is sealed together. */
function divideAv1(frame: Uint8Array): FrameParts | null {
  const clear: Uint8Array[] = [];
  const secret: Uint8Array[] = [];
  for (let at = 0; at < frame.length;) {
    const obu = obuAt(frame, at);
    if (obu === null || obu.end <= at) return null;
    (obu.type === av1SequenceHeader ? clear : secret).push(withSize(frame, obu));
    at = obu.end;
  }
  return { clear: concatenate(...clear), secret: concatenate(...secret) };
}

/** The same unit with its size in it. */
function withSize(frame: Uint8Array, { start, body, end }: Obu): Bytes {
  const header = frame[start] ?? 0;
  const extension = frame.subarray(start + 1, start + ((header & 4) === 0 ? 1 : 2));
  return concatenate(Uint8Array.of(header | 2), extension, leb128(end - body), frame.subarray(body, end));
}

/** Depacketizers may take sizes away or put them in: what is clear is bound in the form that `divideAv1` writes. */
function divideSealedAv1(frame: Uint8Array): SealedParts | null {
  const clear: Uint8Array[] = [];
  for (let at = 0; at < frame.length;) {
    const obu = obuAt(frame, at);
    if (obu === null || obu.end <= at) return null;
    if (obu.type === av1FrameObu >> 3) {
      const sealed = new Uint8Array(frame.subarray(obu.body, obu.end));
      return sealed.length < tagLength ? null : { clear: concatenate(...clear), sealed };
    }
    if (obu.type === av1SequenceHeader) clear.push(withSize(frame, obu));
    at = obu.end;
  }
  return null;
}

function leb128(value: number): Bytes {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push((rest % 128) | (rest >= 128 ? 0x80 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return Uint8Array.from(bytes);
}

/** At most five bytes here: no frame is larger. */
function readLeb128(frame: Uint8Array, start: number): { readonly value: number; readonly end: number } | null {
  let value = 0;
  for (let at = start; at < start + 5; at++) {
    const byte = frame[at];
    if (byte === undefined) return null;
    value += (byte & 0x7f) * 128 ** (at - start);
    if ((byte & 0x80) === 0) return { value, end: at + 1 };
  }
  return null;
}
