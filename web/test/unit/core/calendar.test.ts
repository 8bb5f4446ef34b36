import { describe, expect, it } from 'vitest';
import { addDays, daysOf, mondayOf } from '../../../src/features/rotas/calendar';

describe('rota calendar', () => {
  it('a_week_begins_on_monday', () => {
    expect(mondayOf(new Date(2026, 10, 22, 15)).getDate()).toBe(16);
    expect(mondayOf(new Date(2026, 10, 16)).getDate()).toBe(16);
  });

  it('a_duty_over_midnight_shows_on_both_days', () => {
    const night = {
      from: new Date(2026, 10, 16, 20).toISOString(),
      until: new Date(2026, 10, 17, 8).toISOString(),
      person: 'p',
      shiftKey: null,
      replaces: null,
    };
    const days = daysOf(new Date(2026, 10, 16), 3, [night], []);
    expect(days.map((day) => day.duties.length)).toEqual([1, 1, 0]);
  });

  it('a_duty_that_ends_at_midnight_does_not_show_on_the_next_day', () => {
    const evening = {
      from: new Date(2026, 10, 16, 20).toISOString(),
      until: new Date(2026, 10, 17).toISOString(),
      person: 'p',
      shiftKey: null,
      replaces: null,
    };
    expect(daysOf(new Date(2026, 10, 16), 2, [evening], []).map((day) => day.duties.length)).toEqual([1, 0]);
  });

  it('every_day_begins_at_midnight_whatever_the_clocks_do', () => {
    const days = daysOf(mondayOf(new Date(2026, 9, 19)), 14, [], []);
    expect(days.every((day) => day.start.getHours() === 0)).toBe(true);
    expect(addDays(new Date(2026, 9, 24), 1).getHours()).toBe(0);
  });
});
