import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Resource } from '../../../src/core/resource.svelte';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe('something fetched from the server', () => {
  it('is_fetched_once_for_many_events', async () => {
    const fetched = vi.fn(() => Promise.resolve(1));
    const resource = new Resource(fetched);
    for (let i = 0; i < 5; i++) resource.loadSoon();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(fetched).toHaveBeenCalledTimes(1);
  });

  // It heard nothing any more: the event that waited when it was cut off kept its place for ever.
  it('follows_events_also_after_it_was_cut_off_while_one_waited', async () => {
    const fetched = vi.fn(() => Promise.resolve(1));
    const resource = new Resource(fetched);
    resource.loadSoon();
    resource.dispose();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(fetched).not.toHaveBeenCalled();
    resource.loadSoon();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(fetched).toHaveBeenCalledTimes(1);
  });
});
