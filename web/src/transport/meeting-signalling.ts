/** What is said over the hub in a meeting: docs/protocol/meetings.md. The words are mediasoup's. */

export type MediaKind = 'audio' | 'video';
export type MediaSource = 'camera' | 'microphone' | 'screen' | 'screen-audio';
/** What a camera or a screen is sent in. */
export type VideoCodec = 'video/VP9' | 'video/VP8' | 'video/H264';
export type Quality = 'good' | 'fair' | 'poor' | 'lost';

/** mediasoup's own types: written by one end's library and read by the other's, never by us. */
export type RtpCapabilities = Readonly<Record<string, unknown>>;
export type RtpParameters = Readonly<Record<string, unknown>>;
export type DtlsParameters = Readonly<Record<string, unknown>>;

export interface IceParameters {
  readonly usernameFragment: string;
  readonly password: string;
  readonly iceLite: boolean;
}

export interface TransportDescription {
  readonly id: string;
  readonly iceParameters: IceParameters;
  readonly iceCandidates: readonly Readonly<Record<string, unknown>>[];
  readonly dtlsParameters: DtlsParameters;
}

export interface Producer {
  readonly id: string;
  readonly kind: MediaKind;
  readonly source: MediaSource;
  readonly isPaused: boolean;
}

export interface Consumer {
  readonly id: string;
  readonly producerId: string;
  readonly participantId: string;
  readonly kind: MediaKind;
  readonly source: MediaSource;
  readonly rtpParameters: RtpParameters;
  readonly layers: 'none' | 'simulcast' | 'svc';
  readonly isProducerPaused: boolean;
}

export interface Participant {
  readonly id: string;
  readonly name: string;
  readonly kind: 'account' | 'guest';
  readonly personId: string | null;
  readonly isHost: boolean;
  readonly joinedAt: string;
  readonly producers: readonly Producer[];
  /** Signature key of their device, base64, as they say: the group of the call tells whether it is there. */
  readonly deviceKey: string | null;
}

export interface Waiting {
  readonly id: string;
  readonly name: string;
  readonly kind: 'account' | 'guest';
  readonly since: string;
  readonly deviceKey: string | null;
}

export interface JoinRequest {
  readonly meetingId: string | null;
  readonly link: string | null;
  readonly name: string | null;
  readonly resume: string | null;
  readonly rtpCapabilities: RtpCapabilities | null;
  readonly deviceKey: string | null;
}

/** A call of one, to try the way to the media port. */
export interface CheckRequest {
  /** Guests: the secret of their link. */
  readonly link: string | null;
  readonly rtpCapabilities: RtpCapabilities;
}

export interface Refusal {
  readonly code: string;
  readonly title: string;
  readonly detail: string | null;
  readonly fields: Readonly<Record<string, string>> | null;
}

export interface HubAnswer<Value> {
  readonly value: Value | null;
  readonly refusal: Refusal | null;
}

export type LeaveReason = 'left' | 'removed' | 'denied' | 'ended' | 'replaced' | 'too-slow' | 'refused';

export interface Joined {
  readonly kind: 'joined';
  readonly participantId: string;
  readonly resume: string;
  readonly resumed: boolean;
  readonly isHost: boolean;
  readonly meeting: {
    readonly id: string;
    readonly title: string;
    readonly alertId: string | null;
    readonly isLocked: boolean;
    readonly hasWaitingRoom: boolean;
  };
  readonly routerRtpCapabilities: RtpCapabilities;
  readonly sendTransport: TransportDescription;
  readonly receiveTransport: TransportDescription;
  readonly participants: readonly Participant[];
  readonly consumers: readonly Consumer[];
  readonly activeSpeakers: readonly string[];
  readonly waiting: readonly Waiting[];
  /** Of the call's MLS group; null where nobody has begun it. */
  readonly group: GroupPlace | null;
  /** What cameras are best sent in: the best that all who are in decode. */
  readonly videoCodec: VideoCodec;
}

/** Which change of which group was the last; `epoch` tells two that came under the same number from two servers. */
export interface GroupPlace {
  readonly id: string;
  readonly number: number;
  readonly epoch: string;
}

/** What a call's group hears from the server: docs/protocol/calls.md. Bytes are base64. */
export type GroupEvent =
  /** The next change in order; without a commit another group began, or that of before a restart goes on. */
  | {
      readonly kind: 'group-changed';
      readonly groupId: string;
      readonly number: number;
      readonly epoch: string;
      readonly participantId: string;
      readonly commit: string | null;
    }
  | { readonly kind: 'group-welcome'; readonly groupId: string; readonly number: number; readonly welcome: string }
  | { readonly kind: 'group-application'; readonly participantId: string; readonly keyPackage: string };

