import { type Bytes } from '../../e2ee/bytes';
import { maximumStatementLength } from '../../e2ee/identities/directory-log';
import { WireReader, WireWriter } from '../../e2ee/wire';
import type { SealedStore } from './sealed-store';

/** Entries of a page: few enough that adding one to the last writes little, so many that ten thousand people are some dozens of reads. */
const pageLength = 256;
const longestEntry = maximumStatementLength + 4;

export interface KeptEntry {
  readonly entry: Bytes;
  /** Of the log up to and with this entry. */
  readonly hash: Bytes;
}

/** The verified part of the directory log in the browser's database: only what is new is written, a page at a time. */
export class DirectoryPages {
  constructor(private readonly store: SealedStore) {}

  /** From the first entry, as far as whole pages follow each other. */
  async read(): Promise<readonly KeptEntry[]> {
    const entries: KeptEntry[] = [];
    for (let page = 0; entries.length === page * pageLength; page++) {
      const kept = await this.store.read(nameOf(page));
      if (kept === null) break;
      const read = parse(kept);
      if (read === null) break;
      entries.push(...read);
    }
    return entries;
  }

  /** @param all Everything up to now, of which what comes after `known` is not written yet. */
  async write(all: readonly KeptEntry[], known: number): Promise<void> {
    const pages = new Map<string, Uint8Array>();
    for (let page = Math.floor(known / pageLength); page * pageLength < all.length; page++)
      pages.set(nameOf(page), encode(all.slice(page * pageLength, (page + 1) * pageLength)));
    await this.store.write(pages);
  }

  clear(): Promise<void> {
    return this.store.removeAll('page/');
  }
}

function nameOf(page: number): string {
  return `page/${page.toString().padStart(6, '0')}`;
}

function encode(entries: readonly KeptEntry[]): Bytes {
  const writer = new WireWriter();
  for (const { entry, hash } of entries) writer.vector(entry, longestEntry).fixed(hash, 32);
  return writer.bytes();
}

function parse(bytes: Uint8Array): KeptEntry[] | null {
  const framed = new WireReader(bytes);
  const entries: KeptEntry[] = [];
  while (!framed.isComplete && entries.length <= pageLength) entries.push({ entry: framed.vector(longestEntry), hash: framed.fixed(32) });
  return framed.isComplete ? entries : null;
}
