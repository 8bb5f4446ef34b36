import { may } from '../../core/access';
import type { RoomPerson } from '../../core/rooms/rooms.svelte';
import { api } from '../../core/server';
import type { Board } from '../../transport/contract/alerts';
import type { FunctionView } from '../../transport/contract/directory';

const most = 200;

/** Crisis functions with who holds them; none for who may not read the directory. */
export async function fetchFunctions(signal: AbortSignal): Promise<readonly FunctionView[]> {
  return may('directory.read') ? (await api.get('/api/v1/functions', { query: { limit: most }, signal })).items : [];
}

/** Who is on duty now, each once. */
export async function fetchPeopleOnDuty(signal: AbortSignal): Promise<readonly RoomPerson[]> {
  const { items } = await api.get('/api/v1/rotas/on-duty', { signal });
  return [...new Map(items.map((one) => [one.personId, { id: one.personId, name: one.name }])).values()];
}

export async function fetchAlert(id: string, signal: AbortSignal): Promise<Board['alert']> {
  return ((await api.get('/api/v1/alerts/{id}/board', { path: { id }, signal })) as Board).alert;
}
