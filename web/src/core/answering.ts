import type { Handed } from './outbox';
import { handOver } from './outgoing';

/** My answer to an alert. Kept and sent later where there is no link: saying "I need help" must never fail on the screen. */
export function answerAlert(alertId: string, choice: string, comment?: string): Promise<Handed> {
  return handOver('outbox.answer', '/api/v1/me/alerts/{id}/answers', {
    path: { id: alertId },
    // When it was given, not when it could leave.
    body: { choice, at: new Date().toISOString(), ...(comment ? { comment } : {}) },
  });
}
