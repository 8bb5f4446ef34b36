// One-way delay through ours and through Janus: at the same share of each one's core, and at the same rates.
import { option } from '../measurer.mjs';
import { report } from '../report.mjs';
import { conditions, janusVersion, measure as run } from '../sfu/measurer.mjs';

const seconds = option('--seconds') ?? '5';
const withJanus = !process.argv.includes('--without-janus');

/**
 * @typedef {{ median: number, percentile99: number, samples: number }} Delay Microseconds.
 * @typedef {{ target: number | null, whole: Delay, direct: Delay, added: Delay, waited: number, step: { rate: number, packetsPerSecond: number, load: number, lostShare: number, omitted: number } }} LatencyStep
 * @typedef {{ fullest: number, steps: LatencyStep[], verified: number }} Measured
 */

/** Named by the load it was to be; where the generator could not get a server there, the figure says how far it got. @param {LatencyStep} ours */
const nameOf = (ours) => `at_${Math.round((ours.target ?? 0) * 100)}_percent_load`;

/** @param {string} metric @param {number} value @param {number | undefined} besideValue @returns {import('../report.mjs').Result} */
function beside(metric, value, besideValue) {
  if (besideValue === undefined) return { metric, value, unit: 'us' };
  return { metric, value, unit: 'us', beside: janusVersion(), besideValue, ratio: besideValue / Math.max(1, value), goal: 1 };
}

/** What a user of either would see: the same calls. @param {LatencyStep} ours @param {LatencyStep | undefined} theirs @returns {import('../report.mjs').Result[]} */
function atTheirRate(ours, theirs) {
  const name = `at_the_rate_of_janus_at_${Math.round((theirs?.target ?? 0) * 100)}_percent`;
  return [
    beside(`p50_added_${name}`, ours.added.median, theirs?.added.median),
    beside(`p99_added_${name}`, ours.added.percentile99, theirs?.added.percentile99),
    { metric: `packets_per_second_${name}`, value: ours.step.packetsPerSecond, unit: '1/s' },
  ];
}

/** @param {LatencyStep} ours @param {LatencyStep | undefined} theirs @returns {import('../report.mjs').Result[]} */
function figures(ours, theirs) {
  const name = nameOf(ours);
  return [
    beside(`p50_added_${name}`, ours.added.median, theirs?.added.median),
    beside(`p99_added_${name}`, ours.added.percentile99, theirs?.added.percentile99),
    beside(`p99_whole_${name}`, ours.whole.percentile99, theirs?.whole.percentile99),
    { metric: `p50_direct_${name}`, value: ours.direct.median, unit: 'us' },
    { metric: `p99_direct_${name}`, value: ours.direct.percentile99, unit: 'us' },
    ...(ours.target === 0.5 ? [/** @type {import('../report.mjs').Result} */ ({ metric: `p99_added_${name}`, value: ours.added.percentile99, unit: 'us', goal: 1_000, goalIs: 'most' })] : []),
    { metric: `load_reached_${name}`, value: ours.step.load * 100, unit: '%' },
    { metric: `waited_for_the_core_${name}`, value: ours.waited * 100, unit: '%' },
    { metric: `packets_per_second_${name}`, value: ours.step.packetsPerSecond, unit: '1/s' },
    { metric: `packets_lost_${name}`, value: ours.step.lostShare * 100, unit: '%' },
    ...(theirs ? [{ metric: `janus_load_reached_${name}`, value: theirs.step.load * 100, unit: '%' }] : []),
    ...(theirs ? [{ metric: `janus_packets_per_second_${name}`, value: theirs.step.packetsPerSecond, unit: '1/s' }] : []),
  ];
}

/** @type {Measured | undefined} */
const janus = withJanus ? run('latency', 'janus', seconds, '') : undefined;
const janusRates = janus?.steps.map(({ step }) => step.rate) ?? [];
/** @type {Measured} */
const ours = run('latency', 'tocsin', seconds, janusRates.join(','));
const atLoads = ours.steps.filter(({ target }) => target !== null);
const atTheirRates = ours.steps.filter(({ target }) => target === null);

report(
  'sfu-latency',
  {
    ...conditions(),
    calls: 'ten meetings of five, each with a camera whose rate is raised; frames of ten packets of 1,180 B; one subscriber in five decrypts, compares and measures',
    whole: 'from when a publisher begins to send a frame until the system has the packet for the subscriber (SO_TIMESTAMPNS), loopback included',
    direct: 'the same of a datagram ahead of each frame that goes to a socket of the generator itself: what it takes without a server',
    added: 'from when the system had that datagram until it has the packet',
    waited: 'of the time, how long the threads of the server, added up, were ready and had no core, because another program or another of them had it',
    seconds: Number(seconds),
    steps: { tocsin: ours.steps, janus: janus?.steps },
  },
  [
    ...atLoads.flatMap((step, index) => figures(step, janus?.steps[index])),
    ...atTheirRates.flatMap((step, index) => atTheirRate(step, janus?.steps[index])),
    { metric: 'fullest_core_held', value: ours.fullest * 100, unit: '%' },
    { metric: 'packets_verified_or_counted', value: ours.verified, unit: '' },
  ],
  process.argv,
);
