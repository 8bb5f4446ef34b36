import { describe, expect, it } from 'vitest';
import { textParts } from '../../../../src/core/meetings/links';

const addresses = (text: string): string[] =>
  textParts(text)
    .filter((part) => part.kind === 'address')
    .map((part) => part.text);

describe('addresses in a message', () => {
  it('are_found_as_they_stand_there_and_nothing_of_the_text_is_lost', () => {
    const text = 'Plan : https://plans.example/bloc-b?vue=2#sud, puis (http://10.0.0.4:8080/etat). Merci';
    expect(addresses(text)).toEqual(['https://plans.example/bloc-b?vue=2#sud', 'http://10.0.0.4:8080/etat']);
    expect(
      textParts(text)
        .map((part) => part.text)
        .join(''),
    ).toBe(text);
  });

  it('that_lead_elsewhere_than_they_read_stay_words', () => {
    for (const trap of [
      'javascript:alert(1)',
      'https://bank.example@evil.example/',
      'https://bаnk.example/',
      'https://xn--bnk-7cd.example/',
      'https://sub.xn--bnk-7cd.example/',
      'https://evil.example\\@bank.example/',
      'data:text/html,hello',
      'https://',
      'https://[::1',
      'ftp://files.example/',
    ])
      expect(addresses(`see ${trap} now`)).toEqual([]);
  });
});
