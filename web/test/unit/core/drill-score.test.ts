import { describe, expect, it } from 'vitest';
import { drillScores } from '../../../src/core/drill-score';
import type { AlertSummary } from '../../../src/transport/contract/alerts';

const alert = (id: string, raisedAt: string, more: Partial<AlertSummary>): AlertSummary =>
  ({ id, raisedAt, mode: 'exercise', recipients: 200, answered: 100, ...more }) as AlertSummary;

describe('tests of the alert', () => {
  it('are_exercises_that_reached_somebody_each_with_its_score_and_what_changed', () => {
    const alerts = [
      alert('0-c', '2026-11-01T10:00:00Z', { answered: 190 }),
      alert('0-b', '2026-10-01T10:00:00Z', { answered: 151 }),
      alert('0-a', '2026-09-01T10:00:00Z', {}),
      alert('0-d', '2026-10-15T10:00:00Z', { mode: 'real' }),
      alert('0-e', '2026-10-16T10:00:00Z', { recipients: 0, answered: 0 }),
      alert('0-f', '2026-10-17T10:00:00Z', { answered: 0 }),
    ];
    expect(drillScores(alerts, new Set(['0f'])).map(({ alert: { id }, score, change }) => [id, score, change])).toEqual([
      ['0-c', 95, 19],
      ['0-b', 76, 26],
      ['0-a', 50, null],
    ]);
    expect(drillScores([], new Set())).toEqual([]);
  });
});
