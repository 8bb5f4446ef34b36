import { type Bytes, fromHex, toHex } from '../../e2ee/bytes';

/**
 * What the formats of docs/protocol call an account is the person: an account can be closed and opened again for somebody, who then shows as the same person with another identity.
 * 16 bytes, as RFC 9562 orders them.
 */
export function accountOf(personId: string): Bytes {
  return fromHex(accountHex(personId));
}

export function personOf(account: Uint8Array): string {
  return toHex(account).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** An id as contents of rooms write it: 32 hexadecimal digits. */
export function accountHex(id: string): string {
  return id.replaceAll('-', '');
}

/** @param hex See {@link accountHex}. */
export function personOfHex(hex: string): string {
  return personOf(fromHex(hex));
}

/** 16 random bytes, as contents of rooms write an id. */
export function newIdHex(): string {
  return toHex(crypto.getRandomValues(new Uint8Array(16)));
}

export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

/** @returns Null where it is not base64. */
export function fromBase64(text: string): Bytes | null {
  try {
    return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  } catch {
    return null;
  }
}
