import { type Bytes, fromHex, toHex } from '../../e2ee/bytes';
import { FileRoot, FileSealer, largestFile, partsOf, rangeOf, sealedLengthOf } from '../../e2ee/rooms/file';
import type { FileStaging } from '../../platform/file-staging';
import { ApiError } from '../../transport/api-error';
import { personOf, toBase64 } from '../devices/account-bytes';
import type { FileService } from './file-service';
import { longestName, type SharedFile } from './shared-file';

/** What is kept, sealed, of an upload that has begun. */
export interface KeptUpload {
  readonly file: SharedFile;
  readonly replyTo?: string;
}

export interface UploadSurroundings {
  /** As a UUID. */
  readonly room: string;
  readonly service: FileService;
  /** Null: nothing outlives the page. */
  readonly staging: FileStaging | null;
  pause(milliseconds: number): Promise<void>;
}

export interface UploadProgress {
  /** Sealed here; then on its way; or waiting for the line. */
  (state: 'sealing' | 'sending' | 'waiting', done: number): void;
}

export const sendsAtOnce = 3;
const longestPause = 15_000;

/** Where a file has nothing staged and the page was loaded anew, it must be chosen again. */
export class LostFileError extends Error {
  override readonly name = 'LostFileError';
}

/** What is known of a file before it is sealed: its key is new, so that it seals nothing else ever. */
export function newSharedFile(
  file: { readonly name: string; readonly type: string; readonly size: number },
  thumbnail: Uint8Array | null,
  seconds?: number,
): SharedFile {
  if (file.size > largestFile) throw new ApiError('room-file-too-large', 409, 'too large');
  return {
    id: toHex(crypto.getRandomValues(new Uint8Array(16))),
    key: toHex(crypto.getRandomValues(new Uint8Array(32))),
    root: '',
    size: file.size,
    name: file.name.length <= longestName ? file.name : file.name.slice(-longestName),
    type: file.type,
    ...(thumbnail === null ? {} : { thumbnail: toBase64(thumbnail) }),
    ...(seconds === undefined ? {} : { seconds }),
  };
}

/** Seals it whole onto this browser's disk, where there is one to use. @returns The file with its root, once it can be sent over any number of reloads; null where it cannot be kept. */
export async function stage(
  file: SharedFile,
  source: Blob,
  { room, staging }: UploadSurroundings,
  signal: AbortSignal,
  progress: UploadProgress,
): Promise<SharedFile | null> {
  if (staging === null) return null;
  const sealer = await sealerOf(room, file);
  const hashes = new FileRoot(file.size);
  try {
    await staging.write(
      file.id,
      (async function* () {
        for (let part = 0; part < sealer.parts; part++) {
          signal.throwIfAborted();
          const sealed = await sealer.sealPart(part, await partOf(source, file.size, part));
          await hashes.add(part, sealed);
          yield sealed;
          progress('sealing', rangeOf(file.size, part)[1]);
        }
      })(),
    );
  } catch (error) {
    signal.throwIfAborted();
    // The disk is full, or not for us: it is sealed while it is sent, and does not outlive the page.
    if (error instanceof DOMException && error.name === 'QuotaExceededError') return null;
    throw error;
  }
  const root = await hashes.root();
  return root === undefined ? null : { ...file, root: toHex(root) };
}

/** Sends what the server lacks; goes on where the line was lost. @returns The file with its root. */
export async function send(
  file: SharedFile,
  source: Blob | null,
  surroundings: UploadSurroundings,
  signal: AbortSignal,
  progress: UploadProgress,
): Promise<SharedFile> {
  const { room, service, staging, pause } = surroundings;
  const staged = file.root === '' ? null : ((await staging?.read(file.id)) ?? null);
  if (staged === null && source === null) throw new LostFileError();
  const sealer = await sealerOf(room, file);
  const hashes = new FileRoot(file.size);
  const sealedPart = async (part: number): Promise<Bytes> => {
    if (staged === null) return sealer.sealPart(part, await partOf(source as Blob, file.size, part));
    const from = part * sealedLengthOf(2 ** 31, 0);
    return new Uint8Array(await staged.slice(from, from + sealedLengthOf(file.size, part)).arrayBuffer());
  };
  const id = personOf(fromHex(file.id));
  for (let tried = 0; ;) {
    try {
      const missing = (await service.begin(room, id, file.size, signal)).flatMap(({ from, to }) =>
        Array.from({ length: to - from + 1 }, (_, at) => from + at),
      );
      if (missing.length === 0) break;
      let done = file.size - missing.reduce((sum, part) => sum + lengthOf(file.size, part), 0);
      progress('sending', done);
      const next = missing.values();
      const sender = async (): Promise<void> => {
        for (const part of next) {
          const sealed = await sealedPart(part);
          await service.send(room, id, part, sealed, signal);
          tried = 0;
          done += lengthOf(file.size, part);
          progress('sending', done);
        }
      };
      await settled(Array.from({ length: sendsAtOnce }, sender));
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof ApiError) || !error.isPassing) throw error;
      progress('waiting', 0);
      tried++;
      await pause(Math.min(longestPause, 500 * 2 ** Math.min(tried, 6)));
      signal.throwIfAborted();
    }
  }
  if (file.root !== '') return file;
  // Not staged: it was sealed while it was sent, also by tries before this one.
  for (let part = 0; part < partsOf(file.size); part++) await hashes.add(part, await sealedPart(part));
  return { ...file, root: toHex((await hashes.root()) ?? new Uint8Array()) };
}

function sealerOf(room: string, file: SharedFile): Promise<FileSealer> {
  return FileSealer.of({ room: fromHex(room.replaceAll('-', '')), file: fromHex(file.id), key: fromHex(file.key), size: file.size });
}

async function partOf(source: Blob, size: number, part: number): Promise<Bytes> {
  return new Uint8Array(await source.slice(...rangeOf(size, part)).arrayBuffer());
}

function lengthOf(size: number, part: number): number {
  const [from, to] = rangeOf(size, part);
  return to - from;
}

/** All have ended before the first failure is told: none goes on behind the next try. */
async function settled(work: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(work)).find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
