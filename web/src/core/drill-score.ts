import type { AlertSummary } from '../transport/contract/alerts';

/** What is asked of an alert to score it. */
export type ScoredAlert = Pick<AlertSummary, 'id' | 'raisedAt' | 'recipients' | 'answered'>;

/** One test of the alert: an exercise alert, and how many of those whom it was for have answered. */
export interface DrillScore<Alert extends ScoredAlert = ScoredAlert> {
  readonly alert: Alert;
  /** In percent. */
  readonly score: number;
  /** In points, against the test before; null for the first. */
  readonly change: number | null;
}

/** The latest first. @param alerts Exercise alerts where they do not say what they are. @param without Ids in hexadecimal of alerts that tested something else. */
export function drillScores<Alert extends ScoredAlert & { readonly mode?: AlertSummary['mode'] }>(
  alerts: readonly Alert[],
  without: ReadonlySet<string>,
): readonly DrillScore<Alert>[] {
  const tests = alerts
    .filter(({ id, mode = 'exercise', recipients }) => mode === 'exercise' && recipients > 0 && !without.has(id.replaceAll('-', '')))
    .sort((one, other) => one.raisedAt.localeCompare(other.raisedAt));
  const scores = tests.map(({ answered, recipients }) => Math.round((100 * answered) / recipients));
  return tests
    .map((alert, at) => {
      const [score, before] = [scores[at] ?? 0, scores[at - 1]];
      return { alert, score, change: before === undefined ? null : score - before };
    })
    .reverse();
}
