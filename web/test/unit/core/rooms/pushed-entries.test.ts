import { beforeEach, describe, expect, it } from 'vitest';
import { PushedEntries } from '../../../../src/core/rooms/pushed-entries';

const room = '11111111-1111-4111-8111-111111111111';
const other = '22222222-2222-4222-8222-222222222222';
const at = '2026-03-02T08:00:00+00:00';

describe('Entries that come with their news', () => {
  let pushed: PushedEntries;

  const tell = (seq: unknown, entry?: unknown, roomId: unknown = room): void =>
    pushed.note({ seq: 1, at, kind: 'room.entry-appended', data: { roomId, seq, ...(entry === undefined ? {} : { entry }) } });
  const numbers = (after: number, of = room): readonly number[] | undefined => pushed.take(of, after)?.entries.map(({ seq }) => seq);

  beforeEach(() => {
    pushed = new PushedEntries();
  });

  it('are given once, in order, to who has what comes before them', () => {
    tell(4, btoa('four'));
    tell(5, btoa('five'));
    tell(1, btoa('one'), other);
    expect(pushed.take(room, 3)).toEqual({
      entries: [
        { seq: 4, at, entry: new TextEncoder().encode('four') },
        { seq: 5, at, entry: new TextEncoder().encode('five') },
      ],
      headSeq: 5,
    });
    expect(pushed.take(room, 5)).toBeUndefined();
    expect(numbers(0, other)).toEqual([1]);
  });

  it('are left out where the reader has them already', () => {
    tell(4, btoa('four'));
    tell(5, btoa('five'));
    expect(numbers(4)).toEqual([5]);
    tell(5, btoa('five'));
    expect(numbers(5)).toBeUndefined();
  });

  it('are not enough for who misses one before them', () => {
    tell(4, btoa('four'));
    expect(numbers(2)).toBeUndefined();
    tell(4, btoa('four'));
    tell(6, btoa('six'));
    expect(numbers(3)).toBeUndefined();
  });

  it('are read from the server once one was told of and not given', () => {
    tell(4, btoa('four'));
    tell(5);
    expect(numbers(3)).toBeUndefined();
    tell(4, btoa('four'));
    tell(5, 'not base64!');
    expect(numbers(3)).toBeUndefined();
    tell(5);
    tell(6, btoa('six'));
    expect(numbers(5)).toEqual([6]);
  });

  it('take bounded memory', () => {
    for (let seq = 1; seq <= 150; seq++) tell(seq, btoa('entry'));
    expect(numbers(0)).toBeUndefined();
    for (let seq = 1; seq <= 150; seq++) tell(seq, btoa('entry'));
    expect(numbers(50)).toHaveLength(100);
    for (let one = 0; one < 60; one++) tell(1, btoa('entry'), `room ${one}`);
    expect(numbers(0, 'room 0')).toBeUndefined();
    expect(numbers(0, 'room 59')).toEqual([1]);
  });

  it('are forgotten where everything is read anew, and news of another form is none', () => {
    tell(4, btoa('four'));
    pushed.clear();
    expect(numbers(3)).toBeUndefined();
    tell('4', btoa('four'));
    tell(4, btoa('four'), 7);
    expect(numbers(3)).toBeUndefined();
  });
});
