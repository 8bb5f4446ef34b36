// Runs the load generator of the media benchmarks: it has all cores but the first, which is the server's under measurement.
import { execFileSync, spawnSync } from 'node:child_process';
import { loadavg } from 'node:os';
import { measureWith } from '../measurer.mjs';

const program = 'bench/sfu/bin/Release/net10.0/Tocsin.Bench.Sfu';

/** Before all other programs, where the system lets us: what those do on the machine is no property of a server. The same for each server. */
const realTime = ['chrt', '-r', '10'];
const isRealTime = spawnSync(realTime[0], [...realTime.slice(1), 'true']).status === 0;

/** @param {readonly string[]} order What the program is to do. @returns {any} What it wrote. */
export function measure(...order) {
  const command = [...(isRealTime ? realTime : []), 'taskset', '-c', `1-${lastCore()}`, program, ...order];
  return measureWith(command[0], command.slice(1));
}

/** What all figures of these benchmarks hold for. */
export function conditions() {
  return {
    server: 'one process on the first core; its processor time is of all of its threads, user and system',
    clients: 'on the other cores: ICE, DTLS 1.2, SRTP; each packet received is authenticated and compared byte by byte',
    scheduling: isRealTime ? 'server and clients before other programs (SCHED_RR)' : 'server and clients beside other programs',
    load: loadavg()[0],
  };
}

export function janusVersion() {
  return `janus ${execFileSync('dpkg-query', ['-W', '-f', '${Version}', 'janus'], { encoding: 'utf8' })}`;
}

function lastCore() {
  return Number(execFileSync('nproc', ['--all'], { encoding: 'utf8' })) - 1;
}
