import { t } from '../../../core/i18n/i18n.svelte';
import type { KnownCrisis } from '../../../core/rooms/crisis/known-crises';
import type { LogStatement } from '../../../core/rooms/log/log-content';
import type { OpenRoom } from '../../../core/rooms/rooms.svelte';
import type { StakeholderContact, StakeholderKind } from '../../../core/rooms/stakeholders/stakeholder-content';
import type { Stakeholder } from '../../../core/rooms/stakeholders/stakeholder-view';
import type { IconName } from '../../../ui/icons/shapes';
import { calledIn } from '../crisis-words';
import { momentInWords, said } from '../reporting/reporting-words';

export const kindIcons = {
  authority: 'shield',
  supplier: 'supply',
  customer: 'group',
  insurer: 'function',
  press: 'radio',
  other: 'person',
} as const satisfies Readonly<Record<StakeholderKind, IconName>>;

const minutesOfAnHour = 60;

/** How often they are contacted: "every 2 h". */
export function contactRhythm(minutes: number | null): string {
  if (minutes === null) return t('stakeholders.rhythm.none');
  if (minutes === minutesOfAnHour) return t('stakeholders.rhythm.hour');
  return minutes % minutesOfAnHour === 0
    ? t('stakeholders.rhythm.hours', { n: minutes / minutesOfAnHour })
    : t('stakeholders.rhythm.minutes', { n: minutes });
}

/** Who of us sees to them: a person, a function, or both. */
export function ownedBy(room: OpenRoom, { owner, function: held }: Pick<Stakeholder, 'owner' | 'function'>): string {
  const who = [...(owner === null ? [] : [calledIn(room, owner)]), ...(held.trim() === '' ? [] : [held])];
  return who.length === 0 ? t('tasks.owner.none') : who.join(' · ');
}

/** A call that was made, a letter that came. */
export function toldOf({ way, direction }: Pick<StakeholderContact, 'way' | 'direction'>): string {
  return t(`stakeholders.told.${way}.${direction}`);
}

/** What a contact says in the log. @param due When the next one is due; null where none is, or where that is not told. */
export function lineOf(crisis: KnownCrisis, name: string, contact: StakeholderContact, due: string | null): LogStatement {
  const { at, who, promised } = contact;
  const told = { told: toldOf(contact), name, said: contact.said };
  const parts = [
    who === '' ? t('stakeholders.line', told) : t('stakeholders.line.who', { ...told, who }),
    ...(promised === '' ? [] : [t('stakeholders.promised', { text: promised })]),
    ...(due === null ? [] : [t('stakeholders.line.next', { time: momentInWords(due) })]),
  ];
  return { ...said(crisis, 'message', parts.join('\n')), at };
}
