import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBrowser } from './browser';

const source = resolve(import.meta.dirname, '../../src/core/meetings/encryption');
/** As the server sends it. */
const policy = "default-src 'none'; script-src 'self'; worker-src 'self'; media-src 'self' blob:";

/** The worker as the build makes it, of the source that is tested. */
async function bundle(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    build: { write: false, minify: false, lib: { entry: join(source, 'frame-worker.ts'), formats: ['es'], fileName: 'worker' } },
  });
  const [output] = Array.isArray(built) ? built : [built];
  if (!output || !('output' in output)) throw new Error('the worker was not built');
  return output.output.map((chunk) => ('code' in chunk ? chunk.code : '')).join('\n');
}

interface Seen {
  readonly decoded: number;
  readonly samples: number;
  readonly sent: number;
}

/** Two ends of a call in one page, each with a worker of its own, and what the second decodes. */
interface Ends {
  start(codec: string): Promise<string | null>;
  give(end: 'sender' | 'receiver', epoch: string, fill: number): void;
  look(): Promise<Seen>;
  stop(): void;
}

declare global {
  interface Window {
    ends: Ends;
  }
}

/** Runs in the page. */
function installEnds(): void {
  let close = (): void => undefined;
  let workers: Record<'sender' | 'receiver', Worker> | undefined;
  let look: Ends['look'] = () => Promise.reject(new Error('not started'));
  window.ends = {
    give(end, epoch, fill) {
      const participants = [
        [0, 'sender'],
        [1, 'receiver'],
      ];
      const baseKey = new Uint8Array(32).fill(fill);
      workers?.[end].postMessage({
        kind: 'epoch',
        epoch: { group: 'g', epoch: BigInt(epoch), ownLeaf: end === 'sender' ? 0 : 1, baseKey, participants },
      });
    },
    async start(codec) {
      const made = { sender: new Worker('/worker.js', { type: 'module' }), receiver: new Worker('/worker.js', { type: 'module' }) };
      workers = made;
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width: 320, height: 240 } });
      const from = new RTCPeerConnection();
      const to = new RTCPeerConnection();
      from.onicecandidate = ({ candidate }) => void to.addIceCandidate(candidate ?? undefined);
      to.onicecandidate = ({ candidate }) => void from.addIceCandidate(candidate ?? undefined);
      const element = document.createElement('video');
      const received = new MediaStream();
      to.ontrack = ({ track, receiver }) => {
        const isVideo = track.kind === 'video';
        receiver.transform = new RTCRtpScriptTransform(made.receiver, {
          direction: 'receive',
          codec: isVideo ? codec : 'opus',
          track: isVideo ? 'video' : 'audio',
          participant: 'sender',
        });
        received.addTrack(track);
        element.srcObject = received;
        void element.play();
      };
      for (const track of stream.getTracks()) {
        const isVideo = track.kind === 'video';
        const transceiver = from.addTransceiver(track, { direction: 'sendonly' });
        transceiver.sender.transform = new RTCRtpScriptTransform(made.sender, {
          direction: 'send',
          codec: isVideo ? codec : 'opus',
          track: isVideo ? 'video' : 'audio',
        });
        if (!isVideo) continue;
        const codecs = RTCRtpSender.getCapabilities('video')?.codecs.filter((one) => one.mimeType.toLowerCase() === `video/${codec}`) ?? [];
        if (codecs.length === 0) return null;
        transceiver.setCodecPreferences(codecs);
      }
      await from.setLocalDescription();
      await to.setRemoteDescription(from.localDescription as RTCSessionDescription);
      await to.setLocalDescription();
      await from.setRemoteDescription(to.localDescription as RTCSessionDescription);
      close = () => {
        from.close();
        to.close();
        for (const track of stream.getTracks()) track.stop();
        for (const worker of Object.values(made)) worker.terminate();
      };
      look = async () => {
        const inbound = [...(await to.getStats()).values()].filter((one: { type: string }) => one.type === 'inbound-rtp') as Record<string, number>[];
        const outbound = [...(await from.getStats()).values()].filter((one: { type: string }) => one.type === 'outbound-rtp') as Record<
          string,
          number
        >[];
        const sum = (all: Record<string, number>[], name: string) => all.reduce((total, one) => total + (one[name] ?? 0), 0);
        return {
          decoded: sum(inbound, 'framesDecoded'),
          samples: sum(inbound, 'totalSamplesReceived') - sum(inbound, 'concealedSamples'),
          sent: sum(outbound, 'packetsSent'),
        };
      };
      return codec;
    },
    look: () => look(),
    stop: () => close(),
  };
}

describe('frames through the worker of a call', () => {
  let server: Server;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    const worker = await bundle();
    server = createServer((request, response) => {
      response.setHeader('Content-Security-Policy', policy);
      response.setHeader('Content-Type', request.url === '/worker.js' ? 'text/javascript' : 'text/html');
      response.end(request.url === '/worker.js' ? worker : '<!doctype html><title>frames</title>');
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    browser = await startBrowser('whole');
    page = await browser.newPage();
    await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`);
    await page.evaluate(installEnds);
  });

  afterAll(async () => {
    await page?.close();
    server?.closeAllConnections();
    server?.close();
  });

  const until = async (holds: (seen: Seen) => boolean): Promise<Seen> => {
    let seen: Seen = { decoded: 0, samples: 0, sent: 0 };
    await expect
      .poll(async () => {
        seen = await page.evaluate(() => window.ends.look());
        return holds(seen) ? 'so' : JSON.stringify(seen);
      })
      .toBe('so');
    return seen;
  };
  const give = (end: 'sender' | 'receiver', epoch: string, fill: number): Promise<void> =>
    page.evaluate(([whose, number, byte]) => window.ends.give(whose, number, byte), [end, epoch, fill] as const);

  it.each(['vp8', 'vp9', 'av1', 'h264'])('of_%s_and_opus_are_decoded_with_the_key_and_with_no_other_and_again_once_it_came', async (codec) => {
    // Chromium of some systems has no encoder for H264.
    if ((await page.evaluate((name) => window.ends.start(name), codec)) === null) {
      expect(codec).toBe('h264');
      return;
    }
    await give('sender', '1', 1);
    await give('receiver', '1', 2);
    const before = await until((seen) => seen.sent > 100);
    expect([before.decoded, before.samples]).toEqual([0, 0]);
    await give('sender', '2', 3);
    await give('receiver', '2', 3);
    const after = await until((seen) => seen.decoded > 20 && seen.samples > 0);
    await give('sender', '3', 4);
    const silent = await until((seen) => seen.sent > after.sent + 100);
    await give('receiver', '3', 4);
    await until((seen) => seen.decoded > silent.decoded + 20);
    await page.evaluate(() => window.ends.stop());
  });
});
