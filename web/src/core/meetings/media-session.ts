import type { CallConsumer, CallDevice, CallProducer, CallTransport, TransportHooks, TransportState } from '../../transport/call-device';
import type { Consumer, Joined, MediaSource, Producer, VideoCodec } from '../../transport/meeting-signalling';
import type { MeetingLine } from '../../transport/meeting-line';

/**
 * Browsers say `disconnected` after some five seconds without an answer. A short break mends itself; where it is another path that is needed, as over TCP where UDP is blocked, only looking
 * for it anew finds it, and where it is not, that costs a few hundred bytes while media go on.
 */
const disconnectedMilliseconds = 1_000;
/** A path that was looked for anew and not found in this time needs a new place in the call. */
const restartMilliseconds = 10_000;
/** While a video's codec changes both are sent for so long: by then everybody has had a key frame of the new one. */
const overlapMilliseconds = 2_500;

export interface MediaObserver {
  /** A track of somebody else can be shown. */
  received(consumer: Consumer, track: MediaStreamTrack): void;
  /** No path to the server any more, and looking for one anew did not help. */
  lost(): void;
}

/** Calls `run` after a while; returns how not to. */
export type Schedule = (milliseconds: number, run: () => void) => () => void;

/**
 * The two transports of one place in a call, and what goes through them. It outlives the line of signalling; a new place needs a new one.
 * Invariant: one producer per source, and for a moment the one whose place it takes.
 */
export class MediaSession {
  private readonly sending: CallTransport;
  private readonly receiving: CallTransport;
  private readonly producers = new Map<MediaSource, CallProducer>();
  private readonly starting = new Map<MediaSource, Promise<CallProducer>>();
  private readonly tracks = new Map<MediaSource, MediaStreamTrack>();
  /** What videos were begun in. */
  private readonly codecs = new Map<MediaSource, VideoCodec>();
  /** Whose place was taken, until those who look have changed over. */
  private readonly former = new Map<MediaSource, CallProducer>();
  private codec: VideoCodec;
  private readonly consumers = new Map<string, { readonly description: Consumer; readonly consumer: Promise<CallConsumer | undefined> }>();
  private readonly timers = new Map<string, () => void>();
  /** Transports that look for their path anew, until they have one or were given up. */
  private readonly restarting = new Set<string>();
  /** Paused or resumed here while nobody could be told. */
  private readonly untold = new Map<MediaSource, boolean>();
  private closed = false;

  constructor(
    private readonly device: CallDevice,
    joined: Joined,
    /** The line of now: it changes when signalling is mended. */
    private readonly line: () => MeetingLine,
    private readonly observer: MediaObserver,
    private readonly schedule: Schedule,
  ) {
    this.codec = joined.videoCodec;
    this.sending = device.openSendTransport(joined.sendTransport, this.hooks(joined.sendTransport.id));
    this.receiving = device.openReceiveTransport(joined.receiveTransport, this.hooks(joined.receiveTransport.id));
  }

  /** @throws ApiError where the server refuses it. */
  async send(source: MediaSource, track: MediaStreamTrack, isPaused: boolean): Promise<void> {
    this.tracks.set(source, track);
    const known = this.producers.get(source) ?? (await this.starting.get(source));
    if (known) {
      await this.former.get(source)?.replaceTrack(track);
      return known.replaceTrack(track);
    }
    await this.start(source, track, isPaused, null);
    await this.follow(source);
  }

  /** Somebody came who does not decode what was sent until now. What is sent already goes on until what takes its place is seen. */
  use(codec: VideoCodec): void {
    this.codec = codec;
    for (const source of [...this.producers.keys()]) void this.follow(source).catch(() => undefined);
  }

  isSending(source: MediaSource): boolean {
    return this.producers.has(source) || this.starting.has(source);
  }

  async pause(source: MediaSource, isPaused: boolean): Promise<void> {
    const producer = this.producers.get(source);
    if (!producer) return;
    this.endFormer(source);
    // Here at once, so that nothing more is said; then there, so that the others see it.
    if (isPaused) producer.pause();
    else producer.resume();
    this.untold.set(source, isPaused);
    await this.line().command(isPaused ? 'PauseProducer' : 'ResumeProducer', { producerId: producer.id });
    if (this.untold.get(source) === isPaused) this.untold.delete(source);
  }

  /** A host muted it: here nothing is sent any more either. */
  pausedByHost(producerId: string): MediaSource | undefined {
    const [source, producer] = this.find(producerId);
    producer?.pause();
    return source;
  }

