import type { Bytes } from './bytes';
import { refusal, type Result, success } from './result';

/** AES-256-GCM with a key that seals one thing only. */
export async function sealOnce(key: Bytes, nonce: Bytes, associated: Bytes, plaintext: Uint8Array): Promise<Bytes> {
  const imported = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt']);
  return new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv: nonce, additionalData: associated }, imported, plaintext as Bytes));
}

export async function openOnce(key: Bytes, nonce: Bytes, associated: Bytes, sealed: Uint8Array): Promise<Result<Bytes, 'cannot-open'>> {
  const imported = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['decrypt']);
  try {
    return success(
      new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv: nonce, additionalData: associated }, imported, sealed as Bytes)),
    );
  } catch {
    return refusal('cannot-open');
  }
}
