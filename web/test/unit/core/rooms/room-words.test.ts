import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { remind } from '../../../../src/core/rooms/reminder';
import { findMessages } from '../../../../src/core/rooms/room-search';
import type { ShownMessage, TimelineEntry } from '../../../../src/core/rooms/room-view';
import { matchMention, mentionedIn, splitMentions } from '../../../../src/features/rooms/mentions';

const people = [
  { account: 'a1', name: 'Élodie Le Goff' },
  { account: 'a2', name: 'Bruno Keller' },
  { account: 'a3', name: 'Bruno' },
];

function message(id: string, text: string | null): TimelineEntry {
  const rest = {
    author: 'a1',
    file: null,
    edited: false,
    pinned: false,
    priority: false,
    replyTo: null,
    mentions: [],
    acknowledgedBy: [],
    askedOf: [],
  };
  return { kind: 'message', message: { ...rest, id, seq: 1, at: '2026-11-22T08:30:00Z', text } satisfies ShownMessage };
}

describe('mentions', () => {
  it('are_offered_by_the_beginning_of_any_of_somebodys_names', () => {
    expect(matchMention('for @ele', people)).toEqual([]);
    expect(matchMention('for @elo', people).map(({ account }) => account)).toEqual(['a1']);
    expect(matchMention('@go', people).map(({ account }) => account)).toEqual(['a1']);
    expect(matchMention('@le g', people).map(({ account }) => account)).toEqual([]);
    expect(matchMention('@', people)).toHaveLength(3);
  });

  it('are_not_offered_in_an_address_nor_once_written', () => {
    expect(matchMention('bruno@k', people)).toEqual([]);
    expect(matchMention('@Bruno Keller ', people)).toEqual([]);
  });

  it('count_where_the_whole_name_stands', () => {
    expect(mentionedIn('@Élodie Le Goff and @Karim', people)).toEqual(['a1']);
    expect(mentionedIn('Bruno Keller', people)).toEqual([]);
  });

  it('of_a_longer_name_are_not_of_the_shorter_one', () => {
    expect(mentionedIn('@Bruno Keller: come', people)).toEqual(['a2']);
  });

  it('are_shown_as_names_the_longest_first', () => {
    expect(splitMentions('hi @Bruno Keller, @Nobody @Bruno', ['Bruno', 'Bruno Keller'])).toEqual([
      { text: 'hi ', isMention: false },
      { text: '@Bruno Keller', isMention: true },
      { text: ', @Nobody ', isMention: false },
      { text: '@Bruno', isMention: true },
    ]);
  });
});

describe('searching messages', () => {
  const timeline = [message('1', 'Water in the basement'), message('2', null), message('3', 'No WATER left; bàsement closed'), message('4', 'Fire')];

  it('finds_all_words_in_any_case_and_with_any_accent_the_latest_first', () => {
    expect(findMessages(timeline, 'water base', 10).map(({ id }) => id)).toEqual(['3', '1']);
    expect(findMessages(timeline, 'water base', 1).map(({ id }) => id)).toEqual(['3']);
    expect(findMessages(timeline, '  ', 10)).toEqual([]);
  });
});

describe('a reminder', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it('comes_at_once_and_every_two_minutes_until_it_is_stopped', () => {
    const quiet = vi.fn();
    const tell = vi.fn(() => quiet);
    const stop = remind(tell);
    expect(tell).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(240_000);
    expect(tell).toHaveBeenCalledTimes(3);
    stop();
    vi.advanceTimersByTime(600_000);
    expect(tell).toHaveBeenCalledTimes(3);
    expect(quiet).toHaveBeenCalledTimes(3);
  });
});
