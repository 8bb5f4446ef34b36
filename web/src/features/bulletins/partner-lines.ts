import type { PartnerMailbox } from '../../transport/contract/bulletins';

/** As a person writes a list of partners: a line each, `Name <mailbox>`, with the language after it where it is not the organisation's. */
const line = /^(.+?)\s*<([^<>\s]+)>\s*(fr|en)?$/i;

export function linesOf(partners: readonly PartnerMailbox[]): string {
  return partners.map((partner) => `${partner.name} <${partner.address}>${partner.language ? ` ${partner.language}` : ''}`).join('\n');
}

/** The partners, or the number of the first line that is none. Empty lines are nothing. */
export function readLines(text: string): { readonly partners: readonly PartnerMailbox[] } | { readonly wrong: number } {
  const partners: PartnerMailbox[] = [];
  for (const [index, written] of text.split('\n').entries()) {
    if (written.trim() === '') continue;
    const found = line.exec(written.trim());
    if (!found) return { wrong: index + 1 };
    const language = found[3]?.toLowerCase();
    partners.push({ name: found[1] ?? '', address: found[2] ?? '', language: language === 'fr' || language === 'en' ? language : null });
  }
  return { partners };
}
