import { type Bytes, concatenate, sha256, utf8 } from '../bytes';
import { labelled, labelledHash } from '../labelled';
import type { Signer } from '../signature';
import { WireWriter } from '../wire';
import type { ChainHead } from './entry';

const magic = utf8('tocsin export 1\n');
const chainLabel = 'Tocsin room export v1';
const signatureLabel = 'Tocsin room export signature v1';
const recordTypes = { beginning: 1, 'era-key': 2, entry: 3, file: 4, part: 5, end: 6 } as const;

/** Of which room up to where, by whom and when. */
export interface ExportBeginning {
  readonly room: Bytes;
  readonly head: ChainHead;
  /** Unix milliseconds. */
  readonly exportedAt: number;
  readonly account: Bytes;
  readonly device: Bytes;
}

/**
 * Writes a room as one archive that verifies by itself: docs/protocol/rooms.md has the layout, `tocsin verify` reads it. Records in the order of their types. Each is hashed into a
 * chain whose end the exporter's device signs, so that no byte can change unseen; the archive is never whole in memory.
 */
export class RoomExportWriter {
  private hash: Bytes | undefined;

  constructor(private readonly write: (bytes: Bytes) => Promise<void>) {}

  async begin({ room, head, exportedAt, account, device }: ExportBeginning): Promise<void> {
    await this.write(magic);
    this.hash = await labelledHash(chainLabel, magic);
    const body = new WireWriter()
      .fixed(room, 16)
      .uint64(head.seq)
      .fixed(head.hash, 32)
      .uint64(BigInt(exportedAt))
      .fixed(account, 16)
      .fixed(device, 16);
    await this.record('beginning', body.bytes());
  }

  /** In order of the eras. Who has it reads all that was sealed in its era. */
  eraKey(era: number, key: Bytes): Promise<void> {
    return this.record('era-key', new WireWriter().uint32(era).fixed(key, 32).bytes());
  }

  /** All from the first to the head, in order, with the server's time: that is nobody's signed word. */
  entry(at: number, entry: Bytes): Promise<void> {
    return this.record('entry', concatenate(new WireWriter().uint64(BigInt(at)).bytes(), entry));
  }

  /** One that an entry carries; its sealed parts follow. */
  file(id: Bytes, parts: number): Promise<void> {
    return this.record('file', new WireWriter().fixed(id, 16).uint32(parts).bytes());
  }

  part(sealed: Bytes): Promise<void> {
    return this.record('part', sealed);
  }

  async end(device: Signer): Promise<void> {
    if (this.hash === undefined) throw new RangeError('an archive has a beginning');
    await this.record('end', await device.sign(labelled(signatureLabel, this.hash)));
  }

  private async record(type: keyof typeof recordTypes, body: Bytes): Promise<void> {
    if (this.hash === undefined) throw new RangeError('an archive has a beginning');
    const bytes = concatenate(new WireWriter().uint8(recordTypes[type]).uint32(body.length).bytes(), body);
    this.hash = await labelledHash(chainLabel, this.hash, await sha256(bytes));
    await this.write(bytes);
  }
}
