import type {
  Consumer,
  Joined,
  LeaveReason,
  MediaSource,
  MeetingEvent,
  Participant,
  Producer,
  Quality,
  Refusal,
  Waiting,
} from '../../transport/meeting-signalling';

export type CallPhase =
  | { readonly kind: 'idle' }
  | { readonly kind: 'joining' }
  /** In the waiting room, until a host decides. */
  | { readonly kind: 'waiting'; readonly title: string }
  | { readonly kind: 'in' }
  /** The line broke; sound and pictures go on while it is mended. */
  | { readonly kind: 'reconnecting' }
  | { readonly kind: 'left'; readonly reason: LeaveReason; readonly refusal: Refusal | null };

/** Something worth saying once: it goes away by itself. */
export interface CallNotice {
  readonly id: number;
  readonly kind: 'message' | 'reaction' | 'muted-by-host' | 'stopped-by-host' | 'joined' | 'left' | 'removed' | 'lost' | 'hand';
  readonly participantId: string;
  readonly name: string;
  readonly reaction?: string;
  readonly text?: string;
}

/** Somebody in the call, as the others see them. */
export class Attendee {
  readonly id: string;
  readonly name: string;
  readonly kind: 'account' | 'guest';
  readonly personId: string | null;
  readonly deviceKey: string | null;
  isHost = $state(false);
  producers = $state.raw<readonly Producer[]>([]);
  quality = $state<Quality>('good');
  tracks = $state.raw<Partial<Record<MediaSource, MediaStreamTrack>>>({});
  /** Of what is about to take another's place, of which nothing has come yet. */
  private next: Partial<Record<MediaSource, MediaStreamTrack>> = {};

  constructor(participant: Participant) {
    this.id = participant.id;
    this.name = participant.name;
    this.kind = participant.kind;
    this.personId = participant.personId;
    this.deviceKey = participant.deviceKey;
    this.update(participant);
  }

  update(participant: Participant): void {
    this.isHost = participant.isHost;
    this.producers = participant.producers;
  }

  /** While its codec changes there are two of a source: the former is the one that is shown. */
  producer(source: MediaSource): Producer | undefined {
    return this.producers.find((one) => one.source === source);
  }

  /** What is shown stays until something comes of what takes its place. */
  show(source: MediaSource, track: MediaStreamTrack): void {
    const isShown = this.tracks[source]?.readyState === 'live';
    if (!isShown || !track.muted) return this.change(source, track);
    this.next[source] = track;
    track.addEventListener(
      'unmute',
      () => {
        if (this.next[source] === track) this.change(source, track);
      },
      { once: true },
    );
  }

  closed(source: MediaSource): void {
    const [next, hasOther] = [this.next[source], this.producer(source) !== undefined];
    if (hasOther && next) this.change(source, next);
    else if (!hasOther) this.change(source, undefined);
  }

  private change(source: MediaSource, track: MediaStreamTrack | undefined): void {
    this.next = without(this.next, source);
    this.tracks = { ...without(this.tracks, source), ...(track ? { [source]: track } : {}) };
  }

  /** Whether others hear them: sent, and not paused. */
  get isHeard(): boolean {
    return this.producer('microphone')?.isPaused === false;
  }

  get shows(): boolean {
    return this.producer('camera')?.isPaused === false;
  }
}

function without<Value>(values: Partial<Record<MediaSource, Value>>, source: MediaSource): Partial<Record<MediaSource, Value>> {
  return Object.fromEntries(Object.entries(values).filter(([other]) => other !== source));
}

/** More than a screen can say at once: the oldest go first. */
const mostNotices = 6;

/** What is known of a call: all of it from the server's events, applied in order. */
export class CallState {
  phase = $state.raw<CallPhase>({ kind: 'idle' });
  meeting = $state.raw<Joined['meeting'] | undefined>();
  selfId = $state('');
  isHost = $state(false);
  attendees = $state.raw<readonly Attendee[]>([]);
  /** The loudest first. */
  activeSpeakers = $state.raw<readonly string[]>([]);
  waiting = $state.raw<readonly Waiting[]>([]);
  notices = $state.raw<readonly CallNotice[]>([]);
  private noticeCount = 0;

  readonly self: Attendee | undefined = $derived(this.attendees.find((one) => one.id === this.selfId));
  readonly others: readonly Attendee[] = $derived(this.attendees.filter((one) => one.id !== this.selfId));
  attendee(id: string): Attendee | undefined {
    return this.attendees.find((one) => one.id === id);
  }

