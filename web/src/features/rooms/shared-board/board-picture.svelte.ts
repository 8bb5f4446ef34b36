import { download } from '../../../core/rooms/download';
import type { OpenRoom } from '../../../core/rooms/rooms.svelte';
import { longestSide, shortestSide } from '../../../core/rooms/shared-board/shared-board-content';
import { pictureType, type SharedFile } from '../../../core/rooms/shared-file';

/** A picture of a room, opened in this browser. */
export interface LoadedPicture {
  /** Of a blob: whoever asked for it revokes it. */
  readonly address: string;
  readonly width: number;
  readonly height: number;
}

/** The file is none that is shown: of another kind, or too large. */
export class NotAPictureError extends Error {
  override readonly name = 'NotAPictureError';
}

/** In bytes: as much as a scanned plan has. */
const largest = 32 * 1024 * 1024;
/** More would take a phone's memory. */
const mostPixels = 80_000_000;

/** Fetches and opens it whole. @throws NotAPictureError, DamagedFileError, ApiError, or what the signal says. */
export async function loadPicture(room: OpenRoom, file: SharedFile, signal: AbortSignal): Promise<LoadedPicture> {
  if (file.size > largest) throw new NotAPictureError();
  const parts: Blob[] = [];
  await download(
    room.id,
    file,
    (part) => {
      parts.push(new Blob([part]));
      return Promise.resolve();
    },
    { signal, service: room.lines.files },
  );
  const picture = await openPicture(new Blob(parts));
  if (!signal.aborted) return picture;
  URL.revokeObjectURL(picture.address);
  throw signal.reason;
}

/** @throws NotAPictureError */
export async function openPicture(whole: Blob): Promise<LoadedPicture> {
  // What its sender calls it says nothing: what may hold scripts (SVG) does not begin as any of these.
  const type = pictureType(new Uint8Array(await whole.slice(0, 12).arrayBuffer()));
  if (type === undefined || whole.size > largest) throw new NotAPictureError();
  const address = URL.createObjectURL(new Blob([whole], { type }));
  const image = new Image();
  try {
    // Its size stands at its head: a picture of far too many pixels is never unpacked.
    await new Promise((resolve, reject) => {
      [image.onload, image.onerror] = [resolve, reject];
      image.src = address;
    });
    const { naturalWidth: width, naturalHeight: height } = image;
    if (width === 0 || height === 0 || width * height > mostPixels) throw new NotAPictureError();
    await image.decode();
    return { address, width, height };
  } catch {
    URL.revokeObjectURL(address);
    throw new NotAPictureError();
  }
}

/** A sheet of the picture's form. A strip that is narrower than any sheet lies in the middle of one. */
export function sheetOf({ width, height }: Pick<LoadedPicture, 'width' | 'height'>): { readonly width: number; readonly height: number } {
  const side = (own: number): number => Math.max(shortestSide, Math.round((own / Math.max(width, height)) * longestSide));
  return { width: side(width), height: side(height) };
}

/** The picture below a board, as it is being fetched. */
export class BoardPicture {
  loaded = $state.raw<LoadedPicture | undefined>();
  failed = $state(false);

  /** @returns How to let go of it. */
  show(room: OpenRoom, file: SharedFile): () => void {
    const controller = new AbortController();
    this.loaded = undefined;
    this.failed = false;
    loadPicture(room, file, controller.signal).then(
      (picture) => {
        if (controller.signal.aborted) URL.revokeObjectURL(picture.address);
        else this.loaded = picture;
      },
      () => {
        if (!controller.signal.aborted) this.failed = true;
      },
    );
    return () => {
      controller.abort();
      if (this.loaded) URL.revokeObjectURL(this.loaded.address);
      this.loaded = undefined;
    };
  }
}
