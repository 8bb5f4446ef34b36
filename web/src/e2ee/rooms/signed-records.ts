import { type Bytes, concatenate, sha256, utf8 } from '../bytes';
import { labelled, labelledHash } from '../labelled';
import type { Signer } from '../signature';
import { WireWriter } from '../wire';

/** A kind of archive: how it begins, and under which labels its records are hashed and its end is signed. */
export interface ArchiveKind {
  /** 16 bytes of ASCII. */
  readonly magic: string;
  readonly chainLabel: string;
  readonly signatureLabel: string;
  /** The type of the record that ends it. */
  readonly end: number;
}

/** Writes an archive record by record. Each is hashed into a chain whose end a device signs, so that no byte can change unseen; the archive is never whole in memory. */
export class SignedRecords {
  private hash: Bytes | undefined;

  constructor(
    private readonly kind: ArchiveKind,
    private readonly write: (bytes: Bytes) => Promise<void>,
  ) {}

  async begin(type: number, body: Bytes): Promise<void> {
    const magic = utf8(this.kind.magic);
    await this.write(magic);
    this.hash = await labelledHash(this.kind.chainLabel, magic);
    await this.add(type, body);
  }

  async add(type: number, body: Bytes): Promise<void> {
    const before = this.begun();
    const bytes = concatenate(new WireWriter().uint8(type).uint32(body.length).bytes(), body);
    this.hash = await labelledHash(this.kind.chainLabel, before, await sha256(bytes));
    await this.write(bytes);
  }

  async end(device: Signer): Promise<void> {
    await this.add(this.kind.end, await device.sign(labelled(this.kind.signatureLabel, this.begun())));
  }

  private begun(): Bytes {
    if (this.hash === undefined) throw new RangeError('an archive has a beginning');
    return this.hash;
  }
}
