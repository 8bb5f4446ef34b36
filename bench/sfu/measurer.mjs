// Runs the load generator of the media benchmarks: it has all cores but the first, which is the server's under measurement.
import { execFileSync, spawnSync } from 'node:child_process';
import { loadavg } from 'node:os';
import { measureWith } from '../measurer.mjs';

const program = 'bench/sfu/bin/Release/net10.0/Tocsin.Bench.Sfu';

/**
 * Before other programs, where the system lets us: what those do on the machine is no property of a server. The same for each server. A session of its own (setsid) has a weight of its own (sched(7), autogroup), beside
 * which nice counts only within the session. Not a real-time class: .NET maps its threads' priorities into it, and a thread that spins for one of lower priority on the same core then spins for ever.
 */
const first = ['setsid', '--wait', 'sh', '-c', '[ ! -e /proc/self/autogroup ] || echo -19 >/proc/self/autogroup; exec nice -n -19 "$@"', 'first'];
const isFirst = spawnSync(first[0], [...first.slice(1), 'true'], { stdio: ['ignore', 'ignore', 'pipe'] }).stderr?.length === 0;

/** @param {readonly string[]} order What the program is to do. @returns {any} What it wrote. */
export function measure(...order) {
  const command = [...(isFirst ? first : []), 'taskset', '-c', `1-${lastCore()}`, program, ...order];
  return measureWith(command[0], command.slice(1));
}

/** What all figures of these benchmarks hold for. */
export function conditions() {
  return {
    server: 'one process on the first core; its processor time is of all of its threads, user and system',
    clients: 'on the other cores: ICE, DTLS 1.2, SRTP; each packet received is authenticated and compared byte by byte',
    scheduling: isFirst ? 'server and clients before other programs (nice -19, a session of their own)' : 'server and clients beside other programs',
    load: loadavg()[0],
  };
}

export function janusVersion() {
  return `janus ${execFileSync('dpkg-query', ['-W', '-f', '${Version}', 'janus'], { encoding: 'utf8' })}`;
}

function lastCore() {
  return Number(execFileSync('nproc', ['--all'], { encoding: 'utf8' })) - 1;
}
