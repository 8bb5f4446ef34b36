import { ApiError } from '../../transport/api-error';
import type { CallDevice, FrameTransforms } from '../../transport/call-device';
import type { Joined, JoinRequest, MediaSource, MeetingEvent, RtpCapabilities, ShownVideo } from '../../transport/meeting-signalling';
import type { MeetingLine } from '../../transport/meeting-line';
import type { Bytes } from '../../e2ee/bytes';
import { readCallContent } from '../../e2ee/calls/call-content';
import { toBase64 } from '../devices/account-bytes';
import { CallGestures, type Reaction } from './call-gestures.svelte';
import { CallCounts } from './call-counts';
import { CallMessages, type Speaker } from './call-messages.svelte';
import { CallState, type Attendee } from './call-state.svelte';
import type { CallEncryption, EncryptionHost, Heard } from './encryption/call-encryption.svelte';
import { isGuestCertificate } from './encryption/call-identity';
import { deviceName } from './encryption/device-name';
import { MediaSession, type Schedule } from './media-session';

/** By what somebody comes: their account, or a guest's link. */
export type Admission = { readonly meetingId: string } | { readonly link: string; readonly name: string };

/** What the client needs of the world; tests give stand-ins. */
export interface MeetingPorts {
  newLine(): MeetingLine;
  fetchRouter(): Promise<RtpCapabilities>;
  newDevice(router: RtpCapabilities, transforms: FrameTransforms): Promise<CallDevice>;
  newEncryption(host: EncryptionHost): CallSealing;
  schedule: Schedule;
  now(): Date;
  /** 0 to 1: spreads the return of many after an outage. */
  random(): number;
}

/** What a call's encryption is to its client. */
export type CallSealing = Pick<
  CallEncryption,
  | 'deviceKey'
  | 'transforms'
  | 'joined'
  | 'take'
  | 'say'
  | 'participantsChanged'
  | 'admit'
  | 'putOut'
  | 'end'
  | 'code'
  | 'hasAsked'
  | 'members'
  | 'strangers'
  | 'illegible'
  | 'mayAdd'
  | 'mayBegin'
  | 'keysAreThere'
  | 'beginHere'
  | 'isUnverified'
>;

/**
 * A call can't wait as long as the feed: everyone is to be back within five seconds of a server that was killed, and that listens again after half a second. Of two hundred who were in it, a
 * thousand try in a second at most, for two seconds, and a server that does not listen yet refuses each at the cost of a packet. Then each second; whoever has tried for a quarter of a minute
 * waits for something longer than a restart, and spares their battery.
 */
const firstDelay = 100;
const delayAtFirst = 250;
const triesAtFirst = 12;
const longestDelay = 1_000;
const delayWhenLong = 4_000;
const triesOfARestart = 30;
/** What is not open by then waits for a network that is gone: a new try takes the one of now. A server that has started but is not prepared has a busy machine until then. */
const openingDelay = 15_000;
/** With several nodes each new line may reach another: so many times it is tried whether one carries this meeting. */
const mostElsewhere = 8;
const elsewhereDelay = 250;
/** People come in together: they are told together of the hands that are up. */
const restateDelay = 500;
/** Layouts change several times while a window is dragged: the last one counts. */
const showDelay = 150;

/**
 * A person's place in a call: signalling, media and what is known of the others. Knows no page: features show `state` and call the methods.
 * When the line breaks it comes back as the same participant, while media go on; when the server has started anew, as a new one with the same tracks.
 */
export class MeetingClient {
  readonly state = new CallState();
  /** What is captured here, by source; on means that the others get it. */
  readonly own = $state<Record<MediaSource, boolean>>({ microphone: false, camera: false, screen: false, 'screen-audio': false });
  /** Why the last microphone, camera or screen could not be sent. */
  sendFailure = $state.raw<unknown>();
  readonly encryption: CallSealing;
  readonly messages: CallMessages;
  readonly gestures: CallGestures;
  private readonly counts: CallCounts;
  /** Who asked to speak, in the order they asked: as their devices say, and nobody else. */
  readonly hands: readonly Attendee[] = $derived.by(() => {
    const placeOf = (one: Attendee): number => this.gestures.raised.get(this.deviceKeyOf(one)) ?? 0;
    return this.state.attendees
      .filter((one) => placeOf(one) > 0)
      .sort((a, b) => placeOf(a) - placeOf(b) || (this.deviceKeyOf(a) < this.deviceKeyOf(b) ? -1 : 1));
  });
  private readonly tracks = new Map<MediaSource, MediaStreamTrack>();
  private admission: Admission | undefined;
  private line: MeetingLine | undefined;
  private device: CallDevice | undefined;
  private media: MediaSession | undefined;
  private deviceKey = $state<string | null>(null);
  private resume: string | null = null;
  private isMediaLost = false;
  private failures = 0;
  private elsewhere = 0;
  private cancelRetry: (() => void) | undefined;
  private cancelOpening: (() => void) | undefined;
  private shown: readonly ShownVideo[] | undefined;
  private cancelShow: (() => void) | undefined;
  private cancelRestate: (() => void) | undefined;

