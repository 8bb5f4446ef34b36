import { openOnce, sealOnce } from '../aes-gcm';
import { type Bytes, concatenate } from '../bytes';
import { deriveBytes, labelled } from '../labelled';
import { refusal, type Result, success } from '../result';
import { signatureLength, type Signer, verifySignature } from '../signature';
import { WireReader, WireWriter } from '../wire';
import type { ChainHead } from './entry';

const version = 1;
const saltLength = 16;
const tagLength = 16;
const clearLength = 1 + 4 + saltLength;
const bodyLength = 1 + 1 + 16 + 16 + 8 + 8 + 32;
const signalLength = clearLength + bodyLength + signatureLength + tagLength;

const signalKinds = { reading: 1, typing: 2 } as const;
export type SignalKind = keyof typeof signalKinds;

/** What somebody lets the other members know, and what is no entry: how far they have read, that they type. docs/protocol/rooms.md has the layout. */
export interface Signal {
  readonly kind: SignalKind;
  /** Of typing: whether they still do. */
  readonly isOn: boolean;
  readonly account: Bytes;
  readonly device: Bytes;
  /** Of two of a device the higher counts: its clock, in milliseconds. */
  readonly number: bigint;
  /** The last entry that was read, with the chain's hash: in another chain it counts for nothing. */
  readonly head: ChainHead;
}

/** Signed by the device and sealed under the era key: the server learns that a member sent one, and not how far they have read. All are of one length. */
export async function sealSignal(device: Signer, room: Bytes, era: number, eraKey: Bytes, signal: Signal): Promise<Bytes> {
  const body = encodeBody(signal);
  const signature = await device.sign(signedBytes(room, era, body));
  const salt = crypto.getRandomValues(new Uint8Array(saltLength));
  const clear = new WireWriter().uint8(version).uint32(era).fixed(salt, saltLength).bytes();
  const { key, nonce, associated } = await signalKey(eraKey, room, salt, clear);
  return concatenate(clear, await sealOnce(key, nonce, associated, concatenate(body, signature)));
}

export type SignalRefusal = 'malformed-signal' | 'wrong-era' | 'cannot-open' | 'unknown-device' | 'bad-signature';

/**
 * @param keyOf Of an era, where this device has it.
 * @param deviceKeyOf Of a device of somebody who is in the room.
 */
export async function openSignal(
  bytes: Uint8Array,
  room: Bytes,
  keyOf: (era: number) => Bytes | undefined,
  deviceKeyOf: (account: Bytes, device: Bytes) => Bytes | undefined,
): Promise<Result<Signal, SignalRefusal>> {
  if (bytes.length !== signalLength || bytes[0] !== version) return refusal('malformed-signal');
  const reader = new WireReader(bytes.subarray(1, clearLength));
  const era = reader.uint32();
  const salt = reader.fixed(saltLength);
  const eraKey = keyOf(era);
  if (eraKey === undefined) return refusal('wrong-era');
  const { key, nonce, associated } = await signalKey(eraKey, room, salt, bytes.slice(0, clearLength));
  const opened = await openOnce(key, nonce, associated, bytes.subarray(clearLength));
  if (!opened.ok) return opened;
  const body = opened.value.slice(0, bodyLength);
  const signal = parseBody(body);
  if (signal === null) return refusal('malformed-signal');
  const deviceKey = deviceKeyOf(signal.account, signal.device);
  if (deviceKey === undefined) return refusal('unknown-device');
  return (await verifySignature(deviceKey, opened.value.slice(bodyLength), signedBytes(room, era, body)))
    ? success(signal)
    : refusal('bad-signature');
}

const label = 'Tocsin room signal v1';

function encodeBody({ kind, isOn, account, device, number, head }: Signal): Bytes {
  return new WireWriter()
    .uint8(signalKinds[kind])
    .uint8(isOn ? 1 : 0)
    .fixed(account, 16)
    .fixed(device, 16)
    .uint64(number)
    .uint64(head.seq)
    .fixed(head.hash, 32)
    .bytes();
}

function parseBody(body: Bytes): Signal | null {
  const reader = new WireReader(body);
  const kindNumber = reader.uint8();
  const isOn = reader.uint8();
  const account = reader.fixed(16);
  const device = reader.fixed(16);
  const number = reader.uint64();
  const head = { seq: reader.uint64(), hash: reader.fixed(32) };
  const kind = (Object.keys(signalKinds) as SignalKind[]).find((each) => signalKinds[each] === kindNumber);
  return reader.isComplete && kind !== undefined && isOn <= 1 ? { kind, isOn: isOn === 1, account, device, number, head } : null;
}

function signedBytes(room: Bytes, era: number, body: Bytes): Bytes {
  return labelled(label, room, new WireWriter().uint32(era).bytes(), body);
}

async function signalKey(
  eraKey: Bytes,
  room: Bytes,
  salt: Bytes,
  clear: Bytes,
): Promise<{ readonly key: Bytes; readonly nonce: Bytes; readonly associated: Bytes }> {
  const associated = concatenate(room, clear);
  const bytes = await deriveBytes(eraKey, salt, label, associated, 44);
  return { key: bytes.slice(0, 32), nonce: bytes.slice(32), associated };
}
