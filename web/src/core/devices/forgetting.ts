import type { DeviceStore } from '../../platform/device-store';
import { clearFileStaging } from '../../platform/file-staging';
import { ApiError } from '../../transport/api-error';
import { personOf } from './account-bytes';
import type { OpenedDevice } from './device-opening';
import type { IdentityService } from './identity-service';
import { revocationOf } from './recovery';

/**
 * Leaves nothing of the person in this browser: keys, identity, directory and rooms. Others are told that the device is none any more, where the server can be reached; where it can
 * not, what is here goes all the same.
 */
export async function forgetDevice(opened: OpenedDevice, store: DeviceStore, service: IdentityService, now: () => number): Promise<void> {
  try {
    if (opened.kind === 'ready') await service.publish([await revocationOf(opened.device, opened.device.device, now)]);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  } finally {
    await clearFileStaging();
    await store.removeAll(`${personOf(opened.keys.account)}/`);
  }
}
