import { type Bytes, sha256 } from '../../../e2ee/bytes';
import { hpkeKeyPairOf } from '../../../e2ee/hpke';
import { identitySigner, makeIdentitySecrets } from '../../../e2ee/identities/identity';
import { guestAccountOf } from '../../../e2ee/rooms/membership';
import type { DeviceStore } from '../../../platform/device-store';
import { personOf } from '../../devices/account-bytes';
import { DeviceKeys, type ThisDevice } from '../../devices/device-keys';

/** This browser as a guest of one room: an identity and a device that are good there alone. */
export interface GuestKeys {
  /** As a UUID, as the server names the guest. */
  readonly id: string;
  readonly keys: DeviceKeys;
  readonly device: ThisDevice;
  readonly sealingKey: Bytes;
}

/** What a browser remembers of a link that somebody followed in it. */
interface KeptVisit {
  readonly id: string;
  readonly wasIn: boolean;
}

/** Keeps the keys of whoever came by a link, so that a page that is opened again is the same guest. */
export class GuestVisits {
  constructor(private readonly store: DeviceStore) {}

  /** @param link In hexadecimal. @returns Null where nobody has asked by it in this browser. */
  async open(link: string): Promise<(GuestKeys & { readonly wasIn: boolean }) | null> {
    const kept = (await this.store.read(nameOf(link))) as KeptVisit | undefined;
    if (kept === undefined) return null;
    const keys = await DeviceKeys.open(this.store, kept.id);
    const device = await keys.read().then((found) => (found === null ? null : keys.open(found)));
    return device === null ? null : { id: kept.id, keys, device, wasIn: kept.wasIn, sealingKey: await sealingKeyOf(device) };
  }

  /** Other keys than before: whoever was refused or removed asks as somebody new. */
  async begin(link: string, room: Bytes, now: bigint): Promise<GuestKeys> {
    const secrets = makeIdentitySecrets();
    const { publicKey } = await identitySigner(secrets);
    const { publicKey: sealingKey } = await hpkeKeyPairOf(secrets.sealingSeed);
    const id = personOf(await guestAccountOf(room, publicKey, await sha256(sealingKey)));
    const keys = await DeviceKeys.open(this.store, id);
    const device = await keys.open(await keys.join(secrets, now));
    if (device === null) throw new Error('The browser has lost what it was just given to keep.');
    await this.store.write(new Map([[nameOf(link), { id, wasIn: false } satisfies KeptVisit]]));
    return { id, keys, device, sealingKey };
  }

  async noteIn(link: string, id: string): Promise<void> {
    await this.store.write(new Map([[nameOf(link), { id, wasIn: true } satisfies KeptVisit]]));
  }

  /** Keys and everything that was read. */
  async forget(link: string, id: string): Promise<void> {
    await this.store.removeAll(`${id}/`);
    await this.store.removeAll(nameOf(link));
  }
}

function nameOf(link: string): string {
  return `guest/${link}`;
}

async function sealingKeyOf(device: ThisDevice): Promise<Bytes> {
  return (await hpkeKeyPairOf(device.secrets.sealingSeed)).publicKey;
}
