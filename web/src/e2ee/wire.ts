import { type Bytes, concatenate } from './bytes';

/** Writes the TLS presentation language (RFC 8446 section 3): big-endian numbers, vectors after their length. What is given is ours, so what does not fit throws. */
export class WireWriter {
  private readonly parts: Uint8Array[] = [];

  uint8(value: number): this {
    return this.number(value, 1);
  }

  uint16(value: number): this {
    return this.number(value, 2);
  }

  uint32(value: number): this {
    return this.number(value, 4);
  }

  uint64(value: bigint): this {
    const bytes = new Uint8Array(8);
    if (value < 0n || value > 0xffff_ffff_ffff_ffffn) throw new RangeError('a number has 64 bits');
    new DataView(bytes.buffer).setBigUint64(0, value);
    this.parts.push(bytes);
    return this;
  }

  /** `opaque name[length]` */
  fixed(bytes: Uint8Array, length: number): this {
    if (bytes.length !== length) throw new RangeError(`${bytes.length} bytes where the format has ${length}`);
    this.parts.push(bytes);
    return this;
  }

  /** `opaque name<0..maximum>`, its length in as many bytes as the maximum needs. */
  vector(bytes: Uint8Array, maximum: number): this {
    if (bytes.length > maximum) throw new RangeError(`${bytes.length} bytes where the format has room for ${maximum}`);
    this.number(bytes.length, lengthBytes(maximum));
    this.parts.push(bytes);
    return this;
  }

  /** The structs one after the other, as one vector. */
  list<Item>(items: readonly Item[], maximum: number, write: (writer: WireWriter, item: Item) => void): this {
    const inner = new WireWriter();
    for (const item of items) write(inner, item);
    return this.vector(inner.bytes(), maximum);
  }

  bytes(): Bytes {
    return concatenate(...this.parts);
  }

  private number(value: number, length: number): this {
    if (!Number.isInteger(value) || value < 0 || value >= 2 ** (8 * length)) throw new RangeError(`${value} has no place in ${length} bytes`);
    this.parts.push(Uint8Array.from({ length }, (_, at) => Math.floor(value / 2 ** (8 * (length - 1 - at))) & 0xff));
    return this;
  }
}

/** Reads what `WireWriter` writes. What is not there reads as zeros, and so does everything after it: look at `isComplete` before believing anything. */
export class WireReader {
  private at = 0;
  private failed = false;

  constructor(private readonly input: Uint8Array) {}

  /** Everything was there, and nothing is left. */
  get isComplete(): boolean {
    return !this.failed && this.at === this.input.length;
  }

  uint8(): number {
    return this.number(1);
  }

  uint16(): number {
    return this.number(2);
  }

  uint32(): number {
    return this.number(4);
  }

  uint64(): bigint {
    const bytes = this.take(8);
    return new DataView(bytes.buffer).getBigUint64(0);
  }

  fixed(length: number): Bytes {
    return this.take(length);
  }

  vector(maximum: number): Bytes {
    const length = this.number(lengthBytes(maximum));
    if (length > maximum) this.failed = true;
    return this.take(this.failed ? 0 : length);
  }

  /** At most `most` structs; each must read something. */
  list<Item>(maximum: number, most: number, read: (reader: WireReader) => Item): Item[] {
    const inner = new WireReader(this.vector(maximum));
    const items: Item[] = [];
    while (!inner.failed && inner.at < inner.input.length && items.length < most) items.push(read(inner));
    if (!inner.isComplete) this.failed = true;
    return this.failed ? [] : items;
  }

  private number(length: number): number {
    return this.take(length).reduce((value, byte) => value * 256 + byte, 0);
  }

  /** A copy; zeros where there are too few. */
  private take(length: number): Bytes {
    const end = this.at + length;
    if (this.failed || end > this.input.length) {
      this.failed = true;
      return new Uint8Array(length);
    }
    const bytes = new Uint8Array(this.input.subarray(this.at, end));
    this.at = end;
    return bytes;
  }
}

function lengthBytes(maximum: number): number {
  return maximum < 2 ** 8 ? 1 : maximum < 2 ** 16 ? 2 : maximum < 2 ** 24 ? 3 : 4;
}
