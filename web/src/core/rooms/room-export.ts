import { type Bytes, equalBytes, fromHex } from '../../e2ee/bytes';
import { nextHead, firstHead, type ChainHead } from '../../e2ee/rooms/entry';
import { RoomExportWriter } from '../../e2ee/rooms/export';
import { partsOf } from '../../e2ee/rooms/file';
import type { Signer } from '../../e2ee/signature';
import { ApiError } from '../../transport/api-error';
import { sealedParts, type DownloadOptions } from './download';
import type { RoomService } from './room-service';
import type { TimelineEntry } from './room-view';
import type { SharedFile } from './shared-file';

/** A room as this device has verified it, up to its head, with what its archive is made of. */
export interface ExportableRoom {
  /** As a UUID, and as bytes. */
  readonly id: string;
  readonly room: Bytes;
  readonly head: ChainHead;
  readonly keys: ReadonlyMap<number, Bytes>;
  readonly files: readonly SharedFile[];
  readonly account: Bytes;
  readonly device: Bytes;
  readonly signer: Signer;
  readonly service: RoomService;
}

/** The server gives other entries than this device has verified. */
export class ForkedExportError extends Error {
  override readonly name = 'ForkedExportError';
}

export interface ExportProgress {
  /** Entries, then bytes of files. */
  (step: 'entries' | 'files', done: number, all: number): void;
}

/** Writes an archive, with the files of its messages or without. @returns How many of them the server has no more. */
export type ExportWriting = (
  withFiles: boolean,
  write: (bytes: Bytes) => Promise<void>,
  progress: ExportProgress,
  signal: AbortSignal,
) => Promise<number>;

/** How much the files of a room would add to its archive. */
export function fileBytesIn({ timeline }: { readonly timeline: readonly TimelineEntry[] }): number {
  return timeline.reduce((sum, one) => sum + (one.kind === 'message' ? (one.message.file?.size ?? 0) : 0), 0);
}

/**
 * Writes the archive of a room: all entries as the server has them, held against what was verified here, the keys that open them, and the files on demand. A file that the server has no
 * more is left out, and the archive says so by that. @returns How many were.
 */
export async function exportRoom(
  given: ExportableRoom,
  withFiles: boolean,
  write: (bytes: Bytes) => Promise<void>,
  progress: ExportProgress,
  options: DownloadOptions,
): Promise<number> {
  const { room, head, keys, account, device, signer, service, id } = given;
  const writer = new RoomExportWriter(write);
  await writer.begin({ room, head, exportedAt: Date.now(), account, device });
  for (const [era, key] of [...keys].sort(([one], [other]) => one - other)) await writer.eraKey(era, key);
  let chain = await firstHead(room);
  while (chain.seq < head.seq) {
    options.signal.throwIfAborted();
    const { entries } = await service.read(id, Number(chain.seq));
    if (entries.length === 0) throw new ForkedExportError();
    for (const { at, entry } of entries) {
      if (chain.seq === head.seq) break;
      chain = await nextHead(chain, entry);
      await writer.entry(Math.max(0, Date.parse(at) || 0), entry);
    }
    progress('entries', Number(chain.seq), Number(head.seq));
  }
  if (!equalBytes(chain.hash, head.hash)) throw new ForkedExportError();
  const left = withFiles ? await writeFiles(writer, given, progress, options) : given.files.length;
  await writer.end(signer);
  return left;
}

async function writeFiles(
  writer: RoomExportWriter,
  { id, files }: ExportableRoom,
  progress: ExportProgress,
  options: DownloadOptions,
): Promise<number> {
  const all = files.reduce((sum, { size }) => sum + size, 0);
  let done = 0;
  let left = 0;
  for (const file of files) {
    const parts = sealedParts(id, file, options);
    let first: IteratorResult<Bytes>;
    try {
      first = await parts.next();
    } catch (error) {
      options.signal.throwIfAborted();
      if (!(error instanceof ApiError) || error.code !== 'not-found') throw error;
      left++;
      continue;
    }
    await writer.file(fromHex(file.id), partsOf(file.size));
    for (; !first.done; first = await parts.next()) {
      await writer.part(first.value);
      progress('files', (done += first.value.length - 16), all);
    }
  }
  return left;
}
