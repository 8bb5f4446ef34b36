import { type Bytes, equalBytes, fromHex, toHex } from '../../e2ee/bytes';
import { WireReader, WireWriter } from '../../e2ee/wire';
import type { SealedStore } from './sealed-store';

/** The identity that this person counts on somebody to have. */
export interface Pin {
  readonly fingerprint: Bytes;
  /** Compared with the person themselves, by safety number or QR code. */
  readonly verified: boolean;
}

const name = 'pins';
const maximum = 2 ** 24 - 1;
const mostPins = 100_000;

/** Kept on this device alone: which identities it was shown first, and which of them somebody has verified. */
export class Pins {
  private constructor(
    private readonly store: SealedStore,
    private readonly byAccount: Map<string, Pin>,
  ) {}

  static async open(store: SealedStore): Promise<Pins> {
    const kept = await store.read(name);
    return new Pins(store, kept === null ? new Map() : parse(kept));
  }

  of(account: Uint8Array): Pin | undefined {
    return this.byAccount.get(toHex(account));
  }

  async set(pins: readonly (Pin & { readonly account: Uint8Array })[]): Promise<void> {
    for (const { account, fingerprint, verified } of pins) this.byAccount.set(toHex(account), { fingerprint, verified });
    const writer = new WireWriter().list([...this.byAccount], maximum, (one, [account, pin]) =>
      one
        .fixed(fromHex(account), 16)
        .fixed(pin.fingerprint, 32)
        .uint8(pin.verified ? 1 : 0),
    );
    await this.store.write(new Map([[name, writer.bytes()]]));
  }

  /** Those who have another identity now than the one counted on. */
  changedIn(fingerprintOf: (accountHex: string) => Bytes | undefined): readonly string[] {
    return [...this.byAccount].filter(([account, pin]) => differs(pin, fingerprintOf(account))).map(([account]) => account);
  }
}

export function differs(pin: Pin, present: Bytes | undefined): boolean {
  return present !== undefined && !equalBytes(pin.fingerprint, present);
}

function parse(bytes: Uint8Array): Map<string, Pin> {
  const reader = new WireReader(bytes);
  const pins = reader.list(maximum, mostPins, (one) => ({ account: one.fixed(16), fingerprint: one.fixed(32), verified: one.uint8() === 1 }));
  return new Map(reader.isComplete ? pins.map(({ account, fingerprint, verified }) => [toHex(account), { fingerprint, verified }]) : []);
}
