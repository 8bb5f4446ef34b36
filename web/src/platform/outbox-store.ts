import { completed, openDatabase } from './database';

/** A command kept until the server has taken it. Sent again under the same key, it counts once. */
export interface KeptCommand {
  /** Order of leaving; given by the store. */
  readonly position: number;
  readonly method: 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly body: unknown;
  readonly idempotencyKey: string;
  /** Whose command: another person at the same browser must not send it. */
  readonly account: string;
  /** Milliseconds since 1970. */
  readonly keptAt: number;
  /** What it is in a few words, for the list of what waits. A key of the dictionaries. */
  readonly label: string;
}

export interface OutboxStore {
  add(command: Omit<KeptCommand, 'position'>): Promise<number>;
  all(): Promise<KeptCommand[]>;
  remove(position: number): Promise<void>;
}

/** In the browser's database: kept through reload, crash and restart. */
export const indexedOutboxStore: OutboxStore = {
  async add(command) {
    const database = await openDatabase();
    return (await completed(database.transaction('outbox', 'readwrite').objectStore('outbox').add(command))) as number;
  },
  async all() {
    const database = await openDatabase();
    return (await completed(database.transaction('outbox').objectStore('outbox').getAll())) as KeptCommand[];
  },
  async remove(position) {
    const database = await openDatabase();
    await completed(database.transaction('outbox', 'readwrite').objectStore('outbox').delete(position));
  },
};
