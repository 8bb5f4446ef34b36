import { describe, expect, it } from 'vitest';
import { CallMessages, longestText, type CallLine, type Speaker } from '../../../../src/core/meetings/call-messages.svelte';
import { readCallContent } from '../../../../src/e2ee/calls/call-content';
import { ApiError } from '../../../../src/transport/api-error';

const karim: Speaker = { name: 'Karim', device: '1f3a 90c2', standing: 'device' };
const stay = new Uint8Array(8);

interface Saying {
  readonly number: number;
  readonly text: string;
  readonly said: () => void;
  readonly failed: () => void;
}

function messages(): { list: CallMessages; asked: Saying[] } {
  const asked: Saying[] = [];
  const list = new CallMessages({
    say: (content) =>
      new Promise((resolve, reject) => {
        const read = (): { number: number; text: string } => {
          const said = readCallContent(content());
          return { number: said?.kind === 'text' ? said.number : -1, text: said?.kind === 'text' ? said.text : '' };
        };
        asked.push({
          get number() {
            return read().number;
          },
          get text() {
            return read().text;
          },
          said: resolve,
          failed: () => reject(ApiError.unreachable()),
        });
      }),
    said: () => undefined,
    now: () => new Date(0),
  });
  return { list, asked };
}

const hear = (list: CallMessages, number: number, text = `text ${number}`, from = 'key'): boolean =>
  list.hear({ kind: 'text', stay, number, text }, from, karim);
const shown = (line: CallLine): string =>
  line.kind === 'text'
    ? `${line.text} ${line.speaker ? '' : line.state}`.trim()
    : line.kind === 'silent'
      ? `silent ${line.speaker.name}`
      : `${line.kind} ${line.count}`;
const settled = (): Promise<void> => new Promise((done) => setTimeout(done, 0));

describe('the messages of a call', () => {
  it('ones_own_stands_last_until_it_was_said_and_then_in_its_place', async () => {
    const { list, asked } = messages();
    expect(list.write('  mine \n')).toBe(true);
    hear(list, 0, 'theirs');
    expect(list.lines.map(shown)).toEqual(['theirs', 'mine sending']);
    asked[0]?.said();
    await settled();
    hear(list, 1, 'after');
    expect(list.lines.map(shown)).toEqual(['theirs', 'mine sent', 'after']);
  });

  it('each_text_has_the_next_number_and_one_that_could_not_be_said_leaves_none_out', async () => {
    const { list, asked } = messages();
    list.write('a');
    list.write('b');
    expect(asked[0]?.number).toBe(0);
    asked[0]?.failed();
    await settled();
    expect(list.lines.map(shown)).toEqual(['a failed', 'b sending']);
    expect(asked[1]?.number).toBe(0);
    asked[1]?.said();
    await settled();
    list.retry(list.lines.find((line) => line.kind === 'text' && line.text === 'a')?.id ?? 0);
    expect(asked[2]).toMatchObject({ number: 1, text: 'a' });
    expect(list.lines.map(shown)).toEqual(['b sent', 'a sending']);
  });

  it('what_is_missing_is_said_and_what_comes_twice_or_late_is_dropped', () => {
    const { list } = messages();
    // One came in when she had said five.
    expect([5, 6, 6, 9, 7, 10].map((number) => hear(list, number))).toEqual([true, true, false, true, false, true]);
    expect(list.lines.map(shown)).toEqual(['text 5', 'text 6', 'missing 2', 'text 9', 'text 10']);
    hear(list, 0, 'of another device', 'other');
    expect(list.lines.map(shown).at(-1)).toBe('of another device');
  });

  it('a_count_tells_what_was_said_last_and_never_came', () => {
    const { list } = messages();
    const count = (number: number): void => list.hearCount({ kind: 'count', stay, number }, 'key', karim);
    count(0);
    expect(list.lines).toEqual([]);
    hear(list, 0);
    count(1);
    expect(list.lines.map(shown)).toEqual(['text 0']);
    // Two were held back; it is told once, and they are not taken afterwards.
    count(3);
    count(3);
    count(1);
    expect(hear(list, 1)).toBe(false);
    expect(list.lines.map(shown)).toEqual(['text 0', 'missing 2']);
    expect(list.unread).toBe(2);
    expect(hear(list, 3)).toBe(true);
  });

  it('those_not_looked_at_are_counted', () => {
    const { list } = messages();
    hear(list, 0);
    hear(list, 1);
    expect(list.unread).toBe(2);
    list.look(true);
    hear(list, 2);
    expect(list.unread).toBe(0);
    list.look(false);
    hear(list, 3);
    expect(list.unread).toBe(1);
  });

  it('what_can_not_be_opened_is_one_line_however_often_it_comes', () => {
    const { list } = messages();
    list.write('mine');
    for (let i = 0; i < 3; i++) list.unopened();
    expect(list.lines.map(shown)).toEqual(['unopened 3', 'mine sending']);
    hear(list, 0);
    list.unopened();
    expect(list.lines.map(shown)).toEqual(['unopened 3', 'text 0', 'unopened 1', 'mine sending']);
  });

  it('nothing_and_too_much_are_not_said', () => {
    const { list, asked } = messages();
    expect(list.write(' \n ')).toBe(false);
    expect(list.write('x'.repeat(longestText + 1))).toBe(false);
    expect(asked).toEqual([]);
    expect(list.lines).toEqual([]);
  });

  it('the_oldest_lines_are_let_go_and_that_is_known', () => {
    const { list } = messages();
    for (let number = 0; number < 600; number++) hear(list, number);
    expect(list.lines).toHaveLength(500);
    expect(list.isCut).toBe(true);
    expect(list.lines.map(shown).at(-1)).toBe('text 599');
  });
});