  async stop(source: MediaSource): Promise<void> {
    const producer = this.producers.get(source);
    if (!producer) return;
    this.endFormer(source);
    this.forget(source);
    producer.close();
    await this.line().command('CloseProducer', { producerId: producer.id });
  }

  /** The server closed it already. */
  stoppedByHost(producerId: string): MediaSource | undefined {
    const [source, producer] = this.find(producerId);
    if (source) {
      this.endFormer(source);
      this.forget(source);
    }
    producer?.close();
    return source;
  }

  /**
   * After a break of the line, what the server knows of one's own producers is compared with what is sent: what was changed here without a line is said there, and the rest is as it is there.
   * @returns What a host changed meanwhile: paused or not; undefined where it was closed.
   */
  reconcileOwn(known: readonly Producer[]): readonly { readonly source: MediaSource; readonly isPaused: boolean | undefined }[] {
    for (const source of [...this.former.keys()]) this.endFormer(source, true);
    for (const { id } of known) {
      if (![...this.producers.values()].some((one) => one.id === id)) this.quietly('CloseProducer', id);
    }
    const changed: { source: MediaSource; isPaused: boolean | undefined }[] = [];
    for (const [source, producer] of [...this.producers]) {
      const there = known.find((one) => one.id === producer.id);
      const untold = this.untold.get(source);
      this.untold.delete(source);
      if (!there) {
        this.forget(source);
        producer.close();
        changed.push({ source, isPaused: undefined });
      } else if (untold !== undefined) {
        if (untold !== there.isPaused) this.quietly(untold ? 'PauseProducer' : 'ResumeProducer', producer.id);
      } else if (there.isPaused !== producer.paused) {
        if (there.isPaused) producer.pause();
        else producer.resume();
        changed.push({ source, isPaused: there.isPaused });
      }
    }
    return changed;
  }

  /** Layers that nobody looks at cost the sender's line and battery. The lowest goes on, so that there is something to see at once. */
  want(producerId: string, spatialLayer: number | null): void {
    this.find(producerId)[1]?.setHighestLayer(Math.max(0, spatialLayer ?? 0));
  }

  receive(description: Consumer): void {
    if (this.consumers.has(description.id)) return;
    const consumer = this.receiving.consume(description).catch(() => undefined);
    this.consumers.set(description.id, { description, consumer });
    void consumer.then((made) => {
      if (!made) this.consumers.delete(description.id);
      else if (this.closed || !this.consumers.has(description.id)) made.close();
      else this.observer.received(description, made.track);
    });
  }

  closeConsumersOf(producerId: string): void {
    for (const [id, { description }] of this.consumers) if (description.producerId === producerId) this.drop(id);
  }

  /** After a break of the line: what came in the meantime is received, what went is closed. */
  reconcile(consumers: readonly Consumer[]): void {
    const wanted = new Set(consumers.map((one) => one.id));
    for (const id of [...this.consumers.keys()]) if (!wanted.has(id)) this.drop(id);
    for (const consumer of consumers) this.receive(consumer);
  }

  /** The network changed: both transports look for their path anew. Media that still flow go on. */
  restartIce(): void {
    for (const transport of [this.sending, this.receiving]) if (transport.state !== 'new') void this.restart(transport);
  }

  /**
   * The server has no path to a transport any more, and said so: its line works where the path of media does not.
   * A restart that is under way is not begun again.
   */
  unheard(transportId: string): void {
    const transport = this.sending.id === transportId ? this.sending : this.receiving.id === transportId ? this.receiving : undefined;
    if (transport && transport.state !== 'new' && !this.restarting.has(transportId)) void this.restart(transport);
  }

  async statistics(): Promise<{ sending: RTCStatsReport; receiving: RTCStatsReport }> {
    const [sending, receiving] = await Promise.all([this.sending.getStats(), this.receiving.getStats()]);
    return { sending, receiving };
  }

  consumerOf(participantId: string, source: MediaSource): Consumer | undefined {
    for (const { description } of this.consumers.values()) {
      if (description.participantId === participantId && description.source === source) return description;
    }
    return undefined;
  }

  close(): void {
    this.closed = true;
    for (const stop of this.timers.values()) stop();
    this.timers.clear();
    this.producers.clear();
    this.former.clear();
    this.consumers.clear();
    this.sending.close();
    this.receiving.close();
  }

