import { type Bytes, equalBytes } from '../../e2ee/bytes';
import { hpkeOpen } from '../../e2ee/hpke';
import { certifyDevice } from '../../e2ee/identities/device-certificate';
import { identitySigner, type IdentitySecrets, makeIdentitySecrets, publishIdentity } from '../../e2ee/identities/identity';
import type { Result } from '../../e2ee/result';
import { generateSigningKey, type Signer, signerOf } from '../../e2ee/signature';
import type { DeviceStore } from '../../platform/device-store';
import { accountOf } from './account-bytes';
import { SealedStore } from './sealed-store';

/** This browser as a device of the person who is signed in. What it signs and opens, it does without giving a key away. */
export interface ThisDevice {
  /** 16 bytes: see `accountOf`. */
  readonly account: Bytes;
  /** 16 bytes, random, never used again. */
  readonly device: Bytes;
  /** As published: also the credential in calls and the first entry in a room. */
  readonly certificate: Bytes;
  /** Signs entries of rooms and messages of calls with the device's key, which nobody can read. */
  readonly signer: Signer;
  /** Signs for the person: devices, and membership of rooms by their administrators. */
  readonly identity: Signer;
  /** Opens what was sealed by HPKE to the person's identity. */
  openSealed(info: Bytes, associated: Bytes, sealed: Uint8Array): Promise<Result<Bytes, 'cannot-open'>>;
  /** The identity itself, for a sealed backup or a sealed hand-over to another device of the same person; for nothing else. */
  readonly secrets: IdentitySecrets;
}

/** A device as it lies in the browser: its own key as the browser's key object, the identity's seeds sealed beside. */
export interface KeptDevice {
  readonly device: Bytes;
  readonly keys: CryptoKeyPair;
  readonly certificate: Bytes;
  /** Only on the device that made it: what is to be published before the certificate. */
  readonly identity: Bytes | null;
}

const secretsName = 'secrets';

/** What this browser keeps as a device of one person; others who sign in here have their own. */
export class DeviceKeys {
  private constructor(
    private readonly store: DeviceStore,
    private readonly personId: string,
    /** Where everything that only this browser may read is kept. */
    readonly sealed: SealedStore,
  ) {}

  static async open(store: DeviceStore, personId: string): Promise<DeviceKeys> {
    const name = `${personId}/store-key`;
    let key = (await store.read(name)) as CryptoKey | undefined;
    if (key === undefined) {
      key = await SealedStore.makeKey();
      await store.write(new Map([[name, key]]));
    }
    return new DeviceKeys(store, personId, new SealedStore(store, `${personId}/sealed/`, key));
  }

  get account(): Bytes {
    return accountOf(this.personId);
  }

  /** @returns Null where this browser is no device of the person yet. */
  async read(): Promise<KeptDevice | null> {
    return ((await this.store.read(this.deviceName)) as KeptDevice | undefined) ?? null;
  }

  /** Makes the first device of a new identity. */
  make(now: bigint): Promise<KeptDevice> {
    return this.keep(makeIdentitySecrets(), now, true);
  }

  /** Makes this browser a device of an identity that there is. */
  join(secrets: IdentitySecrets, now: bigint): Promise<KeptDevice> {
    return this.keep(secrets, now, false);
  }

  /** @returns Null where the browser lost or changed what was kept. */
  async open(kept: KeptDevice): Promise<ThisDevice | null> {
    const bytes = await this.sealed.read(secretsName);
    if (bytes === null || bytes.length !== 64) return null;
    const secrets = { signingSeed: bytes.slice(0, 32), sealingSeed: bytes.slice(32) };
    return {
      account: this.account,
      device: kept.device,
      certificate: kept.certificate,
      signer: await signerOf(kept.keys),
      identity: await identitySigner(secrets),
      openSealed: (info, associated, sealed) => hpkeOpen(secrets.sealingSeed, info, associated, sealed),
      secrets,
    };
  }

  /** @returns How to put everything back as it is now. */
  async remember(): Promise<() => Promise<void>> {
    const [kept, secrets] = [await this.read(), await this.sealed.read(secretsName)];
    return async () => {
      if (kept === null || secrets === null) return this.forgetDevice();
      await this.sealed.write(new Map([[secretsName, secrets]]));
      await this.store.write(new Map([[this.deviceName, kept]]));
    };
  }

  /** It is a device no longer; what it knows of others stays. */
  async forgetDevice(): Promise<void> {
    await this.store.removeAll(this.deviceName);
    await this.sealed.removeAll(secretsName);
  }

  private async keep(secrets: IdentitySecrets, now: bigint, isNew: boolean): Promise<KeptDevice> {
    const device = crypto.getRandomValues(new Uint8Array(16));
    const keys = await generateSigningKey();
    const signer = await identitySigner(secrets);
    const { publicKey: deviceKey } = await signerOf(keys);
    const kept: KeptDevice = {
      device,
      keys,
      certificate: await certifyDevice(signer, { account: this.account, device, deviceKey, issuedAt: now }),
      identity: isNew ? await publishIdentity(this.account, secrets, now) : null,
    };
    // The seeds first: a device without them is none, seeds that no device names are never read.
    await this.sealed.write(new Map([[secretsName, new Uint8Array([...secrets.signingSeed, ...secrets.sealingSeed])]]));
    await this.store.write(new Map([[this.deviceName, kept]]));
    return kept;
  }

  private get deviceName(): string {
    return `${this.personId}/device`;
  }
}

/** Whether the identity that certified this device is this one. */
export function isOfIdentity(device: ThisDevice, signingKey: Uint8Array): boolean {
  return equalBytes(device.identity.publicKey, signingKey);
}
