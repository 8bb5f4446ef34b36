// A call of five before, during and after a flood of forged datagrams, and what of it was lost.
import { option } from '../measurer.mjs';
import { report } from '../report.mjs';
import { conditions, measure } from '../sfu/measurer.mjs';

/** A little more than the goal, for the generator leaves out what it has no time for. */
const rate = Number(option('--rate') ?? 205_000);
const seconds = Number(option('--seconds') ?? 20);

/** @typedef {{ packetsPerSecond: number, lostShare: number, load: number, omitted: number }} Step */
/** @type {{ before: Step, during: Step, after: Step, forged: number, forgedPerSecond: number, seenShare: number, nanosecondsPerForged: number, verified: number, systemDropped: number }} */
const measured = measure('hostile', String(rate), String(seconds));

report(
  'hostile',
  {
    ...conditions(),
    call: 'five people, each with a camera of 2.3 Mbit/s: 4,800 packets a second leave the server',
    forged: 'a fifth each: noise; checks of a real username fragment with a wrong password, and of none; ClientHello; RTP of a published SSRC; from 16 ports',
    seconds,
  },
  [
    { metric: 'call_packets_lost_during_flood', value: measured.during.lostShare * 100, unit: '%', goal: 1, goalIs: 'most' },
    { metric: 'forged_datagrams_per_second', value: measured.forgedPerSecond, unit: '1/s', goal: 200_000 },
    { metric: 'call_packets_lost_before', value: measured.before.lostShare * 100, unit: '%' },
    { metric: 'call_packets_lost_after', value: measured.after.lostShare * 100, unit: '%' },
    { metric: 'call_frames_not_sent_during_flood', value: measured.during.omitted * 100, unit: '%' },
    { metric: 'call_packets_verified', value: measured.verified, unit: '' },
    { metric: 'forged_datagrams_seen_by_server', value: measured.seenShare * 100, unit: '%' },
    { metric: 'datagrams_dropped_by_system', value: measured.systemDropped, unit: '' },
    { metric: 'processor_time_per_forged_datagram', value: measured.nanosecondsPerForged, unit: 'ns' },
    { metric: 'share_of_core_before', value: measured.before.load * 100, unit: '%' },
    { metric: 'share_of_core_during_flood', value: measured.during.load * 100, unit: '%' },
  ],
  process.argv,
);
