import { foldForSearch } from '../../core/search-fold';

interface Mentionable {
  readonly account: string;
  readonly name: string;
}

/** As many as stand beside each other on a phone. */
const mostOffered = 4;

/** Whom somebody may mean who has just written "@" and the beginning of one of their names. */
export function matchMention(beforeCaret: string, people: readonly Mentionable[]): readonly Mentionable[] {
  const begun = /(?:^|\s)@([^@\n]{0,40})$/.exec(beforeCaret)?.[1];
  if (begun === undefined) return [];
  const wanted = foldForSearch(begun);
  return people
    .filter(({ name }) => {
      const folded = foldForSearch(name);
      return folded !== wanted.trim() && (folded.startsWith(wanted) || folded.split(' ').some((word) => word.startsWith(wanted)));
    })
    .slice(0, mostOffered);
}

/** Accounts of those whose whole name stands behind an "@". */
export function mentionedIn(text: string, people: readonly Mentionable[]): readonly string[] {
  const names = people.map(({ name }) => name);
  const marked = new Set(splitMentions(text, names).flatMap((piece) => (piece.isMention ? [piece.text.slice(1)] : [])));
  return people.filter(({ name }) => marked.has(name)).map(({ account }) => account);
}

/** The text in pieces, so that a name that was mentioned can be shown as one. */
export function splitMentions(text: string, names: readonly string[]): readonly { readonly text: string; readonly isMention: boolean }[] {
  const marked = [...names].sort((one, other) => other.length - one.length).map((name) => `@${name}`);
  const pieces: { text: string; isMention: boolean }[] = [];
  let from = 0;
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    const mark = marked.find((one) => text.startsWith(one, at));
    if (mark === undefined || at < from) continue;
    if (at > from) pieces.push({ text: text.slice(from, at), isMention: false });
    pieces.push({ text: mark, isMention: true });
    from = at + mark.length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from), isMention: false });
  return pieces;
}
