import { ApiError } from '../../../../src/transport/api-error';
import type { CallSealing } from '../../../../src/core/meetings/meeting-client.svelte';
import type {
  CallConsumer,
  CallDevice,
  CallProducer,
  CallTransport,
  TransportHooks,
  TransportState,
  VideoSending,
} from '../../../../src/transport/call-device';
import type {
  CheckRequest,
  Consumer,
  IceParameters,
  Joined,
  JoinRequest,
  MediaSource,
  MeetingCommand,
  MeetingCommands,
  MeetingEvent,
  Participant,
  TransportDescription,
  VideoCodec,
} from '../../../../src/transport/meeting-signalling';
import type { MeetingLine } from '../../../../src/transport/meeting-line';

/** A line whose other end is the test. */
export class StandInLine implements MeetingLine {
  readonly requests: JoinRequest[] = [];
  readonly checks: CheckRequest[] = [];
  readonly commands: { readonly name: MeetingCommand; readonly argument: unknown }[] = [];
  readonly answers: Partial<Record<MeetingCommand, unknown>> = {};
  closed = false;
  private receive: (events: readonly MeetingEvent[]) => void = () => undefined;
  private ended: () => void = () => undefined;

  constructor(
    private readonly opens = true,
    private readonly hangs = false,
  ) {}

  open(): Promise<void> {
    if (this.hangs) return new Promise(() => undefined);
    return this.opens ? Promise.resolve() : Promise.reject(ApiError.unreachable());
  }

  join(request: JoinRequest, receive: (events: readonly MeetingEvent[]) => void, ended: () => void): void {
    this.requests.push(request);
    this.receive = receive;
    this.ended = ended;
  }

  check(request: CheckRequest, receive: (events: readonly MeetingEvent[]) => void, ended: () => void): void {
    this.checks.push(request);
    this.receive = receive;
    this.ended = ended;
  }

  command<Name extends MeetingCommand>(name: Name, argument: MeetingCommands[Name][0]): Promise<MeetingCommands[Name][1]> {
    this.commands.push({ name, argument });
    const answer = this.answers[name];
    if (answer instanceof Error) return Promise.reject(answer);
    return Promise.resolve((answer ?? true) as MeetingCommands[Name][1]);
  }

  close(): void {
    this.closed = true;
  }

  say(...events: MeetingEvent[]): void {
    this.receive(events);
  }

  break(): void {
    this.ended();
  }

  told(name: MeetingCommand): unknown[] {
    return this.commands.filter((one) => one.name === name).map((one) => one.argument);
  }
}

export class StandInTransport implements CallTransport {
  state: TransportState = 'new';
  closed = false;
  readonly restarts: IceParameters[] = [];
  readonly produced: {
    readonly source: MediaSource;
    readonly track: MediaStreamTrack;
    readonly isPaused: boolean;
    readonly video: VideoSending;
    readonly producer: CallProducer;
    closed: boolean;
  }[] = [];
  readonly consumed: Consumer[] = [];
  readonly closedConsumers: string[] = [];
  readonly replaced: string[] = [];
  readonly highestLayers: (readonly [MediaSource, number])[] = [];

  constructor(
    readonly id: string,
    readonly hooks: TransportHooks,
    private readonly device?: StandInDevice,
  ) {}

  async produce(track: MediaStreamTrack, source: MediaSource, isPaused: boolean, video: VideoSending): Promise<CallProducer> {
    const id = await this.hooks.produce(source === 'camera' || source === 'screen' ? 'video' : 'audio', {}, source, isPaused, video.replaces);
    let paused = isPaused;
    const producer: CallProducer = {
      id,
      get paused() {
        return paused;
      },
      pause: () => (paused = true),
      resume: () => (paused = false),
      setHighestLayer: (layer) => this.highestLayers.push([source, layer]),
      replaceTrack: (other) => {
        this.replaced.push(other.id);
        return Promise.resolve();
      },
      getStats: () => Promise.resolve(new Map() as unknown as RTCStatsReport),
      close: () => (produced.closed = true),
    };
    const produced = { source, track, isPaused, video, producer, closed: false };
    this.produced.push(produced);
    return producer;
  }

  consume(consumer: Consumer): Promise<CallConsumer> {
    this.consumed.push(consumer);
    return Promise.resolve({
      id: consumer.id,
      track: trackNamed(consumer.id),
      getStats: () => Promise.resolve(new Map() as unknown as RTCStatsReport),
      close: () => this.closedConsumers.push(consumer.id),
    });
  }

  restartIce(iceParameters: IceParameters): Promise<void> {
    this.restarts.push(iceParameters);
    return Promise.resolve();
  }

  getStats(): Promise<RTCStatsReport> {
    return Promise.resolve(this.device?.statistics() ?? (new Map() as unknown as RTCStatsReport));
  }

