import type { Bytes } from '../../e2ee/bytes';
import { longestText, sayable, writeCallContent, type CallContent } from '../../e2ee/calls/call-content';
import { toHex } from '../../e2ee/bytes';

export { longestText };

/** Who said something, as the group has it: the name is the one that their picture bears. */
export interface Speaker {
  /** Of the participant; empty where nobody in the call has this device. */
  readonly name: string;
  readonly device: string;
  /** `unverified`: an account on a browser that is none of its devices. */
  readonly standing: 'device' | 'guest' | 'unverified';
}

/** What stands in the list, in the order of the server. */
export type CallLine =
  | {
      readonly kind: 'text';
      readonly id: number;
      readonly at: Date;
      /** Null: of one's own. */
      readonly speaker: Speaker | null;
      readonly text: string;
      /** Whoever else is in the call has it too, or will: the server sent it on to everybody at once. */
      readonly state: 'sending' | 'sent' | 'failed';
    }
  /** Texts of this speaker were said and never came here. */
  | { readonly kind: 'missing'; readonly id: number; readonly speaker: Speaker; readonly count: number }
  /** Nothing that this speaker's device says by itself now and then has come for some minutes. */
  | { readonly kind: 'silent'; readonly id: number; readonly speaker: Speaker }
  /** Came here and can not be read. */
  | { readonly kind: 'unopened'; readonly id: number; readonly count: number };

type TextContent = Extract<CallContent, { kind: 'text' }>;
type CountContent = Extract<CallContent, { kind: 'count' }>;

/** What the messages need of the call. */
export interface MessagesHost {
  /** Resolves once everybody was told. @param content Asked each time that it is sealed. */
  say(content: () => Bytes): Promise<void>;
  /** A text was said. */
  said(): void;
  now(): Date;
}

/** The oldest go first; a call of a day seldom has more. */
const mostLines = 500;
/** Pages that were in the call, each with the number of its next text. */
const mostStays = 1_000;

/**
 * What is written in a call: kept in this page only, from the moment it has the keys until it is left. The numbers of each speaker's texts, and what each page says now and then of how many it has
 * said, tell what is missing; what comes twice is dropped.
 */
export class CallMessages {
  lines = $state.raw<readonly CallLine[]>([]);
  /** Of others, since the list was last looked at. */
  unread = $state(0);
  /** The oldest lines were let go. */
  isCut = $state(false);
  private isSeen = false;
  private readonly stay = crypto.getRandomValues(new Uint8Array(8));
  private saidCount = 0;
  private lineCount = 0;
  private readonly nextNumbers = new Map<string, number>();

  constructor(private readonly host: MessagesHost) {}

  /** Whether the person has the list before them. */
  look(isSeen: boolean): void {
    this.isSeen = isSeen;
    if (isSeen) this.unread = 0;
  }

  /** Begins to say it; the list tells how it goes. @returns False where there is nothing to say, or too much. */
  write(typed: string): boolean {
    const text = sayable(typed);
    if (text === '' || text.length > longestText) return false;
    this.send(text);
    return true;
  }

  retry(id: number): void {
    const failed = this.lines.find((line) => line.id === id);
    if (failed?.kind !== 'text' || failed.state !== 'failed') return;
    this.lines = this.lines.filter((line) => line !== failed);
    this.send(failed.text);
  }

  /** @param deviceKey Of the leaf that signed it. @returns Whether it is new, and to be told of. */
  hear(content: TextContent, deviceKey: string, speaker: Speaker): boolean {
    const missing = this.follow(content, deviceKey, content.number + 1);
    if (missing === null) return false;
    if (missing > 0) this.add({ kind: 'missing', id: ++this.lineCount, speaker, count: missing });
    this.add({ kind: 'text', id: ++this.lineCount, at: this.host.now(), speaker, text: content.text, state: 'sent' });
    if (!this.isSeen) this.unread += 1;
    return true;
  }

  /** Tells what was said after the last that came. */
  hearCount(content: CountContent, deviceKey: string, speaker: Speaker): void {
    const missing = this.follow(content, deviceKey, content.number);
    if (missing !== null && missing > 0) this.warn({ kind: 'missing', id: ++this.lineCount, speaker, count: missing });
  }

  /** How many texts this page has said, for the others. */
  tellCount(): Promise<void> {
    return this.host.say(() => writeCallContent({ kind: 'count', stay: this.stay, number: this.saidCount }));
  }

  /** Not even a count has come of this device. */
  fellSilent(speaker: Speaker): void {
    this.warn({ kind: 'silent', id: ++this.lineCount, speaker });
  }

  /** Those that follow each other are one line, whatever somebody sends. */
  unopened(): void {
    const last = this.lines.findLast((line) => line.kind !== 'text' || line.state === 'sent');
    if (last?.kind !== 'unopened') this.add({ kind: 'unopened', id: ++this.lineCount, count: 1 });
    else this.lines = this.lines.map((line) => (line === last ? { ...last, count: last.count + 1 } : line));
  }

  private send(text: string): void {
    const id = ++this.lineCount;
    const line: Extract<CallLine, { kind: 'text' }> = { kind: 'text', id, at: this.host.now(), speaker: null, text, state: 'sending' };
    this.lines = [...this.lines, line].slice(-mostLines);
    // One is under way at a time, so that the number of texts that were said is that of the next.
    const content = (): Bytes => writeCallContent({ kind: 'text', stay: this.stay, number: this.saidCount, text });
    this.host.say(content).then(
      () => {
        this.saidCount += 1;
        this.host.said();
        this.lines = this.lines.filter((one) => one.id !== id);
        this.add({ ...line, at: this.host.now(), state: 'sent' });
      },
      () => {
        this.lines = this.lines.map((one) => (one.id === id ? { ...line, state: 'failed' } : one));
      },
    );
  }

  /** @param next The number of the text that comes after it. @returns How many are missing before it; null where it is no news. */
  private follow(content: TextContent | CountContent, deviceKey: string, next: number): number | null {
    const stay = `${deviceKey} ${toHex(content.stay)}`;
    // The first that is heard of a page is where one came in.
    const expected = this.nextNumbers.get(stay) ?? content.number;
    if (content.number < expected) return null;
    this.nextNumbers.delete(stay);
    this.nextNumbers.set(stay, next);
    for (const oldest of this.nextNumbers.keys()) {
      if (this.nextNumbers.size <= mostStays) break;
      this.nextNumbers.delete(oldest);
    }
    return content.number - expected;
  }

  private warn(line: Extract<CallLine, { kind: 'missing' | 'silent' }>): void {
    this.add(line);
    if (!this.isSeen) this.unread += 1;
  }

  /** After what was said, before what is still on its way. */
  private add(line: CallLine): void {
    const waiting = this.lines.filter((one) => one.kind === 'text' && one.state !== 'sent');
    const all = [...this.lines.filter((one) => !waiting.includes(one)), line, ...waiting];
    this.isCut ||= all.length > mostLines;
    this.lines = all.slice(-mostLines);
  }
}
