import type { Mutable } from '../../core/mutable';
import type { ShiftPattern } from '../../transport/contract/rotas';
import { mondayOf } from './calendar';

/** The usual duty: from Monday 08:00 for a week, one person after the other. */
export function newShift(usedKeys: readonly string[]): Mutable<ShiftPattern> {
  let number = usedKeys.length + 1;
  while (usedKeys.includes(`shift-${number}`)) number += 1;
  const monday = mondayOf(new Date());
  const two = (part: number): string => String(part).padStart(2, '0');
  return {
    key: `shift-${number}`,
    anchor: `${monday.getFullYear()}-${two(monday.getMonth() + 1)}-${two(monday.getDate())}`,
    cadence: 'weekly',
    days: [],
    startsAt: '08:00',
    endsAt: '08:00',
    endsAfterDays: 7,
    periodsPerTurn: 1,
    turns: [],
  };
}
