import { api } from '../../core/server';
import type { Page } from '../../transport/contract/alerts';
import type { AuditEntry, AuditIntegrity } from '../../transport/contract/audit';

/** One thing or one person whose records are wanted; all records where neither is given. */
export interface AuditFilter {
  readonly subject?: string | undefined;
  readonly actor?: string | undefined;
}

const pageSize = 50;

/** From the newest; `before` is the number of the last record seen. */
export async function fetchEntries(filter: AuditFilter, before: string | undefined, signal: AbortSignal): Promise<Page<AuditEntry>> {
  const page = await api.get('/api/v1/audit/entries', {
    query: { ...filter, before: before === undefined ? undefined : Number(before), limit: pageSize },
    signal,
  });
  return { items: page.entries, next: page.next?.toString() ?? null };
}

export function checkIntegrity(): Promise<AuditIntegrity> {
  return api.get('/api/v1/audit/integrity');
}

/** One record a line. A command, because the trail notes who exported it. */
export function exportTrail(): Promise<string> {
  return api.sendForText('POST', '/api/v1/audit/export');
}
