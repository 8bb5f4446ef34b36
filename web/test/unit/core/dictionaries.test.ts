import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { en } from '../../../src/core/i18n/en';
import { attendance as attendanceInEnglish } from '../../../src/core/i18n/en/attendance';
import { bulletins as bulletinsInEnglish } from '../../../src/core/i18n/en/bulletins';
import { crises as crisesInEnglish } from '../../../src/core/i18n/en/crises';
import { crisisRecord as crisisRecordInEnglish } from '../../../src/core/i18n/en/crisis-record';
import { exercises as exercisesInEnglish } from '../../../src/core/i18n/en/exercises';
import { meetings as meetingsInEnglish } from '../../../src/core/i18n/en/meetings';
import { plans as plansInEnglish } from '../../../src/core/i18n/en/plans';
import { readiness as readinessInEnglish } from '../../../src/core/i18n/en/readiness';
import { reporting as reportingInEnglish } from '../../../src/core/i18n/en/reporting';
import { roomFiles as roomFilesInEnglish } from '../../../src/core/i18n/en/room-files';
import { roomGroups as roomGroupsInEnglish } from '../../../src/core/i18n/en/room-groups';
import { roomRefusals as roomRefusalsInEnglish } from '../../../src/core/i18n/en/room-refusals';
import { roomSettings as roomSettingsInEnglish } from '../../../src/core/i18n/en/room-settings';
import { rooms as roomsInEnglish } from '../../../src/core/i18n/en/rooms';
import { sharedBoard as sharedBoardInEnglish } from '../../../src/core/i18n/en/shared-board';
import { situation as situationInEnglish } from '../../../src/core/i18n/en/situation';
import { stakeholders as stakeholdersInEnglish } from '../../../src/core/i18n/en/stakeholders';
import { trainings as trainingsInEnglish } from '../../../src/core/i18n/en/trainings';
import { fr } from '../../../src/core/i18n/fr';
import { attendance as attendanceInFrench } from '../../../src/core/i18n/fr/attendance';
import { bulletins as bulletinsInFrench } from '../../../src/core/i18n/fr/bulletins';
import { crises as crisesInFrench } from '../../../src/core/i18n/fr/crises';
import { crisisRecord as crisisRecordInFrench } from '../../../src/core/i18n/fr/crisis-record';
import { exercises as exercisesInFrench } from '../../../src/core/i18n/fr/exercises';
import { meetings as meetingsInFrench } from '../../../src/core/i18n/fr/meetings';
import { plans as plansInFrench } from '../../../src/core/i18n/fr/plans';
import { readiness as readinessInFrench } from '../../../src/core/i18n/fr/readiness';
import { reporting as reportingInFrench } from '../../../src/core/i18n/fr/reporting';
import { roomFiles as roomFilesInFrench } from '../../../src/core/i18n/fr/room-files';
import { roomGroups as roomGroupsInFrench } from '../../../src/core/i18n/fr/room-groups';
import { roomRefusals as roomRefusalsInFrench } from '../../../src/core/i18n/fr/room-refusals';
import { roomSettings as roomSettingsInFrench } from '../../../src/core/i18n/fr/room-settings';
import { rooms as roomsInFrench } from '../../../src/core/i18n/fr/rooms';
import { sharedBoard as sharedBoardInFrench } from '../../../src/core/i18n/fr/shared-board';
import { situation as situationInFrench } from '../../../src/core/i18n/fr/situation';
import { stakeholders as stakeholdersInFrench } from '../../../src/core/i18n/fr/stakeholders';
import { trainings as trainingsInFrench } from '../../../src/core/i18n/fr/trainings';
import type { Message } from '../../../src/core/i18n/message';

const source = resolve(import.meta.dirname, '../../../src');
const dictionaries = resolve(source, 'core/i18n');

