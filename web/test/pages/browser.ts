import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { limits } from '../limits';

/** Chromium without the windows around its pages, which cost more than our pages do; and the whole browser, for what only that does: notifications. */
const programs = { shell: '/usr/bin/chromium-headless-shell', whole: '/usr/bin/chromium' } as const;

const running = new Map<keyof typeof programs, Promise<Browser>>();

/** One Chromium of each kind for all files that this worker runs; it ends with the worker. Each test opens a profile of its own in it, and closes that. */
export async function startBrowser(kind: keyof typeof programs = 'shell'): Promise<Browser> {
  const found = await running.get(kind)?.catch(() => undefined);
  if (found?.isConnected()) return found;
  const launched = launch(programs[kind]);
  running.set(kind, launched);
  return launched;
}

function launch(program: string): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? program,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // A camera and a microphone that need no person to allow them.
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
    ],
  });
}

export interface Look {
  readonly language: 'fr' | 'en';
  readonly theme: 'light' | 'dark';
  readonly width: 390 | 1440;
}

/** Without the worker of the offline shell, which would fetch the whole application into each of them: see offline-shell.test.ts. */
export async function openContext(browser: Browser, look: Look, serviceWorkers: 'allow' | 'block' = 'block'): Promise<BrowserContext> {
  const context = await browser.newContext({
    viewport: { width: look.width, height: look.width === 390 ? 844 : 900 },
    locale: look.language === 'fr' ? 'fr-FR' : 'en-GB',
    timezoneId: 'Europe/Paris',
    colorScheme: look.theme,
    reducedMotion: 'reduce',
    hasTouch: look.width === 390,
    serviceWorkers,
  });
  context.setDefaultTimeout(limits.event);
  return context;
}

/** What went wrong inside the page: errors of scripts, refusals of the security policy, and requests for another host. */
export function watchFaults(page: Page, own: string): string[] {
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  page.on('console', (message) => {
    const text = message.text();
    if (message.type() === 'error' && !text.startsWith('Failed to load resource')) faults.push(`console: ${text}`);
  });
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (!['data:', 'blob:'].includes(url.protocol) && url.origin !== own) faults.push(`outside request: ${url.origin}`);
  });
  return faults;
}

/** What the camera of this page sees from now on: the picture, held somewhat askew on a grey wall. */
export async function pointCameraAt(page: Page, picture: string): Promise<void> {
  await page.evaluate(async (source) => {
    const image = new Image();
    image.src = source;
    await image.decode();
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [1280, 720];
    const context = canvas.getContext('2d');
    if (!context) throw new Error('no canvas');
    const paint = (): void => {
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.fillStyle = '#777';
      context.fillRect(0, 0, 1280, 720);
      context.setTransform(1, 0.08, -0.1, 1, 460, 140);
      context.drawImage(image, 0, 0, 400, 400);
      requestAnimationFrame(paint);
    };
    paint();
    navigator.mediaDevices.getUserMedia = () => Promise.resolve(canvas.captureStream(15));
  }, picture);
}
