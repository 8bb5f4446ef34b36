/** The browser's own database: what must outlive a reload and an outage. */
const name = 'tocsin';
const version = 1;

export interface StoreNames {
  readonly outbox: 'outbox';
}

let opened: Promise<IDBDatabase> | undefined;

export function openDatabase(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(name, version);
    request.onupgradeneeded = () => {
      request.result.createObjectStore('outbox', { keyPath: 'position', autoIncrement: true });
    };
    request.onsuccess = () => resolve(request.result);
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
