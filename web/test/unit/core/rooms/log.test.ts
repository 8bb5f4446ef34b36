import { describe, expect, it } from 'vitest';
import type { LogStatement, LogType } from '../../../../src/core/rooms/log/log-content';
import { byEvent, logOf, selectLines } from '../../../../src/core/rooms/log/log-view';
import { encodeContent, parseContent, type RoomContent } from '../../../../src/core/rooms/room-content';
import type { RoomItem } from '../../../../src/core/rooms/room-log';
import { utf8 } from '../../../../src/e2ee/bytes';
import { SeededRandom, seed } from '../../../e2ee/seeded';

const id = (number: number): string => number.toString(16).padStart(32, '0');

function said(text: string, at = '2026-11-22T08:30:00.000Z', type: LogType = 'fact'): LogStatement {
  return { type, text, at };
}

function entry(seq: number, content: RoomContent, author = 'a1'): RoomItem {
  return { seq, id: id(seq), author, at: `2026-11-22T09:00:${String(seq % 60).padStart(2, '0')}Z`, what: { kind: 'content', content } };
}

const line = (seq: number, statement: LogStatement, author?: string): RoomItem => entry(seq, { kind: 'log-entry', statement }, author);

describe('the log of a room', () => {
  it('numbers_its_lines_as_they_were_written_and_shows_them_as_things_happened', () => {
    const lines = logOf([
      line(3, said('generator started', '2026-11-22T08:40:00.000Z')),
      line(4, said('power cut', '2026-11-22T08:31:00.000Z')),
      entry(5, { kind: 'message', text: 'no line of the log' }),
      line(6, said('lift stuck', '2026-11-22T08:31:00.000Z')),
    ]);
    expect(lines.map(({ number, latest }) => [number, latest.statement.text])).toEqual([
      [1, 'generator started'],
      [2, 'power cut'],
      [3, 'lift stuck'],
    ]);
    expect(byEvent(lines).map(({ number }) => number)).toEqual([2, 3, 1]);
  });

  it('keeps_what_a_corrected_line_said_before_with_who_corrected_it_when_and_why', () => {
    const [only, ...rest] = logOf([
      line(1, said('3 wounded')),
      entry(2, { kind: 'log-correction', of: id(1), statement: said('2 wounded'), reason: 'counted twice' }, 'b2'),
      entry(3, { kind: 'log-correction', of: id(1), statement: said('1 wounded'), reason: 'one unhurt' }, 'c3'),
    ]);
    expect(rest).toEqual([]);
    expect(only?.latest).toEqual({ statement: said('1 wounded'), author: 'c3', enteredAt: '2026-11-22T09:00:03Z', reason: 'one unhurt' });
    expect(only?.earlier.map(({ statement, author, reason }) => [statement.text, author, reason])).toEqual([
      ['3 wounded', 'a1', null],
      ['2 wounded', 'b2', 'counted twice'],
    ]);
  });

  it('takes_no_correction_of_what_is_no_line_and_no_second_line_of_an_id', () => {
    const lines = logOf([
      entry(1, { kind: 'log-correction', of: id(2), statement: said('before its line'), reason: 'x' }),
      line(2, said('first')),
      { ...line(3, said('again')), id: id(2) },
      entry(4, { kind: 'log-correction', of: id(9), statement: said('of nothing'), reason: 'x' }),
    ]);
    expect(lines.map(({ latest, earlier }) => [latest.statement.text, earlier.length])).toEqual([['first', 0]]);
  });

  it('is_searched_by_all_words_in_text_source_author_number_and_what_it_said_before', () => {
    const lines = logOf([
      line(1, { ...said('Coupure générale'), source: 'Enedis' }),
      line(2, said('Évacuer le bâtiment C', undefined, 'decision'), 'b2'),
      entry(3, { kind: 'log-correction', of: id(2), statement: said('Évacuer le bâtiment D', undefined, 'decision'), reason: 'erreur' }, 'b2'),
    ]);
    const found = (query: string, ...types: LogType[]): number[] =>
      selectLines(lines, { query, types: new Set(types) }, (account) => (account === 'b2' ? 'Élodie' : 'Karim')).map(({ number }) => number);
    expect(found('generale')).toEqual([1]);
    expect(found('enedis karim')).toEqual([1]);
    expect(found('batiment c')).toEqual([2]);
    expect(found('elodie')).toEqual([2]);
    expect(found('2')).toEqual([2]);
    expect(found('')).toEqual([1, 2]);
    expect(found('', 'decision')).toEqual([2]);
    expect(found('coupure', 'decision')).toEqual([]);
  });

  it('is_the_same_from_its_entries_whatever_was_read_at_once', () => {
    const random = new SeededRandom();
    const items = Array.from({ length: 300 }, (_, at): RoomItem => {
      const of = id(random.below(at + 1));
      const statement = said(`line ${at}`, new Date(Date.UTC(2026, 10, 22, 8, random.below(60))).toISOString());
      return random.below(3) === 0 ? entry(at, { kind: 'log-correction', of, statement, reason: 'wrong' }) : line(at, statement);
    });
    const whole = logOf(items);
    const corrections = items.filter(({ what }) => what.kind === 'content' && what.content.kind === 'log-correction');
    expect(whole.length, `seed ${seed}`).toBe(items.length - corrections.length);
    for (const length of [1, 50, 299]) {
      const before = logOf(items.slice(0, length));
      // Nothing that was once a line goes, is numbered anew, or loses what it said.
      for (const [at, { id: name, number, latest, earlier }] of before.entries()) {
        const after = whole[at];
        expect([after?.id, after?.number], `seed ${seed}`).toEqual([name, number]);
        expect([...(after?.earlier ?? []), after?.latest].slice(0, earlier.length + 1), `seed ${seed}`).toEqual([...earlier, latest]);
      }
    }
  });
});

describe('a line of the log as bytes', () => {
  const whole: RoomContent = {
    kind: 'log-entry',
    statement: { type: 'decision', text: 'Evacuate', at: '2026-11-22T08:30:00.000Z', source: 'Fire service', reliability: 'confirmed' },
    from: id(7),
  };

  it('is_read_as_it_was_written', () => {
    expect(parseContent(encodeContent(whole))).toEqual(whole);
    const correction: RoomContent = { kind: 'log-correction', of: id(7), statement: said('x'), reason: 'y' };
    expect(parseContent(encodeContent(correction))).toEqual(correction);
  });

  it.each([
    ['an unknown type', { type: 'rumour' }],
    ['no words', { text: '   ' }],
    ['too many words', { text: 'x'.repeat(4001) }],
    ['a text that is none', { text: 7 }],
    ['a moment that is none', { at: '2026-13-40T99:00:00.000Z' }],
    ['a moment written otherwise', { at: 'yesterday' }],
  ])('with_%s_is_refused', (_, wrong) => {
    expect(parseContent(utf8(JSON.stringify({ kind: 'log-entry', statement: { ...whole.statement, ...wrong } })))).toBeNull();
  });

  it('without_a_reason_is_no_correction', () => {
    for (const reason of [undefined, '', ' ', 'x'.repeat(501), 3])
      expect(parseContent(utf8(JSON.stringify({ kind: 'log-correction', of: id(1), statement: whole.statement, reason })))).toBeNull();
  });

  it('leaves_out_what_may_be_left_out_and_is_wrong', () => {
    const odd = { ...whole, statement: { ...whole.statement, source: 3, reliability: 'certain' }, from: 'x' };
    expect(parseContent(utf8(JSON.stringify(odd)))).toEqual({ kind: 'log-entry', statement: said('Evacuate', undefined, 'decision') });
  });
});
