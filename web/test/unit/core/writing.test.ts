import { describe, expect, it } from 'vitest';
import { durationMinutes, formatDuration, parseDuration } from '../../../src/core/duration';
import { fillTemplate, parseTemplate } from '../../../src/core/message-template';
import { foldForSearch } from '../../../src/core/search-fold';

describe('durations (ISO 8601)', () => {
  it.each([
    ['PT5M', 300],
    ['PT4H', 14_400],
    ['P1DT30M', 88_200],
    ['PT0S', 0],
    ['PT1H30M5S', 5_405],
  ])('%s is %d seconds', (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds);
  });

  it.each(['', 'P', 'PT', '5M', 'P1M', 'PT5X'])('%s is none', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  it('what_is_written_reads_the_same', () => {
    for (const seconds of [0, 1, 60, 3_600, 5_405, 86_400]) expect(parseDuration(formatDuration(seconds))).toBe(seconds);
    expect(durationMinutes('PT2H')).toBe(120);
  });
});

describe('message templates', () => {
  it('variables_are_filled_in', () => {
    expect(fillTemplate('Évacuez {building} à {time}.', (name) => ({ building: 'C', time: '14:30' })[name] ?? '')).toBe('Évacuez C à 14:30.');
  });

  it('a_doubled_brace_is_a_brace', () => {
    expect(fillTemplate('{{a}} {a}', () => 'x')).toBe('{a} x');
  });

  it('a_brace_in_a_value_opens_nothing', () => {
    expect(fillTemplate('{a}', () => '{b}')).toBe('{b}');
  });

  it.each(['{', '}', 'a { b', '{A}', '{1}', '{}'])('%s can not be read', (text) => {
    expect(parseTemplate(text)).toBeUndefined();
  });
});

describe('searching', () => {
  it('ignores_case_and_accents', () => {
    expect(foldForSearch('Élodie BŒUF')).toBe('elodie boeuf');
  });
});
