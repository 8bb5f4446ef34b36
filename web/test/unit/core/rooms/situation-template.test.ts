import { describe, expect, it } from 'vitest';
import { plans as plansInEnglish } from '../../../../src/core/i18n/en/plans';
import { plans as plansInFrench } from '../../../../src/core/i18n/fr/plans';
import { parseMarkdown, variablesIn } from '../../../../src/core/markdown/markdown';
import { longestHeading, longestSectionText, mostSections } from '../../../../src/core/rooms/situation/situation-content';
import {
  carriedOver,
  type Filling,
  fillings,
  fillingNamed,
  fittingItems,
  itemOf,
  sectionsOf,
  type TemplateSection,
} from '../../../../src/core/rooms/situation/situation-template';
import { reportTemplates } from '../../../../src/features/common/plans/report-templates';
import { SeededRandom, seed } from '../../../e2ee/seeded';

const values: Readonly<Record<Filling, string>> = {
  facts: '- 02:00 · Servers cut\n- 02:10 · Two injured',
  decisions: '- 02:05 · Do not pay',
  'open-tasks': '- Call the insurer',
  'overdue-tasks': '',
  severity: 'Severe *',
  status: 'Responding',
  number: '3',
  time: '22 November 2026, 02:14',
  next: '04:14',
};
const known = (filling: Filling): string => values[filling];

function sections(template: string): readonly TemplateSection[] {
  return sectionsOf(template, known, 'Situation');
}

describe('the template of a situation report', () => {
  it('is_cut_at_its_headings_and_its_title_is_the_reports_own', () => {
    expect(sections('# Report {{report number}}\n## Facts\n{{facts}}\n## People\nall well\n\n- fine\n## Next: {{next time}}')).toEqual([
      { heading: 'Facts', text: values.facts, isWrittenByHand: false },
      { heading: 'People', text: 'all well\n\n- fine', isWrittenByHand: true },
      { heading: 'Next', text: '04:14', isWrittenByHand: false },
    ]);
  });

  it('of_headings_of_the_first_order_only_has_those_and_without_any_is_one_section', () => {
    expect(sections('# Facts\na\n# People\nb').map(({ heading }) => heading)).toEqual(['Facts', 'People']);
    expect(sections('Severity: {{severity}} in {{place}}')).toEqual([
      { heading: 'Situation', text: String.raw`Severity: Severe \* in {{place}}`, isWrittenByHand: false },
    ]);
    expect(sections('before\n## Facts\na').map(({ heading }) => heading)).toEqual(['Situation', 'Facts']);
    expect(sections('')).toEqual([]);
  });

  it.each(['fr', 'en'] as const)('in_%s_of_the_starter_set_is_filled_in_whole', (language) => {
    const filled = sections(reportTemplates[language]);
    expect(filled.length).toBeGreaterThan(8);
    for (const { heading, text } of filled) expect(variablesIn(`${heading}\n${text}`)).toEqual([]);
    const all = filled.map(({ text }) => text).join('\n');
    for (const filling of ['facts', 'decisions', 'open-tasks', 'next'] as const) expect(all).toContain(values[filling]);
    for (const name of variablesIn(reportTemplates[language])) expect(fillingNamed(name), name).toBeDefined();
  });

  it('asks_in_either_language_and_with_any_accents', () => {
    expect(['Faits', 'facts', 'DÉCISIONS', 'numéro  du point', 'etat de la crise'].map(fillingNamed)).toEqual([
      'facts',
      'facts',
      'decisions',
      'number',
      'status',
    ]);
    expect(['constructor', 'place', ''].map(fillingNamed)).toEqual([undefined, undefined, undefined]);
  });

  it('knows_every_name_that_the_editor_of_plans_offers_and_no_other', () => {
    for (const plans of [plansInFrench, plansInEnglish]) {
      const offered = (plans['plans.report.hint'].split(':').at(-1) ?? '').replace('.', '').split(',');
      expect(offered.map((name) => fillingNamed(name))).toEqual([...fillings]);
    }
  });

  it('keeps_what_people_wrote_last_time_and_never_what_the_crisis_knows_better', () => {
    const next = carriedOver(sections('## Facts\n{{facts}}\n## People\n## Means'), [
      { heading: 'facts', text: 'old facts' },
      { heading: 'people', text: 'two injured' },
      { heading: 'Weather', text: 'storm' },
      { heading: 'Empty', text: '' },
    ]);
    expect(next).toEqual([
      { heading: 'Facts', text: values.facts },
      { heading: 'People', text: 'two injured' },
      { heading: 'Means', text: '' },
      { heading: 'Weather', text: 'storm' },
    ]);
  });

  it('takes_the_words_of_others_for_words', () => {
    const item = itemOf('**Pay** [here](https://evil.example) {{place}}\n# now `x`');
    const [block] = parseMarkdown(item);
    expect(parseMarkdown(item)).toHaveLength(1);
    expect(block).toEqual({
      kind: 'list',
      ordered: false,
      items: [[{ kind: 'text', text: '**Pay** [here](https://evil.example) {{place}} # now `x`' }]],
    });
  });

  it('leaves_out_the_oldest_of_what_does_not_fit', () => {
    expect(fittingItems(['- a', '- b', '- c'], 8)).toEqual({ text: '- b\n- c', leftOut: 1 });
    expect(fittingItems(['- a'], 100)).toEqual({ text: '- a', leftOut: 0 });
    expect(fittingItems([], 100)).toEqual({ text: '', leftOut: 0 });
    expect(fittingItems(['- long'], 3)).toEqual({ text: '', leftOut: 1 });
  });

  it(`whatever_it_is_becomes_sections_of_the_right_form_seed_${seed}`, () => {
    const random = new SeededRandom(seed);
    const pieces = [
      '# ',
      '## ',
      '### ',
      '{{facts}}',
      '{{faits}',
      '{{',
      '}}',
      ': ',
      '\n',
      '\r\n',
      'word',
      '*',
      '\\',
      '- [ ] ',
      '\u0000',
      '{{next time}}',
      '{{overdue tasks}}',
      'é',
    ];
    for (let round = 0; round < 500; round++) {
      const template = Array.from({ length: random.below(80) }, () => random.pick(pieces)).join('');
      const made = sectionsOf(template, (filling) => (random.chance(0.5) ? values[filling] : undefined), 'Situation');
      expect(made.length).toBeLessThanOrEqual(mostSections);
      for (const { heading, text } of made) {
        expect(heading.trim()).not.toBe('');
        expect(heading.length).toBeLessThanOrEqual(longestHeading);
        expect(text.length).toBeLessThanOrEqual(longestSectionText);
      }
    }
  });
});
