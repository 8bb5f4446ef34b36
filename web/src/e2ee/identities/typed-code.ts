import { type Bytes, concatenate } from '../bytes';
import { labelledHash } from '../labelled';
import { refusal, type Result, success } from '../result';

/** Crockford's base 32: no I, L, O or U, so that what is read from paper or a screen is typed as it was shown. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** 128 bits, then 12 of checksum: 28 letters of five bits. */
const contentLength = 16;
const letters = 28;
const groupLength = 4;

export type TypedCodeRefusal = 'wrong-length' | 'wrong-letter' | 'wrong-checksum';

/** Sixteen bytes as people copy them: seven groups of four. The label keeps codes of one purpose from being taken for another. */
export async function formatTypedCode(label: string, content: Bytes): Promise<string> {
  if (content.length !== contentLength) throw new RangeError('a code has 128 bits');
  let bits = 0n;
  for (const byte of concatenate(content, await checksum(label, content))) bits = (bits << 8n) | BigInt(byte);
  // Of the two bytes of checksum the last four bits are not shown.
  bits >>= 4n;
  const text = Array.from({ length: letters }, (_, at) => alphabet[Number((bits >> BigInt(5 * (letters - 1 - at))) & 31n)]).join('');
  return text.match(new RegExp(`.{${groupLength}}`, 'g'))?.join('-') ?? text;
}

/** Small letters, spaces and dashes do not matter; O is 0, I and L are 1. A wrong letter is found out, but for one in 4,096. */
export async function parseTypedCode(label: string, typed: string): Promise<Result<Bytes, TypedCodeRefusal>> {
  const text = typed.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1');
  if (text.length !== letters) return refusal('wrong-length');
  let bits = 0n;
  for (const letter of text) {
    const value = alphabet.indexOf(letter);
    if (value < 0) return refusal('wrong-letter');
    bits = (bits << 5n) | BigInt(value);
  }
  const content = Uint8Array.from({ length: contentLength }, (_, at) => Number((bits >> BigInt(12 + 8 * (contentLength - 1 - at))) & 0xffn));
  const [first = 0, second = 0] = await checksum(label, content);
  return Number(bits & 0xfffn) === ((first << 4) | (second >> 4)) ? success(content) : refusal('wrong-checksum');
}

async function checksum(label: string, content: Bytes): Promise<Uint8Array> {
  return (await labelledHash(label, content)).subarray(0, 2);
}
