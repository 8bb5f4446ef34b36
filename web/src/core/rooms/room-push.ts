import { type Bytes, utf8 } from '../../e2ee/bytes';
import { pushEndpoint } from '../../platform/push-subscription';
import { ApiError } from '../../transport/api-error';
import { api } from '../server';

interface Store {
  read(name: string): Promise<Bytes | null>;
  write(values: ReadonlyMap<string, Uint8Array>): Promise<void>;
}

/** What the server was told of this browser's choices. */
interface Told {
  readonly endpoint: string;
  readonly muted: readonly string[];
}

const keptName = 'room-push';
const toldName = 'room-push-told';
let last: { readonly store: Store; readonly text: string } | undefined;
let telling: Promise<void> = Promise.resolve();

/** For the service worker, while no page is open: the language, and what rooms are called whose name may be shown. No other name is in it. */
export async function keepForPushes(store: Store, language: 'fr' | 'en', names: Readonly<Record<string, string>>): Promise<void> {
  const text = JSON.stringify({ language, names });
  if (last?.store === store && last.text === text) return;
  last = { store, text };
  await store.write(new Map([[keptName, utf8(text)]]));
}

/** Tells the server of which rooms this browser wants no pushes, as far as it does not know. What it cannot be told now it is told the next time. */
export function tellMuted(store: Store, muted: ReadonlySet<string>): Promise<void> {
  const tell = (): Promise<void> => tellChanges(store, muted);
  return (telling = telling.then(tell, tell));
}

async function tellChanges(store: Store, muted: ReadonlySet<string>): Promise<void> {
  const endpoint = await pushEndpoint();
  if (endpoint === undefined) return;
  const told = new Set(await readTold(store, endpoint));
  for (const room of new Set([...muted, ...told])) {
    const isMuted = muted.has(room);
    if (isMuted === told.has(room)) continue;
    try {
      await api.send('PUT', '/api/v1/rooms/{id}/push', { path: { id: room }, body: { endpoint, isMuted } });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      continue;
    }
    if (isMuted) told.add(room);
    else told.delete(room);
  }
  await store.write(new Map([[toldName, utf8(JSON.stringify({ endpoint, muted: [...told] } satisfies Told))]]));
}

async function readTold(store: Store, endpoint: string): Promise<readonly string[]> {
  const bytes = await store.read(toldName);
  const told = bytes === null ? undefined : (JSON.parse(new TextDecoder().decode(bytes)) as Told);
  return told?.endpoint === endpoint ? told.muted : [];
}
