import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Camera, type Extent, extentOf, fitted, inFrame, inSight, kept, onBoard, zoomed } from '../../../../src/core/rooms/shared-board/camera';
import { ElementNudge, nudged, nudgePause, nudgeStep, nudgeStride } from '../../../../src/core/rooms/shared-board/element-nudge.svelte';
import { blankSheet, type BoardPoint } from '../../../../src/core/rooms/shared-board/shared-board-content';
import { SeededRandom, seed } from '../../../e2ee/seeded';

const margin = 28;

/** Some sheet in some frame, seen from somewhere. */
function someView(random: SeededRandom): { sheet: Extent; frame: Extent; camera: Camera; whole: number } {
  const sheet = random.chance(0.5) ? { width: 10_000, height: 500 + random.below(9501) } : { width: 500 + random.below(9501), height: 10_000 };
  const frame = { width: 250 + random.below(1500), height: 250 + random.below(900) };
  const whole = fitted(sheet, frame);
  let camera = whole;
  for (let at = 0; at < 5; at++) {
    camera = zoomed(camera, Math.exp((random.next() - 0.5) * 3), [random.below(frame.width), random.below(frame.height)], whole.scale);
    camera = inSight({ ...camera, x: camera.x + (random.next() - 0.5) * 900, y: camera.y + (random.next() - 0.5) * 900 }, sheet, frame);
  }
  return { sheet, frame, camera, whole: whole.scale };
}

function within([x, y]: BoardPoint, low: number, width: number, height: number): boolean {
  return x >= low && y >= low && x <= width - low && y <= height - low;
}

describe('the view of a board', () => {
  it('keeps_the_point_under_the_finger_where_it_is_however_it_zooms', () => {
    const random = new SeededRandom();
    let checked = 0;
    for (let round = 0; round < 500; round++) {
      const { sheet, frame, camera, whole } = someView(random);
      const place: BoardPoint = [random.next() * frame.width, random.next() * frame.height];
      const point = onBoard(camera, place);
      // Beside the board, or at the very edge of the frame, its bounds count more.
      if (!within(point, 0, sheet.width, sheet.height) || !within(place, margin, frame.width, frame.height)) continue;
      checked++;
      const after = inSight(zoomed(camera, Math.exp((random.next() - 0.5) * 8), place, whole), sheet, frame);
      const [x, y] = inFrame(after, point);
      expect(Math.hypot(x - place[0], y - place[1]), `seed ${seed}`).toBeLessThan(1e-6);
      expect(after.scale / whole, `seed ${seed}`).toBeLessThanOrEqual(12 + 1e-9);
      expect(after.scale / whole, `seed ${seed}`).toBeGreaterThanOrEqual(0.5 - 1e-9);
    }
    expect(checked).toBeGreaterThan(20);
  });

  it('is_never_of_nothing_however_far_somebody_drags', () => {
    const random = new SeededRandom();
    for (let round = 0; round < 200; round++) {
      const { sheet, frame, camera } = someView(random);
      const far = { ...camera, x: camera.x + (random.next() - 0.5) * 1e6, y: camera.y + (random.next() - 0.5) * 1e6 };
      const seen = inSight(far, sheet, frame);
      expect(seen.x + sheet.width * seen.scale, `seed ${seed}`).toBeGreaterThanOrEqual(margin - 1e-6);
      expect(seen.y + sheet.height * seen.scale, `seed ${seed}`).toBeGreaterThanOrEqual(margin - 1e-6);
      expect(seen.x, `seed ${seed}`).toBeLessThanOrEqual(frame.width - margin);
      expect(seen.y, `seed ${seed}`).toBeLessThanOrEqual(frame.height - margin);
      // What is in sight already is left where it is.
      expect(inSight(seen, sheet, frame)).toEqual(seen);
    }
  });

  it('reaches_what_lies_beside_the_sheet_since_another_lay_below', () => {
    expect(extentOf(blankSheet, [])).toEqual({ width: 10_000, height: 6250 });
    expect(
      extentOf({ width: 5000, height: 10_000 }, [
        [9000, 20],
        [3, 4],
      ]),
    ).toEqual({ width: 9000, height: 10_000 });
  });

  it('follows_what_the_keys_move_and_stands_still_while_that_is_seen', () => {
    const frame = { width: 400, height: 400 };
    const camera = { x: 0, y: 0, scale: 0.1 };
    expect(kept(camera, [2000, 2000], frame)).toEqual(camera);
    expect(inFrame(kept(camera, [9000, 2000], frame), [9000, 2000])).toEqual([400 - margin, 200]);
    expect(inFrame(kept(camera, [0, 0], frame), [0, 0])).toEqual([margin, margin]);
  });
});

describe('an element that arrow keys move', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('goes_a_step_or_a_stride_and_never_off_the_sheet', () => {
    expect(nudged([100, 100], 'ArrowRight', false, blankSheet)).toEqual([100 + nudgeStep, 100]);
    expect(nudged([1000, 1000], 'ArrowUp', true, blankSheet)).toEqual([1000, 1000 - nudgeStride]);
    expect(nudged([10, 6240], 'ArrowLeft', false, blankSheet)).toEqual([0, 6240]);
    expect(nudged([10, 6240], 'ArrowDown', true, blankSheet)).toEqual([10, 6250]);
    for (const key of ['Enter', 'a', 'constructor', '__proto__']) expect(nudged([1, 1], key, false, blankSheet)).toBeUndefined();
  });

  it('is_said_once_when_the_keys_pause', () => {
    const said: unknown[] = [];
    const nudge = new ElementNudge((id, at) => said.push([id, at]));
    for (let step = 1; step <= 30; step++) {
      nudge.move('a', [step, 0]);
      vi.advanceTimersByTime(nudgePause - 1);
      expect(nudge.current).toEqual({ id: 'a', at: [step, 0] });
    }
    expect(said).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(said).toEqual([['a', [30, 0]]]);
    expect(nudge.current).toBeUndefined();
    vi.advanceTimersByTime(nudgePause * 3);
    expect(said.length).toBe(1);
  });

  it('is_put_down_before_another_is_taken_and_when_somebody_does_something_else', () => {
    const said: string[] = [];
    const nudge = new ElementNudge((id) => said.push(id));
    nudge.settle();
    nudge.move('a', [1, 0]);
    nudge.move('b', [2, 0]);
    expect(said).toEqual(['a']);
    nudge.settle();
    vi.advanceTimersByTime(nudgePause * 3);
    expect(said).toEqual(['a', 'b']);
  });
});
