const longestSide = 320;
const drawn = /^image\/(jpeg|png|webp|gif|avif|bmp)$/;
/** Larger ones are photographs of nobody's phone, and a burden to decode. */
const largest = 64 * 1024 * 1024;

/** A small picture of a picture, of at most so many bytes; null where it is none or cannot be drawn. What may hold scripts (SVG) is never drawn. */
export async function makeThumbnail(file: Blob, mostBytes: number): Promise<Uint8Array<ArrayBuffer> | null> {
  if (!drawn.test(file.type) || file.size > largest) return null;
  try {
    const whole = await createImageBitmap(file);
    try {
      for (const [side, quality] of [
        [longestSide, 0.75],
        [longestSide, 0.5],
        [longestSide / 2, 0.5],
      ] as const) {
        const scale = Math.min(1, side / Math.max(whole.width, whole.height));
        const canvas = new OffscreenCanvas(Math.max(1, Math.round(whole.width * scale)), Math.max(1, Math.round(whole.height * scale)));
        canvas.getContext('2d')?.drawImage(whole, 0, 0, canvas.width, canvas.height);
        const small = await canvas.convertToBlob({ type: 'image/webp', quality });
        if (small.size <= mostBytes) return new Uint8Array(await small.arrayBuffer());
      }
      return null;
    } finally {
      whole.close();
    }
  } catch {
    return null;
  }
}
