import { completed, openDatabase } from './database';

/**
 * What makes this browser a device, by key: its keys, which stay when somebody signs out, and what it knows of others. Keys of WebCrypto are kept as they are; what is
 * secret beside them is sealed before it comes here.
 */
export interface DeviceStore {
  read(key: string): Promise<unknown>;
  /** All or none. */
  write(values: ReadonlyMap<string, unknown>): Promise<void>;
  removeAll(prefix: string): Promise<void>;
}

/** After every text that begins with the prefix, before all others. */
const last = '\uffff';

export const indexedDeviceStore: DeviceStore = {
  async read(key) {
    const store = (await openDatabase()).transaction('devices').objectStore('devices');
    return completed(store.get(key));
  },

  async write(values) {
    const transaction = (await openDatabase()).transaction('devices', 'readwrite');
    const done = committed(transaction);
    for (const [key, value] of values) transaction.objectStore('devices').put(value, key);
    await done;
  },

  async removeAll(prefix) {
    const transaction = (await openDatabase()).transaction('devices', 'readwrite');
    const done = committed(transaction);
    transaction.objectStore('devices').delete(IDBKeyRange.bound(prefix, prefix + last));
    await done;
  },
};

function committed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onerror = transaction.onabort = () => reject(transaction.error ?? new Error('The browser refuses its database.'));
  });
}
