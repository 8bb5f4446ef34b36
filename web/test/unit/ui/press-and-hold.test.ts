import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PressAndHold } from '../../../src/ui/press-and-hold';

let held: number;
let press: PressAndHold;

beforeEach(() => {
  vi.useFakeTimers();
  held = 0;
  press = new PressAndHold(1000, () => (held += 1));
});

afterEach(() => vi.useRealTimers());

const now = (): number => performance.now();

describe('a press that is held', () => {
  it('counts_once_it_has_lasted_though_not_one_frame_is_drawn', () => {
    const frames = vi.spyOn(globalThis, 'requestAnimationFrame');
    press.start(now(), now());
    vi.advanceTimersByTime(999);
    expect([held, press.isPressed]).toEqual([0, true]);
    vi.advanceTimersByTime(1);
    expect([held, press.isPressed]).toEqual([1, false]);
    vi.advanceTimersByTime(10_000);
    expect(held).toBe(1);
    expect(press.release(now())).toBe(false);
    expect(frames).not.toHaveBeenCalled();
    frames.mockRestore();
  });

  it('does_not_count_where_it_ends_before_and_the_next_begins_anew', () => {
    press.start(now(), now());
    vi.advanceTimersByTime(900);
    expect(press.release(now())).toBe(true);
    press.start(now(), now());
    vi.advanceTimersByTime(900);
    expect(held).toBe(0);
    vi.advanceTimersByTime(100);
    expect(held).toBe(1);
  });

  it('is_judged_by_when_it_began_and_ended_and_not_by_when_a_busy_page_hears_of_it', () => {
    // Begun 300 ms before the page had time for it.
    press.start(now() - 300, now());
    vi.advanceTimersByTime(699);
    expect(held).toBe(0);
    vi.advanceTimersByTime(1);
    expect(held).toBe(1);

    // The page comes to itself two seconds later: the finger had long gone, or had stayed.
    for (const [lasted, counted] of [
      [999, 1],
      [1000, 2],
    ] as const) {
      const began = now();
      press.start(began, began);
      vi.setSystemTime(Date.now() + 2000);
      expect(press.release(began + lasted)).toBe(lasted < 1000);
      expect(held).toBe(counted);
      vi.advanceTimersByTime(5000);
      expect(held).toBe(counted);
    }
  });

  it('says_how_much_of_it_is_over_and_nothing_once_it_is_cancelled', () => {
    expect(press.share(now())).toBe(0);
    const began = now();
    press.start(began, began);
    press.start(began + 500, began + 500);
    expect([began, began + 250, began + 1000, began + 4000].map((at) => press.share(at))).toEqual([0, 0.25, 1, 1]);
    press.cancel();
    expect(press.share(began + 500)).toBe(0);
    vi.advanceTimersByTime(5000);
    expect(held).toBe(0);
  });
});
