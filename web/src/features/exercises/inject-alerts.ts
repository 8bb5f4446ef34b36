import { may } from '../../core/access';
import { personOfHex } from '../../core/devices/account-bytes';
import type { ExerciseRun } from '../../core/rooms/exercises/exercises-view';
import type { Inject } from '../../core/rooms/exercises/script-content';
import type { OpenRoom } from '../../core/rooms/rooms.svelte';
import { api } from '../../core/server';
import { channelOf, choicesOf } from './inject-answers';

export function mayRaiseInjects(): boolean {
  return may('alerts.raise');
}

/** Injects of a run that are to leave as alerts and have not, of those that the players have. */
export function injectsToRaise(run: ExerciseRun, players: OpenRoom | undefined): readonly Inject[] {
  if (!run.channels || players === undefined || !mayRaiseInjects()) return [];
  return run.script.injects.filter(
    ({ id, kind }) =>
      channelOf(kind) !== undefined && !run.alerts.has(id) && players.exercises.received.some((one) => one.run === run.id && one.inject === id),
  );
}

/**
 * An inject as an alert in exercise mode, through the channel that it would come by. The key is the inject's of this run: however often it is tried, and by whom, the same alert is raised once.
 * @returns The alert's id; throws the server's refusal.
 */
export async function raiseInject(run: ExerciseRun, inject: Inject, players: OpenRoom, animators: OpenRoom): Promise<string> {
  const channel = channelOf(inject.kind) ?? 'email';
  const { language } = run.script;
  const none = { everyone: false, people: [], groups: [], sites: [], functions: [], onDuty: [], lists: [] };
  const people = players.members.map(({ id }) => id).filter((id) => !animators.members.some((one) => one.id === id));
  const raised = await api.send('POST', '/api/v1/alerts', {
    body: {
      mode: 'exercise',
      severity: 'info',
      title: { [language]: inject.title },
      body: { [language]: [inject.from, inject.text].filter(Boolean).join(' : ') || inject.title },
      audience: { include: { ...none, people }, exclude: none },
      plan: {
        steps: [{ channels: [channel], after: 'PT0S', condition: 'always', contactPoints: 'all' }],
        followPreferences: false,
        expiry: 'PT1H',
      },
      answers: choicesOf(inject.answers),
      escalation: [],
    },
    idempotencyKey: personOfHex(inject.id.slice(0, 16) + run.id.slice(0, 16)),
  });
  return raised.id;
}