  private hooks(id: string): TransportHooks {
    return {
      connect: (dtlsParameters) => {
        // A refusal shows as a transport that fails.
        this.line()
          .command('ConnectTransport', { transportId: id, dtlsParameters })
          .catch(() => undefined);
      },
      produce: async (kind, rtpParameters, source, isPaused, replaces) => {
        const answer = await this.line().command('Produce', { transportId: id, kind, rtpParameters, source, isPaused, replaces });
        return answer.id;
      },
      stateChanged: (state) => this.stateChanged(id, state),
    };
  }

  private async start(source: MediaSource, track: MediaStreamTrack, isPaused: boolean, replaces: string | null): Promise<CallProducer> {
    const codec = this.device.videoCodecOf(source, this.codec);
    const started = this.sending.produce(track, source, isPaused, { codec, replaces });
    this.starting.set(source, started);
    try {
      const made = await started;
      this.producers.set(source, made);
      this.codecs.set(source, codec);
      return made;
    } finally {
      this.starting.delete(source);
    }
  }

  /** Sends a source anew where the call would have it in another codec by now. */
  private async follow(source: MediaSource): Promise<void> {
    const [known, track] = [this.producers.get(source), this.tracks.get(source)];
    if (!known || !track || isSound(source) || this.starting.has(source) || this.former.has(source)) return;
    if (this.device.videoCodecOf(source, this.codec) === this.codecs.get(source)) return;
    const wasPaused = known.paused;
    this.former.set(source, known);
    try {
      const made = await this.start(source, track, wasPaused, known.id);
      if (this.closed) return;
      // Stopped, or taken by a host, while the server was asked.
      if (this.former.get(source) !== known) return this.stop(source);
      if (known.paused !== wasPaused) await this.pause(source, known.paused);
      const now = this.tracks.get(source);
      if (now && now !== track) await made.replaceTrack(now);
    } catch (error) {
      // What was sent until now goes on: without a line it is tried again when there is one.
      if (this.former.get(source) === known) this.former.delete(source);
      throw error;
    }
    this.after(`former ${source}`, overlapMilliseconds, () => {
      this.endFormer(source);
      void this.follow(source).catch(() => undefined);
    });
  }

  private endFormer(source: MediaSource, isGone = false): void {
    const former = this.former.get(source);
    if (!former) return;
    this.former.delete(source);
    this.cancel(`former ${source}`);
    // Its place is not taken yet: it is what is being stopped.
    if (former === this.producers.get(source)) return;
    former.close();
    if (!isGone) this.quietly('CloseProducer', former.id);
  }

  private forget(source: MediaSource): void {
    this.producers.delete(source);
    this.codecs.delete(source);
    this.tracks.delete(source);
  }

  private stateChanged(id: string, state: TransportState): void {
    const transport = this.sending.id === id ? this.sending : this.receiving;
    if (this.closed) return;
    if (state === 'connected') {
      this.cancel(id);
      this.restarting.delete(id);
    }
    if (state === 'failed') void this.restart(transport);
    if (state === 'disconnected' && !this.restarting.has(id)) this.after(id, disconnectedMilliseconds, () => void this.restart(transport));
  }

  private async restart(transport: CallTransport): Promise<void> {
    this.restarting.add(transport.id);
    this.after(transport.id, restartMilliseconds, () => {
      this.restarting.delete(transport.id);
      if (transport.state !== 'connected') this.observer.lost();
    });
    try {
      await transport.restartIce(await this.line().command('RestartIce', { transportId: transport.id }));
    } catch {
      // The line is broken as well: it is being mended, and what was scheduled above looks again.
    }
  }

  /** One thing waits per transport: the last that was asked for. */
  private after(id: string, milliseconds: number, run: () => void): void {
    this.cancel(id);
    this.timers.set(
      id,
      this.schedule(milliseconds, () => {
        this.timers.delete(id);
        if (!this.closed) run();
      }),
    );
  }

  private cancel(id: string): void {
    this.timers.get(id)?.();
    this.timers.delete(id);
  }

  /** A line that breaks once more is mended, and this said again. */
  private quietly(command: 'CloseProducer' | 'PauseProducer' | 'ResumeProducer', producerId: string): void {
    this.line()
      .command(command, { producerId })
      .catch(() => undefined);
  }

  private drop(id: string): void {
    const dropped = this.consumers.get(id);
    this.consumers.delete(id);
    void dropped?.consumer.then((consumer) => consumer?.close());
  }

  private find(producerId: string): readonly [MediaSource | undefined, CallProducer | undefined] {
    for (const [source, producer] of this.producers) if (producer.id === producerId) return [source, producer];
    return [undefined, undefined];
  }
}

function isSound(source: MediaSource): boolean {
  return source === 'microphone' || source === 'screen-audio';
}
