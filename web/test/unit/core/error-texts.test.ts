import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { en } from '../../../src/core/i18n/en';
import { roomRefusals as roomRefusalsInEnglish } from '../../../src/core/i18n/en/room-refusals';
import { fr } from '../../../src/core/i18n/fr';
import { roomRefusals as roomRefusalsInFrench } from '../../../src/core/i18n/fr/room-refusals';
import { itemRefusals } from '../../../src/core/rooms/room-log';

const document = readFileSync(resolve(import.meta.dirname, '../../../../docs/protocol/errors.md'), 'utf8');

function section(title: string): string {
  const from = document.indexOf(`## ${title}`);
  expect(from, `the document has the section ${title}`).toBeGreaterThan(0);
  const until = document.indexOf('\n## ', from + 3);
  return document.slice(from, until < 0 ? undefined : until);
}

const listed = (title: string): string[] => [...section(title).matchAll(/^- `([^`]+)`/gm)].map((line) => line[1] ?? '');
const refusals = [...section('Refusals').matchAll(/^\| `([^`]+)` \|/gm)].map((row) => row[1] ?? '');

const dictionaries: Readonly<Record<string, Readonly<Record<string, unknown>>>> = { fr, en };

function without(prefix: string, codes: readonly string[]): string[] {
  return Object.entries(dictionaries).flatMap(([language, texts]) =>
    codes.filter((code) => !(`${prefix}${code}` in texts)).map((code) => `${language}: ${prefix}${code}`),
  );
}

describe('error texts', () => {
  it('every_refusal_of_the_server_has_one_in_both_languages', () => {
    expect(refusals.length).toBeGreaterThan(60);
    expect(without('error.', refusals)).toEqual([]);
  });

  it('every_code_of_a_field_has_one_in_both_languages', () => {
    const codes = listed('Codes of fields');
    expect(codes.length).toBeGreaterThan(50);
    expect(without('error.', codes)).toEqual([]);
  });

  it('every_reason_why_a_delivery_failed_has_one_in_both_languages', () => {
    const codes = listed('Why a delivery failed');
    expect(codes.length).toBeGreaterThan(10);
    expect(without('failure.', codes)).toEqual([]);
  });

  it('every_reason_why_an_entry_of_a_room_does_not_count_has_words_in_both_languages_and_nothing_else_has', () => {
    const keys = itemRefusals.map((code) => `rooms.refusal.${code}`).sort();
    for (const texts of [roomRefusalsInFrench, roomRefusalsInEnglish]) {
      expect(Object.keys(texts).sort()).toEqual(keys);
      // What happened, and what to do.
      for (const text of Object.values(texts)) expect(text).toMatch(/^[^.]+\. [^.]+\.$/);
    }
  });
});
