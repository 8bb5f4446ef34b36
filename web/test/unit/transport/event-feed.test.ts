import { beforeEach, describe, expect, it, vi } from 'vitest';
import { EventFeed, type EventBatch, type FeedLine, type FeedState } from '../../../src/transport/event-feed';

class ScriptedLine implements FeedLine {
  after: number | undefined;
  closed = false;
  receive: (batch: EventBatch) => void = () => undefined;
  broken: () => void = () => undefined;

  constructor(private readonly opens: boolean) {}

  open(): Promise<void> {
    return this.opens ? Promise.resolve() : Promise.reject(new Error('no link'));
  }

  subscribe(after: number, receive: (batch: EventBatch) => void, broken: () => void): void {
    this.after = after;
    this.receive = receive;
    this.broken = broken;
  }

  close(): void {
    this.closed = true;
  }
}

function batch(...seqs: number[]): EventBatch {
  return { through: Math.max(...seqs), events: seqs.map((seq) => ({ seq, at: '2026-01-01T00:00:00Z', kind: 'alert.raised', data: {} })) };
}

describe('event feed', () => {
  let lines: ScriptedLine[];
  let opens: boolean;
  let got: number[];
  let resets: number;
  let states: FeedState[];
  let feed: EventFeed;

  beforeEach(() => {
    vi.useFakeTimers();
    lines = [];
    opens = true;
    got = [];
    resets = 0;
    states = [];
    feed = new EventFeed(
      () => {
        const line = new ScriptedLine(opens);
        lines.push(line);
        return line;
      },
      {
        receive: (received) => {
          if (received.reset) resets += 1;
          got.push(...received.events.map((event) => event.seq));
        },
        stateChanged: (state) => states.push(state),
      },
      () => 0.5,
    );
    return () => {
      feed.stop();
      vi.useRealTimers();
    };
  });

  const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

  it('begins_at_the_end_of_the_log', async () => {
    feed.start();
    await settle();
    expect(lines[0]?.after).toBe(-1);
    lines[0]?.receive({ through: 40, events: [], reset: true });
    expect(resets).toBe(1);
  });

  it('resumes_after_the_last_number_it_had', async () => {
    feed.start();
    await settle();
    lines[0]?.receive(batch(41, 42));
    lines[0]?.broken();
    await vi.advanceTimersByTimeAsync(500);
    expect(lines[1]?.after).toBe(42);
    expect(states).toEqual(['connecting', 'live', 'broken', 'connecting', 'live']);
  });

  it('resumes_after_numbers_it_was_not_shown', async () => {
    feed.start();
    await settle();
    lines[0]?.receive({ through: 90, events: [] });
    lines[0]?.broken();
    await vi.advanceTimersByTimeAsync(500);
    expect(lines[1]?.after).toBe(90);
  });

  it('drops_an_event_that_it_already_had', async () => {
    feed.start();
    await settle();
    lines[0]?.receive(batch(1, 2));
    lines[0]?.receive(batch(2, 3));
    expect(got).toEqual([1, 2, 3]);
  });

  it('listens_no_more_to_a_line_that_it_left', async () => {
    feed.start();
    await settle();
    lines[0]?.broken();
    lines[0]?.receive(batch(7));
    expect(got).toEqual([]);
    expect(lines[0]?.closed).toBe(true);
  });

  it('a_smaller_number_after_a_reset_is_taken', async () => {
    feed.start();
    await settle();
    lines[0]?.receive(batch(100));
    lines[0]?.receive({ through: 3, events: [], reset: true });
    lines[0]?.receive(batch(4));
    expect(got).toEqual([100, 4]);
  });

  it('waits_longer_after_each_failure_and_at_most_half_a_minute', async () => {
    opens = false;
    feed.start();
    await settle();
    await vi.advanceTimersByTimeAsync(500);
    expect(lines).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(999);
    expect(lines).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1);
    expect(lines).toHaveLength(3);
    await vi.advanceTimersByTimeAsync(10 * 60_000);
    const before = lines.length;
    await vi.advanceTimersByTimeAsync(30_000);
    expect(lines.length).toBe(before + 1);
  });

  it('tries_at_once_when_the_network_comes_back', async () => {
    opens = false;
    feed.start();
    await settle();
    opens = true;
    feed.retryNow();
    await settle();
    expect(states.at(-1)).toBe('live');
  });

  it('a_stopped_feed_stays_silent', async () => {
    feed.start();
    await settle();
    feed.stop();
    lines[0]?.broken();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(lines).toHaveLength(1);
    expect(states.at(-1)).toBe('stopped');
  });
});
