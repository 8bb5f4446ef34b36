import type { MeetingClient } from '../../core/meetings/meeting-client.svelte';
import {
  captureCamera,
  CaptureError,
  captureMicrophone,
  captureScreen,
  listDevices,
  onDevicesChanged,
  type CaptureFault,
  type MediaDevice,
} from '../../platform/media-devices';

type Captured = 'microphone' | 'camera';

const remembered = 'tocsin.devices';

/** The person's own microphone, camera and screen: before a call, and in it. */
export class Capture {
  current = $state.raw<Partial<Record<Captured | 'screen', MediaStreamTrack | undefined>>>({});
  devices = $state.raw<readonly MediaDevice[]>([]);
  chosen = $state<Record<MediaDevice['kind'], string>>(recall());
  fault = $state<CaptureFault | undefined>();
  /** A device that went away while it was used. */
  lost = $state<Captured | undefined>();
  /** Handed over to a call, which then ends it. Not reactive: what ends a page must see what is, and not what was when it was drawn. */
  isInCall = false;
  private client: MeetingClient | undefined;
  private readonly stopWatching: () => void;

  constructor() {
    this.stopWatching = onDevicesChanged(() => void this.refresh());
    void this.refresh();
  }

  /** From now on what is captured goes to a call as well. */
  feed(client: MeetingClient): void {
    this.client = client;
    this.isInCall = true;
  }

  async start(source: Captured): Promise<MediaStreamTrack | undefined> {
    this.fault = undefined;
    try {
      const track = await (source === 'camera' ? captureCamera(this.chosen.camera) : captureMicrophone(this.chosen.microphone));
      this.current[source]?.stop();
      this.current = { ...this.current, [source]: track };
      if (this.lost === source) this.lost = undefined;
      track.addEventListener('ended', () => this.ended(source, track));
      await this.refresh();
      return track;
    } catch (error) {
      this.fault = error instanceof CaptureError ? error.fault : 'unsupported';
      return undefined;
    }
  }

  stop(source: Captured): void {
    this.current[source]?.stop();
    this.current = { ...this.current, [source]: undefined };
  }

  /** Another device: what is being captured changes over without a gap. */
  async choose(kind: MediaDevice['kind'], id: string): Promise<void> {
    this.chosen[kind] = id;
    localStorage.setItem(remembered, JSON.stringify(this.chosen));
    if (kind === 'speaker' || !this.current[kind]) return;
    const track = await this.start(kind);
    if (track && this.client?.hasTrack(kind)) await this.client.send(kind, track, this.client.own[kind]);
  }

  async shareScreen(): Promise<void> {
    if (!this.client) return;
    this.fault = undefined;
    let shared: Awaited<ReturnType<typeof captureScreen>>;
    try {
      shared = await captureScreen();
    } catch (error) {
      // Whoever closes the browser's own choice knows that they did.
      if (error instanceof CaptureError && error.fault !== 'denied') this.fault = error.fault;
      return;
    }
    this.current = { ...this.current, screen: shared.video };
    // The browser has a button of its own to stop it.
    shared.video.addEventListener('ended', () => void this.stopScreen());
    await this.client.send('screen', shared.video);
    if (shared.audio) await this.client.send('screen-audio', shared.audio);
  }

  async stopScreen(): Promise<void> {
    this.current.screen?.stop();
    this.current = { ...this.current, screen: undefined };
    await Promise.allSettled([this.client?.stop('screen'), this.client?.stop('screen-audio')]);
  }

  end(): void {
    this.stopWatching();
    for (const track of Object.values(this.current)) track?.stop();
    this.current = {};
  }

  private ended(source: Captured, track: MediaStreamTrack): void {
    if (this.current[source] !== track) return;
    this.current = { ...this.current, [source]: undefined };
    this.lost = source;
    void this.client?.stop(source).catch(() => undefined);
  }

  private async refresh(): Promise<void> {
    this.devices = await listDevices().catch(() => []);
  }
}

function recall(): Record<MediaDevice['kind'], string> {
  const none = { camera: '', microphone: '', speaker: '' };
  try {
    const kept = JSON.parse(localStorage.getItem(remembered) ?? '{}') as Record<string, unknown>;
    return Object.fromEntries(Object.keys(none).map((kind) => [kind, typeof kept[kind] === 'string' ? kept[kind] : ''])) as typeof none;
  } catch {
    return none;
  }
}