  constructor(private readonly ports: MeetingPorts) {
    this.encryption = ports.newEncryption({
      command: (name, argument) => (this.line ?? brokenLine).command(name, argument),
      participants: () => this.state.attendees,
      heard: (heard) => this.heard(heard),
      keysChanged: (deviceKeys) => this.keysChanged(deviceKeys),
      schedule: ports.schedule,
      random: () => ports.random(),
    });
    const say = (content: () => Bytes): Promise<void> => this.encryption.say(content);
    this.messages = new CallMessages({ say, said: () => this.counts.said(), now: () => ports.now() });
    this.counts = new CallCounts({
      tell: () => this.messages.tellCount(),
      others: () => this.otherSpeakers().keys(),
      fellSilent: (deviceKey) => {
        const speaker = this.otherSpeakers().get(deviceKey);
        if (speaker) this.messages.fellSilent(speaker);
      },
      schedule: ports.schedule,
      now: () => ports.now(),
    });
    this.gestures = new CallGestures({ say, ownKey: () => this.deviceKey ?? '' });
  }

  /** Asks the server what it speaks and loads what a call needs, so that joining is one message. */
  async prepare(): Promise<void> {
    this.device ??= await this.ports.newDevice(await this.ports.fetchRouter(), this.encryption.transforms);
  }

  /** Resolves once the request has left; `state.phase` tells how it goes. */
  async join(admission: Admission): Promise<void> {
    this.admission = admission;
    this.state.phase = { kind: 'joining' };
    await this.prepare();
    this.deviceKey = await this.encryption.deviceKey();
    this.connect();
  }

  leave(): void {
    const line = this.line;
    const last = line?.command('LeaveMeeting', undefined).catch(() => undefined) ?? Promise.resolve();
    this.end();
    this.state.phase = { kind: 'left', reason: 'left', refusal: null };
    void last.finally(() => line?.close());
  }

  /** Begins to send, or changes the device that a source comes from. Where there is no line yet it is sent once there is. */
  async send(source: MediaSource, track: MediaStreamTrack, isOn = true): Promise<void> {
    this.tracks.set(source, track);
    this.own[source] = isOn;
    // What is sent already changes over without a word to the server, line or not.
    if (this.media && (this.state.phase.kind === 'in' || this.media.isSending(source))) await this.sendNow(source, track);
  }

  /** Mutes without letting go of the device, so that speaking again takes no time. */
  async setOn(source: MediaSource, isOn: boolean): Promise<void> {
    this.own[source] = isOn;
    await this.media?.pause(source, !isOn);
  }

  async stop(source: MediaSource): Promise<void> {
    this.tracks.delete(source);
    this.own[source] = false;
    await this.media?.stop(source);
  }

  hasTrack(source: MediaSource): boolean {
    return this.tracks.has(source);
  }

  /** All videos that are on the screen, each time: what is not named is not sent. */
  show(videos: readonly ShownVideo[]): void {
    if (JSON.stringify(videos) === JSON.stringify(this.shown)) return;
    this.shown = videos;
    this.cancelShow?.();
    this.cancelShow = this.ports.schedule(showDelay, () => {
      // Who is not in yet is told of no video; what is shown is said again once they are.
      if (this.state.phase.kind !== 'in') return;
      this.line?.command('ShowVideos', { videos }).catch(() => undefined);
    });
  }

  async react(reaction: Reaction): Promise<void> {
    if (await this.gestures.react(reaction))
      this.state.tell({ kind: 'reaction', participantId: this.state.selfId, name: this.state.self?.name ?? '', reaction });
  }

