import { toHex } from '../../../e2ee/bytes';
import type { DeviceCertificate } from '../../../e2ee/identities/device-certificate';

/** Tells a person's devices apart: eight digits of its id, as in `1f3a 90c2`. */
export function deviceName({ device }: DeviceCertificate): string {
  return toHex(device.subarray(0, 4)).replace(/^(.{4})/, '$1 ');
}
