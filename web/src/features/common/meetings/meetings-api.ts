import { api } from '../../../core/server';
import type { Answer, OperationOf } from '../../../transport/operations';

export type Meeting = Answer<OperationOf<'/api/v1/meetings/{id}', 'get'>>;

export async function fetchMeetings(signal: AbortSignal): Promise<readonly Meeting[]> {
  return (await api.get('/api/v1/meetings', { signal })).items;
}

export function openMeeting(meeting: {
  title: string;
  alertId?: string;
  openTo: 'invited' | 'organisation';
  hasWaitingRoom: boolean;
  invited?: readonly string[];
}): Promise<Meeting> {
  return api.send('POST', '/api/v1/meetings', { body: meeting });
}

/** Of a room that this person is in; the one that is open already, where there is one. @param title For those who do not know what the room is called. */
export function openRoomCall(roomId: string, title: string): Promise<Meeting> {
  return api.send('POST', '/api/v1/rooms/{id}/call', { path: { id: roomId }, body: { title } });
}
