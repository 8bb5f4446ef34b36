import { type Bytes } from '../../src/e2ee/bytes';

/** Printed, so that a failure can be run again: TOCSIN_TEST_SEED=n. */
export const seed = Number(process.env['TOCSIN_TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
process.stdout.write(`seed ${seed}\n`);

/** Random numbers that a seed gives again (mulberry32). For tests only: no key is made of them. */
export class SeededRandom {
  constructor(private state: number = seed) {}

  /** In [0, 1). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** In [0, bound). */
  below(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  bytes(length: number): Bytes {
    return Uint8Array.from({ length }, () => this.below(256));
  }

  uint64(): bigint {
    // Of every length alike, or short numbers would never come.
    return new DataView(this.bytes(8).buffer).getBigUint64(0) >> BigInt(this.below(64));
  }

  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new RangeError('nothing to pick from');
    return item;
  }

  shuffled<Item>(items: readonly Item[]): Item[] {
    const order = [...items];
    for (let at = order.length - 1; at > 0; at--) {
      const other = this.below(at + 1);
      [order[at], order[other]] = [order[other] as Item, order[at] as Item];
    }
    return order;
  }
}
