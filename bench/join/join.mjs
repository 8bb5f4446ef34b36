// Many who join one meeting at once: how long each waits, and what that costs the server.
import { option } from '../measurer.mjs';
import { median, report } from '../report.mjs';
import { conditions, janusVersion, measure as run } from '../sfu/measurer.mjs';

const joins = option('--joins') ?? '100';
const rounds = option('--rounds') ?? '5';
const withJanus = !process.argv.includes('--without-janus');

/**
 * @typedef {{ connected: number[], heard: number[], signallingSeconds: number, connectingSeconds: number, verified: number }} Round
 * @typedef {{ joins: number, rounds: Round[] }} Measured
 */

/** @param {string} sfu @returns {Measured} */
const measure = (sfu) => run('join', sfu, joins, rounds);

/** @param {number[]} ascending @param {number} share */
const percentile = (ascending, share) => ascending[Math.min(ascending.length - 1, Math.ceil(ascending.length * share) - 1)];

/** Of the rounds, the one in the middle. @param {Measured} measured @param {(round: Round) => number} of */
const middle = ({ rounds: all }, of) => median(all.map(of));

/** Less is better, and `ratio` is oriented so that more is. @type {[string, string, (round: Round) => number][]} */
const times = [
  ['connected_p50', 'ms', ({ connected }) => percentile(connected, 0.5)],
  ['connected_p99', 'ms', ({ connected }) => percentile(connected, 0.99)],
  ['everybody_heard_p50', 'ms', ({ heard }) => percentile(heard, 0.5)],
  ['everybody_heard_p99', 'ms', ({ heard }) => percentile(heard, 0.99)],
  ['processor_time_of_server_to_connect_one', 'ms', ({ connectingSeconds }) => (1000 * connectingSeconds) / Number(joins)],
  ['processor_time_of_server_to_tell_one_where', 'ms', ({ signallingSeconds }) => (1000 * signallingSeconds) / Number(joins)],
];

/** @param {Round} round */
const perSecond = ({ connected }) => (1000 * connected.length) / connected[connected.length - 1];

/** @param {Measured} ours @param {Measured | undefined} janus @returns {import('../report.mjs').Result[]} */
function figures(ours, janus) {
  const besideOf = (/** @type {(round: Round) => number} */ of) => (janus ? { beside: janusVersion(), besideValue: middle(janus, of) } : {});
  const rate = middle(ours, perSecond);
  return [
    ...times.map(([metric, unit, of]) => ({ metric, unit, value: middle(ours, of), ...besideOf(of), ...(janus ? { ratio: middle(janus, of) / middle(ours, of) } : {}) })),
    { metric: 'joins_per_second', unit: '1/s', value: rate, ...besideOf(perSecond), ...(janus ? { ratio: rate / middle(janus, perSecond), goal: 1 } : {}) },
    { metric: 'packets_verified', unit: '', value: ours.rounds.reduce((sum, { verified }) => sum + verified, 0) },
    ...(janus ? [{ metric: 'janus_packets_verified', unit: '', value: janus.rounds.reduce((sum, { verified }) => sum + verified, 0) }] : []),
  ];
}

const ours = measure('tocsin');
const janus = withJanus ? measure('janus') : undefined;
report(
  'join',
  {
    ...conditions(),
    joins: Number(joins),
    rounds: Number(rounds),
    meeting: 'two speak (Opus, 50 packets a second); all others are told where to go, then send their first checks at the same moment',
    connected: 'from the first check to the keys of SRTP; heard: to the first verified packet of both voices; figures are those of the round in the middle',
    all: { tocsin: ours.rounds, janus: janus?.rounds },
  },
  figures(ours, janus),
  process.argv,
);
