/** A part of a text: words, or an address that can be followed as it stands there. */
export type TextPart = { readonly kind: 'words' | 'address'; readonly text: string };

const address = /https?:\/\/[^\s<>"'«»“”]+/giu;
/** Ends the sentence, not the address. */
const trailing = /[.,;:!?…)\]}]+$/u;
/** Letters, digits, dots and hyphens: what is written otherwise can look like another place than it is. */
const plainHost = /^[a-z0-9.-]+(:\d+)?$/i;

/**
 * Addresses in a text. What leads elsewhere than it reads is left as words: a name before the host (`bank.example@evil.example`), letters of other alphabets in it, and its disguised form (`xn--`).
 */
export function textParts(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let at = 0;
  for (const match of text.matchAll(address)) {
    const found = match[0].replace(trailing, '');
    if (!isFollowable(found)) continue;
    if (match.index > at) parts.push({ kind: 'words', text: text.slice(at, match.index) });
    parts.push({ kind: 'address', text: found });
    at = match.index + found.length;
  }
  if (at < text.length) parts.push({ kind: 'words', text: text.slice(at) });
  return parts;
}

function isFollowable(found: string): boolean {
  const host = /^https?:\/\/([^/?#]*)/i.exec(found)?.[1] ?? '';
  if (!plainHost.test(host) || /(^|\.)xn--/i.test(host) || found.includes('\\')) return false;
  return URL.canParse(found);
}
