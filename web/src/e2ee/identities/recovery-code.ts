import { type Bytes } from '../bytes';
import type { Result } from '../result';
import { formatTypedCode, parseTypedCode, type TypedCodeRefusal } from './typed-code';

const label = 'Tocsin recovery code v1';

/** Printed on the emergency card: seven groups of four. Whoever has it can open the backup of the identity. */
export function formatRecoveryCode(entropy: Bytes): Promise<string> {
  return formatTypedCode(label, entropy);
}

export function makeRecoveryEntropy(): Bytes {
  return crypto.getRandomValues(new Uint8Array(16));
}

/** See `parseTypedCode`. */
export function parseRecoveryCode(typed: string): Promise<Result<Bytes, TypedCodeRefusal>> {
  return parseTypedCode(label, typed);
}
