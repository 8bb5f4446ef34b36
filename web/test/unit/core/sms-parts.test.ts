import { describe, expect, it } from 'vitest';
import { measureSms, plainLetters } from '../../../src/core/sms-parts';

describe('sms parts (3GPP TS 23.038)', () => {
  it('é_è_à_ù_stay_in_the_default_alphabet', () => {
    expect(measureSms('Éteignez là où c est prévu')).toMatchObject({ encoding: 'gsm-7', parts: 1, costly: [] });
  });

  it('ê_ç_and_œ_force_16_bit_characters_and_are_named', () => {
    expect(measureSms('Arrêt, français, œuvre, arrêt')).toMatchObject({ encoding: 'ucs-2', costly: ['ê', 'ç', 'œ'] });
  });

  it('characters_of_the_extension_table_count_double', () => {
    expect(measureSms('10 €').units).toBe(5);
    expect(measureSms('{}[]').units).toBe(8);
  });

  it('160_characters_are_one_part_and_161_are_two', () => {
    expect(measureSms('a'.repeat(160)).parts).toBe(1);
    expect(measureSms('a'.repeat(161)).parts).toBe(2);
    expect(measureSms('a'.repeat(306)).parts).toBe(2);
    expect(measureSms('a'.repeat(307)).parts).toBe(3);
  });

  it('70_and_67_in_16_bit_characters', () => {
    expect(measureSms('ê'.repeat(70)).parts).toBe(1);
    expect(measureSms('ê'.repeat(71)).parts).toBe(2);
    expect(measureSms('ê'.repeat(135)).parts).toBe(3);
  });

  it('an_escaped_character_is_not_cut_between_two_parts', () => {
    // 152 letters leave one septet of the first part: the euro sign needs two.
    expect(measureSms('a'.repeat(152) + '€' + 'a'.repeat(152)).parts).toBe(3);
  });

  it('a_character_beyond_the_basic_plane_takes_two_units', () => {
    expect(measureSms('🔥')).toMatchObject({ encoding: 'ucs-2', units: 2 });
  });

  it('plain_letters_bring_a_text_back_to_the_default_alphabet', () => {
    const plain = plainLetters('Arrêt immédiat : l’œuvre « brûle »… ça va');
    expect(plain).toBe('Arret immédiat : l\'oeuvre "brule"... ca va');
    expect(measureSms(plain).encoding).toBe('gsm-7');
  });

  it('what_has_no_plain_letter_stays', () => {
    expect(plainLetters('火')).toBe('火');
  });
});
