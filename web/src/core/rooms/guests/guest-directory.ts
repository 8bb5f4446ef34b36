import { type Bytes, toHex } from '../../../e2ee/bytes';
import type { DeviceCertificate } from '../../../e2ee/identities/device-certificate';
import type { RoomLog } from '../room-log';
import type { RoomDirectory } from '../room-lines';

/** A guest has no directory: who is who says the room itself, which is the one that the link names. */
export class GuestDirectory implements RoomDirectory {
  constructor(private readonly log: RoomLog) {}

  identityOf(): undefined {
    return undefined;
  }

  deviceOf(_account: Uint8Array, device: Uint8Array): DeviceCertificate | null {
    const known = this.log.state.devices.get(toHex(device));
    if (known === undefined || known.isRevoked) return null;
    const { account, device: id, identityKey, key: deviceKey } = known;
    return { account, device: id as Bytes, identityKey, deviceKey, issuedAt: 0n };
  }

  sync(): Promise<void> {
    return Promise.resolve();
  }

  onChange(): void {
    // The room's own entries are all that changes it.
  }
}
