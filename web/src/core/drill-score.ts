import type { AlertSummary } from '../transport/contract/alerts';

/** One test of the alert: an exercise alert, and how many of those whom it was for have answered. */
export interface DrillScore {
  readonly alert: AlertSummary;
  /** In percent. */
  readonly score: number;
  /** In points, against the test before; null for the first. */
  readonly change: number | null;
}

/** The latest first. @param without Ids in hexadecimal of alerts that tested something else. */
export function drillScores(alerts: readonly AlertSummary[], without: ReadonlySet<string>): readonly DrillScore[] {
  const tests = alerts
    .filter(({ id, mode, recipients }) => mode === 'exercise' && recipients > 0 && !without.has(id.replaceAll('-', '')))
    .sort((one, other) => one.raisedAt.localeCompare(other.raisedAt));
  const scores = tests.map(({ answered, recipients }) => Math.round((100 * answered) / recipients));
  return tests
    .map((alert, at) => {
      const [score, before] = [scores[at] ?? 0, scores[at - 1]];
      return { alert, score, change: before === undefined ? null : score - before };
    })
    .reverse();
}
