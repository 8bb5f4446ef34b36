import type { BoardBackground, BoardPoint } from './shared-board-content';

/** In milliseconds: whoever presses no arrow for so long has put it where it is to be. */
export const nudgePause = 800;
/** In units of the board: half a hundredth of its longer side, and half a square of the grid. */
export const nudgeStep = 50;
export const nudgeStride = 500;

const ways: Readonly<Record<string, BoardPoint>> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** Where an arrow key takes a point of the sheet, and no further than its edge. Undefined for any other key. */
export function nudged(
  [x, y]: BoardPoint,
  key: string,
  isFar: boolean,
  { width, height }: Pick<BoardBackground, 'width' | 'height'>,
): BoardPoint | undefined {
  const way = Object.hasOwn(ways, key) ? ways[key] : undefined;
  if (way === undefined) return undefined;
  const step = isFar ? nudgeStride : nudgeStep;
  const along = (from: number, direction: number, side: number): number => Math.min(side, Math.max(0, from + direction * step));
  return [along(x, way[0], width), along(y, way[1], height)];
}

/** An element that arrow keys move: seen at once, and said once, when they pause. A key that is held would fill the room with entries. */
export class ElementNudge {
  /** What is on its way; undefined while nothing is. */
  current = $state.raw<{ readonly id: string; readonly at: BoardPoint } | undefined>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly say: (id: string, at: BoardPoint) => void) {}

  /** Of two elements the first is put down before the second is taken. */
  move(id: string, at: BoardPoint): void {
    if (this.current?.id !== id) this.settle();
    clearTimeout(this.timer);
    this.current = { id, at };
    this.timer = setTimeout(() => this.settle(), nudgePause);
  }

  /** Says where it is now, without waiting for the pause. */
  settle(): void {
    clearTimeout(this.timer);
    const done = this.current;
    this.current = undefined;
    if (done !== undefined) this.say(done.id, done.at);
  }
}
