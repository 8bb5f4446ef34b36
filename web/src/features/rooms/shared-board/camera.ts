import type { BoardBackground, BoardPoint } from '../../../core/rooms/shared-board/shared-board-content';

/** Where the board lies in its frame: a point of it is at `x + point × scale`, in pixels. */
export interface Camera {
  readonly x: number;
  readonly y: number;
  /** Pixels of a unit of the board. */
  readonly scale: number;
}

export interface FrameSize {
  readonly width: number;
  readonly height: number;
}

/** Around the sheet, for the letters and numbers of its grid; below it what zooms. */
const margin = 28;
const below = 64;
/** How much nearer than whole one can go. */
const nearest = 12;
const furthest = 0.5;

/** The whole sheet, in the middle. */
export function fitted({ width, height }: Pick<BoardBackground, 'width' | 'height'>, frame: FrameSize): Camera {
  const scale = Math.max(0.001, Math.min((frame.width - 2 * margin) / width, (frame.height - margin - below) / height));
  return { scale, x: (frame.width - width * scale) / 2, y: margin + (frame.height - margin - below - height * scale) / 2 };
}

/** What lies at this place of the frame stays there. @param whole The scale at which the sheet is seen whole. */
export function zoomed(camera: Camera, factor: number, [x, y]: BoardPoint, whole: number): Camera {
  const scale = Math.min(whole * nearest, Math.max(whole * furthest, camera.scale * factor));
  const by = scale / camera.scale;
  return { scale, x: x - (x - camera.x) * by, y: y - (y - camera.y) * by };
}

export function onBoard({ x, y, scale }: Camera, [left, top]: BoardPoint): BoardPoint {
  return [(left - x) / scale, (top - y) / scale];
}

export function inFrame({ x, y, scale }: Camera, [along, down]: BoardPoint): BoardPoint {
  return [x + along * scale, y + down * scale];
}

/** Moved so that a point of the board is in the middle of the frame. */
export function centred(camera: Camera, [along, down]: BoardPoint, frame: FrameSize): Camera {
  return { ...camera, x: frame.width / 2 - along * camera.scale, y: frame.height / 2 - down * camera.scale };
}
