import { createPublicKey, verify } from 'node:crypto';

const DAY_S = 24 * 60 * 60;

/**
 * RFC 8292: whether the Authorization header is by who holds the key that it names, for us, and in time.
 * @param {string | undefined} header
 * @param {{ audience: string, nowMs: number }} expected
 * @returns {{ ok: true, key: string, subject: string } | { ok: false, why: string }}
 */
export function verifyVapid(header, { audience, nowMs }) {
  const match = /^vapid t=([\w-]+)\.([\w-]+)\.([\w-]+), ?k=([\w-]+)$/.exec(header ?? '');
  if (!match) return { ok: false, why: 'no vapid credentials' };
  const [, head, payload, signature, key] = match;
  const point = Buffer.from(key, 'base64url');
  if (point.length !== 65 || point[0] !== 4) return { ok: false, why: 'the key is not an uncompressed point' };
  if (read(head)?.alg !== 'ES256') return { ok: false, why: 'not ES256' };
  const publicKey = createPublicKey({
    format: 'jwk',
    key: { kty: 'EC', crv: 'P-256', x: point.subarray(1, 33).toString('base64url'), y: point.subarray(33).toString('base64url') },
  });
  const signed = verify('sha256', Buffer.from(`${head}.${payload}`), { key: publicKey, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'));
  if (!signed) return { ok: false, why: 'the signature does not fit' };
  const claims = read(payload);
  if (claims?.aud !== audience) return { ok: false, why: 'for another audience' };
  const nowS = nowMs / 1000;
  if (!(claims.exp > nowS && claims.exp <= nowS + DAY_S)) return { ok: false, why: 'expired, or valid for more than a day' };
  if (!/^(mailto|https):/.test(claims.sub)) return { ok: false, why: 'no subject' };
  return { ok: true, key, subject: claims.sub };
}

/** @param {string} part */
function read(part) {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
