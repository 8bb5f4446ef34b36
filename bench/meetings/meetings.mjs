// Whether the cost of a packet grows with the number of meetings, or with the people in one.
import { option } from '../measurer.mjs';
import { report } from '../report.mjs';
import { conditions, measure } from '../sfu/measurer.mjs';

const seconds = option('--seconds') ?? '1.5';
const scenarios = ['meetings-1x5', 'meetings-10x5', 'meetings-100x5', 'meetings-50x10', 'meeting-500'];

/** @typedef {{ rate: number, packetsPerSecond: number, nanosecondsPerPacket: number, lostShare: number, load: number, omitted: number }} Step */
/** @type {Record<string, { best: Step, steps: Step[], verified: number }>} */
const measured = Object.fromEntries(scenarios.map((scenario) => [scenario, measure('load', 'tocsin', scenario, seconds)]));

/** The step nearest to that many packets a second. @param {string} scenario @param {number} rate */
const stepAt = (scenario, rate) =>
  measured[scenario].steps.reduce((best, step) => (Math.abs(step.packetsPerSecond - rate) < Math.abs(best.packetsPerSecond - rate) ? step : best));

/** The same load for all: what the least of them has reached. */
const common = Math.min(...scenarios.map((scenario) => measured[scenario].best.packetsPerSecond));
const one = stepAt('meetings-1x5', common);

report(
  'meetings',
  { ...conditions(), seconds: Number(seconds), packets: 'video, 1,180 B, frames of ten packets', steps: Object.fromEntries(scenarios.map((name) => [name, measured[name].steps])) },
  scenarios.flatMap((scenario) => {
    const same = stepAt(scenario, common);
    return [
      { metric: `${scenario}_cost_at_${Math.round(common)}_packets_per_second`, value: same.nanosecondsPerPacket, unit: 'ns' },
      { metric: `${scenario}_cost_to_that_of_one_meeting`, value: same.nanosecondsPerPacket / one.nanosecondsPerPacket, unit: '' },
      { metric: `${scenario}_packets_per_second_reached`, value: measured[scenario].best.packetsPerSecond, unit: '1/s' },
      { metric: `${scenario}_share_of_core_then`, value: measured[scenario].best.load * 100, unit: '%' },
      { metric: `${scenario}_cost_then`, value: measured[scenario].best.nanosecondsPerPacket, unit: 'ns' },
      { metric: `${scenario}_packets_verified`, value: measured[scenario].verified, unit: '' },
    ];
  }),
  process.argv,
);
