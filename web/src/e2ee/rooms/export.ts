import { type Bytes, concatenate } from '../bytes';
import type { Signer } from '../signature';
import { WireWriter } from '../wire';
import type { ChainHead } from './entry';
import { type ArchiveKind, SignedRecords } from './signed-records';

const recordTypes = { beginning: 1, eraKey: 2, entry: 3, file: 4, part: 5, end: 6 } as const;
const roomArchive: ArchiveKind = {
  magic: 'tocsin export 1\n',
  chainLabel: 'Tocsin room export v1',
  signatureLabel: 'Tocsin room export signature v1',
  end: recordTypes.end,
};

/** Of which room up to where, by whom and when. */
export interface ExportBeginning {
  readonly room: Bytes;
  readonly head: ChainHead;
  /** Unix milliseconds. */
  readonly exportedAt: number;
  readonly account: Bytes;
  readonly device: Bytes;
}

/** Writes a room as one archive that verifies by itself: docs/protocol/rooms.md has the layout, `tocsin verify` reads it. Records in the order of their types. */
export class RoomExportWriter {
  private readonly records: SignedRecords;

  constructor(write: (bytes: Bytes) => Promise<void>) {
    this.records = new SignedRecords(roomArchive, write);
  }

  begin({ room, head, exportedAt, account, device }: ExportBeginning): Promise<void> {
    const body = new WireWriter()
      .fixed(room, 16)
      .uint64(head.seq)
      .fixed(head.hash, 32)
      .uint64(BigInt(exportedAt))
      .fixed(account, 16)
      .fixed(device, 16);
    return this.records.begin(recordTypes.beginning, body.bytes());
  }

  /** In order of the eras. Who has it reads all that was sealed in its era. */
  eraKey(era: number, key: Bytes): Promise<void> {
    return this.records.add(recordTypes.eraKey, new WireWriter().uint32(era).fixed(key, 32).bytes());
  }

  /** All from the first to the head, in order, with the server's time: that is nobody's signed word. */
  entry(at: number, entry: Bytes): Promise<void> {
    return this.records.add(recordTypes.entry, concatenate(new WireWriter().uint64(BigInt(at)).bytes(), entry));
  }

  /** One that an entry carries; its sealed parts follow. */
  file(id: Bytes, parts: number): Promise<void> {
    return this.records.add(recordTypes.file, new WireWriter().fixed(id, 16).uint32(parts).bytes());
  }

  part(sealed: Bytes): Promise<void> {
    return this.records.add(recordTypes.part, sealed);
  }

  end(device: Signer): Promise<void> {
    return this.records.end(device);
  }
}
