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
