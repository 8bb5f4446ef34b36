import type { Bytes } from '../../e2ee/bytes';
import { fromBase64, toBase64 } from '../devices/account-bytes';
import { api } from '../server';

/** What members let each other know beside entries; the server passes it on sealed. Ids as UUIDs. */
export interface SignalService {
  /** For those who look now. */
  send(room: string, signal: Bytes): Promise<void>;
  /** Also for those who look later; null takes back what was told. */
  keepReceipt(room: string, receipt: Bytes | null): Promise<void>;
  receipts(room: string): Promise<readonly Bytes[]>;
}

export const signalService: SignalService = {
  async send(room, signal) {
    await api.send('POST', '/api/v1/rooms/{id}/signals', { path: { id: room }, body: { signal: toBase64(signal) } });
  },

  async keepReceipt(room, receipt) {
    const body = { receipt: receipt === null ? null : toBase64(receipt) };
    await api.send('PUT', '/api/v1/rooms/{id}/receipt', { path: { id: room }, body });
  },

  async receipts(room) {
    const { items } = await api.get('/api/v1/rooms/{id}/receipts', { path: { id: room } });
    return items.map((item) => fromBase64(item) ?? new Uint8Array());
  },
};
