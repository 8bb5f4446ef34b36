import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Resource } from '../../../src/core/resource.svelte';
import { ApiError } from '../../../src/transport/api-error';

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

  it('is_tried_again_until_it_comes_where_the_line_failed_though_no_event_comes_any_more', async () => {
    const failures = [ApiError.unreachable(), new ApiError('unavailable', 503, '')];
    const fetched = vi.fn(() => {
      const failure = failures.shift();
      return failure === undefined ? Promise.resolve('new') : Promise.reject(failure);
    });
    const resource = new Resource<string>(fetched);
    resource.value = 'old';
    resource.loadSoon();
    await vi.advanceTimersByTimeAsync(5_000);
    expect([fetched.mock.calls.length, resource.value]).toEqual([1, 'old']);
    await vi.advanceTimersByTimeAsync(5_000);
    expect([fetched.mock.calls.length, resource.value]).toEqual([2, 'old']);
    await vi.advanceTimersByTimeAsync(10_000);
    expect([fetched.mock.calls.length, resource.value, resource.error]).toEqual([3, 'new', undefined]);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(fetched).toHaveBeenCalledTimes(3);
  });

  it('is_not_tried_again_where_the_server_refused_or_nobody_looks_any_more', async () => {
    const refused = vi.fn(() => Promise.reject(new ApiError('not-found', 404, '')));
    void new Resource(refused).load();
    const left = vi.fn(() => Promise.reject(ApiError.unreachable()));
    const resource = new Resource(left);
    await resource.load();
    resource.dispose();
    await vi.advanceTimersByTimeAsync(600_000);
    expect([refused.mock.calls.length, left.mock.calls.length]).toEqual([1, 1]);
  });
});
