/** The browser's own database: what must outlive a reload and an outage. */
const name = 'tocsin';
const version = 3;

export interface StoreNames {
  readonly outbox: 'outbox';
  readonly kept: 'kept';
  readonly devices: 'devices';
}

let opened: Promise<IDBDatabase> | undefined;

export function openDatabase(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(name, version);
    request.onupgradeneeded = () => {
      const stores = request.result.objectStoreNames;
      if (!stores.contains('outbox')) request.result.createObjectStore('outbox', { keyPath: 'position', autoIncrement: true });
      if (!stores.contains('kept')) request.result.createObjectStore('kept');
      if (!stores.contains('devices')) request.result.createObjectStore('devices');
    };
    request.onsuccess = () => {
      // A newer version of the pages in another tab must not wait for this one for ever.
      request.result.onversionchange = () => {
        request.result.close();
        opened = undefined;
      };
      resolve(request.result);
    };
    request.onerror = () => {
      opened = undefined;
      reject(request.error ?? new Error('The browser refuses its database.'));
    };
  });
  return opened;
}

export function completed<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('The browser refuses its database.'));
  });
}
