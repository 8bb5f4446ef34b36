import type { DutyAssignment, DutyInterval } from '../../transport/contract/rotas';

/** One day of the calendar, by the clock of the one who looks. */
export interface CalendarDay {
  readonly start: Date;
  readonly end: Date;
  readonly duties: readonly DutyAssignment[];
  readonly gaps: readonly DutyInterval[];
}

/** Monday of the week that holds the day. */
export function mondayOf(day: Date): Date {
  const start = new Date(day.getFullYear(), day.getMonth(), day.getDate());
  start.setDate(start.getDate() - ((start.getDay() + 6) % 7));
  return start;
}

/** Days are stepped by the calendar, not by 24 hours: two days of the year are an hour shorter or longer. */
export function addDays(day: Date, days: number): Date {
  const moved = new Date(day);
  moved.setDate(moved.getDate() + days);
  return moved;
}

export function daysOf(from: Date, count: number, duties: readonly DutyAssignment[], gaps: readonly DutyInterval[]): CalendarDay[] {
  return Array.from({ length: count }, (_, index) => {
    const start = addDays(from, index);
    const end = addDays(from, index + 1);
    return { start, end, duties: duties.filter((duty) => overlaps(duty, start, end)), gaps: gaps.filter((gap) => overlaps(gap, start, end)) };
  });
}

function overlaps(interval: DutyInterval, start: Date, end: Date): boolean {
  return new Date(interval.from) < end && new Date(interval.until) > start;
}
