import { api } from '../../core/server';
import type { Board } from '../../transport/contract/alerts';

export async function fetchAlert(id: string, signal: AbortSignal): Promise<Board['alert']> {
  return ((await api.get('/api/v1/alerts/{id}/board', { path: { id }, signal })) as Board).alert;
}
