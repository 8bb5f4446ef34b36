import { loadavg } from 'node:os';
import { measureWith, option } from '../measurer.mjs';
import { report } from '../report.mjs';

const measurer = 'bench/import/bin/Release/net10.0/Tocsin.Bench.Import';
const people = Number(option('--people') ?? 100_000);
const runs = (option('--only') ?? 'sqlite,postgresql').split(',');
const program = option('--program') ?? 'artifacts/tocsin/tocsin';

/** @param {string} run @returns {Record<string, number>} */
function measure(run) {
  return measureWith(measurer, [run, String(people), program]);
}

/** @param {string} run @param {Record<string, number>} m @returns {import('../report.mjs').Result[]} */
function figures(run, m) {
  return [
    { metric: `${run}_preview_and_apply`, value: (m.preview + m.apply) / 1000, unit: 's', goal: 20, goalIs: 'most' },
    { metric: `${run}_preview`, value: m.preview / 1000, unit: 's' },
    { metric: `${run}_apply`, value: m.apply / 1000, unit: 's' },
    { metric: `${run}_preview_where_all_change`, value: m.previewChanged / 1000, unit: 's' },
    { metric: `${run}_apply_where_all_change`, value: m.applyAlone / 1000, unit: 's' },
    { metric: `${run}_alerts_raised_meanwhile`, value: m.alertsMeanwhile, unit: '' },
    { metric: `${run}_slowest_alert_accepted_after`, value: m.alertSlowest, unit: 'ms', goal: 1000, goalIs: 'most' },
    { metric: `${run}_server_processor_time`, value: m.processorSeconds, unit: 's' },
    { metric: `${run}_memory_before`, value: m.memoryBefore, unit: 'MiB' },
    { metric: `${run}_memory_peak`, value: m.memoryPeak, unit: 'MiB' },
    { metric: `${run}_search_median`, value: m.searchMedian, unit: 'ms' },
    { metric: `${run}_search_95_percent`, value: m.search95, unit: 'ms', goal: 100, goalIs: 'most' },
    { metric: `${run}_search_slowest`, value: m.searchSlowest, unit: 'ms' },
  ];
}

const settings = { people, file: 'name, two contact points, site, two groups, job and number each', alerts: 'four, each to one person: during the preview, and 1, 4 and 8 s after applying began', loadBefore: loadavg()[0] };
report(
  'import',
  settings,
  runs.flatMap((run) => figures(run, measure(run))),
  process.argv,
);
