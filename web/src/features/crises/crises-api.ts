import type { CrisisDocument } from '../../core/rooms/crisis/crisis-export';
import { api } from '../../core/server';
import type { Board } from '../../transport/contract/alerts';

export async function fetchAlert(id: string, signal: AbortSignal): Promise<Board['alert']> {
  return ((await api.get('/api/v1/alerts/{id}/board', { path: { id }, signal })) as Board).alert;
}

/** Who was to be reached, when and how they were, and what they answered: as a table and as a report. */
export async function fetchAlertReports(id: string, signal: AbortSignal): Promise<readonly CrisisDocument[]> {
  const path = { id: id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') };
  return [
    { name: 'alert.csv', bytes: await api.getBytes('/api/v1/alerts/{id}/export.csv', { path, signal }) },
    { name: 'alert.pdf', bytes: await api.getBytes('/api/v1/alerts/{id}/export.pdf', { path, signal }) },
  ];
}
