import { api } from '../../core/server';
import type { RtpCapabilities } from '../../transport/meeting-signalling';
import type { Answer, OperationOf } from '../../transport/operations';
import type { Meeting } from '../common/meetings/meetings-api';

export type GuestInvitation = Answer<OperationOf<'/api/v1/guest-links/look-up', 'post'>>;

export function fetchMeeting(id: string, signal: AbortSignal): Promise<Meeting> {
  return api.get('/api/v1/meetings/{id}', { path: { id }, signal });
}

export async function fetchRouter(): Promise<RtpCapabilities> {
  return (await api.get('/api/v1/meetings/router')) as unknown as RtpCapabilities;
}

export type GuestLink = Answer<OperationOf<'/api/v1/meetings/{id}/guest-links', 'get'>>['items'][number];

/** Those that let somebody in now. Hosts. */
export async function fetchGuestLinks(id: string, signal: AbortSignal): Promise<readonly GuestLink[]> {
  return (await api.get('/api/v1/meetings/{id}/guest-links', { path: { id }, signal })).items;
}

export function revokeGuestLink(id: string, link: string): Promise<undefined> {
  return api.send('DELETE', '/api/v1/meetings/{id}/guest-links/{link}', { path: { id, link } });
}

export function createGuestLink(id: string): Promise<{ readonly link: GuestLink; readonly url: string }> {
  return api.send('POST', '/api/v1/meetings/{id}/guest-links', { path: { id }, body: {} });
}

export function invitePerson(id: string, person: string): Promise<undefined> {
  return api.send('POST', '/api/v1/meetings/{id}/invitations', { path: { id }, body: { people: [person] } });
}

export function lookUpGuestLink(secret: string): Promise<GuestInvitation> {
  return api.send('POST', '/api/v1/guest-links/look-up', { body: { secret } });
}