  /** Hosts: mutes a microphone, stops a camera or a screen. */
  stopOf(participantId: string, source: MediaSource): Promise<unknown> {
    const producer = this.state.attendee(participantId)?.producer(source);
    return producer ? this.tell((line) => line.command('StopProducer', { producerId: producer.id })) : Promise.resolve();
  }

  /** Hosts. */
  async muteAll(): Promise<void> {
    await Promise.all(this.state.others.filter((one) => one.isHeard && !one.isHost).map((one) => this.stopOf(one.id, 'microphone')));
  }

  /** Hosts. */
  lowerHand(attendee: Attendee): Promise<unknown> {
    return this.gestures.lowerHand(this.deviceKeyOf(attendee));
  }

  async remove(participantId: string): Promise<void> {
    const deviceKey = this.state.attendee(participantId)?.deviceKey ?? null;
    await this.tell((line) => line.command('RemoveParticipant', { participantId }));
    this.encryption.putOut(deviceKey, true);
  }

  change(change: { readonly isLocked?: boolean; readonly hasWaitingRoom?: boolean }): Promise<unknown> {
    return this.tell((line) => line.command('ChangeMeeting', { isLocked: change.isLocked ?? null, hasWaitingRoom: change.hasWaitingRoom ?? null }));
  }

  admit(waitingIds: readonly string[] | null): Promise<unknown> {
    for (const { id, deviceKey } of this.state.waiting)
      if (deviceKey !== null && (waitingIds === null || waitingIds.includes(id))) this.encryption.admit(deviceKey);
    return this.tell((line) => line.command('Admit', { waitingIds }));
  }

  deny(waitingIds: readonly string[]): Promise<unknown> {
    return this.tell((line) => line.command('Deny', { waitingIds }));
  }

  endForAll(): Promise<unknown> {
    return this.tell((line) => line.command('EndMeeting', undefined));
  }

  /** The network came back or is another one: nothing waits for its timer, and no line is opened over the network of before. */
  networkChanged(): void {
    if (this.state.phase.kind === 'in') this.media?.restartIce();
    if (this.cancelOpening) this.retryNow();
    else this.seen();
  }

  /** The person looks at the page again, whose timers the browser may have held back. */
  seen(): void {
    if (this.cancelRetry) this.retryNow();
  }

  statistics(): Promise<{ sending: RTCStatsReport; receiving: RTCStatsReport }> | undefined {
    return this.media?.statistics();
  }

  private retryNow(): void {
    this.failures = 0;
    this.connect();
  }

  private connect(): void {
    this.cancelRetry?.();
    this.cancelRetry = undefined;
    this.cancelOpening?.();
    this.line?.close();
    const line = (this.line = this.ports.newLine());
    this.cancelOpening = this.ports.schedule(openingDelay, () => this.lost(line));
    line
      .open()
      .then(() => {
        if (this.line !== line) return;
        this.opened();
        line.join(
          this.request(),
          (events) => this.take(line, events),
          () => this.lost(line),
        );
      })
      .catch(() => this.lost(line));
  }

  private opened(): void {
    this.cancelOpening?.();
    this.cancelOpening = undefined;
  }

  private request(): JoinRequest {
    const admission = this.admission ?? { meetingId: '' };
    return {
      meetingId: 'meetingId' in admission ? admission.meetingId : null,
      link: 'link' in admission ? admission.link : null,
      name: 'name' in admission ? admission.name : null,
      resume: this.resume,
      rtpCapabilities: this.device?.rtpCapabilities ?? null,
      deviceKey: this.deviceKey,
    };
  }

  private take(line: MeetingLine, events: readonly MeetingEvent[]): void {
    for (const event of events) if (this.line === line) this.takeOne(event);
  }

