// Ten thousand joins and leaves, by meetings of ten: the memory of the server after each thousand.
import { option } from '../measurer.mjs';
import { report } from '../report.mjs';
import { conditions, measure } from '../sfu/measurer.mjs';

const joins = option('--joins') ?? '10000';
const mebibyte = 2 ** 20;

/** @type {{ samples: { joins: number, managedBytes: number, nativeBytes: number, residentBytes: number }[], verified: number, peersLeft: number }} */
const { samples, verified, peersLeft } = measure('soak', joins);

/** Until half of it, the runtime compiles, pools fill and heaps find their size. */
const half = samples[Math.floor((samples.length - 1) / 2)];
const last = samples[samples.length - 1];
const since = last.joins - half.joins;

report(
  'soak',
  { ...conditions(), joins: Number(joins), meetings: 'ten people with a transport each way, everybody receives everybody, then all leave', samples },
  [
    { metric: 'managed_bytes_kept_per_join_in_second_half', value: (last.managedBytes - half.managedBytes) / since, unit: 'B', goal: 20, goalIs: 'most' },
    { metric: 'native_bytes_kept_per_join_in_second_half', value: (last.nativeBytes - half.nativeBytes) / since, unit: 'B', goal: 20, goalIs: 'most' },
    { metric: 'resident_growth_in_second_half', value: (last.residentBytes - half.residentBytes) / mebibyte, unit: 'MiB', goal: 8, goalIs: 'most' },
    { metric: 'peers_paths_and_fragments_left', value: peersLeft, unit: '', goal: 0, goalIs: 'most' },
    { metric: 'joins', value: last.joins, unit: '' },
    { metric: 'managed_at_end', value: last.managedBytes / mebibyte, unit: 'MiB' },
    { metric: 'native_at_end', value: last.nativeBytes / mebibyte, unit: 'MiB' },
    { metric: 'resident_at_end', value: last.residentBytes / mebibyte, unit: 'MiB' },
    { metric: 'packets_verified', value: verified, unit: '' },
  ],
  process.argv,
);
