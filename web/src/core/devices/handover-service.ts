import { type Bytes, toHex } from '../../e2ee/bytes';
import { api } from '../server';
import { fromBase64, toBase64 } from './account-bytes';

export type HandoverMessage = 'introduction' | 'opening' | 'sealed';

/** What lies in the mailbox of one hand-over; null what was not written yet. */
export type HandoverMailbox = { readonly expiresAt: number } & Readonly<Record<HandoverMessage, Bytes | null>>;

/** The server between two devices of one person: it carries bytes, each message once, for minutes. Refusals come as `ApiError`. */
export interface HandoverService {
  open(commitment: Bytes): Promise<HandoverMailbox>;
  read(commitment: Bytes): Promise<HandoverMailbox>;
  write(commitment: Bytes, message: HandoverMessage, bytes: Bytes): Promise<void>;
  end(commitment: Bytes): Promise<void>;
}

const path = '/api/v1/me/device-handovers/{commitment}';

export const handoverService: HandoverService = {
  async open(commitment) {
    return mailboxOf(await api.send('PUT', path, { path: { commitment: toHex(commitment) } }));
  },

  async read(commitment) {
    return mailboxOf(await api.get(path, { path: { commitment: toHex(commitment) } }));
  },

  async write(commitment, message, bytes) {
    await api.send('PUT', `${path}/{message}`, { path: { commitment: toHex(commitment), message }, body: { bytes: toBase64(bytes) } });
  },

  async end(commitment) {
    await api.send('DELETE', path, { path: { commitment: toHex(commitment) } });
  },
};

interface MailboxView {
  readonly expiresAt: string;
  readonly introduction: string | null;
  readonly opening: string | null;
  readonly sealed: string | null;
}

function mailboxOf({ expiresAt, introduction, opening, sealed }: MailboxView): HandoverMailbox {
  return { expiresAt: Date.parse(expiresAt), introduction: bytesOf(introduction), opening: bytesOf(opening), sealed: bytesOf(sealed) };
}

/** What is not base64 is no message either, and is refused as one. */
function bytesOf(text: string | null): Bytes | null {
  return text === null ? null : (fromBase64(text) ?? new Uint8Array());
}