  private takeOne(event: MeetingEvent): void {
    switch (event.kind) {
      case 'left':
        this.leftBecause(event);
        return;
      case 'joined':
        this.state.apply(event);
        this.begin(event);
        this.encryption.joined(event.group);
        this.counts.resume();
        return;
      case 'group-changed':
      case 'group-welcome':
      case 'group-application':
      case 'call-message':
        this.encryption.take(event);
        return;
      case 'participant-joined':
        this.state.apply(event);
        this.encryption.participantsChanged();
        return;
      case 'participant-left': {
        const deviceKey = this.state.attendee(event.participantId)?.deviceKey ?? null;
        this.state.apply(event);
        if (event.reason === 'removed') this.encryption.putOut(deviceKey, false);
        this.encryption.participantsChanged();
        return;
      }
      case 'new-consumer':
        this.media?.receive(event.consumer);
        break;
      case 'transport-state-changed':
        if (event.state === 'disconnected') this.media?.unheard(event.transportId);
        return;
      case 'video-codec-changed':
        this.media?.use(event.videoCodec);
        return;
      case 'producer-wanted':
        this.media?.want(event.producerId, event.spatialLayer);
        break;
      case 'producer-closed':
        this.media?.closeConsumersOf(event.producerId);
        if (event.participantId === this.state.selfId) this.stoppedByHost(this.media?.stoppedByHost(event.producerId));
        break;
      case 'producer-paused':
        if (event.participantId === this.state.selfId && event.isPaused && event.byHost !== null) {
          const source = this.media?.pausedByHost(event.producerId);
          if (source) this.own[source] = false;
        }
        break;
    }
    this.state.apply(event);
  }

  /** Sealed by a device in the group. What the server says of who sent it is not asked. */
  private heard(heard: Heard): void {
    const content = heard.kind === 'said' ? readCallContent(heard.content) : null;
    if (heard.kind === 'unopened' || content === null) return this.messages.unopened();
    const [deviceKey, speaker] = [toBase64(heard.sender.deviceKey), this.speakerOf(heard)];
    const told = { participantId: heard.participant ?? '', name: speaker.name || speaker.device };
    switch (content.kind) {
      case 'count':
        this.counts.heard(deviceKey);
        this.messages.hearCount(content, deviceKey, speaker);
        break;
      case 'text':
        this.counts.heard(deviceKey);
        if (this.messages.hear(content, deviceKey, speaker) && this.messages.unread > 0)
          this.state.tell({ kind: 'message', ...told, text: content.text });
        break;
      case 'hand':
        if (this.gestures.hearHand(content, deviceKey)) this.state.tell({ kind: 'hand', ...told });
        break;
      case 'reaction':
        this.state.tell({ kind: 'reaction', ...told, reaction: content.reaction });
        break;
      case 'lower-hand':
        // Who is host the server says: it can make nobody say so.
        if (this.state.attendee(told.participantId)?.isHost) this.gestures.lower(content);
        break;
    }
  }

  private keysChanged(deviceKeys: ReadonlySet<string>): void {
    this.gestures.keep(deviceKeys);
    this.counts.begin();
    this.cancelRestate?.();
    this.cancelRestate = this.ports.schedule(restateDelay, () => this.gestures.restate());
  }

  /** Whose devices have the keys and are in the call, but one's own, by device key. */
  private otherSpeakers(): ReadonlyMap<string, Speaker> {
    return new Map(
      [...this.encryption.members]
        .filter(([participant]) => participant !== this.state.selfId)
        .map(([participant, sender]) => [toBase64(sender.deviceKey), this.speakerOf({ sender, participant })]),
    );
  }

  /** Of their leaf, whatever the server says; empty while they have no keys. */
  private deviceKeyOf(one: Attendee): string {
    if (one.id === this.state.selfId) return this.deviceKey ?? '';
    const certificate = this.encryption.members.get(one.id);
    return certificate ? toBase64(certificate.deviceKey) : '';
  }

  private speakerOf({ sender, participant }: Pick<Extract<Heard, { kind: 'said' }>, 'sender' | 'participant'>): Speaker {
    const attendee = this.state.attendee(participant ?? '');
    const isGuest = isGuestCertificate(sender);
    return {
      name: attendee?.name ?? '',
      device: deviceName(sender),
      standing: !isGuest ? 'device' : attendee?.kind === 'account' ? 'unverified' : 'guest',
    };
  }

