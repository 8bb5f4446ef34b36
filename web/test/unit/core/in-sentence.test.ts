import { expect, it } from 'vitest';
import { inSentence } from '../../../src/core/i18n/in-sentence';

it('a_label_begins_small_within_a_sentence_and_an_abbreviation_stays', () => {
  expect(['Application', 'Courriel', 'SMS', 'Écran'].map(inSentence)).toEqual(['application', 'courriel', 'SMS', 'écran']);
});
