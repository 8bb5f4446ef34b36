import { foldForSearch } from '../../search-fold';
import type { RoomContent } from '../room-content';
import type { RoomItem } from '../room-log';
import type { LogStatement, LogType } from './log-content';

/** What a line said from a moment on. */
export interface LogVersion {
  readonly statement: LogStatement;
  /** Account in hexadecimal. */
  readonly author: string;
  /** When it was written, by the server's clock. */
  readonly enteredAt: string;
  /** Why it was corrected; null for what was written first. */
  readonly reason: string | null;
}

export interface LogLine {
  readonly id: string;
  /** Its place in the order in which lines were written: the first has 1. What everybody calls it. */
  readonly number: number;
  /** The message that it was made from. */
  readonly from: string | null;
  /** As it stands. */
  readonly latest: LogVersion;
  /** What it said before, the first first; none where nobody has corrected it. */
  readonly earlier: readonly LogVersion[];
}

/**
 * What the lines of a room's log amount to, in the order in which they were written. Of the entries alone, so the same for everybody who has them. Corrections add; nothing goes.
 * @param counted Ids of entries that changed a crisis: what they say of that is a line, too.
 */
export function logOf(items: readonly RoomItem[], counted: ReadonlySet<string> = new Set()): readonly LogLine[] {
  const lines = new Map<string, LogLine>();
  for (const { what, id, author, at } of items) {
    if (what.kind !== 'content' || id === undefined || author === undefined) continue;
    const { content } = what;
    const correction = correctionOf(content, counted.has(id));
    if ((content.kind === 'log-entry' || counted.has(id)) && content.kind !== 'stakeholder-contact-correction' && !lines.has(id)) {
      const statement = statementOf(content);
      if (statement === undefined) continue;
      const from = content.kind === 'log-entry' ? (content.from ?? null) : null;
      lines.set(id, { id, number: lines.size + 1, from, latest: { statement, author, enteredAt: at, reason: null }, earlier: [] });
    } else if (correction !== undefined) {
      const line = lines.get(correction.of);
      if (line === undefined) continue;
      const latest = { statement: correction.statement, author, enteredAt: at, reason: correction.reason };
      lines.set(line.id, { ...line, latest, earlier: [...line.earlier, line.latest] });
    }
  }
  return [...lines.values()];
}

/** What corrects a line; a contact's correction corrects the contact's line with it. */
function correctionOf(
  content: RoomContent,
  counts: boolean,
): { readonly of: string; readonly statement: LogStatement; readonly reason: string } | undefined {
  if (content.kind === 'log-correction') return content;
  if (content.kind !== 'stakeholder-contact-correction' || !counts || content.statement === undefined) return undefined;
  return { of: content.of, statement: content.statement, reason: content.reason };
}

/** What an entry says for the log; undefined for what says nothing. */
export function statementOf(content: RoomContent): LogStatement | undefined {
  return 'statement' in content ? content.statement : undefined;
}

/** In the order in which things happened; of two at one moment, in that in which they were written. */
export function byEvent(lines: readonly LogLine[]): readonly LogLine[] {
  return [...lines].sort((one, other) => one.latest.statement.at.localeCompare(other.latest.statement.at) || one.number - other.number);
}

export interface LogFilter {
  /** None chosen: all. */
  readonly types: ReadonlySet<LogType>;
  readonly query: string;
}

/** Lines that have all words of the query in what they say, in their source or in their author's name; what a line said before counts too. */
export function selectLines(lines: readonly LogLine[], { types, query }: LogFilter, nameOf: (account: string) => string): readonly LogLine[] {
  const words = foldForSearch(query).split(/\s+/).filter(Boolean);
  const names = new Map<string, string>();
  const folded = (name: string): string => {
    let known = names.get(name);
    if (known === undefined) names.set(name, (known = foldForSearch(name)));
    return known;
  };
  return lines.filter(({ latest, earlier, number }) => {
    if (types.size > 0 && !types.has(latest.statement.type)) return false;
    if (words.length === 0) return true;
    const text = [latest, ...earlier].map((version) => `${foldedOf(version)}\n${folded(nameOf(version.author))}`).join('\n');
    return words.every((word) => text.includes(word) || `${number}`.includes(word));
  });
}

const foldedStatements = new WeakMap<LogStatement, string>();

/** What a version says without its author's name, which may become known later. Once for each: a long log is searched with each key that is pressed, while others write. */
function foldedOf(version: LogVersion): string {
  let text = foldedStatements.get(version.statement);
  if (text === undefined)
    foldedStatements.set(
      version.statement,
      (text = foldForSearch([version.statement.text, version.statement.source ?? '', version.reason ?? ''].join('\n'))),
    );
  return text;
}
