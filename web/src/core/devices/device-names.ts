import { type Bytes, fromHex, toHex } from '../../e2ee/bytes';
import { openDeviceName, sealDeviceName, shortened } from '../../e2ee/identities/device-name';
import { ApiError } from '../../transport/api-error';
import { api } from '../server';
import { accountOf, fromBase64, personOf, toBase64 } from './account-bytes';
import type { DeviceKeys, ThisDevice } from './device-keys';

/** Where names of one's own devices lie sealed. */
export interface NameService {
  /** By device id in hexadecimal. */
  list(): Promise<ReadonlyMap<string, Bytes>>;
  keep(device: Bytes, sealed: Bytes): Promise<void>;
}

export const nameService: NameService = {
  async list() {
    const { items } = await api.get('/api/v1/me/device-names');
    return new Map(items.map(({ device, sealed }) => [toHex(accountOf(device)), fromBase64(sealed) ?? new Uint8Array()]));
  },

  async keep(device, sealed) {
    await api.send('PUT', '/api/v1/me/device-names/{device}', { path: { device: personOf(device) }, body: { sealed: toBase64(sealed) } });
  },
};

/** @returns By device id in hexadecimal; without those that no device of this identity gave. */
export async function readDeviceNames({ account, secrets }: ThisDevice, names: NameService): Promise<ReadonlyMap<string, string>> {
  const read = new Map<string, string>();
  for (const [device, sealed] of await names.list()) {
    const name = await openDeviceName(secrets.sealingSeed, account, fromHex(device), sealed);
    if (name) read.set(device, name);
  }
  return read;
}

export async function nameDevice({ account, secrets }: ThisDevice, device: Bytes, name: string, names: NameService): Promise<void> {
  const kept = shortened(name);
  if (kept !== '') await names.keep(device, await sealDeviceName(secrets.sealingSeed, account, device, kept));
}

const doneName = 'named';

/** Once for each device: what its browser says of itself, until its owner says something better. */
export async function suggestName(device: ThisDevice, keys: DeviceKeys, suggestion: string, names: NameService): Promise<void> {
  const done = await keys.sealed.read(doneName);
  if (done !== null && toHex(done) === toHex(device.device)) return;
  try {
    if (!(await names.list()).has(toHex(device.device))) await nameDevice(device, device.device, suggestion, names);
    await keys.sealed.write(new Map([[doneName, device.device]]));
  } catch (error) {
    // At the next opening again.
    if (!(error instanceof ApiError)) throw error;
  }
}
