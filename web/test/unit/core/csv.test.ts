import { describe, expect, it } from 'vitest';
import { type CsvLine, decodeCsv, largestCsv, parseCsv, separatorOf, writeCsv } from '../../../src/core/csv';
import { SeededRandom } from '../../e2ee/seeded';

const cellsOf = (text: string, separator?: string): unknown => (parseCsv(text, separator) as readonly CsvLine[]).map(({ cells }) => cells);

describe('a table', () => {
  it('is_read_as_rfc_4180_writes_it_and_as_spreadsheets_do', () => {
    expect(cellsOf('a,b\r\n"x, ""y""","two\r\nlines"\n\n;,\nlast,')).toEqual([
      ['a', 'b'],
      ['x, "y"', 'two\r\nlines'],
      [';', ''],
      ['last', ''],
    ]);
    expect(cellsOf('\ufeffNuméro;Titre\r\n1;Été, déjà\r\n')).toEqual([
      ['Numéro', 'Titre'],
      ['1', 'Été, déjà'],
    ]);
    expect(separatorOf('"a;b;c",d\n;;;;')).toBe(',');
    expect(separatorOf('a\tb\tc')).toBe('\t');
  });

  it('is_read_in_the_character_sets_of_excel', () => {
    expect(decodeCsv(new TextEncoder().encode('Été'))).toBe('Été');
    expect(decodeCsv(Uint8Array.of(0xc9, 0x74, 0xe9))).toBe('Été');
    expect(decodeCsv(Uint8Array.of(0xff, 0xfe, 0xc9, 0x00))).toBe('É');
    expect(decodeCsv(new Uint8Array(largestCsv + 1))).toBeNull();
  });

  it('says_of_a_wrong_line_what_is_wrong_and_goes_on_after_it', () => {
    const lines = parseCsv('a,b\n"open,1\n2,"x"y\n3,ok', ',') as readonly CsvLine[];
    expect(lines.map(({ line, fault }) => [line, fault])).toEqual([
      [1, undefined],
      // The next quotation mark closes it, and words follow.
      [2, 'stray-quote'],
      [4, undefined],
    ]);
    const unclosed = parseCsv('a\n"b\nc', ',') as readonly CsvLine[];
    expect(unclosed.map(({ line, cells, fault }) => [line, cells, fault])).toEqual([
      [1, ['a'], undefined],
      [2, [], 'open-quote'],
      [3, ['c'], undefined],
    ]);
    expect(parseCsv(','.repeat(64), ',')).toMatchObject([{ fault: 'too-many-cells' }]);
    expect(parseCsv('x'.repeat(8001), ',')).toMatchObject([{ fault: 'cell-too-long' }]);
    expect(parseCsv('x\n'.repeat(2001), ',')).toBe('too-many-lines');
    expect(parseCsv('x'.repeat(largestCsv + 1), ',')).toBe('too-large');
  });

  it('holds_no_formula_for_a_spreadsheet_and_gives_the_words_back', () => {
    const written = writeCsv([['=HYPERLINK("http://x")', '+33 1', '-1', '@a', "'=b", "l'eau", '\tx']], ';');
    for (const cell of written.replace('\ufeff', '').trim().split(';')) expect(cell).not.toMatch(/^"?[=+\-@\t]/);
    expect(written).toContain("''=b");
    expect(cellsOf(written, ';')).toEqual([['=HYPERLINK("http://x")', '+33 1', '-1', '@a', "'=b", "l'eau", '\tx']]);
  });

  it('comes_back_as_it_was_written_whatever_is_in_it', () => {
    const random = new SeededRandom();
    const letters = ['a', 'é', '"', "'", ';', ',', '\t', '\n', '\r\n', '=', '+', '-', '@', ' ', '＝', '\ufeff'];
    for (let round = 0; round < 500; round++) {
      const separator = random.pick([';', ',', '\t']);
      const width = 1 + random.below(5);
      const lines = Array.from({ length: 1 + random.below(5) }, (_, at) =>
        Array.from({ length: width }, (__, place) =>
          // A line with nothing in it is none.
          place === 0 ? `${at}x` : Array.from({ length: random.below(7) }, () => random.pick(letters)).join(''),
        ),
      );
      expect(cellsOf(writeCsv(lines, separator), separator)).toEqual(lines);
    }
  });

  it('is_never_an_exception_whatever_the_bytes_are', () => {
    const random = new SeededRandom();
    for (let round = 0; round < 500; round++) {
      const text = decodeCsv(
        Uint8Array.from({ length: random.below(200) }, () => (random.chance(0.5) ? random.pick([0x22, 0x2c, 0x3b, 0x0a, 0x0d]) : random.below(256))),
      );
      const lines = parseCsv(text ?? '') as readonly CsvLine[];
      expect(lines.every(({ cells, line }) => cells.length <= 64 && line > 0)).toBe(true);
    }
  });
});
