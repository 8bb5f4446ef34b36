import { api } from '../../core/server';
import type { AlertTimelineEntry, Board, Page, RecipientDetail, RecipientRow, Standing } from '../../transport/contract/alerts';
import type { LocalizedText } from '../../transport/contract/content';

function path(alertId: string, rest = ''): string {
  return `/api/v1/alerts/${encodeURIComponent(alertId)}${rest}`;
}

export interface RecipientFilter {
  readonly standing?: Standing | undefined;
  readonly answer?: string | undefined;
  readonly site?: string | undefined;
  readonly search?: string | undefined;
}

export function fetchBoard(alertId: string, signal: AbortSignal): Promise<Board> {
  return api.get(path(alertId, '/board'), { signal });
}

export function fetchRecipients(
  alertId: string,
  filter: RecipientFilter,
  after: string | undefined,
  signal: AbortSignal,
): Promise<Page<RecipientRow>> {
  return api.get(path(alertId, '/recipients'), { query: { ...filter, after, limit: 100 }, signal });
}

export function fetchRecipient(alertId: string, recipientId: number, signal: AbortSignal): Promise<RecipientDetail> {
  return api.get(path(alertId, `/recipients/${recipientId}`), { signal });
}

export function fetchTimeline(alertId: string, signal: AbortSignal): Promise<Page<AlertTimelineEntry>> {
  return api.get(path(alertId, '/timeline'), { query: { limit: 200 }, signal });
}

export function remindSilent(alertId: string): Promise<void> {
  return api.send('POST', path(alertId, '/reminders'), {});
}

export function updateAlert(alertId: string, title: LocalizedText, body: LocalizedText): Promise<void> {
  return api.send('POST', path(alertId, '/updates'), { title, body });
}

export function giveAllClear(alertId: string, title: LocalizedText, body: LocalizedText): Promise<void> {
  return api.send('POST', path(alertId, '/all-clear'), { title, body });
}

export function cancelAlert(alertId: string, title: LocalizedText, body: LocalizedText): Promise<void> {
  return api.send('POST', path(alertId, '/cancellation'), { title, body });
}

export function resendTo(alertId: string, recipientId: number): Promise<void> {
  return api.send('POST', path(alertId, `/recipients/${recipientId}/resend`), {});
}

/** What somebody said aloud, entered for them. */
export function enterAnswer(alertId: string, recipientId: number, choice: string): Promise<void> {
  return api.send('POST', path(alertId, `/recipients/${recipientId}/answers`), { choice });
}

export function exportHref(alertId: string, format: 'csv' | 'pdf'): string {
  return path(alertId, `/export.${format}`);
}
