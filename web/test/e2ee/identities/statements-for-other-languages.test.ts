import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { type Bytes, sha256, toHex, utf8 } from '../../../src/e2ee/bytes';
import { certifyDevice, revokeDevice } from '../../../src/e2ee/identities/device-certificate';
import { appendAllToDirectory, emptyDirectory, encodeLogEntry } from '../../../src/e2ee/identities/directory-log';
import { identitySigner, publishIdentity } from '../../../src/e2ee/identities/identity';
import { sealBackup } from '../../../src/e2ee/identities/identity-backup';
import { signerFromSeed } from '../../../src/e2ee/signature';

const path = resolve(import.meta.dirname, '../../../../test/vectors/identities/log.json');

/** Bytes that anybody can make again: the hash of their name. */
async function named(name: string, length = 16): Promise<Bytes> {
  return (await sha256(utf8(name))).slice(0, length);
}

async function vectors(): Promise<unknown> {
  const secrets = { signingSeed: await named('identity', 32), sealingSeed: await named('sealing', 32) };
  const [account, device] = [await named('account'), await named('device')];
  const identity = await identitySigner(secrets);
  const { publicKey: deviceKey } = await signerFromSeed(await named('device key', 32));
  const entries = [
    encodeLogEntry({ kind: 'identity', statement: await publishIdentity(account, secrets, 1_700_000_000_000n) }),
    encodeLogEntry({
      kind: 'device-certificate',
      statement: await certifyDevice(identity, { account, device, deviceKey, issuedAt: 1_700_000_000_001n }),
    }),
    encodeLogEntry({ kind: 'device-revocation', statement: await revokeDevice(identity, { account, device, revokedAt: 1_700_000_000_002n }) }),
  ];
  const later = { signingSeed: await named('later identity', 32), sealingSeed: await named('later sealing', 32) };
  const laterSigner = await identitySigner(later);
  const laterDevice = await named('later device');
  const { heads } = await appendAllToDirectory(emptyDirectory, entries);
  return {
    account: toHex(account),
    device: toHex(device),
    identityKey: toHex(identity.publicKey),
    entries: entries.map(toHex),
    hashes: heads.map(({ hash }) => toHex(hash)),
    // What a reset brings: an identity that certifies a device of its own, and may not take up an old number.
    later: {
      device: toHex(laterDevice),
      identity: toHex(encodeLogEntry({ kind: 'identity', statement: await publishIdentity(account, later, 1_700_000_000_003n) })),
      certificate: toHex(
        encodeLogEntry({
          kind: 'device-certificate',
          statement: await certifyDevice(laterSigner, { account, device: laterDevice, deviceKey, issuedAt: 1_700_000_000_004n }),
        }),
      ),
      oldDevice: toHex(
        encodeLogEntry({
          kind: 'device-certificate',
          statement: await certifyDevice(laterSigner, { account, device, deviceKey, issuedAt: 1_700_000_000_005n }),
        }),
      ),
    },
    backup: toHex(await sealBackup(account, await named('salt', 32), { kind: 'recovery-code', entropy: await named('entropy') }, secrets)),
  };
}

it('the_statements_that_other_languages_read_are_those_that_this_one_writes', async () => {
  const text = `${JSON.stringify(await vectors(), null, 2)}\n`;
  if (process.env['TOCSIN_WRITE_VECTORS'] === '1') writeFileSync(path, text);
  expect(readFileSync(path, 'utf8')).toBe(text);
});
