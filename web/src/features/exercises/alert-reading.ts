import { type AlertFigures, answeredOf, figuresOf } from '../../core/rooms/exercises/alert-figures';
import { api } from '../../core/server';
import type { Board, RecipientRow } from '../../transport/contract/alerts';
import type { ContentLanguage } from '../../transport/contract/content';

const pageSize = 100;
/** Of each standing. An exercise whose players are more than this has its figures, without the times. */
const mostPages = 5;

/** How an alert stands now, and when that is. */
export interface ReadFigures {
  readonly at: string;
  readonly figures: AlertFigures;
}

/** @returns `not-exercise` of an alert that is no exercise, whatever a room says of it: nothing of the real thing is counted as play. @throws The server's refusal. */
export async function readFigures(alert: string, language: ContentLanguage, signal: AbortSignal): Promise<ReadFigures | 'not-exercise'> {
  const board = (await api.get('/api/v1/alerts/{id}/board', { path: { id: alert }, signal })) as Board;
  if (board.alert.mode !== 'exercise') return 'not-exercise';
  const at = new Date().toISOString();
  const rows = answeredOf(board) === 0 ? [] : await answerersOf(alert, signal);
  return { at, figures: figuresOf(board, rows, language) };
}

async function answerersOf(alert: string, signal: AbortSignal): Promise<readonly RecipientRow[] | undefined> {
  const rows: RecipientRow[] = [];
  for (const standing of ['needs-help', 'answered'] as const) {
    let after: string | undefined;
    for (let page = 0; page === 0 || after !== undefined; page++) {
      if (page === mostPages) return undefined;
      const { items, next } = await api.get('/api/v1/alerts/{id}/recipients', {
        path: { id: alert },
        query: { standing, after, limit: pageSize },
        signal,
      });
      rows.push(...items);
      after = next ?? undefined;
    }
  }
  return rows;
}
