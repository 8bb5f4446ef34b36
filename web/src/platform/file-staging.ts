/** Bytes on this browser's own disk (the origin private file system), for what is too large for memory. Everything put here is sealed or about to be handed to the person. */
export interface FileStaging {
  /** Writes the whole, or leaves nothing behind. */
  write(name: string, parts: AsyncIterable<Uint8Array<ArrayBuffer>>): Promise<void>;
  /** Begins to write it in pieces. */
  open(name: string): Promise<StagedWriting>;
  /** Null where there is none. */
  read(name: string): Promise<Blob | null>;
  remove(name: string): Promise<void>;
  names(): Promise<readonly string[]>;
}

/** Nothing of it is read before it has ended. */
export interface StagedWriting {
  write(part: Uint8Array<ArrayBuffer>): Promise<void>;
  close(): Promise<void>;
  /** Leaves nothing behind. */
  abort(): Promise<void>;
}

export const uploadFolder = 'tocsin-uploads';
export const downloadFolder = 'tocsin-downloads';

/** Nothing of anybody stays on this disk. */
export async function clearFileStaging(): Promise<void> {
  for (const folder of [uploadFolder, downloadFolder]) {
    const staging = await openFileStaging(folder);
    for (const name of (await staging?.names()) ?? []) await staging?.remove(name);
  }
}

/** The types of the language know files and not yet lists of them. */
interface ListedDirectory extends FileSystemDirectoryHandle {
  keys(): AsyncIterable<string>;
}

/** Null where this browser has no such place, as in some private windows, or nothing to write there with from a page (Safari before version 26). */
export async function openFileStaging(folder: string): Promise<FileStaging | null> {
  try {
    if (!('createWritable' in FileSystemFileHandle.prototype)) return null;
    const root = await navigator.storage.getDirectory();
    const directory = await root.getDirectoryHandle(folder, { create: true });
    const open = async (name: string): Promise<StagedWriting> => {
      const writable = await (await directory.getFileHandle(name, { create: true })).createWritable();
      return {
        write: (part) => writable.write(part),
        close: () => writable.close(),
        async abort() {
          await writable.abort().catch(() => undefined);
          await directory.removeEntry(name).catch(() => undefined);
        },
      };
    };
    return {
      open,
      async write(name, parts) {
        const writing = await open(name);
        try {
          for await (const part of parts) await writing.write(part);
          await writing.close();
        } catch (error) {
          await writing.abort();
          throw error;
        }
      },
      async read(name) {
        try {
          return await (await directory.getFileHandle(name)).getFile();
        } catch {
          return null;
        }
      },
      async remove(name) {
        await directory.removeEntry(name).catch(() => undefined);
      },
      async names() {
        const names: string[] = [];
        for await (const name of (directory as ListedDirectory).keys()) names.push(name);
        return names;
      },
    };
  } catch {
    return null;
  }
}
