import { api } from '../../core/server';
import type { Page } from '../../transport/contract/alerts';
import type {
  ContactRefresh,
  ContactRefreshAudience,
  ContactRefreshPerson,
  ContactRefreshPreview,
  ContactRefreshSummary,
  NewContactRefresh,
  RefreshStanding,
} from '../../transport/contract/refreshes';

export function fetchRefreshes(after: string | undefined, signal: AbortSignal): Promise<Page<ContactRefreshSummary>> {
  return api.get('/api/v1/contact-refreshes', { query: { after, limit: 30 }, signal });
}

export function fetchRefresh(id: string, signal: AbortSignal): Promise<ContactRefresh> {
  return api.get('/api/v1/contact-refreshes/{id}', { path: { id }, signal });
}

/** Whom it would tell, before anybody is told. */
export function previewRefresh(audience: ContactRefreshAudience): Promise<ContactRefreshPreview> {
  return api.send('POST', '/api/v1/contact-refreshes/preview', { body: audience });
}

/** Messages leave at once. */
export function startRefresh(refresh: NewContactRefresh): Promise<ContactRefresh> {
  return api.send('POST', '/api/v1/contact-refreshes', { body: refresh });
}

export function endRefresh(id: string): Promise<ContactRefresh> {
  return api.send('POST', '/api/v1/contact-refreshes/{id}/end', { path: { id } });
}

export function fetchRefreshPeople(
  id: string,
  standing: RefreshStanding,
  after: string | undefined,
  signal: AbortSignal,
): Promise<Page<ContactRefreshPerson>> {
  return api.get('/api/v1/contact-refreshes/{id}/people', { path: { id }, query: { standing, after, limit: 50 }, signal });
}

export function exportHref(id: string, language: 'fr' | 'en'): string {
  return `/api/v1/contact-refreshes/${id}/people.csv?language=${language}`;
}
