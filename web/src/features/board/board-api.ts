import { api } from '../../core/server';
import { addressOf } from '../../transport/operations';
import type { AlertTimelineEntry, Board, MyAlert, Page, RecipientDetail, RecipientRow, Standing } from '../../transport/contract/alerts';
import type { LocalizedText } from '../../transport/contract/content';

export interface RecipientFilter {
  readonly standing?: Standing | undefined;
  readonly answer?: string | undefined;
  readonly site?: string | undefined;
  readonly search?: string | undefined;
}

export function fetchBoard(alertId: string, signal: AbortSignal): Promise<Board> {
  return api.get('/api/v1/alerts/{id}/board', { path: { id: alertId }, signal }) as Promise<Board>;
}

export function fetchRecipients(
  alertId: string,
  filter: RecipientFilter,
  after: string | undefined,
  signal: AbortSignal,
): Promise<Page<RecipientRow>> {
  return api.get('/api/v1/alerts/{id}/recipients', { path: { id: alertId }, query: { ...filter, after, limit: 100 }, signal });
}

export function fetchRecipient(alertId: string, recipientId: number, signal: AbortSignal): Promise<RecipientDetail> {
  return api.get('/api/v1/alerts/{id}/recipients/{recipientId}', { path: { id: alertId, recipientId }, signal });
}

export function fetchTimeline(alertId: string, signal: AbortSignal): Promise<Page<AlertTimelineEntry>> {
  return api.get('/api/v1/alerts/{id}/timeline', { path: { id: alertId }, query: { limit: 200 }, signal });
}

export function remindSilent(alertId: string): Promise<unknown> {
  return api.send('POST', '/api/v1/alerts/{id}/reminders', { path: { id: alertId } });
}

export function updateAlert(alertId: string, title: LocalizedText, body: LocalizedText): Promise<unknown> {
  return api.send('POST', '/api/v1/alerts/{id}/updates', { path: { id: alertId }, body: { title, body } });
}

export function giveAllClear(alertId: string, title: LocalizedText, body: LocalizedText): Promise<unknown> {
  return api.send('POST', '/api/v1/alerts/{id}/all-clear', { path: { id: alertId }, body: { title, body } });
}

export function cancelAlert(alertId: string, title: LocalizedText, body: LocalizedText): Promise<unknown> {
  return api.send('POST', '/api/v1/alerts/{id}/cancellation', { path: { id: alertId }, body: { title, body } });
}

export function resendTo(alertId: string, recipientId: number): Promise<unknown> {
  return api.send('POST', '/api/v1/alerts/{id}/recipients/{recipientId}/resend', { path: { id: alertId, recipientId } });
}

/** What somebody said aloud, entered for them. */
export function enterAnswer(alertId: string, recipientId: number, choice: string): Promise<void> {
  return api.send('POST', '/api/v1/alerts/{id}/recipients/{recipientId}/answers', { path: { id: alertId, recipientId }, body: { choice } });
}

export function exportHref(alertId: string, format: 'csv' | 'pdf'): string {
  return addressOf(`/api/v1/alerts/{id}/export.${format}`, { id: alertId });
}

const mostOwn = 100;

/** The alert as it was sent to me; undefined where it was not. */
export async function fetchOwn(alertId: string, signal: AbortSignal): Promise<MyAlert | undefined> {
  const page = await api.get('/api/v1/me/alerts', { query: { state: 'active', limit: mostOwn }, signal });
  return page.items.find((alert) => alert.id === alertId);
}

export function markSeen(alertId: string): Promise<void> {
  return api.send('POST', '/api/v1/me/alerts/{id}/seen', { path: { id: alertId } });
}
