import { type Bytes, utf8 } from '../../../e2ee/bytes';
import { CrisisExportWriter } from '../../../e2ee/rooms/crisis-export';
import type { DownloadOptions } from '../download';
import { type ExportableRoom, type ExportProgress, exportRoom } from '../room-export';

/** A file beside the rooms: what the server gave, and the report that the exporter's browser made of the rooms. Nobody but the exporter has signed it. */
export interface CrisisDocument {
  /** ASCII: letters, digits, `.`, `-` and `_`. */
  readonly name: string;
  readonly bytes: Bytes;
}

/** The report for people, to be read and printed without a server. */
export function reportDocument(html: string): CrisisDocument {
  return { name: 'report.html', bytes: utf8(html) };
}

/**
 * Writes the archive of a crisis: its leading room, the cells that this person is in, and documents, under the signature of this device, which `tocsin verify` checks offline.
 * @param rooms the leading one first.
 * @returns How many files the server has no more.
 */
export async function exportCrisis(
  rooms: readonly [ExportableRoom, ...ExportableRoom[]],
  documents: readonly CrisisDocument[],
  withFiles: boolean,
  write: (bytes: Bytes) => Promise<void>,
  progress: ExportProgress,
  options: DownloadOptions,
): Promise<number> {
  const writer = new CrisisExportWriter(write);
  const [{ room, account, device, signer }] = rooms;
  await writer.begin({ room, exportedAt: Date.now(), account, device });
  const all = {
    entries: rooms.reduce((sum, { head }) => sum + Number(head.seq), 0),
    files: rooms.reduce((sum, { files }) => sum + files.reduce((bytes, { size }) => bytes + size, 0), 0),
  };
  const before = { entries: 0, files: 0 };
  let left = 0;
  for (const one of rooms) {
    await writer.beginRoom(one.room);
    const now = { entries: 0, files: 0 };
    left += await exportRoom(
      one,
      withFiles,
      (bytes) => writer.bytes(bytes),
      (step, done) => {
        now[step] = done;
        progress(step, before[step] + done, all[step]);
      },
      options,
    );
    before.entries += now.entries;
    before.files += now.files;
  }
  for (const { name, bytes } of documents) {
    await writer.beginDocument(name);
    await writer.bytes(bytes);
  }
  await writer.end(signer);
  return left;
}
