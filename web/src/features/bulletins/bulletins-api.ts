import { api } from '../../core/server';
import type {
  Bulletin,
  BulletinDraft,
  BulletinQuestion,
  BulletinReach,
  MyBulletin,
  MyBulletinList,
  PartnerMailbox,
  PublicPageSettings,
} from '../../transport/contract/bulletins';

export function fetchMyBulletins(signal: AbortSignal): Promise<MyBulletinList> {
  return api.get('/api/v1/me/bulletins', { signal });
}

export function fetchMyBulletin(id: string, signal: AbortSignal): Promise<MyBulletin> {
  return api.get('/api/v1/me/bulletins/{id}', { path: { id }, signal });
}

export function markRead(id: string, version: number): Promise<unknown> {
  return api.send('POST', '/api/v1/me/bulletins/{id}/reading', { path: { id }, body: { version } });
}

export function askQuestion(id: string, text: string): Promise<BulletinQuestion> {
  return api.send('POST', '/api/v1/me/bulletins/{id}/questions', { path: { id }, body: { text } });
}

export function fetchBulletin(id: string, signal: AbortSignal): Promise<Bulletin> {
  return api.get('/api/v1/bulletins/{id}', { path: { id }, signal });
}

export function fetchReach(id: string, signal: AbortSignal): Promise<BulletinReach> {
  return api.get('/api/v1/bulletins/{id}/reach', { path: { id }, signal });
}

export function createBulletin(draft: BulletinDraft, mode: 'real' | 'exercise'): Promise<Bulletin> {
  return api.send('POST', '/api/v1/bulletins', { body: { draft, mode } });
}

/** `after` is the version that was read: what somebody else wrote meanwhile is not overwritten unseen. */
export function writeVersion(id: string, after: number, draft: BulletinDraft): Promise<Bulletin> {
  return api.send('POST', '/api/v1/bulletins/{id}/versions', { path: { id }, body: { after, draft } });
}

export function approve(id: string, version: number): Promise<Bulletin> {
  return api.send('POST', '/api/v1/bulletins/{id}/approvals', { path: { id }, body: { version } });
}

export function publish(id: string, version: number): Promise<Bulletin> {
  return api.send('POST', '/api/v1/bulletins/{id}/publication', { path: { id }, body: { version } });
}

export function endBulletin(id: string): Promise<Bulletin> {
  return api.send('POST', '/api/v1/bulletins/{id}/end', { path: { id } });
}

export function answerQuestion(id: string, question: string, text: string): Promise<BulletinQuestion> {
  return api.send('POST', '/api/v1/bulletins/{id}/questions/{question}/answer', { path: { id, question }, body: { text } });
}

export function fetchPartners(signal: AbortSignal): Promise<readonly PartnerMailbox[]> {
  return api.get('/api/v1/bulletins/partners', { signal }).then((list) => list.items);
}

export function savePartners(items: readonly PartnerMailbox[]): Promise<readonly PartnerMailbox[]> {
  return api.send('PUT', '/api/v1/bulletins/partners', { body: { items } }).then((list) => list.items);
}

export function fetchPublicPage(signal: AbortSignal): Promise<PublicPageSettings> {
  return api.get('/api/v1/public-page', { signal });
}

/** Shown to everybody at once. */
export function changePublicPage(settings: PublicPageSettings): Promise<PublicPageSettings> {
  return api.send('PUT', '/api/v1/public-page', { body: settings });
}
