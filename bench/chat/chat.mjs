import { availableParallelism, loadavg } from 'node:os';
import { measureWith, option } from '../measurer.mjs';
import { report } from '../report.mjs';

const measurer = 'bench/chat/bin/Release/net10.0/Tocsin.Bench.Chat';
const program = option('--program') ?? 'artifacts/tocsin/tocsin';
const seconds = option('--seconds') ?? '8';
const servers = (option('--only') ?? 'tocsin,prosody,ejabberd').split(',');
const sizes = (option('--clients') ?? '1000,10000').split(',').map(Number);

/**
 * @typedef {{ rate: number, deliveries: number, p50: number, p99: number, processorPerDelivery: number, clientsPerDelivery: number, serverLoad: number, clientLoad: number }} Step
 * @typedef {{ server: string, processorPerConnect: number, memoryPerClient: number, calm: Step, most: Step, tooMuch: Step }} Measured
 */

/** The clients' sockets are read where they wake up: one thread, no hand-over. The server's runtime is left as it is shipped. */
const CLIENTS = { DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS: '1', DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT: '1' };

/** @param {string} server @param {number} clients @returns {Measured} */
function measure(server, clients) {
  const environment = Object.entries(CLIENTS).map(([name, value]) => `${name}=${value}`);
  const cores = `${availableParallelism() > 1 ? 1 : 0}-${availableParallelism() - 1}`;
  return measureWith('env', [...environment, 'taskset', '-c', cores, measurer, server, String(clients), seconds, program]);
}

/**
 * What stands beside ours is the better of the others in each figure.
 * @param {string} metric
 * @param {string} unit
 * @param {Measured} ours
 * @param {readonly Measured[]} others
 * @param {(measured: Measured) => number} of
 * @param {'most' | 'least'} better
 * @param {number} [goal] For the ratio.
 * @returns {import('../report.mjs').Result}
 */
function compare(metric, unit, ours, others, of, better, goal) {
  const [best] = others.toSorted((one, other) => (better === 'most' ? of(other) - of(one) : of(one) - of(other)));
  if (!best) return { metric, value: of(ours), unit };
  const ratio = better === 'most' ? of(ours) / of(best) : of(best) / of(ours);
  return { metric, value: of(ours), unit, beside: best.server, besideValue: of(best), ratio, goal };
}

/** @param {number} clients */
function figures(clients) {
  const measured = servers.map((server) => measure(server, clients));
  const ours = measured.filter(({ server }) => server === 'tocsin');
  const others = measured.filter(({ server }) => server !== 'tocsin');
  return (ours.length > 0 ? ours : others).flatMap((one) => {
    const name = (/** @type {string} */ metric) => (ours.length > 0 ? `${clients}_${metric}` : `${one.server}_${clients}_${metric}`);
    const beside = ours.length > 0 ? others : [];
    return [
      compare(name('messages_per_second'), '1/s', one, beside, ({ most }) => most.rate, 'most', 2),
      compare(name('p50_at_that_rate'), 'ms', one, beside, ({ most }) => most.p50, 'least'),
      compare(name('p99_at_that_rate'), 'ms', one, beside, ({ most }) => most.p99, 'least'),
      compare(name('server_processor_time_per_delivery_at_that_rate'), 'µs', one, beside, ({ most }) => most.processorPerDelivery, 'least'),
      { metric: name('clients_load_at_that_rate'), value: one.most.clientLoad, unit: 'of their cores' },
      compare(name('p50_at_5_messages_per_second'), 'ms', one, beside, ({ calm }) => calm.p50, 'least'),
      compare(name('p99_at_5_messages_per_second'), 'ms', one, beside, ({ calm }) => calm.p99, 'least'),
      compare(
        name('server_processor_time_per_delivery_at_5_messages_per_second'),
        'µs',
        one,
        beside,
        ({ calm }) => calm.processorPerDelivery,
        'least',
      ),
      compare(name('memory_per_client'), 'KiB', one, beside, ({ memoryPerClient }) => memoryPerClient, 'least'),
      compare(name('server_processor_time_to_connect_one'), 'µs', one, beside, ({ processorPerConnect }) => processorPerConnect, 'least'),
    ];
  });
}

const load = loadavg()[0];
const results = sizes.flatMap(figures);
report(
  'chat',
  {
    rooms: 'of 200 members, each connected once; 20 of each write',
    message: '441 bytes, sealed and signed where it is ours; in base64 in all',
    held: 'p99 within 500 ms of the moment at which a message was due; every client verified to have every message, in its order',
    servers: 'clear text on loopback, one core; ours durable in SQLite, theirs in memory',
    clients: 'on the other cores',
    seconds,
    load,
  },
  results,
  process.argv,
);
