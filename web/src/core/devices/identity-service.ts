import type { Bytes } from '../../e2ee/bytes';
import type { LogHead } from '../../e2ee/identities/directory-log';
import { ApiError } from '../../transport/api-error';
import type { HeadView, KeptBackup } from '../../transport/contract/identities';
import { api } from '../server';
import { fromBase64, toBase64 } from './account-bytes';
import type { DirectorySource } from './device-directory';

/** What this browser asks of the server to be a device. */
export interface IdentityService extends DirectorySource {
  /** All or none; what stands in the log already is not written again. */
  publish(entries: readonly Bytes[]): Promise<void>;
  /** As `publish`, and an identity may take the place of the one before. */
  reset(entries: readonly Bytes[]): Promise<void>;
}

/** Where the identity lies sealed. */
export interface BackupService {
  keepBackup(kind: KeptBackup['kind'], sealed: Bytes): Promise<void>;
  /** @returns Null where there is none. */
  readBackup(kind: KeptBackup['kind']): Promise<Bytes | null>;
}

export const identityService: IdentityService & BackupService & { listBackups(signal?: AbortSignal): Promise<readonly KeptBackup[]> } = {
  async read(after) {
    const { entries, head } = await api.get('/api/v1/directory-log', { query: { after: Number(after) } });
    return { entries: entries.map(({ entry }) => bytesOf(entry)), head: headOf(head) };
  },

  async publish(entries) {
    await api.send('POST', '/api/v1/directory-log', { body: { entries: entries.map(toBase64) } });
  },

  async reset(entries) {
    await api.send('POST', '/api/v1/directory-log/reset', { body: { entries: entries.map(toBase64) } });
  },

  async keepBackup(kind, sealed) {
    await api.send('PUT', '/api/v1/me/identity-backups/{kind}', { path: { kind }, body: { sealed: toBase64(sealed) } });
  },

  async readBackup(kind) {
    try {
      return bytesOf((await api.get('/api/v1/me/identity-backups/{kind}', { path: { kind } })).sealed);
    } catch (error) {
      if (error instanceof ApiError && error.code === 'not-found') return null;
      throw error;
    }
  },

  async listBackups(signal) {
    return (await api.get('/api/v1/me/identity-backups', signal === undefined ? {} : { signal })).items;
  },
};

function headOf({ number, hash }: HeadView): LogHead {
  return { number: BigInt(number), hash: bytesOf(hash) };
}

/** What is not base64 is no entry either, and is refused as one. */
function bytesOf(text: string): Bytes {
  return fromBase64(text) ?? new Uint8Array();
}