  private begin(joined: Joined): void {
    this.failures = 0;
    this.elsewhere = 0;
    this.resume = joined.resume;
    const isMediaLost = this.isMediaLost;
    this.isMediaLost = false;
    if (joined.resumed && isMediaLost) return this.beginAnew();
    if (joined.resumed && this.media) {
      this.media.reconcile(joined.consumers);
      this.reconcileOwn(joined);
      this.media.use(joined.videoCodec);
    } else if (this.device) {
      this.media?.close();
      this.media = new MediaSession(
        this.device,
        joined,
        () => this.line ?? brokenLine,
        { received: (consumer, track) => this.state.show(consumer, track), lost: () => this.beginAnew() },
        this.ports.schedule,
      );
      this.media.reconcile(joined.consumers);
    }
    for (const [source, track] of this.tracks) {
      if (this.media?.isSending(source)) continue;
      this.sendNow(source, track).catch((error: unknown) => {
        this.own[source] = false;
        this.sendFailure = error;
      });
    }
    const shown = this.shown;
    this.shown = undefined;
    if (shown) this.show(shown);
  }

  private async sendNow(source: MediaSource, track: MediaStreamTrack): Promise<void> {
    const isOn = this.own[source];
    await this.media?.send(source, track, !isOn);
    // Switched while the server was asked.
    if (this.own[source] !== isOn) await this.media?.pause(source, isOn);
  }

  /** After a break of the line: what a host stopped meanwhile is stopped here, and what was changed here is said there. */
  private reconcileOwn(joined: Joined): void {
    const known = joined.participants.find((one) => one.id === joined.participantId)?.producers ?? [];
    for (const { source, isPaused } of this.media?.reconcileOwn(known) ?? []) {
      if (isPaused === undefined) this.stoppedByHost(source);
      else this.own[source] = !isPaused;
    }
  }

  private stoppedByHost(source: MediaSource | undefined): void {
    if (!source) return;
    this.own[source] = false;
    this.tracks.get(source)?.stop();
    this.tracks.delete(source);
  }

  private leftBecause(event: Extract<MeetingEvent, { kind: 'left' }>): void {
    // Our own slowness: the state is whole again when we come back.
    if (event.reason === 'too-slow') {
      if (this.line) this.lost(this.line);
      return;
    }
    if (event.refusal?.code === 'meeting-elsewhere' && (this.elsewhere += 1) < mostElsewhere) {
      this.line?.close();
      this.cancelRetry?.();
      this.cancelRetry = this.ports.schedule(elsewhereDelay, () => this.connect());
      return;
    }
    this.end();
    this.line?.close();
    this.line = undefined;
    this.state.apply(event);
  }

  private lost(line: MeetingLine): void {
    const { kind } = this.state.phase;
    if (this.line !== line || kind === 'left' || kind === 'idle') return;
    line.close();
    this.opened();
    if (kind === 'in') this.state.phase = { kind: 'reconnecting' };
    // Half of it by chance: never longer than the longest, and never all at once.
    const longest = this.failures < triesAtFirst ? delayAtFirst : this.failures < triesOfARestart ? longestDelay : delayWhenLong;
    const delay = Math.min(longest, firstDelay * 2 ** this.failures) * (0.5 + this.ports.random() / 2);
    this.failures += 1;
    this.cancelRetry?.();
    this.cancelRetry = this.ports.schedule(delay, () => this.connect());
  }

  /** Media found no way any more: a new place in the call, with new transports. */
  private beginAnew(): void {
    // While the line is being mended a second place would be taken beside the one that is asked for: what is lost is looked at once that is known.
    if (this.state.phase.kind === 'reconnecting') this.isMediaLost = true;
    if (this.state.phase.kind !== 'in') return;
    this.resume = null;
    this.state.phase = { kind: 'reconnecting' };
    this.connect();
  }

  private end(): void {
    this.cancelRetry?.();
    this.cancelRetry = undefined;
    this.opened();
    this.cancelShow?.();
    this.cancelRestate?.();
    this.media?.close();
    this.media = undefined;
    this.counts.end();
    this.encryption.end();
    this.resume = null;
    for (const track of this.tracks.values()) track.stop();
    this.tracks.clear();
    for (const source of Object.keys(this.own) as MediaSource[]) this.own[source] = false;
  }

  private tell(command: (line: MeetingLine) => Promise<unknown>): Promise<unknown> {
    return this.line ? command(this.line) : Promise.reject(ApiError.unreachable());
  }
}

/** Between two lines nothing can be said. */
const brokenLine: MeetingLine = {
  open: () => Promise.reject(ApiError.unreachable()),
  join: () => undefined,
  check: () => undefined,
  command: () => Promise.reject(ApiError.unreachable()),
  close: () => undefined,
};
