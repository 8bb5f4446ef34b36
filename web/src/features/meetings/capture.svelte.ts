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
  /** A device that went away while it was used, and for which there was no other. */
  lost = $state<Captured | undefined>();
  /** Another device that took over from one that went away. */
  changedTo = $state<{ readonly source: Captured; readonly label: string } | undefined>();
  /** Handed over to a call, which then ends it. Not reactive: what ends a page must see what is, and not what was when it was drawn. */
  isInCall = false;
  private client: MeetingClient | undefined;
  private readonly wasOn: Partial<Record<Captured, boolean>> = {};
  private readonly stopWatching: () => void;

  constructor() {
    this.stopWatching = onDevicesChanged(() => void this.devicesChanged());
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
      track.addEventListener('ended', () => void this.ended(source, track));
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
    this.changedTo = undefined;
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

  /** Takes the device again that went away, or another: the person asked, or one was plugged in. A microphone comes back as open as it was. */
  async takeAgain(source: Captured): Promise<boolean> {
    const track = await this.start(source);
    if (!track) return false;
    this.changedTo = { source, label: track.label };
    await this.client?.send(source, track, this.wasOn[source] ?? false).catch(() => undefined);
    return true;
  }

  private async ended(source: Captured, track: MediaStreamTrack): Promise<void> {
    if (this.current[source] !== track) return;
    this.current = { ...this.current, [source]: undefined };
    this.wasOn[source] = this.client?.own[source] ?? false;
    this.changedTo = undefined;
    // The system's other one, where there is any: whoever speaks is heard on.
    if (await this.takeAgain(source)) return;
    this.fault = undefined;
    this.lost = source;
    await this.client?.stop(source).catch(() => undefined);
  }

  private async devicesChanged(): Promise<void> {
    await this.refresh();
    const source = this.lost;
    if (!source || !this.devices.some((one) => one.kind === source)) return;
    // What is plugged in may still be none that works: then what was said stays said.
    if (!(await this.takeAgain(source))) this.fault = undefined;
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
