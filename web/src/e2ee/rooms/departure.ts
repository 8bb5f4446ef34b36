import type { Bytes } from '../bytes';

/** All that somebody says who leaves: the version. Who it is, and from where on, says the entry. */
export const departurePayload: Bytes = new Uint8Array([1]);
