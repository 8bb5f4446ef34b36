import type { NamedGroup } from '../../transport/contract/directory';
import type { Answer, OperationOf } from '../../transport/operations';
import { api } from '../server';

const mostGroups = 1000;

/** A group of the directory beside a room's members, as the server has both. */
export type GroupComparison = Answer<OperationOf<'/api/v1/rooms/{id}/group', 'get'>>;
/** A room that is open to a group of this person's, and that they are not in. */
export type RoomOfGroup = Answer<OperationOf<'/api/v1/rooms/of-groups', 'get'>>['items'][number];

/** What rooms that are open to a group ask of the server; ids as UUIDs. */
export interface RoomGroupService {
  /** Null closes it. */
  open(room: string, group: string | null): Promise<void>;
  compare(room: string): Promise<GroupComparison>;
  find(): Promise<readonly RoomOfGroup[]>;
  /** Groups of the directory, for who may read it. */
  groups(): Promise<readonly NamedGroup[]>;
  requestAdmission(room: string): Promise<void>;
  withdrawRequest(room: string): Promise<void>;
}

export const roomGroupService: RoomGroupService = {
  async open(room, group) {
    await api.send('PUT', '/api/v1/rooms/{id}/group', { path: { id: room }, body: { groupId: group } });
  },

  compare(room) {
    return api.get('/api/v1/rooms/{id}/group', { path: { id: room } });
  },

  async find() {
    return (await api.get('/api/v1/rooms/of-groups')).items;
  },

  async groups() {
    return (await api.get('/api/v1/groups', { query: { limit: mostGroups } })).items;
  },

  async requestAdmission(room) {
    await api.send('PUT', '/api/v1/rooms/{id}/admission-request', { path: { id: room } });
  },

  async withdrawRequest(room) {
    await api.send('DELETE', '/api/v1/rooms/{id}/admission-request', { path: { id: room } });
  },
};
