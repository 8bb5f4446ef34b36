import type { Answer, OperationOf } from '../../../transport/operations';
import { api } from '../../server';

/** Links, who asks by them, and who is in, as the server has it. */
export type ListedGuests = Answer<OperationOf<'/api/v1/rooms/{id}/guests', 'get'>>;

/** What links for guests ask of the server, for administrators of a room; ids as UUIDs. */
export interface GuestService {
  list(room: string): Promise<ListedGuests>;
  /** The same again changes nothing. @param until As ISO 8601. */
  createLink(room: string, link: string, until: string, guests: number): Promise<void>;
  revokeLink(room: string, link: string): Promise<void>;
  /** Who asks to be let in, and is not. */
  refuse(room: string, account: string): Promise<void>;
}

export const guestService: GuestService = {
  list(room) {
    return api.get('/api/v1/rooms/{id}/guests', { path: { id: room } });
  },

  async createLink(room, link, until, guests) {
    await api.send('PUT', '/api/v1/rooms/{id}/guest-links/{link}', { path: { id: room, link }, body: { expiresAt: until, guests } });
  },

  async revokeLink(room, link) {
    await api.send('DELETE', '/api/v1/rooms/{id}/guest-links/{link}', { path: { id: room, link } });
  },

  async refuse(room, account) {
    await api.send('DELETE', '/api/v1/rooms/{id}/guests/{account}', { path: { id: room, account } });
  },
};
