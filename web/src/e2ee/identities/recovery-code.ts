import { type Bytes, concatenate } from '../bytes';
import { labelledHash } from '../labelled';
import { refusal, type Result, success } from '../result';

/** Crockford's base 32: no I, L, O or U, so that what is read from paper is typed as it was printed. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** 128 bits of chance, then 12 of checksum: 28 letters of five bits. */
const entropyLength = 16;
const letters = 28;
const groupLength = 4;

/** Printed on the emergency card: seven groups of four. Whoever has it can open the backup of the identity. */
export async function formatRecoveryCode(entropy: Bytes): Promise<string> {
  if (entropy.length !== entropyLength) throw new RangeError('a recovery code has 128 bits');
  let bits = 0n;
  for (const byte of concatenate(entropy, await checksum(entropy))) bits = (bits << 8n) | BigInt(byte);
  // Of the two bytes of checksum the last four bits are not printed.
  bits >>= 4n;
  const text = Array.from({ length: letters }, (_, at) => alphabet[Number((bits >> BigInt(5 * (letters - 1 - at))) & 31n)]).join('');
  return text.match(new RegExp(`.{${groupLength}}`, 'g'))?.join('-') ?? text;
}

export function makeRecoveryEntropy(): Bytes {
  return crypto.getRandomValues(new Uint8Array(entropyLength));
}

/** Small letters, spaces and dashes do not matter; O is 0, I and L are 1. A wrong letter is found out, but for one in 4,096. */
export async function parseRecoveryCode(typed: string): Promise<Result<Bytes, 'wrong-length' | 'wrong-letter' | 'wrong-checksum'>> {
  const text = typed.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1');
  if (text.length !== letters) return refusal('wrong-length');
  let bits = 0n;
  for (const letter of text) {
    const value = alphabet.indexOf(letter);
    if (value < 0) return refusal('wrong-letter');
    bits = (bits << 5n) | BigInt(value);
  }
  const entropy = Uint8Array.from({ length: entropyLength }, (_, at) => Number((bits >> BigInt(12 + 8 * (entropyLength - 1 - at))) & 0xffn));
  const [first = 0, second = 0] = await checksum(entropy);
  return Number(bits & 0xfffn) === ((first << 4) | (second >> 4)) ? success(entropy) : refusal('wrong-checksum');
}

async function checksum(entropy: Bytes): Promise<Uint8Array> {
  return (await labelledHash('Tocsin recovery code v1', entropy)).subarray(0, 2);
}
