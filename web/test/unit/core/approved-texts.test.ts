import { describe, expect, it } from 'vitest';
import { ApprovedTexts, canonical, fingerprintInWords, fingerprintOf } from '../../../src/core/approved-texts';

describe('a fingerprint', () => {
  const text = { author: 'Léa', draft: { title: { fr: 'Panne', en: null }, toPublic: true } };

  it('is_the_same_for_the_same_words_in_whatever_order_they_come_and_another_for_others', async () => {
    const one = await fingerprintOf(canonical(text));
    expect(one).toMatch(/^[\da-f]{64}$/);
    expect(await fingerprintOf(canonical({ draft: { toPublic: true, title: { en: null, fr: 'Panne' } }, author: 'Léa' }))).toBe(one);
    for (const other of [
      { ...text, author: 'Lea' },
      { ...text, draft: { ...text.draft, toPublic: false } },
      { ...text, draft: { ...text.draft, title: { fr: 'Panne', en: '' } } },
      { ...text, draft: { ...text.draft, title: { fr: null, en: 'Panne' } } },
      [text],
    ])
      expect(await fingerprintOf(canonical(other))).not.toBe(one);
  });

  it('is_read_aloud_in_groups_of_four', () => {
    expect(fingerprintInWords('3f2a91bc77e04d1c'.padEnd(64, '0'))).toBe('3F2A 91BC 77E0 4D1C');
  });
});

describe('what somebody approved', () => {
  it('is_kept_in_this_browser_for_them_alone', () => {
    new ApprovedTexts('claire').keep('b1/2', 'aa');
    new ApprovedTexts('claire').keep('b1/3', 'bb');
    new ApprovedTexts('claire').keep('b1/2', 'cc');
    expect([new ApprovedTexts('claire').of('b1/2'), new ApprovedTexts('claire').of('b1/3')]).toEqual(['cc', 'bb']);
    expect(new ApprovedTexts('hugo').of('b1/2')).toBeUndefined();
    expect(new ApprovedTexts('claire').of('b1/4')).toBeUndefined();
  });

  it('is_bounded_and_begun_anew_where_what_is_kept_is_not_readable', () => {
    const approved = new ApprovedTexts('claire');
    for (let at = 0; at < 201; at++) approved.keep(`b/${at}`, 'aa');
    expect([approved.of('b/0'), approved.of('b/1')]).toEqual([undefined, 'aa']);
    for (const broken of ['{', '3', '[["b/1"],["b/2",4],["b/3","cc"]]']) {
      localStorage.setItem('tocsin-approved-claire', broken);
      expect(approved.of('b/2')).toBeUndefined();
    }
    expect(approved.of('b/3')).toBe('cc');
  });
});
