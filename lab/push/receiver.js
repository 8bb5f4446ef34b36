import { createDecipheriv, createECDH, hkdfSync, randomBytes } from 'node:crypto';

const SALT_LENGTH = 16;
const TAG_LENGTH = 16;
const SECRET_LENGTH = 16;
const LAST_RECORD = 2;

/** A simulated phone's end of web push: its keys, and the reading of what is encrypted to them (RFC 8291 over RFC 8188). */
export class PushReceiver {
  #ecdh = createECDH('prime256v1');
  #secret = randomBytes(SECRET_LENGTH);

  constructor() {
    this.#ecdh.generateKeys();
  }

  /** As in `PushSubscription.toJSON()`. */
  get keys() {
    return { p256dh: this.#ecdh.getPublicKey('base64url'), auth: this.#secret.toString('base64url') };
  }

  /**
   * @param {Buffer} body
   * @returns {Buffer}
   * @throws {Error} It was not encrypted to this phone, or was changed on the way.
   */
  decrypt(body) {
    const salt = body.subarray(0, SALT_LENGTH);
    const recordSize = body.readUInt32BE(SALT_LENGTH);
    const keyEnd = SALT_LENGTH + 5 + body.readUInt8(SALT_LENGTH + 4);
    const sender = body.subarray(SALT_LENGTH + 5, keyEnd);
    const record = body.subarray(keyEnd);
    if (record.length > recordSize) throw new Error('RFC 8291 section 4: more than one record');

    const info = Buffer.concat([Buffer.from('WebPush: info\0'), this.#ecdh.getPublicKey(), sender]);
    const inputKey = Buffer.from(hkdfSync('sha256', this.#ecdh.computeSecret(sender), this.#secret, info, 32));
    const key = hkdfSync('sha256', inputKey, salt, 'Content-Encoding: aes128gcm\0', 16);
    const nonce = hkdfSync('sha256', inputKey, salt, 'Content-Encoding: nonce\0', 12);
    const cipher = createDecipheriv('aes-128-gcm', Buffer.from(key), Buffer.from(nonce));
    cipher.setAuthTag(record.subarray(-TAG_LENGTH));
    const padded = Buffer.concat([cipher.update(record.subarray(0, -TAG_LENGTH)), cipher.final()]);

    let end = padded.length - 1;
    while (end >= 0 && padded[end] === 0) end -= 1;
    if (padded[end] !== LAST_RECORD) throw new Error('RFC 8188 section 2: the delimiter of a last record is 2');
    return padded.subarray(0, end);
  }
}
