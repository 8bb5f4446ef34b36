import { downloadFolder, openFileStaging } from './file-staging';

/** Where a file goes that the person keeps, part by part, never whole in memory. */
export interface FileSink {
  write(part: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Hands it over. */
  finish(): Promise<void>;
  /** Leaves nothing behind. */
  abort(): Promise<void>;
}

/** Until here the browser's own blobs do. */
const small = 32 * 1024 * 1024;

interface SavePicker {
  showSaveFilePicker?(options: { readonly suggestedName: string }): Promise<FileSystemFileHandle>;
}

/**
 * Call it from the press of a button: the browser may ask where to. What is handed over is bytes to keep under this name, whatever is in them: no page, no picture.
 * @returns Null where the person chose no place after all.
 */
export async function openSink(name: string, size: number): Promise<FileSink | null> {
  if (size <= small) return blobSink(name);
  const { showSaveFilePicker } = window as SavePicker;
  if (showSaveFilePicker !== undefined) {
    try {
      const writable = await (await showSaveFilePicker.call(window, { suggestedName: name })).createWritable();
      return { write: (part) => writable.write(part), finish: () => writable.close(), abort: () => writable.abort() };
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') return null;
    }
  }
  return (await stagedSink(name)) ?? blobSink(name);
}

/** Hands the parts to the browser at the end, as one file. */
function blobSink(name: string): FileSink {
  const parts: Blob[] = [];
  return {
    write(part) {
      parts.push(new Blob([part]));
      return Promise.resolve();
    },
    finish() {
      handOver(name, new Blob(parts, { type: 'application/octet-stream' }));
      return Promise.resolve();
    },
    abort() {
      parts.length = 0;
      return Promise.resolve();
    },
  };
}

/** Firefox has no picker: on its own disk first, and from there to where downloads go. */
async function stagedSink(name: string): Promise<FileSink | null> {
  const staging = await openFileStaging(downloadFolder);
  if (staging === null) return null;
  // Of earlier ones the browser has its copy by now.
  for (const old of await staging.names()) await staging.remove(old);
  const kept = crypto.randomUUID();
  const writing = await staging.open(kept);
  return {
    write: (part) => writing.write(part),
    async finish() {
      await writing.close();
      const file = await staging.read(kept);
      if (file !== null) handOver(name, file);
    },
    abort: () => writing.abort(),
  };
}

function handOver(name: string, blob: Blob): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The download reads it for as long as it takes.
  setTimeout(() => URL.revokeObjectURL(address), 600_000);
}
