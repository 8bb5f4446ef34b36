import { hpkePublicKeyLength } from '../../../e2ee/hpke';
import { longestGuestName } from '../../../e2ee/rooms/guest-request';
import { isId, isMoment, isWords } from '../content-shapes';

/** What a guest may be called. */
export { isGuestName, longestGuestName } from '../../../e2ee/rooms/guest-request';

/** What administrators say of guests; said by others it counts for nothing. */
export type GuestContent =
  /** A link that was made: with its secret every administrator reads who asks by it. */
  | { readonly kind: 'guest-link'; readonly secret: string; readonly until: string; readonly guests: number }
  /**
   * Who is let in: how they call themselves, the key that era keys are sealed to, which the roster has only the hash of, and until when they are here, as the link said it. Without that
   * they stay until somebody removes them.
   */
  | { readonly kind: 'guest'; readonly account: string; readonly name: string; readonly key: string; readonly until?: string };

const mostGuests = 20;

/** @returns Null for what is malformed, or is not about guests. */
export function parseGuestContent({ kind, secret, until, guests, account, name, key }: Readonly<Record<string, unknown>>): GuestContent | null {
  if (kind === 'guest-link')
    return typeof secret === 'string' && /^[0-9a-f]{64}$/.test(secret) && isMoment(until) && isCount(guests) ? { kind, secret, until, guests } : null;
  if (kind !== 'guest') return null;
  return isId(account) &&
    isWords(name, longestGuestName) &&
    typeof key === 'string' &&
    key.length === hpkePublicKeyLength * 2 &&
    /^[0-9a-f]+$/.test(key) &&
    (until === undefined || isMoment(until))
    ? { kind, account, name, key, ...(until === undefined ? {} : { until }) }
    : null;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= mostGuests;
}
