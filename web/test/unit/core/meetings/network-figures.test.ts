import { expect, it } from 'vitest';
import { readFigures } from '../../../../src/core/meetings/network-figures';

function report(...entries: readonly { readonly id: string }[]): RTCStatsReport {
  return new Map(entries.map((entry) => [entry.id, entry])) as unknown as RTCStatsReport;
}

const pair = { id: 'pair', type: 'candidate-pair', state: 'succeeded', nominated: true, currentRoundTripTime: 0.0421, remoteCandidateId: 'remote' };
const remote = { id: 'remote', type: 'remote-candidate', protocol: 'tcp' };
const codec = { id: 'codec', type: 'codec', mimeType: 'video/VP8' };
const video = (bytes: number, packets: number, lost: number): { readonly id: string } =>
  ({
    id: 'in',
    type: 'inbound-rtp',
    codecId: 'codec',
    bytesReceived: bytes,
    packetsReceived: packets,
    packetsLost: lost,
    frameWidth: 640,
    frameHeight: 360,
    framesPerSecond: 29.97,
  }) as { readonly id: string };

it('figures_say_what_happened_between_two_readings', () => {
  const first = readFigures(report(pair, remote, codec, video(1_000, 100, 0)), 0);
  expect(first.figures).toEqual({ roundTripMilliseconds: 42, path: 'tcp', codecs: ['VP8'], resolution: '640 × 360, 30/s' });
  const second = readFigures(report(pair, remote, codec, video(251_000, 195, 5)), 2_000, first.counters);
  expect(second.figures).toMatchObject({ kilobits: 1_000, lostPercent: 5 });
});

it('what_a_browser_leaves_out_is_left_out', () => {
  expect(readFigures(report(), 0).figures).toEqual({ codecs: [] });
});