/** What a participant sealed for everybody in the group, in its place among what others say: to its sender too. */
export interface CallMessageEvent {
  readonly kind: 'call-message';
  readonly participantId: string;
  readonly message: string;
}

/** Kinds that we do not know are passed over: a newer server may say more. */
export type MeetingEvent =
  | Joined
  | { readonly kind: 'waiting'; readonly id: string; readonly meeting: { readonly id: string; readonly title: string } }
  | { readonly kind: 'left'; readonly reason: LeaveReason; readonly refusal: Refusal | null }
  | { readonly kind: 'participant-joined'; readonly participant: Participant }
  | { readonly kind: 'participant-left'; readonly participantId: string; readonly reason: 'left' | 'removed' | 'lost' }
  | { readonly kind: 'producer-added'; readonly participantId: string; readonly producer: Producer }
  | { readonly kind: 'producer-closed'; readonly producerId: string; readonly participantId: string; readonly byHost: string | null }
  | {
      readonly kind: 'producer-paused';
      readonly producerId: string;
      readonly participantId: string;
      readonly isPaused: boolean;
      readonly byHost: string | null;
    }
  | { readonly kind: 'new-consumer'; readonly consumer: Consumer }
  | {
      readonly kind: 'consumer-layers-changed';
      readonly consumerId: string;
      readonly spatialLayer: number | null;
      readonly temporalLayer: number | null;
    }
  /** To whom sends it: the highest layer that anybody wants; null: nobody wants any. */
  | { readonly kind: 'producer-wanted'; readonly producerId: string; readonly spatialLayer: number | null }
  /** Somebody does not decode what cameras were sent in until now. */
  | { readonly kind: 'video-codec-changed'; readonly videoCodec: VideoCodec }
  | { readonly kind: 'transport-state-changed'; readonly transportId: string; readonly state: 'connecting' | 'connected' | 'disconnected' | 'failed' }
  | { readonly kind: 'active-speakers'; readonly participantIds: readonly string[] }
  | { readonly kind: 'quality'; readonly participants: readonly { readonly participantId: string; readonly quality: Quality }[] }
  | { readonly kind: 'meeting-changed'; readonly isLocked: boolean; readonly hasWaitingRoom: boolean; readonly title: string }
  | { readonly kind: 'waiting-changed'; readonly waiting: readonly Waiting[] }
  | GroupEvent
  | CallMessageEvent;

/** What a video is worth to whoever looks: device pixels, and 0 to 3 (3: the one that is looked at). */
export interface ShownVideo {
  readonly producerId: string;
  readonly width: number;
  readonly height: number;
  readonly priority: 0 | 1 | 2 | 3;
}

/** Commands of the hub: what each takes, and what it answers. */
export interface MeetingCommands {
  ConnectTransport: [argument: { transportId: string; dtlsParameters: DtlsParameters }, value: boolean];
  RestartIce: [argument: { transportId: string }, value: IceParameters];
  Produce: [
    argument: {
      transportId: string;
      kind: MediaKind;
      rtpParameters: RtpParameters;
      source: MediaSource;
      isPaused: boolean;
      /** One's own producer whose place this one takes, in another codec; it is closed once this one is seen. */
      replaces: string | null;
    },
    value: { id: string },
  ];
  PauseProducer: [argument: { producerId: string }, value: boolean];
  ResumeProducer: [argument: { producerId: string }, value: boolean];
  CloseProducer: [argument: { producerId: string }, value: boolean];
  ShowVideos: [argument: { videos: readonly ShownVideo[] }, value: boolean];
  LeaveMeeting: [argument: undefined, value: boolean];
  StopProducer: [argument: { producerId: string }, value: boolean];
  RemoveParticipant: [argument: { participantId: string }, value: boolean];
  ChangeMeeting: [argument: { isLocked: boolean | null; hasWaitingRoom: boolean | null }, value: boolean];
  Admit: [argument: { waitingIds: readonly string[] | null }, value: boolean];
  Deny: [argument: { waitingIds: readonly string[] }, value: boolean];
  EndMeeting: [argument: undefined, value: boolean];
  ReadGroup: [argument: undefined, value: { number: number; group: { id: string; groupInfo: string; epoch: string } | null }];
  ChangeGroup: [
    argument: {
      groupId: string;
      after: number;
      commit: string | null;
      groupInfo: string;
      epoch: string;
      welcome: string | null;
      welcomed: readonly string[];
    },
    value: { number: number },
  ];
  ApplyToGroup: [argument: { keyPackage: string }, value: boolean];
  /** `after` is the number of the change that brought the keys: with any other it is refused. */
  SendToCall: [argument: { after: number; message: string }, value: boolean];
}

export type MeetingCommand = keyof MeetingCommands;
