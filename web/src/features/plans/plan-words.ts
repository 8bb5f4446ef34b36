import { language, t } from '../../core/i18n/i18n.svelte';
import type { DocumentVersion, Plan } from '../../core/rooms/plans/plan-content';
import type { KeptCard, KeptPlan, PlanLibrary } from '../../core/rooms/plans/plan-view';
import type { OpenRoom } from '../../core/rooms/rooms.svelte';
import { nameIn } from '../common/rooms/room-names';

/** A day of the calendar, in words: 22 novembre 2027. */
export function dayInWords(day: string): string {
  return new Intl.DateTimeFormat(language() === 'fr' ? 'fr-FR' : 'en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(
    new Date(`${day}T00:00:00Z`),
  );
}

/** Today, and a year from now, as plans write days. @param now Unix milliseconds. */
export function inAYear(now: number): string {
  const day = new Date(now);
  // The 29th of February has no anniversary: the 28th is none too early.
  return new Date(Date.UTC(day.getUTCFullYear() + 1, day.getUTCMonth(), Math.min(day.getUTCDate(), 28))).toISOString().slice(0, 10);
}

export function ownerName(room: OpenRoom, owner: string | null): string {
  return owner === null ? t('plans.owner.none') : nameIn(room.view, owner);
}

/** After how long a first task is due. */
export function delayInWords(minutes: number | null): string {
  if (minutes === null) return t('plans.due.none');
  if (minutes === 0) return t('plans.due.now');
  return minutes % 60 === 0 ? t('plans.due.hours', { n: minutes / 60 }) : t('plans.due.minutes', { n: minutes });
}

export function documentIn(
  library: PlanLibrary,
  id: string,
): { readonly kind: 'card'; readonly kept: KeptCard } | { readonly kind: 'plan'; readonly kept: KeptPlan } | undefined {
  const card = library.cards.find((one) => one.id === id);
  if (card !== undefined) return { kind: 'card', kept: card };
  const plan = library.plans.find((one) => one.id === id);
  return plan === undefined ? undefined : { kind: 'plan', kept: plan };
}

/** All that a version says, line by line: what two versions are compared by. */
export function linesOfVersion(what: DocumentVersion | Plan, room: OpenRoom): readonly string[] {
  const about = [
    what.title,
    `${t('plans.owner')} · ${ownerName(room, what.owner)}`,
    `${t('plans.validUntil')} · ${what.validUntil === null ? t('plans.undated') : dayInWords(what.validUntil)}`,
    ...(what.retired ? [t('plans.retired')] : []),
    '',
    ...what.text.split('\n'),
  ];
  if (!('cells' in what)) return about;
  const titleOf = (id: string): string => room.library.cards.find((card) => card.id === id)?.latest.what.title ?? id;
  return [
    ...about,
    ...what.cells.flatMap((cell) => [
      '',
      `${t('plans.cell')} · ${cell.name} (${t(`crisis.cell.${cell.kind}`)})`,
      `${t('plans.functions')} · ${cell.functions.join(', ') || '–'}`,
      ...cell.tasks.map((task) => `${delayInWords(task.minutes)}${task.urgent ? ` · ${t('tasks.urgent')}` : ''} · ${task.title}`),
      ...cell.cards.map((id) => `${t('plans.kind.card')} · ${titleOf(id)}`),
    ]),
    '',
    `${t('plans.scenario')} · ${what.scenario?.name ?? '–'}`,
    '',
    t('plans.report'),
    ...what.report.split('\n'),
  ];
}
