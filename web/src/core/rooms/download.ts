import { type Bytes, fromHex } from '../../e2ee/bytes';
import { FileRoot, FileSealer, partsOf, rangeOf } from '../../e2ee/rooms/file';
import { ApiError } from '../../transport/api-error';
import { accountOf, personOf } from '../devices/account-bytes';
import { type FileService, fileService } from './file-service';
import type { SharedFile } from './shared-file';

/** What came is not what was sent: the server, or somebody who has its key, changed it. */
export class DamagedFileError extends Error {
  override readonly name = 'DamagedFileError';
}

export interface DownloadOptions {
  readonly signal: AbortSignal;
  /** Bytes so far. */
  readonly progress?: (done: number) => void;
  readonly service?: FileService;
  readonly pause?: (milliseconds: number) => Promise<void>;
}

/** Parts on their way at once. */
const ahead = 3;
/** Of one part, before whoever waits is told: with the pauses between, two minutes. */
const mostTries = 8;

/** The sealed parts of a file, in order; asks again where the line breaks. */
export async function* sealedParts(
  room: string,
  file: SharedFile,
  { signal, service = fileService, pause = wait }: DownloadOptions,
): AsyncGenerator<Bytes> {
  const count = partsOf(file.size);
  const coming: Promise<Bytes>[] = [];
  for (let part = 0; part < count; part++) {
    while (coming.length < ahead && part + coming.length < count) {
      const next = readPart(service, room, personOf(fromHex(file.id)), part + coming.length, signal, pause);
      // Whoever waits for an earlier one hears of that one's failure first.
      next.catch(() => undefined);
      coming.push(next);
    }
    yield (await coming.shift()) as Bytes;
  }
}

/** Opens it part by part into `take`, each verified. At the end the whole is: where that fails, what was taken must go. @throws DamagedFileError, ApiError, or what the signal says. */
export async function download(room: string, file: SharedFile, take: (part: Bytes) => Promise<void>, options: DownloadOptions): Promise<void> {
  const sealer = await FileSealer.of({ room: accountOf(room), file: fromHex(file.id), key: fromHex(file.key), size: file.size });
  const hashes = new FileRoot(file.size);
  let part = 0;
  for await (const sealed of sealedParts(room, file, options)) {
    const opened = await sealer.openPart(part, sealed);
    if (!opened.ok) throw new DamagedFileError();
    await hashes.add(part, sealed);
    options.signal.throwIfAborted();
    await take(opened.value);
    options.progress?.(rangeOf(file.size, part)[1]);
    part++;
  }
  if (!(await hashes.is(fromHex(file.root)))) throw new DamagedFileError();
}

async function readPart(
  service: FileService,
  room: string,
  file: string,
  part: number,
  signal: AbortSignal,
  pause: (milliseconds: number) => Promise<void>,
): Promise<Bytes> {
  for (let tried = 1; ; tried++) {
    try {
      return await service.read(room, file, part, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof ApiError) || !error.isPassing || tried === mostTries) throw error;
      await pause(Math.min(30_000, 500 * 2 ** tried));
    }
  }
}

export function wait(milliseconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, milliseconds));
}
