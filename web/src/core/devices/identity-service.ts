import type { Bytes } from '../../e2ee/bytes';
import type { LogHead } from '../../e2ee/identities/directory-log';
import type { HeadView } from '../../transport/contract/identities';
import { api } from '../server';
import { fromBase64, toBase64 } from './account-bytes';
import type { DirectorySource } from './device-directory';

/** What this browser asks of the server to be a device. */
export interface IdentityService extends DirectorySource {
  /** All or none; what stands in the log already is not written again. */
  publish(entries: readonly Bytes[]): Promise<void>;
}

export const identityService: IdentityService = {
  async read(after) {
    const { entries, head } = await api.get('/api/v1/directory-log', { query: { after: Number(after) } });
    return { entries: entries.map(({ entry }) => bytesOf(entry)), head: headOf(head) };
  },

  async publish(entries) {
    await api.send('POST', '/api/v1/directory-log', { body: { entries: entries.map(toBase64) } });
  },
};

function headOf({ number, hash }: HeadView): LogHead {
  return { number: BigInt(number), hash: bytesOf(hash) };
}

/** What is not base64 is no entry either, and is refused as one. */
function bytesOf(text: string): Bytes {
  return fromBase64(text) ?? new Uint8Array();
}
