import { describe, expect, it } from 'vitest';
import { describePhone } from '../../../src/core/phone';

const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

describe('phone numbers', () => {
  it('a_french_number_is_read_in_pairs', () => {
    expect(plain(describePhone('+33639980004'))).toBe('+33 6 39 98 00 04');
  });

  it('another_plan_in_threes', () => {
    expect(plain(describePhone('+441632960001'))).toBe('+44 163 296 000 1');
  });

  it('never_breaks_over_two_lines', () => {
    expect(describePhone('+33639980004')).not.toContain(' ');
  });

  it('what_is_no_number_stays_as_it_is', () => {
    for (const text of ['', 'a.lefevre@valclair.example', '06 12 34 56 78', 'demonstration']) expect(describePhone(text)).toBe(text);
  });
});
