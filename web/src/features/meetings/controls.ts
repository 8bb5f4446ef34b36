import type { MediaSource } from '../../transport/meeting-signalling';
import { forgetCall, leaveCall, type ActiveCall } from './active-call.svelte';

/** What the bar, the keys and the panel do alike. A refusal shows in the state, which the server keeps true. */
export class Controls {
  /** The microphone was shut before the key or the button was held. */
  private talking = false;
  /** What was asked last of the microphone. */
  private isWanted = false;

  constructor(private readonly call: ActiveCall) {}

  toggleMicrophone(): void {
    void this.setMicrophone(!this.call.client.own.microphone);
  }

  /** Open only while held. Where it was open already, holding changes nothing. */
  talk(held: boolean): void {
    const { client } = this.call;
    if (held === this.talking || (held && client.own.microphone)) return;
    this.talking = held;
    void this.setMicrophone(held);
  }

  toggleCamera(): void {
    const { client } = this.call;
    void (client.own.camera ? this.stopCamera() : this.startCamera());
  }

  toggleScreen(): void {
    const { client, capture } = this.call;
    void (client.own.screen ? capture.stopScreen() : capture.shareScreen());
  }

  toggleHand(): void {
    const { client } = this.call;
    client.gestures.raiseHand(!client.gestures.isHandUp);
  }

  setAudioOnly(on: boolean): void {
    this.call.view.audioOnly = on;
    if (on && this.call.client.own.camera) void this.stopCamera();
  }

  setPushToTalk(on: boolean): void {
    this.call.view.pushToTalk = on;
    if (on) void this.setMicrophone(false);
  }

  leave(): void {
    leaveCall();
  }

  forget(): void {
    forgetCall();
  }

  /** What was asked and refused is seen in what the server then says. */
  ignore(asked: Promise<unknown>): void {
    asked.catch(() => undefined);
  }

  private async setMicrophone(on: boolean): Promise<void> {
    const { client, capture } = this.call;
    this.isWanted = on;
    if (on && !client.hasTrack('microphone')) {
      const track = await capture.start('microphone');
      // Whoever let go of the key while the device was being opened is not heard.
      if (track) this.ignore(client.send('microphone', track, this.isWanted));
      return;
    }
    this.ignore(client.setOn('microphone', on));
  }

  private async startCamera(): Promise<void> {
    const { client, capture } = this.call;
    const track = await capture.start('camera');
    if (track) this.ignore(client.send('camera', track));
  }

  /** Let go of, so that its light goes out. */
  private async stopCamera(): Promise<void> {
    const source: MediaSource = 'camera';
    this.call.capture.stop(source);
    await this.call.client.stop(source).catch(() => undefined);
  }
}