  apply(event: MeetingEvent): void {
    switch (event.kind) {
      case 'joined':
        this.begin(event);
        break;
      case 'waiting':
        this.phase = { kind: 'waiting', title: event.meeting.title };
        break;
      case 'left':
        this.phase = { kind: 'left', reason: event.reason, refusal: event.refusal };
        break;
      case 'participant-joined':
        if (!this.attendee(event.participant.id)) this.attendees = [...this.attendees, new Attendee(event.participant)];
        this.notify('joined', event.participant.id);
        break;
      case 'participant-left':
        this.notify(event.reason, event.participantId);
        this.attendees = this.attendees.filter((one) => one.id !== event.participantId);
        break;
      case 'producer-added':
        this.changeProducers(event.participantId, (all) => [...all.filter((one) => one.id !== event.producer.id), event.producer]);
        break;
      case 'producer-closed':
        this.closeProducer(event.participantId, event.producerId);
        if (event.byHost !== null && event.participantId === this.selfId) this.notify('stopped-by-host', event.byHost);
        break;
      case 'producer-paused':
        this.changeProducers(event.participantId, (all) =>
          all.map((one) => (one.id === event.producerId ? { ...one, isPaused: event.isPaused } : one)),
        );
        if (event.byHost !== null && event.isPaused && event.participantId === this.selfId) this.notify('muted-by-host', event.byHost);
        break;
      case 'active-speakers':
        this.activeSpeakers = event.participantIds;
        break;
      case 'quality':
        for (const { participantId, quality } of event.participants) {
          const attendee = this.attendee(participantId);
          if (attendee) attendee.quality = quality;
        }
        break;
      case 'meeting-changed':
        if (this.meeting) this.meeting = { ...this.meeting, isLocked: event.isLocked, hasWaitingRoom: event.hasWaitingRoom, title: event.title };
        break;
      case 'waiting-changed':
        this.waiting = event.waiting;
        break;
      case 'new-consumer':
      case 'consumer-layers-changed':
      case 'producer-wanted':
      case 'video-codec-changed':
      case 'transport-state-changed':
      case 'group-changed':
      case 'group-welcome':
      case 'group-application':
      case 'call-message':
        break;
    }
  }

  /** What a consumer brings is shown where its person is. */
  show(consumer: Pick<Consumer, 'participantId' | 'source'>, track: MediaStreamTrack): void {
    this.attendee(consumer.participantId)?.show(consumer.source, track);
  }

  /** What people said, sealed: not an event of the server's. */
  tell(notice: Omit<CallNotice, 'id'> & { readonly kind: 'message' | 'hand' | 'reaction' }): void {
    this.add({ id: ++this.noticeCount, ...notice });
  }

  /** They stand in the list that is looked at now. */
  dismissMessages(): void {
    this.notices = this.notices.filter((one) => one.kind !== 'message');
  }

  dismiss(id: number): void {
    this.notices = this.notices.filter((one) => one.id !== id);
  }

  /** The state as it is now, whole: who was known stays the same object, so that nothing flickers. */
  private begin(joined: Joined): void {
    this.selfId = joined.participantId;
    this.isHost = joined.isHost;
    this.meeting = joined.meeting;
    this.waiting = joined.waiting;
    this.activeSpeakers = joined.activeSpeakers;
    this.attendees = joined.participants.map((participant) => {
      const known = joined.resumed ? this.attendee(participant.id) : undefined;
      known?.update(participant);
      return known ?? new Attendee(participant);
    });
    this.phase = { kind: 'in' };
  }

  private closeProducer(participantId: string, producerId: string): void {
    const attendee = this.attendee(participantId);
    const closed = attendee?.producers.find((one) => one.id === producerId);
    if (!attendee || !closed) return;
    attendee.producers = attendee.producers.filter((one) => one !== closed);
    attendee.closed(closed.source);
  }

  private changeProducers(participantId: string, change: (all: readonly Producer[]) => readonly Producer[]): void {
    const attendee = this.attendee(participantId);
    if (attendee) attendee.producers = change(attendee.producers);
  }

  private notify(kind: CallNotice['kind'], participantId: string): void {
    this.add({ id: ++this.noticeCount, kind, participantId, name: this.attendee(participantId)?.name ?? '' });
  }

  private add(notice: CallNotice): void {
    this.notices = [...this.notices, notice].slice(-mostNotices);
  }
}
