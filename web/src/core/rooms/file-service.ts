import type { Bytes } from '../../e2ee/bytes';
import { api } from '../server';

/** What files of rooms ask of the server; ids as UUIDs. */
export interface FileService {
  /** Begins an upload, or says what is missing of it. */
  begin(room: string, file: string, size: number, signal?: AbortSignal): Promise<readonly MissingParts[]>;
  /** The same again changes nothing. */
  send(room: string, file: string, part: number, sealed: Bytes, signal?: AbortSignal): Promise<void>;
  read(room: string, file: string, part: number, signal?: AbortSignal): Promise<Bytes>;
  discard(room: string, file: string): Promise<void>;
}

export interface MissingParts {
  readonly from: number;
  readonly to: number;
}

/** Half a megabyte on a line of 40 kbit/s. */
const partTimeLimit = 120_000;

export const fileService: FileService = {
  async begin(room, file, size, signal) {
    const path = { id: room, file };
    return (await api.send('PUT', '/api/v1/rooms/{id}/files/{file}', { path, body: { size }, ...(signal ? { signal } : {}) })).missing;
  },

  async send(room, file, part, sealed, signal) {
    await api.send('PUT', '/api/v1/rooms/{id}/files/{file}/parts/{number}', {
      path: { id: room, file, number: part },
      // No Blob: the browser would keep the bytes of each until the page's next collection of garbage, which sees only how small the object is.
      body: sealed,
      timeLimit: partTimeLimit,
      ...(signal ? { signal } : {}),
    });
  },

  read(room, file, part, signal) {
    return api.getBytes('/api/v1/rooms/{id}/files/{file}/parts/{number}', {
      path: { id: room, file, number: part },
      timeLimit: partTimeLimit,
      ...(signal ? { signal } : {}),
    });
  },

  async discard(room, file) {
    await api.send('DELETE', '/api/v1/rooms/{id}/files/{file}', { path: { id: room, file } });
  },
};
