import { completed, openDatabase } from './database';

/** Something as the server last told it. */
export interface Kept {
  readonly value: unknown;
  /** Milliseconds since 1970. */
  readonly keptAt: number;
}

/** What a person must be able to read on the day without a link; in the browser's database until they sign out. */
export const keptStore = {
  async write(key: string, kept: Kept): Promise<void> {
    const database = await openDatabase();
    await completed(database.transaction('kept', 'readwrite').objectStore('kept').put(kept, key));
  },

  async read(key: string): Promise<Kept | undefined> {
    const database = await openDatabase();
    return (await completed(database.transaction('kept').objectStore('kept').get(key))) as Kept | undefined;
  },

  async clear(): Promise<void> {
    const database = await openDatabase();
    await completed(database.transaction('kept', 'readwrite').objectStore('kept').clear());
  },
};