  close(): void {
    this.closed = true;
  }

  becomes(state: TransportState): void {
    this.state = state;
    this.hooks.stateChanged(state);
  }
}

/** Encryption that says a key and takes no part. */
export function noEncryption(): CallSealing & { readonly heard: unknown[]; members: CallSealing['members'] } {
  const heard: unknown[] = [];
  return {
    heard,
    deviceKey: () => Promise.resolve('key'),
    transforms: { onSender: () => undefined, onReceiver: () => undefined },
    joined: (group) => heard.push(group),
    take: (event) => heard.push(event),
    say: () => new Promise(() => undefined),
    participantsChanged: () => undefined,
    admit: (key) => heard.push(['admit', key]),
    putOut: (key, isMine) => heard.push(['putOut', key, isMine]),
    end: () => undefined,
    code: '',
    members: new Map(),
    strangers: [],
    illegible: new Set(),
    mayAdd: false,
    hasAsked: false,
    mayBegin: false,
    keysAreThere: false,
    beginHere: () => undefined,
    isUnverified: false,
  };
}

export class StandInDevice implements CallDevice {
  readonly rtpCapabilities = { codecs: ['opus'] };
  /** The candidates that each transport was opened with. */
  readonly offered: TransportDescription['iceCandidates'][] = [];
  statistics: () => RTCStatsReport = () => new Map() as unknown as RTCStatsReport;
  readonly sending: StandInTransport[] = [];
  readonly receiving: StandInTransport[] = [];

  /** As a browser that encodes all of them; a screen is never sent in VP9. */
  videoCodecOf(source: MediaSource, wanted: VideoCodec): VideoCodec {
    return source === 'camera' || wanted !== 'video/VP9' ? wanted : 'video/VP8';
  }

  openSendTransport({ id, iceCandidates }: TransportDescription, hooks: TransportHooks): CallTransport {
    this.offered.push(iceCandidates);
    return add(this.sending, new StandInTransport(id, hooks, this));
  }

  openReceiveTransport({ id, iceCandidates }: TransportDescription, hooks: TransportHooks): CallTransport {
    this.offered.push(iceCandidates);
    return add(this.receiving, new StandInTransport(id, hooks, this));
  }
}

/** Time that moves when the test says so. */
export class ManualSchedule {
  private now = 0;
  private waiting: { at: number; run: () => void }[] = [];

  readonly schedule = (milliseconds: number, run: () => void): (() => void) => {
    const entry = { at: this.now + milliseconds, run };
    this.waiting.push(entry);
    return () => {
      this.waiting = this.waiting.filter((one) => one !== entry);
    };
  };

  advance(milliseconds: number): void {
    this.now += milliseconds;
    const due = this.waiting.filter((one) => one.at <= this.now);
    this.waiting = this.waiting.filter((one) => one.at > this.now);
    for (const { run } of due) run();
  }
}

export function trackNamed(id: string, kind: 'audio' | 'video' = 'video'): MediaStreamTrack & { stopped: boolean } {
  const track = { id, kind, stopped: false, stop: () => (track.stopped = true) };
  return track as unknown as MediaStreamTrack & { stopped: boolean };
}

export function participant(id: string, change: Partial<Participant> = {}): Participant {
  return {
    id,
    name: `Name ${id}`,
    kind: 'account',
    personId: id,
    isHost: false,
    joinedAt: '2026-11-22T01:00:00Z',
    producers: [],
    deviceKey: null,
    ...change,
  };
}

export function consumer(id: string, participantId: string, change: Partial<Consumer> = {}): Consumer {
  return {
    id,
    producerId: `p-${id}`,
    participantId,
    kind: 'video',
    source: 'camera',
    rtpParameters: {},
    layers: 'simulcast',
    isProducerPaused: false,
    ...change,
  };
}

export function joined(change: Partial<Joined> = {}): Joined {
  const transport = (id: string): Joined['sendTransport'] => ({
    id,
    iceParameters: { usernameFragment: 'u', password: 'p', iceLite: true },
    iceCandidates: [],
    dtlsParameters: {},
  });
  return {
    kind: 'joined',
    videoCodec: 'video/VP9',
    participantId: 'me',
    resume: 'ticket',
    resumed: false,
    isHost: false,
    meeting: { id: 'm', title: 'Cellule de crise', alertId: null, isLocked: false, hasWaitingRoom: false },
    routerRtpCapabilities: {},
    sendTransport: transport('s'),
    receiveTransport: transport('r'),
    participants: [participant('me'), participant('her')],
    consumers: [],
    activeSpeakers: [],
    waiting: [],
    group: null,
    ...change,
  };
}

function add<Item>(list: Item[], item: Item): Item {
  list.push(item);
  return item;
}
