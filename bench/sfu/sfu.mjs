// Runs every scenario against ours with its limit, then against Janus, and reports what a forwarded packet costs.
import { option } from '../measurer.mjs';
import { report } from '../report.mjs';
import { conditions, janusVersion, measure as run } from './measurer.mjs';

const scenarios = (option('--only') ?? 'video-10,video-50,audio-10,audio-50,meeting-50,meetings-10x5').split(',');
const seconds = option('--seconds') ?? '1.5';
const withJanus = !process.argv.includes('--without-janus');

/**
 * @typedef {{ rate: number, packetsPerSecond: number, nanosecondsPerPacket: number, lostShare: number, load: number, omitted: number }} Step
 * @typedef {{ profile: string, best: Step, steps: Step[], verified: number, late: number, limitNanosecondsPerPacket?: number }} Measured
 */

/** @param {string} sfu @param {string} scenario @returns {Measured} */
const measure = (sfu, scenario) => run('load', sfu, scenario, seconds);

/** @param {number} nanoseconds */
const perCoreSecond = (nanoseconds) => 1e9 / nanoseconds;

/** Lost nothing, and the generator really sent at about that rate. @param {Step} step */
const wasHeld = (step) => step.lostShare <= 0.001 && step.omitted <= 0.1;

/**
 * The cost of a packet falls as the rate grows, so where the machine let one go further than the other, the rate that both have held is what is fair to compare.
 * @param {string} scenario @param {Measured} ours @param {Measured} janus @returns {import('../report.mjs').Result[]}
 */
function atTheSameRate(scenario, ours, janus) {
  const held = ours.steps.filter(wasHeld).findLast(({ rate }) => janus.steps.some((step) => step.rate === rate && wasHeld(step)));
  const theirs = janus.steps.find(({ rate }) => rate === held?.rate);
  if (!held || !theirs) return [];
  const value = perCoreSecond(held.nanosecondsPerPacket);
  const besideValue = perCoreSecond(theirs.nanosecondsPerPacket);
  const metric = `${scenario}_packets_per_core_second_at_${Math.round(held.packetsPerSecond)}_packets_per_second`;
  return [{ metric, value, unit: '1/s', beside: janusVersion(), besideValue, ratio: value / besideValue, goal: 5 }];
}

/** @param {string} scenario @param {Measured} ours @param {Measured | undefined} janus @returns {import('../report.mjs').Result[]} */
function figures(scenario, ours, janus) {
  const mine = perCoreSecond(ours.best.nanosecondsPerPacket);
  const beside = (/** @type {string} */ name, /** @type {number} */ nanoseconds, /** @type {number} */ goal) => ({
    metric: `${scenario}_packets_per_core_second`,
    value: mine,
    unit: '1/s',
    beside: name,
    besideValue: perCoreSecond(nanoseconds),
    ratio: mine / perCoreSecond(nanoseconds),
    goal,
  });
  return [
    ...(janus ? [beside(janusVersion(), janus.best.nanosecondsPerPacket, 5), ...atTheSameRate(scenario, ours, janus)] : []),
    ...(ours.limitNanosecondsPerPacket ? [beside('AES-GCM and one GSO send', ours.limitNanosecondsPerPacket, 0.5)] : []),
    { metric: `${scenario}_processor_time_per_packet`, value: ours.best.nanosecondsPerPacket, unit: 'ns' },
    ...outcome(scenario, '', ours),
    ...(janus ? outcome(scenario, 'janus_', janus) : []),
  ];
}

/** @param {string} scenario @param {string} whose @param {Measured} measured @returns {import('../report.mjs').Result[]} */
function outcome(scenario, whose, { best, verified, late }) {
  return [
    { metric: `${scenario}_${whose}packets_per_second_reached`, value: best.packetsPerSecond, unit: '1/s' },
    { metric: `${scenario}_${whose}share_of_core_then`, value: best.load * 100, unit: '%' },
    { metric: `${scenario}_${whose}share_lost_then`, value: best.lostShare * 100, unit: '%' },
    { metric: `${scenario}_${whose}packets_verified`, value: verified, unit: '' },
    { metric: `${scenario}_${whose}packets_late`, value: late, unit: '' },
  ];
}

/** @type {import('../report.mjs').Result[]} */
const results = [];
/** @type {Record<string, unknown>} */
const steps = {};
for (const scenario of scenarios) {
  const ours = measure('tocsin', scenario);
  const janus = withJanus ? measure('janus', scenario) : undefined;
  results.push(...figures(scenario, ours, janus));
  steps[scenario] = { profile: ours.profile, tocsin: ours.steps, janus: janus?.steps };
}
report(
  'sfu',
  {
    ...conditions(),
    sizes: 'RTP payload: audio 120 B, video 1,180 B in frames of ten packets',
    limit: 'AES-128-GCM of each packet and UDP_SEGMENT of 44, same process, rate and number of destinations',
    seconds: Number(seconds),
    steps,
  },
  results,
  process.argv,
);
