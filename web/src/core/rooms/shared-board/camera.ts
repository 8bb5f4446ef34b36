import type { BoardBackground, BoardPoint } from './shared-board-content';

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

/** What of the board is used: its sheet, and what lies beside it since another sheet lay below. */
export interface Extent {
  readonly width: number;
  readonly height: number;
}

export function extentOf(sheet: Extent, points: readonly BoardPoint[]): Extent {
  return {
    width: points.reduce((most, [x]) => Math.max(most, x), sheet.width),
    height: points.reduce((most, [, y]) => Math.max(most, y), sheet.height),
  };
}

/** Moved no more than it takes that the board reaches into the frame: nobody pans to where nothing is. */
export function inSight(camera: Camera, { width, height }: Extent, frame: FrameSize): Camera {
  const within = (from: number, length: number, side: number): number => Math.max(margin - length, Math.min(side - margin, from));
  return { ...camera, x: within(camera.x, width * camera.scale, frame.width), y: within(camera.y, height * camera.scale, frame.height) };
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

/** Moved no more than it takes to see a point of the board, clear of the frame's edge. */
export function kept(camera: Camera, point: BoardPoint, frame: FrameSize): Camera {
  const [left, top] = inFrame(camera, point);
  const shift = (at: number, low: number, high: number): number => Math.max(low, Math.min(Math.max(low, high), at)) - at;
  return { ...camera, x: camera.x + shift(left, margin, frame.width - margin), y: camera.y + shift(top, margin, frame.height - below) };
}
