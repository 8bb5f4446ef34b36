import { api } from '../../core/server';
import type { Page } from '../../transport/contract/alerts';
import type { ImportLine, ImportProgress, PeopleImport, PeopleImportAction } from '../../transport/contract/people-imports';

/** A large file on a slow link, and its comparison with the whole directory. */
const previewTimeLimit = 600_000;

/** @param id Of the import to be, so that one can ask how far it is while it is read. */
export function previewImport(id: string, file: File, fullList: boolean, signal: AbortSignal): Promise<PeopleImport> {
  // Whatever the computer takes the file for: the server reads it as CSV.
  const content = file.slice(0, file.size, 'text/csv');
  return api.send('POST', '/api/v1/imports', { body: content, query: { id, fileName: file.name, fullList }, signal, timeLimit: previewTimeLimit });
}

export function fetchImports(signal: AbortSignal): Promise<Page<PeopleImport>> {
  return api.get('/api/v1/imports', { signal });
}

export function fetchImport(id: string, signal: AbortSignal): Promise<PeopleImport> {
  return api.get('/api/v1/imports/{id}', { path: { id }, signal });
}

/** How far it is right now; not found where nothing is under way. */
export function fetchImportProgress(id: string, signal: AbortSignal): Promise<ImportProgress> {
  return api.get('/api/v1/imports/{id}/progress', { path: { id }, signal });
}

export function fetchImportLines(id: string, action: PeopleImportAction, after: string | undefined, signal: AbortSignal): Promise<Page<ImportLine>> {
  return api.get('/api/v1/imports/{id}/lines', {
    path: { id },
    query: { action, after: after === undefined ? undefined : Number(after), limit: 50 },
    signal,
  }) as Promise<Page<ImportLine>>;
}

export function applyImport(id: string, confirmedRemovals: number): Promise<PeopleImport> {
  return api.send('POST', '/api/v1/imports/{id}/apply', { path: { id }, body: { confirmedRemovals } });
}

export function discardImport(id: string): Promise<void> {
  return api.send('POST', '/api/v1/imports/{id}/discard', { path: { id } });
}
