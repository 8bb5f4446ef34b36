import type { CallDevice } from '../../transport/call-device';
import type { CheckRequest, Joined, MeetingEvent, Refusal, RtpCapabilities, TransportDescription } from '../../transport/meeting-signalling';
import { ApiError } from '../../transport/api-error';
import type { MeetingLine } from '../../transport/meeting-line';
import { MediaSession } from './media-session';
import type { MeetingPorts } from './meeting-client.svelte';
import { readFigures, type Counters, type DirectionFigures } from './network-figures';

export type Way = 'udp' | 'tcp';

/** How one way to the server's media port was found. */
export interface WayFigures {
  readonly way: Way;
  /** The ports that it leads to: what somebody in charge of a network asks for. Empty where the server has none. */
  readonly ports: readonly number[];
  /** Media went there and came back. */
  readonly isOpen: boolean;
  readonly roundTripMilliseconds?: number;
  readonly lostPercent?: number;
  /** What was sent, and what of it came back, in the last seconds: the line carries at least that. */
  readonly upKilobits?: number;
  readonly downKilobits?: number;
}

/** A picture that changes everywhere all the time, so that it fills what the line carries. */
export interface TestPicture {
  readonly track: MediaStreamTrack;
  stop(): void;
}

export interface CheckPorts extends Pick<MeetingPorts, 'newLine' | 'fetchRouter' | 'schedule'> {
  newDevice(router: RtpCapabilities): Promise<CallDevice>;
  testPicture(): TestPicture;
  /** Milliseconds; only differences count. */
  now(): number;
}

/** A path that is not found in this time is none: browsers give up on a candidate after some 10 s, people before. */
const openMilliseconds = 7_000;
const lookMilliseconds = 200;
/** Browsers begin at a guess and need a few seconds to find what the line carries: the best of these spans counts. */
const spanMilliseconds = 1_500;
const mostSpans = 5;
/** Near the most that the test picture is sent with: there is no more to find. */
const enoughKilobits = 2_200;

/**
 * Tries the ways to the server's media port, one after the other, each with a call of one in which what is sent comes back: UDP first, with its rate, then TCP.
 * Neither microphone nor camera is used.
 */
export class ConnectionCheck {
  constructor(private readonly ports: CheckPorts) {}

  /**
   * @param link A guest's; null for accounts.
   * @throws ApiError where the server refuses the check or can't be reached.
   */
  async tryWay(way: Way, link: string | null): Promise<WayFigures> {
    const device = await this.ports.newDevice(await this.ports.fetchRouter());
    const line = this.ports.newLine();
    const picture = this.ports.testPicture();
    try {
      await line.open();
      const trial = new Trial(way, line, this.ports);
      return await trial.run(device, { link, rtpCapabilities: device.rtpCapabilities }, picture.track);
    } finally {
      picture.stop();
      line.close();
    }
  }
}

/** One call of one over one way. */
class Trial {
  private session: MediaSession | undefined;
  private readonly missed: MeetingEvent[] = [];

  constructor(
    private readonly way: Way,
    private readonly line: MeetingLine,
    private readonly ports: CheckPorts,
  ) {}

  async run(device: Awaited<ReturnType<CheckPorts['newDevice']>>, request: CheckRequest, picture: MediaStreamTrack): Promise<WayFigures> {
    const joined = await this.begin(request);
    const only = (transport: TransportDescription): TransportDescription => ({
      ...transport,
      iceCandidates: transport.iceCandidates.filter((one) => one['protocol'] === this.way),
    });
    const ports = [...new Set(only(joined.sendTransport).iceCandidates.map((one) => Number(one['port'])))];
    if (ports.length === 0) return { way: this.way, ports, isOpen: false };
    const session = (this.session = new MediaSession(
      device,
      { ...joined, sendTransport: only(joined.sendTransport), receiveTransport: only(joined.receiveTransport) },
      () => this.line,
      { received: () => undefined, lost: () => undefined },
      this.ports.schedule,
    ));
    try {
      for (const event of this.missed) this.take(event);
      await session.send('screen', picture, false);
      if (!(await this.comesBack(session))) return { way: this.way, ports, isOpen: false };
      return { way: this.way, ports, isOpen: true, ...(await this.measure(session)) };
    } finally {
      await this.line.command('LeaveMeeting', undefined).catch(() => undefined);
      session.close();
    }
  }

  private begin(request: CheckRequest): Promise<Joined> {
    return new Promise((resolve, reject) => {
      this.line.check(
        request,
        (events) => {
          for (const event of events) {
            if (event.kind === 'joined') resolve(event);
            else if (event.kind === 'left') reject(refusalOf(event.refusal));
            else if (this.session) this.take(event);
            else this.missed.push(event);
          }
        },
        () => reject(ApiError.unreachable()),
      );
    });
  }

  private take(event: MeetingEvent): void {
    if (event.kind === 'new-consumer') this.session?.receive(event.consumer);
  }

  private async comesBack(session: MediaSession): Promise<boolean> {
    for (let waited = 0; waited < openMilliseconds; waited += lookMilliseconds) {
      await this.pause(lookMilliseconds);
      if ((await this.look(session)).receiving.counters.packets > 0) return true;
    }
    return false;
  }

  private async measure(session: MediaSession): Promise<Omit<WayFigures, 'way' | 'ports' | 'isOpen'>> {
    let before = await this.look(session);
    let roundTrip: number | undefined;
    let [up, down, lost] = [0, 0, 0];
    for (let span = 0; span < mostSpans && Math.min(up, down) < enoughKilobits; span += 1) {
      await this.pause(spanMilliseconds);
      const now = await this.look(session, before.sending.counters, before.receiving.counters);
      up = Math.max(up, now.sending.figures.kilobits ?? 0);
      down = Math.max(down, now.receiving.figures.kilobits ?? 0);
      // While the rate still rises, losses are what it is found by: the last span tells of the line.
      lost = Math.max(now.sending.figures.lostPercent ?? 0, now.receiving.figures.lostPercent ?? 0);
      roundTrip = now.sending.figures.roundTripMilliseconds;
      before = now;
    }
    return { upKilobits: up, downKilobits: down, lostPercent: lost, ...(roundTrip === undefined ? {} : { roundTripMilliseconds: roundTrip }) };
  }

  private async look(session: MediaSession, sent?: Counters, received?: Counters): Promise<Record<'sending' | 'receiving', Look>> {
    const reports = await session.statistics();
    const now = this.ports.now();
    return { sending: readFigures(reports.sending, now, sent), receiving: readFigures(reports.receiving, now, received) };
  }

  private pause(milliseconds: number): Promise<void> {
    return new Promise((done) => this.ports.schedule(milliseconds, done));
  }
}

interface Look {
  readonly figures: DirectionFigures;
  readonly counters: Counters;
}

function refusalOf(refusal: Refusal | null): ApiError {
  return refusal ? new ApiError(refusal.code, 409, refusal.title, refusal.detail ?? undefined) : ApiError.unreachable();
}
