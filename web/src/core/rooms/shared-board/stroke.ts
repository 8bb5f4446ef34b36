import { type BoardPoint, longestSide, mostSteps } from './shared-board-content';

/** In units of the board: what lies nearer to a line than this is not seen to be off it. */
const finest = 6;

/**
 * A line drawn by hand, with as few points as show it: quantised, and simplified further until it fits into one entry. Never more than 200 steps, however long somebody draws.
 * @param drawn At least one point, in units of the board.
 */
export function strokeOf(drawn: readonly BoardPoint[]): { readonly at: BoardPoint; readonly path: readonly number[] } | null {
  const points = drawn.map(([x, y]): BoardPoint => [quantised(x), quantised(y)]);
  let kept = simplified(points, finest);
  for (let tolerance = finest * 2; kept.length > mostSteps + 1; tolerance *= 2) kept = simplified(kept, tolerance);
  const [at] = kept;
  if (at === undefined) return null;
  const path = kept.slice(1).flatMap(([x, y], index) => [x - (kept[index]?.[0] ?? 0), y - (kept[index]?.[1] ?? 0)]);
  // A dot: where somebody only pressed.
  return { at, path: path.length === 0 ? [0, 0] : path };
}

export function quantised(value: number): number {
  return Math.min(longestSide, Math.max(0, Math.round(value)));
}

/** Ramer, Douglas and Peucker's: keeps the ends, and of the rest what is further than `tolerance` from the line between what is kept. */
export function simplified(points: readonly BoardPoint[], tolerance: number): readonly BoardPoint[] {
  if (points.length < 3) return points;
  const kept = new Set([0, points.length - 1]);
  const open: [number, number][] = [[0, points.length - 1]];
  for (let span = open.pop(); span !== undefined; span = open.pop()) {
    const [from, to] = span;
    let [furthest, distance] = [0, tolerance];
    for (let index = from + 1; index < to; index++) {
      const off = distanceOf(points[index] as BoardPoint, points[from] as BoardPoint, points[to] as BoardPoint);
      if (off > distance) [furthest, distance] = [index, off];
    }
    if (furthest === 0) continue;
    kept.add(furthest);
    open.push([from, furthest], [furthest, to]);
  }
  return points.filter((_, index) => kept.has(index));
}

/** Of a point from the line between two others, and not from its continuation. */
export function distanceOf([x, y]: BoardPoint, [fromX, fromY]: BoardPoint, [toX, toY]: BoardPoint): number {
  const [alongX, alongY] = [toX - fromX, toY - fromY];
  const length = alongX ** 2 + alongY ** 2;
  const part = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - fromX) * alongX + (y - fromY) * alongY) / length));
  return Math.hypot(x - fromX - part * alongX, y - fromY - part * alongY);
}
