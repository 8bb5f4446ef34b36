import { type Bytes, utf8 } from '../bytes';
import type { Signer } from '../signature';
import { WireWriter } from '../wire';
import { type ArchiveKind, SignedRecords } from './signed-records';

const recordTypes = { beginning: 1, room: 2, document: 3, bytes: 4, end: 5 } as const;
const crisisArchive: ArchiveKind = {
  magic: 'tocsin crisis 1\n',
  chainLabel: 'Tocsin crisis export v1',
  signatureLabel: 'Tocsin crisis export signature v1',
  end: recordTypes.end,
};

/** As long as a record may be. */
const longestRecord = 2 ** 20;

/** Which crisis, by whom and when. */
export interface CrisisExportBeginning {
  /** The leading room. */
  readonly room: Bytes;
  /** Unix milliseconds. */
  readonly exportedAt: number;
  readonly account: Bytes;
  readonly device: Bytes;
}

/**
 * Writes a crisis as one archive that verifies by itself: the archive of its leading room, those of its cells, then documents. docs/protocol/rooms.md has the layout, `tocsin verify`
 * reads it. What is written of a room is as {@link RoomExportWriter} writes it.
 */
export class CrisisExportWriter {
  private readonly records: SignedRecords;

  constructor(write: (bytes: Bytes) => Promise<void>) {
    this.records = new SignedRecords(crisisArchive, write);
  }

  begin({ room, exportedAt, account, device }: CrisisExportBeginning): Promise<void> {
    const body = new WireWriter().fixed(room, 16).uint64(BigInt(exportedAt)).fixed(account, 16).fixed(device, 16);
    return this.records.begin(recordTypes.beginning, body.bytes());
  }

  /** The leading room first. Its archive follows, by {@link bytes}. */
  beginRoom(room: Bytes): Promise<void> {
    return this.records.add(recordTypes.room, room);
  }

  /** After all rooms: a file that the server gave, which nobody of the crisis has signed. Its bytes follow. @param name of a file, in ASCII: letters, digits, `.`, `-` and `_`. */
  beginDocument(name: string): Promise<void> {
    return this.records.add(recordTypes.document, utf8(name));
  }

  async bytes(bytes: Bytes): Promise<void> {
    for (let at = 0; at < bytes.length; at += longestRecord) await this.records.add(recordTypes.bytes, bytes.subarray(at, at + longestRecord));
  }

  end(device: Signer): Promise<void> {
    return this.records.end(device);
  }
}
