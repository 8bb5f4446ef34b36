/** Tables as spreadsheets write them: RFC 4180, with the separators, the byte order mark and the character sets of Excel in French and English. */

export interface CsvLine {
  /** Of the file, where it begins; the first has 1. */
  readonly line: number;
  readonly cells: readonly string[];
  /** Why the line cannot be read; its cells are then what was read before. */
  readonly fault?: CsvFault;
}

/** `open-quote`: a quotation mark that nothing closes. `stray-quote`: words after the one that closes a cell. */
export type CsvFault = 'open-quote' | 'stray-quote' | 'too-many-cells' | 'cell-too-long';
export type CsvRefusal = 'too-large' | 'too-many-lines';

/** Far more than any script: what is larger is another file. */
export const largestCsv = 2 ** 20;
const mostLines = 2000;
const mostCells = 64;
const longestCell = 8000;

/** UTF-8 or UTF-16 with a byte order mark; without one UTF-8 where it is that, and otherwise what Excel writes under Windows in Western Europe. @returns Null where there is too much of it. */
export function decodeCsv(bytes: Uint8Array): string | null {
  if (bytes.length > largestCsv) return null;
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/** The separator of a file's first line: the one that there is most of outside of quotation marks. */
export function separatorOf(text: string): string {
  const first = /^(?:"(?:[^"]|"")*"|[^"\r\n])*/.exec(withoutMark(text).slice(0, 10_000))?.[0] ?? '';
  const unquoted = first.replace(/"(?:[^"]|"")*"/g, '');
  const counted = [';', ',', '\t'].map((separator) => ({ separator, count: unquoted.split(separator).length }));
  return counted.reduce((best, one) => (one.count > best.count ? one : best)).separator;
}

/** All lines but those with nothing in them. A line that is wrong says so, and those after it are read. */
export function parseCsv(text: string, separator = separatorOf(text)): readonly CsvLine[] | CsvRefusal {
  if (text.length > largestCsv) return 'too-large';
  const reader = new CsvReader(withoutMark(text), separator);
  const lines: CsvLine[] = [];
  for (let line = reader.next(); line !== null; line = reader.next()) {
    if (line.fault === undefined && line.cells.every((cell) => cell.trim() === '')) continue;
    if (lines.length === mostLines) return 'too-many-lines';
    lines.push({ ...line, cells: line.cells.map(unguarded) });
  }
  return lines;
}

/** With a byte order mark, without which Excel takes it for another character set, and CR LF. */
export function writeCsv(lines: readonly (readonly string[])[], separator: string): string {
  const written = lines.map((cells) => cells.map((cell) => quoted(guarded(cell), separator)).join(separator));
  return `\ufeff${written.join('\r\n')}\r\n`;
}

/** A spreadsheet runs what begins like a formula: an apostrophe makes it words (OWASP, CSV injection). One that stood there already is doubled, so that reading takes away what writing has put. */
function guarded(cell: string): string {
  return /^'*[=+\-@\t\r\n＝＋－＠]/.test(cell) ? `'${cell}` : cell;
}

function unguarded(cell: string): string {
  return /^'+[=+\-@\t\r\n＝＋－＠]/.test(cell) ? cell.slice(1) : cell;
}

function quoted(cell: string, separator: string): string {
  return /["\r\n]/.test(cell) || cell.includes(separator) || cell !== cell.trim() ? `"${cell.replaceAll('"', '""')}"` : cell;
}

function withoutMark(text: string): string {
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

class CsvReader {
  private at = 0;
  private line = 1;

  constructor(
    private readonly text: string,
    private readonly separator: string,
  ) {}

  next(): CsvLine | null {
    if (this.at >= this.text.length) return null;
    const line = this.line;
    const cells: string[] = [];
    for (;;) {
      const { cell, fault } = this.text[this.at] === '"' ? this.quotedCell() : { cell: this.plainCell(), fault: undefined };
      const wrong = fault ?? (cell.length > longestCell ? 'cell-too-long' : cells.length === mostCells ? 'too-many-cells' : undefined);
      if (wrong !== undefined) {
        this.skipLine();
        return { line, cells, fault: wrong };
      }
      cells.push(cell);
      if (this.text[this.at] !== this.separator) break;
      this.at++;
    }
    this.endLine();
    return { line, cells };
  }

  private plainCell(): string {
    const from = this.at;
    while (this.at < this.text.length && !this.isEnd()) this.at++;
    return this.text.slice(from, this.at);
  }

  private quotedCell(): { readonly cell: string; readonly fault: CsvFault | undefined } {
    const opened = this.at;
    let cell = '';
    for (let from = this.at + 1; ;) {
      const closing = this.text.indexOf('"', from);
      if (closing < 0) {
        // The rest of the file is not lost to one mark: the line alone is.
        this.at = opened;
        return { cell, fault: 'open-quote' };
      }
      cell += this.text.slice(from, closing);
      this.at = closing + 1;
      if (this.text[this.at] !== '"') break;
      cell += '"';
      from = this.at + 1;
    }
    this.line += cell.split(/\r\n|\r|\n/).length - 1;
    return { cell, fault: this.at < this.text.length && !this.isEnd() ? 'stray-quote' : undefined };
  }

  private isEnd(): boolean {
    const one = this.text[this.at];
    return one === this.separator || one === '\r' || one === '\n';
  }

  private skipLine(): void {
    while (this.at < this.text.length && this.text[this.at] !== '\r' && this.text[this.at] !== '\n') this.at++;
    this.endLine();
  }

  private endLine(): void {
    if (this.text[this.at] === '\r') this.at++;
    if (this.text[this.at] === '\n') this.at++;
    this.line++;
  }
}
