/** What somebody approved in this browser, by its fingerprint: what the server shows under the same number afterwards is held against it. */
import { sha256, toHex, utf8 } from '../e2ee/bytes';

/** Of the newest approvals: older ones are of texts that have long gone out. */
const mostKept = 200;

/** SHA-256 in hexadecimal: the same for everybody who is shown the same. @param text See `canonical`. */
export async function fingerprintOf(text: string): Promise<string> {
  return toHex(await sha256(utf8(text)));
}

/** As one text, the same whatever order the fields come in. */
export function canonical(text: unknown): string {
  return JSON.stringify(inOrder(text));
}

/** As people read it to each other: the first 64 bits, which nobody finds a second text for by trying. */
export function fingerprintInWords(fingerprint: string): string {
  return (fingerprint.slice(0, 16).toUpperCase().match(/.{4}/g) ?? []).join(' ');
}

export class ApprovedTexts {
  private readonly key: string;

  /** @param person Who is signed in. @param store Holds fingerprints only, and no words. */
  constructor(
    person: string,
    private readonly store: Pick<Storage, 'getItem' | 'setItem'> = localStorage,
  ) {
    this.key = `tocsin-approved-${person}`;
  }

  /** Undefined for what this person has not approved in this browser. @param text Which text, and which version of it. */
  of(text: string): string | undefined {
    return this.kept().find(([known]) => known === text)?.[1];
  }

  keep(text: string, fingerprint: string): void {
    const others = this.kept().filter(([known]) => known !== text);
    this.store.setItem(this.key, JSON.stringify([...others, [text, fingerprint]].slice(-mostKept)));
  }

  private kept(): readonly (readonly [string, string])[] {
    try {
      const value: unknown = JSON.parse(this.store.getItem(this.key) ?? '[]');
      return Array.isArray(value) ? value.filter(isKept) : [];
    } catch {
      return [];
    }
  }
}

function isKept(value: unknown): value is readonly [string, string] {
  return Array.isArray(value) && value.length === 2 && value.every((one) => typeof one === 'string');
}

function inOrder(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(inOrder);
  return Object.entries(value)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, of]) => [name, inOrder(of)]);
}
