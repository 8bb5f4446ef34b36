import { encodeQR } from 'qr';

/** Dark on white in both themes: scanners need that. Drawn here, so that no server decides what a device shows of itself. */
export function qrSvg(text: string): string {
  return encodeQR(text, 'svg', { ecc: 'medium', border: 4 });
}

interface Detector {
  detect(source: CanvasImageSource): Promise<readonly { readonly rawValue: string }[]>;
}

/** W3C Shape Detection; not in every browser, and not on every system of those that have it. */
interface DetectorClass {
  new (options: { readonly formats: readonly string[] }): Detector;
  getSupportedFormats(): Promise<readonly string[]>;
}

/** Pixels of the longer side that are looked at: a code that fills a third of the picture still has four or more a module. */
const longestSide = 720;
/** Often enough that nobody waits, seldom enough that a phone stays cool. */
const everyMilliseconds = 150;

/** Looks for QR codes in what the camera shows. @returns How to stop. */
export async function watchForQrCodes(video: HTMLVideoElement, tell: (text: string) => void): Promise<() => void> {
  const read = (await browsersReader()) ?? (await ownReader());
  let isOver = false;
  const look = async (): Promise<void> => {
    const text = video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA ? await read(video) : null;
    if (isOver) return;
    if (text !== null) tell(text);
    setTimeout(() => void look(), everyMilliseconds);
  };
  void look();
  return () => {
    isOver = true;
  };
}

type Reader = (video: HTMLVideoElement) => Promise<string | null>;

async function browsersReader(): Promise<Reader | null> {
  const { BarcodeDetector } = globalThis as { readonly BarcodeDetector?: DetectorClass };
  if (BarcodeDetector === undefined || !(await BarcodeDetector.getSupportedFormats()).includes('qr_code')) return null;
  const detector = new BarcodeDetector({ formats: ['qr_code'] });
  return async (video) => {
    // A picture that it cannot take is one without a code.
    const found = await detector.detect(video).catch(() => []);
    return found[0]?.rawValue ?? null;
  };
}

async function ownReader(): Promise<Reader> {
  const { decodeQR } = await import('qr/decode.js');
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { willReadFrequently: true });
  return (video) => {
    const scale = Math.min(1, longestSide / Math.max(video.videoWidth, video.videoHeight, 1));
    const [width, height] = [Math.round(video.videoWidth * scale), Math.round(video.videoHeight * scale)];
    if (context === null || width === 0 || height === 0) return Promise.resolve(null);
    if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
    context.drawImage(video, 0, 0, width, height);
    try {
      return Promise.resolve(decodeQR(context.getImageData(0, 0, width, height)));
    } catch {
      // It throws where the picture has no code that it can read: nearly always.
      return Promise.resolve(null);
    }
  };
}