const french: Readonly<Record<string, Message>> = {
  ...fr,
  ...attendanceInFrench,
  ...bulletinsInFrench,
  ...crisesInFrench,
  ...crisisRecordInFrench,
  ...exercisesInFrench,
  ...meetingsInFrench,
  ...plansInFrench,
  ...readinessInFrench,
  ...reportingInFrench,
  ...sharedBoardInFrench,
  ...situationInFrench,
  ...stakeholdersInFrench,
  ...trainingsInFrench,
  ...roomsInFrench,
  ...roomFilesInFrench,
  ...roomGroupsInFrench,
  ...roomRefusalsInFrench,
  ...roomSettingsInFrench,
};
const english: Readonly<Record<string, Message>> = {
  ...en,
  ...attendanceInEnglish,
  ...bulletinsInEnglish,
  ...crisesInEnglish,
  ...crisisRecordInEnglish,
  ...exercisesInEnglish,
  ...meetingsInEnglish,
  ...plansInEnglish,
  ...readinessInEnglish,
  ...reportingInEnglish,
  ...sharedBoardInEnglish,
  ...situationInEnglish,
  ...stakeholdersInEnglish,
  ...trainingsInEnglish,
  ...roomsInEnglish,
  ...roomFilesInEnglish,
  ...roomGroupsInEnglish,
  ...roomRefusalsInEnglish,
  ...roomSettingsInEnglish,
};

function wordings(message: Message | undefined): string[] {
  if (message === undefined) return [];
  return typeof message === 'string' ? [message] : [message.one, message.other];
}

function places(message: Message | undefined): string[] {
  const named = wordings(message).flatMap((text) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? ''));
  return [...new Set(named)].sort();
}

const sources = readdirSync(source, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.(ts|svelte)$/.test(entry.name))
  .map((entry) => join(entry.parentPath, entry.name))
  .filter((file) => !file.startsWith(join(dictionaries, 'fr')) && !file.startsWith(join(dictionaries, 'en')))
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n');

describe('dictionaries', () => {
  it('french_and_english_have_the_same_keys', () => {
    expect(Object.keys(english).sort()).toEqual(Object.keys(french).sort());
  });

  it('no_text_is_empty', () => {
    const empty = Object.keys(french).filter((key) => [...wordings(french[key]), ...wordings(english[key])].some((text) => text.trim() === ''));
    expect(empty).toEqual([]);
  });

  it('both_languages_fill_the_same_places', () => {
    const different = Object.keys(french).filter((key) => places(french[key]).join() !== places(english[key]).join());
    expect(different).toEqual([]);
  });

  it('every_key_is_used', () => {
    // A key is written whole between quotes, or its beginning in a template: `error.${code}`.
    const beginnings = [...sources.matchAll(/`([\w-]+(?:\.[\w-]+)*\.)\$\{/g)].map((match) => match[1] ?? '');
    const unused = Object.keys(french).filter((key) => !sources.includes(`'${key}'`) && !beginnings.some((beginning) => key.startsWith(beginning)));
    expect(unused).toEqual([]);
  });

  it('french_texts_have_a_space_before_double_punctuation', () => {
    const wrong = Object.entries(french).filter(([, message]) => wordings(message).some((text) => /[^\s«][;!?»]|[^\s\d][:](?!\d)/u.test(text)));
    expect(wrong.map(([key]) => key)).toEqual([]);
  });

  it('french_texts_use_their_own_quotation_marks', () => {
    const wrong = Object.entries(french).filter(([, message]) => wordings(message).some((text) => /["“”]/.test(text)));
    expect(wrong.map(([key]) => key)).toEqual([]);
  });

  it('a_counted_text_is_counted_by_the_number_whose_words_change', () => {
    // "1 réponses sur 300 personnes" was counted by the people, although its first word went with the answers.
    const wrong = Object.keys(french).filter((key) =>
      [french[key], english[key]].some(
        (message) => typeof message === 'object' && message.one !== message.other && /\{(\w+)\}/.exec(message.other)?.[1] !== 'n',
      ),
    );
    expect(wrong).toEqual([]);
  });

  it('no_text_speaks_of_our_code', () => {
    const jargon = /\b(HTTP|JSON|payload|endpoint|null|undefined|cookie|UUID|timeout|token CSRF)\b/i;
    const wrong = Object.keys(french).filter((key) => [...wordings(french[key]), ...wordings(english[key])].some((text) => jargon.test(text)));
    expect(wrong).toEqual([]);
  });
});
