import { type Bytes, concatenate } from '../bytes';
import { deriveBytes } from '../labelled';
import { WireReader, WireWriter } from '../wire';

const version = 1;
export const guestSecretLength = 32;

/** What a guest is given: which room it is, authentic as the link is, and the secret that requests by it are sealed with. */
export interface GuestLink {
  readonly room: Bytes;
  readonly secret: Bytes;
}

export function makeGuestLink(room: Bytes): GuestLink {
  return { room, secret: crypto.getRandomValues(new Uint8Array(guestSecretLength)) };
}

/** What the server knows a link by; it tells nothing of the secret. 16 bytes. */
export function guestLinkId({ room, secret }: GuestLink): Promise<Bytes> {
  return deriveBytes(secret, new Uint8Array(), 'Tocsin guest link id v1', room, 16);
}

/** For the fragment of an address, which no browser sends to a server. */
export function formatGuestLink({ room, secret }: GuestLink): string {
  const bytes = concatenate(new WireWriter().uint8(version).fixed(room, 16).bytes(), secret);
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

/** @returns Null where it is no whole link. */
export function parseGuestLink(text: string): GuestLink | null {
  if (!/^[A-Za-z0-9_-]{66}$/.test(text)) return null;
  const reader = new WireReader(Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0)));
  const readVersion = reader.uint8();
  const link = { room: reader.fixed(16), secret: reader.fixed(guestSecretLength) };
  return reader.isComplete && readVersion === version ? link : null;
}
