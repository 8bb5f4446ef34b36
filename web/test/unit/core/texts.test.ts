import { describe, expect, it } from 'vitest';
import { preferredLanguage } from '../../../src/core/i18n/i18n.svelte';
import { composeMessage } from '../../../src/core/i18n/message';
import { describeExactly, describeTime } from '../../../src/core/i18n/time';
import { keepSigns, typeset } from '../../../src/core/i18n/typography';

describe('messages', () => {
  it('french_counts_zero_as_one', () => {
    const message = { one: '{n} personne', other: '{n} personnes' };
    expect(composeMessage(message, 'fr', { n: 0 })).toBe('0 personne');
    expect(composeMessage(message, 'fr', { n: 2 })).toBe('2 personnes');
  });

  it('english_counts_zero_as_many', () => {
    expect(composeMessage({ one: '{n} person', other: '{n} people' }, 'en', { n: 0 })).toBe('0 people');
  });

  it('numbers_are_written_as_the_language_writes_them', () => {
    expect(composeMessage('{n} envois', 'fr', { n: 12345 })).toBe('12\u202f345 envois');
    expect(composeMessage('{n} sent', 'en', { n: 12345 })).toBe('12,345 sent');
  });

  it('a_place_without_its_value_stays_visible', () => {
    expect(composeMessage('Bonjour {name}', 'fr')).toBe('Bonjour {name}');
  });

  it('a_value_that_looks_like_a_place_is_not_filled_again', () => {
    expect(composeMessage('{a} {b}', 'en', { a: '{b}', b: 'x' })).toBe('{b} x');
  });
});

describe('catalogues', () => {
  const files = import.meta.glob<Record<string, Record<string, unknown>>>('../../../src/core/i18n/{fr,en}/*.ts', { eager: true });

  // Whichever file is spread last would win, and the other text would never be seen.
  it.each(['fr', 'en'])('no_text_stands_in_two_files_in_%s', (language) => {
    const parts = Object.entries(files).filter(([path]) => path.includes(`/i18n/${language}/`) && !path.endsWith('/index.ts'));
    const keys = parts.flatMap(([, part]) => Object.values(part).flatMap((texts) => Object.keys(texts)));
    expect(keys.length).toBeGreaterThan(500);
    expect(keys.filter((key, place) => keys.indexOf(key) !== place)).toEqual([]);
  });
});

describe('typography', () => {
  it('french_double_punctuation_never_begins_a_line', () => {
    expect(typeset('Prêt ? Oui ; « bien » : 5 %', 'fr')).toBe('Prêt\u202f? Oui\u202f; «\u00a0bien\u00a0»\u00a0: 5\u00a0%');
  });

  it('english_keeps_its_spaces', () => {
    expect(typeset("Ready? It's 5 %", 'en')).toBe('Ready? It’s 5 %');
  });

  it('no_line_of_what_people_wrote_begins_with_a_sign', () => {
    expect(keepSigns("Incendie au bâtiment C : évacuez ! « Tous », it's 5 %")).toBe(
      "Incendie au bâtiment C\u00a0: évacuez\u202f! «\u00a0Tous\u00a0», it's 5 %",
    );
  });
});

describe('times', () => {
  const now = new Date(2026, 10, 21, 14, 30, 20);
  const before = (minutes: number): Date => new Date(now.getTime() - minutes * 60_000);

  it('under_a_minute_is_just_now', () => {
    expect(describeTime(before(0.5), now, 'en')).toBe('just now');
    expect(describeTime(before(0.5), now, 'fr')).toBe('à l’instant');
    // The page's clock stands still between two minutes: an alert raised in that minute is not in the future.
    expect(describeTime(before(-0.9), now, 'fr')).toBe('à l’instant');
  });

  it('under_an_hour_is_relative', () => {
    expect(describeTime(before(59), now, 'fr')).toBe('il y a 59\u00a0min');
    expect(describeTime(before(12), now, 'en')).toBe('12\u00a0min ago');
    expect(describeTime(before(-12), now, 'en')).toBe('in 12\u00a0min');
  });

  it('from_an_hour_on_is_the_clock_on_24_hours', () => {
    expect(describeTime(before(60), now, 'en')).toBe('13:30');
    expect(describeTime(before(14 * 60), now, 'fr')).toBe('00:30');
  });

  it('another_day_says_which', () => {
    expect(describeTime(new Date(2026, 10, 19, 23, 5), now, 'fr')).toBe('19 nov. 23:05');
    expect(describeTime(new Date(2025, 0, 2, 3, 4), now, 'en')).toBe('2 Jan 2025 03:04');
  });

  it('the_exact_time_has_seconds_and_its_zone', () => {
    expect(describeExactly(now, 'fr')).toMatch(/21\/11\/2026.*14:30:20/);
  });
});

describe('language', () => {
  it('is_the_first_of_the_browser_that_we_speak', () => {
    expect(preferredLanguage(['de-CH', 'en-US', 'fr'])).toBe('en');
    expect(preferredLanguage(['fr-BE'])).toBe('fr');
  });

  it('is_french_where_the_browser_speaks_neither', () => {
    expect(preferredLanguage(['pl', 'de'])).toBe('fr');
  });
});
