import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { routes } from '../../../src/app/routing/routes';
import { help as english } from '../../../src/core/help/en';
import { help as french } from '../../../src/core/help/fr';
import { searchHelp } from '../../../src/core/help/help-texts';
import { helpTopics, seeAlso, type HelpText, type HelpTexts } from '../../../src/core/help/topics';

/** Short enough to be read at once by somebody who was woken: characters of one sentence or step. */
const [longestTitle, longestPurpose, longestStep, longestMore] = [48, 130, 130, 220];

const languages = { french, english };
const everyText = (text: HelpText): readonly string[] => [text.title, text.purpose, ...text.steps, ...text.heed, ...(text.more ?? [])];

/** What the pages of a language say, each text by itself. */
function labels(language: 'fr' | 'en'): ReadonlySet<string> {
  const folder = resolve(import.meta.dirname, '../../../src/core/i18n', language);
  const texts = readdirSync(folder).flatMap((file) =>
    [...readFileSync(join(folder, file), 'utf8').matchAll(/: *'((?:[^'\\]|\\.)*)'|: *\n *'((?:[^'\\]|\\.)*)'/g)].map(
      (match) => match[1] ?? match[2] ?? '',
    ),
  );
  return new Set(texts);
}

describe('help', () => {
  it('every_page_has_a_topic_and_every_topic_is_listed_once', () => {
    expect(routes.filter(({ help }) => !helpTopics.includes(help)).map(({ pattern }) => pattern)).toEqual([]);
    expect(new Set(helpTopics).size).toBe(helpTopics.length);
  });

  it('both_languages_explain_the_same', () => {
    const shape = (texts: HelpTexts): unknown =>
      Object.fromEntries(
        Object.entries(texts)
          .sort(([a], [b]) => a.localeCompare(b))
          .map(([topic, text]) => [topic, [text.steps.length, text.heed.length, text.more?.length ?? 0]]),
      );
    expect(shape(english)).toEqual(shape(french));
    expect(Object.keys(french).sort()).toEqual([...helpTopics].sort());
  });

  it.each(Object.entries(languages))('is_short_in_%s', (_, texts) => {
    const long = Object.entries(texts).flatMap(([topic, text]) => [
      ...(text.title.length > longestTitle ? [`${topic} title`] : []),
      ...(text.purpose.length > longestPurpose ? [`${topic} purpose`] : []),
      ...[...text.steps, ...text.heed].filter((one) => one.length > longestStep),
      ...(text.more ?? []).filter((one) => one.length > longestMore),
      ...(text.steps.length < 2 || text.steps.length > 4 ? [`${topic} steps`] : []),
      ...(text.heed.length < 1 || text.heed.length > 2 ? [`${topic} heed`] : []),
      ...(everyText(text).some((one) => one.trim() === '') ? [`${topic} is empty somewhere`] : []),
    ]);
    expect(long).toEqual([]);
  });

  it('every_label_that_it_names_stands_on_a_page', () => {
    const quoted = (texts: HelpTexts, quotes: RegExp): string[] =>
      Object.values(texts)
        .flatMap(everyText)
        .flatMap((text) => [...text.matchAll(quotes)].map((match) => match[1] ?? ''));
    // A command that is typed elsewhere is no label.
    const commands = new Set(['tocsin verify']);
    const inFrench = labels('fr');
    const inEnglish = labels('en');
    expect(inFrench.size).toBeGreaterThan(1500);
    expect(quoted(french, /« ([^»]+) »/g).filter((label) => !inFrench.has(label) && !commands.has(label))).toEqual([]);
    expect(quoted(english, /“([^”]+)”/g).filter((label) => !inEnglish.has(label) && !commands.has(label))).toEqual([]);
  });

  it('speaks_the_words_of_the_field', () => {
    const elsewhere = {
      french:
        /\b(inject|injects|playbook|timeline|sitrep|logbook|log|roster|reporting|feedback|debriefing|newsletter|check-?list|cockpit|livraison|war room)\b/i,
      english: /\b(logbook|sitrep|roster|on-call|playbooks|incident room|war room|newsletter|debriefing|stimulus|post-?mortem)\b/i,
    };
    const wrong = (['french', 'english'] as const).flatMap((name) =>
      Object.values(languages[name])
        .flatMap(everyText)
        .filter((text) => elsewhere[name].test(text)),
    );
    expect(wrong).toEqual([]);
  });

  it('is_typed_as_french_is_printed', () => {
    const wrong = Object.values(french)
      .flatMap(everyText)
      .filter((text) => /[^\s«][;!?»]|[^\s\d][:](?!\d)|["“”]|\w'\w/u.test(text));
    expect(wrong).toEqual([]);
  });

  it('leads_on_to_other_topics_only', () => {
    const wrong = Object.entries(seeAlso).filter(
      ([topic, others]) => others.some((other) => other === topic) || new Set(others).size !== others.length,
    );
    expect(wrong).toEqual([]);
  });

  it('finds_a_topic_by_any_of_its_words_whatever_its_accents', () => {
    expect(searchHelp(french, 'relève')[0]).toBe('hand-over');
    expect(searchHelp(french, 'releve PASSER')[0]).toBe('hand-over');
    expect(searchHelp(french, 'nis 2')).toContain('reporting');
    expect(searchHelp(french, 'xyzzy')).toEqual([]);
    expect(searchHelp(english, '').length).toBe(helpTopics.length);
  });
});
