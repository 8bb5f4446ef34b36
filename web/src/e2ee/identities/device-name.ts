import { openOnce, sealOnce } from '../aes-gcm';
import { type Bytes, concatenate } from '../bytes';
import { deriveBytes } from '../labelled';
import { WireReader, WireWriter } from '../wire';

const version = 1;
const saltLength = 32;
/** Names of any length look alike: the text after its length, then zeros. */
const paddedLength = 64;
export const maximumNameBytes = paddedLength - 1;

/** What somebody calls a device of theirs, for their own devices alone. The server could show an older name of the same device, and no other. */
export async function sealDeviceName(sealingSeed: Bytes, account: Bytes, device: Bytes, name: string): Promise<Bytes> {
  const salt = crypto.getRandomValues(new Uint8Array(saltLength));
  const { key, nonce, header } = await derive(sealingSeed, account, device, salt);
  const padded = new Uint8Array(paddedLength);
  padded.set(new WireWriter().vector(new TextEncoder().encode(shortened(name)), maximumNameBytes).bytes());
  return new WireWriter()
    .uint8(version)
    .fixed(salt, saltLength)
    .fixed(await sealOnce(key, nonce, header, padded), paddedLength + 16)
    .bytes();
}

/** @returns Null where it is not what a device of this identity sealed for this device. */
export async function openDeviceName(sealingSeed: Bytes, account: Bytes, device: Bytes, sealed: Uint8Array): Promise<string | null> {
  const reader = new WireReader(sealed);
  const [readVersion, salt, content] = [reader.uint8(), reader.fixed(saltLength), reader.fixed(paddedLength + 16)];
  if (!reader.isComplete || readVersion !== version) return null;
  const { key, nonce, header } = await derive(sealingSeed, account, device, salt);
  const opened = await openOnce(key, nonce, header, content);
  return opened.ok ? new TextDecoder().decode(opened.value.subarray(1, 1 + Math.min(opened.value[0] ?? 0, maximumNameBytes))) : null;
}

/** Without what no name has, and cut between two letters where it is too long. */
export function shortened(name: string): string {
  let kept = '';
  for (const letter of name.replace(/\p{Cc}/gu, ' ').trim()) {
    if (new TextEncoder().encode(kept + letter).length > maximumNameBytes) break;
    kept += letter;
  }
  return kept.trim();
}

/** Key and nonce come of the identity and a salt that no other name has. */
async function derive(sealingSeed: Bytes, account: Bytes, device: Bytes, salt: Bytes) {
  const header = concatenate(Uint8Array.of(version), account, device, salt);
  const bytes = await deriveBytes(sealingSeed, salt, 'Tocsin device name v1', header, 44);
  return { key: bytes.slice(0, 32), nonce: bytes.slice(32), header };
}
