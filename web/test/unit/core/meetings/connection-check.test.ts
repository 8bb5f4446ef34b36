import { beforeEach, describe, expect, it } from 'vitest';
import { ConnectionCheck } from '../../../../src/core/meetings/connection-check';
import { ApiError } from '../../../../src/transport/api-error';
import { consumer, joined, ManualSchedule, StandInDevice, StandInLine, trackNamed } from './stand-ins';

let line: StandInLine;
let device: StandInDevice;
let time: ManualSchedule;
let stopped: number;
let received: number;
let check: ConnectionCheck;

const candidates = [
  { protocol: 'udp', port: 8443 },
  { protocol: 'tcp', port: 8444 },
];
const settled = (): Promise<void> => new Promise((done) => setTimeout(done, 0));

/** Lets time go by until the check has its answer. */
async function answered<Value>(asked: Promise<Value>): Promise<Value> {
  let over = false;
  const end = (): boolean => (over = true);
  asked.then(end, end);
  for (let step = 0; step < 200 && !over; step += 1) {
    await settled();
    time.advance(250);
  }
  return asked;
}

beforeEach(() => {
  line = new StandInLine();
  line.answers.Produce = { id: '1' };
  device = new StandInDevice();
  time = new ManualSchedule();
  [stopped, received] = [0, 0];
  let now = 0;
  check = new ConnectionCheck({
    newLine: () => line,
    fetchRouter: () => Promise.resolve({}),
    newDevice: () => {
      device.statistics = () => {
        const bytes = received;
        received += received > 0 ? 250_000 : 0;
        return new Map<string, unknown>([
          ['in', { id: 'in', type: 'inbound-rtp', packetsReceived: bytes / 1000, bytesReceived: bytes }],
        ]) as unknown as RTCStatsReport;
      };
      return Promise.resolve(device);
    },
    schedule: time.schedule,
    now: () => (now += 500),
    testPicture: () => ({ track: trackNamed('noise'), stop: () => (stopped += 1) }),
  });
});

async function begin(
  way: 'udp' | 'tcp',
  offered: readonly Readonly<Record<string, unknown>>[] = candidates,
): Promise<ReturnType<ConnectionCheck['tryWay']>> {
  const asked = check.tryWay(way, null);
  await settled();
  const state = joined();
  line.say({
    ...state,
    sendTransport: { ...state.sendTransport, iceCandidates: offered },
    receiveTransport: { ...state.receiveTransport, iceCandidates: offered },
  });
  await settled();
  return asked;
}

describe('a way to the media port', () => {
  it('is_tried_by_itself_and_open_where_what_was_sent_comes_back', async () => {
    const asked = begin('tcp');
    await settled();
    await settled();
    expect(line.checks).toEqual([{ link: null, rtpCapabilities: device.rtpCapabilities }]);
    line.say({ kind: 'new-consumer', consumer: consumer('back', 'me', { source: 'screen' }) });
    received = 1000;
    const found = await answered(asked);
    expect(found).toMatchObject({ way: 'tcp', ports: [8444], isOpen: true });
    expect(found.downKilobits).toBeGreaterThan(0);
    expect(device.offered.map((list) => list.map((one) => one['protocol']))).toEqual([['tcp'], ['tcp']]);
    expect(line.told('LeaveMeeting')).toHaveLength(1);
    expect([stopped, line.closed]).toEqual([1, true]);
  });

  it('is_closed_where_nothing_comes_back', async () => {
    expect(await answered(begin('udp'))).toEqual({ way: 'udp', ports: [8443], isOpen: false });
    expect([stopped, line.closed]).toEqual([1, true]);
  });

  it('is_none_where_the_server_has_none', async () => {
    expect(await answered(begin('tcp', [{ protocol: 'udp', port: 8443 }]))).toEqual({ way: 'tcp', ports: [], isOpen: false });
    expect(device.sending).toHaveLength(0);
  });

  it('that_the_server_refuses_to_try_says_why', async () => {
    const asked = check.tryWay('udp', 'secret');
    const refused = expect(asked).rejects.toBeInstanceOf(ApiError);
    await settled();
    line.say({ kind: 'left', reason: 'refused', refusal: { code: 'too-many-requests', title: 'Wait.', detail: null, fields: null } });
    await refused;
    expect([stopped, line.closed]).toEqual([1, true]);
  });
});
