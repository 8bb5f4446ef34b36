import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../../src/e2ee/bytes';
import { encodeHeader, parseHeader } from '../../../src/e2ee/sframe/header';
import { open, parseFrame, seal } from '../../../src/e2ee/sframe/seal';
import { baseKeyLength, type CipherSuite, deriveKey, deriveKeyBytes, nonceOf } from '../../../src/e2ee/sframe/sframe-key';
import { readVectorsWithBigIntegers } from '../vectors';

interface Vectors {
  readonly header: readonly { readonly kid: string; readonly ctr: string; readonly encoded: string }[];
  readonly sframe: readonly {
    readonly cipher_suite: number;
    readonly kid: string;
    readonly ctr: string;
    readonly base_key: string;
    readonly sframe_key: string;
    readonly sframe_salt: string;
    readonly metadata: string;
    readonly nonce: string;
    readonly pt: string;
    readonly ct: string;
  }[];
}

const vectors = readVectorsWithBigIntegers<Vectors>('sframe/test-vectors.json', 'kid', 'ctr');

describe('the vectors of RFC 9605, appendix C', () => {
  it('headers_of_every_length', () => {
    expect(vectors.header.length).toBe(289);
    for (const { kid, ctr, encoded } of vectors.header) {
      const header = { keyId: BigInt(kid), counter: BigInt(ctr) };
      expect(toHex(encodeHeader(header))).toBe(encoded);
      expect(parseHeader(fromHex(encoded))).toEqual({ header, length: encoded.length / 2 });
    }
  });

  it.each([4, 5] as const)('suite_%i_derives_seals_and_opens', async (suite: CipherSuite) => {
    const vector = vectors.sframe.find((each) => each.cipher_suite === suite);
    if (vector === undefined) throw new Error('no vector of this suite');
    const header = { keyId: BigInt(vector.kid), counter: BigInt(vector.ctr) };
    const baseKey = fromHex(vector.base_key);
    expect(baseKeyLength(suite)).toBe(suite === 4 ? 16 : 32);
    const bytes = await deriveKeyBytes(suite, header.keyId, baseKey);
    expect(toHex(bytes.key)).toBe(vector.sframe_key);
    expect(toHex(bytes.salt)).toBe(vector.sframe_salt);
    expect(toHex(nonceOf(bytes.salt, header.counter))).toBe(vector.nonce);

    const key = await deriveKey(suite, header.keyId, baseKey);
    const metadata = fromHex(vector.metadata);
    expect(toHex(await seal(key, header, metadata, fromHex(vector.pt)))).toBe(vector.ct);
    const frame = parseFrame(fromHex(vector.ct));
    if (frame === null) throw new Error('the frame of the vector is not read');
    const opened = await open(key, frame, metadata);
    expect(opened.ok && toHex(opened.value)).toBe(vector.pt);
  });
});
