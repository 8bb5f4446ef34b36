import { type Bytes, concatenate, utf8 } from '../../e2ee/bytes';
import type { DeviceStore } from '../../platform/device-store';

const nonceLength = 12;

/**
 * Part of the device's store under a key that never leaves the browser: who copies the files of the browser reads nothing of it, and who changes them is found out. Each value is
 * bound to its name, so that none is taken for another.
 */
export class SealedStore {
  constructor(
    private readonly store: DeviceStore,
    private readonly prefix: string,
    private readonly key: CryptoKey,
  ) {}

  static makeKey(): Promise<CryptoKey> {
    return crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
  }

  /** @returns Null where there is nothing, or not what was written. */
  async read(name: string): Promise<Bytes | null> {
    return this.open(name, await this.store.read(this.prefix + name));
  }

  async write(values: ReadonlyMap<string, Uint8Array>): Promise<void> {
    const sealed = new Map<string, unknown>();
    for (const [name, value] of values) sealed.set(this.prefix + name, await this.seal(name, value));
    await this.store.write(sealed);
  }

  removeAll(name: string): Promise<void> {
    return this.store.removeAll(this.prefix + name);
  }

  private async seal(name: string, value: Uint8Array): Promise<Bytes> {
    const iv = crypto.getRandomValues(new Uint8Array(nonceLength));
    const parameters = { name: 'AES-GCM', iv, additionalData: utf8(this.prefix + name) };
    return concatenate(iv, new Uint8Array(await crypto.subtle.encrypt(parameters, this.key, value as Bytes)));
  }

  private async open(name: string, kept: unknown): Promise<Bytes | null> {
    if (!(kept instanceof Uint8Array) || kept.length < nonceLength) return null;
    const parameters = { name: 'AES-GCM', iv: new Uint8Array(kept.subarray(0, nonceLength)), additionalData: utf8(this.prefix + name) };
    try {
      return new Uint8Array(await crypto.subtle.decrypt(parameters, this.key, new Uint8Array(kept.subarray(nonceLength))));
    } catch {
      return null;
    }
  }
}
