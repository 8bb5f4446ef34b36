import { describe, expect, it } from 'vitest';
import {
  type Block,
  checklistIn,
  fillIn,
  type Inline,
  parseInline,
  parseMarkdown,
  safeHref,
  variablesIn,
  wordsOf,
} from '../../../../src/core/markdown/markdown';
import { SeededRandom } from '../../../e2ee/seeded';

const nothing = (): undefined => undefined;
const text = (words: string): Inline => ({ kind: 'text', text: words });

describe('Markdown of cards and plans', () => {
  it('has_headings_paragraphs_lists_checklists_quotes_and_rules', () => {
    const blocks = parseMarkdown(
      '# First hour\nCall the\ndirector\n\n- one\n  and more\n* two\n1. then\n2) last\n- [ ] cut\n- [x] tell\n> do not\n> reboot\n\n---\n### Small',
    );
    expect(blocks).toEqual<Block[]>([
      { kind: 'heading', level: 1, children: [text('First hour')] },
      { kind: 'paragraph', lines: [[text('Call the')], [text('director')]] },
      { kind: 'list', ordered: false, items: [[text('one and more')], [text('two')]] },
      { kind: 'list', ordered: true, items: [[text('then')], [text('last')]] },
      { kind: 'checklist', items: [[text('cut')], [text('tell')]] },
      { kind: 'quote', lines: [[text('do not')], [text('reboot')]] },
      { kind: 'rule' },
      { kind: 'heading', level: 3, children: [text('Small')] },
    ]);
  });

  it('has_strong_and_emphasised_words_code_links_and_variables', () => {
    expect(parseInline('**Do *not* pay** `ping` [the guide](https://cyber.gouv.fr/a) in {{ lieu de repli }}')).toEqual<Inline[]>([
      { kind: 'strong', children: [text('Do '), { kind: 'emphasis', children: [text('not')] }, text(' pay')] },
      text(' '),
      { kind: 'code', text: 'ping' },
      text(' '),
      { kind: 'link', href: 'https://cyber.gouv.fr/a', children: [text('the guide')] },
      text(' in '),
      { kind: 'variable', name: 'lieu de repli' },
    ]);
  });

  it('leaves_what_marks_nothing_as_it_was_written', () => {
    for (const words of [
      '2 * 3 * 4',
      'a ** b',
      '`open',
      '[nowhere](javascript:alert(1))',
      '{{}}',
      '{{ <b> }}',
      '<img src=x onerror=alert(1)>',
      '&lt;',
    ])
      expect(parseInline(words)).toEqual([text(words)]);
    expect(parseInline(String.raw`\*stars\* and \{\{braces\}\}`)).toEqual([text('*stars* and {{braces}}')]);
  });

  it.each([
    ['/crises', '/crises'],
    ['https://www.cert.ssi.gouv.fr/', 'https://www.cert.ssi.gouv.fr/'],
    ['tel:+33123456789', 'tel:+33123456789'],
    ['mailto:cert@example.fr', 'mailto:cert@example.fr'],
    ['//evil.example', undefined],
    [String.raw`/\evil.example`, undefined],
    ['javascript:alert(1)', undefined],
    ['JaVaScRiPt:alert(1)', undefined],
    ['data:text/html,x', undefined],
    ['https://bank.example@evil.example/', undefined],
    ['vbscript:x', undefined],
    ['file:///etc/passwd', undefined],
    ['mailto:a@b.fr?bcc=c@d.fr', undefined],
    ['https://', undefined],
    ['', undefined],
  ])('lets_a_link_go_only_where_links_may_%s', (written, allowed) => expect(safeHref(written)).toBe(allowed));

  it('says_what_is_to_be_filled_in_and_fills_it_in_as_words', () => {
    const card = '# {{lieu}}\n- [ ] Call **{{name}}** at {{lieu}}\n> {{third}}';
    expect(variablesIn(card)).toEqual(['lieu', 'name', 'third']);
    const values: Readonly<Record<string, string>> = { lieu: 'Salle **3** [x](/y)\n# no', name: '{{third}}' };
    const filled = fillIn(card, (name) => values[name]);
    expect(variablesIn(filled)).toEqual(['third']);
    expect(parseMarkdown(filled)[0]).toEqual({ kind: 'heading', level: 1, children: [text('Salle **3** [x](/y) # no')] });
    expect(checklistIn(card, (name) => values[name])).toEqual([`Call {{third}} at ${values['lieu'] ?? ''}`]);
    expect(checklistIn(card, nothing)).toEqual(['Call [name] at [lieu]']);
  });

  it('reads_anything_without_failing_and_loses_no_word_of_it', () => {
    const random = new SeededRandom();
    const signs = [
      '*',
      '**',
      '`',
      '[',
      ']',
      '(',
      ')',
      '{{',
      '}}',
      '\\',
      '#',
      '- ',
      '- [ ] ',
      '> ',
      '1. ',
      '---',
      '\n',
      '\n\n',
      '  ',
      'é',
      'mot',
      '<b>',
      'https://a.fr',
      ' ',
      '\r\n',
    ];
    const words = (blocks: readonly Block[]): string =>
      blocks
        .flatMap((block) => ('children' in block ? [block.children] : 'lines' in block ? block.lines : 'items' in block ? block.items : []))
        .map((line) => wordsOf(line, nothing))
        .join('');
    for (let round = 0; round < 3000; round++) {
      const written = Array.from({ length: random.below(40) }, () => signs[random.below(signs.length)]).join('');
      const shown = words(parseMarkdown(written));
      // Marks may go; letters never.
      const letters = (of: string): string => of.replaceAll(/\]\(https:\/\/a\.fr\)/g, '').replaceAll(/[^\p{L}]/gu, '');
      if (!written.includes('https')) expect(letters(shown), JSON.stringify(written)).toBe(letters(written));
      const hrefs: string[] = [];
      const visit = (children: readonly Inline[]): void => {
        for (const child of children) {
          if (child.kind === 'link') hrefs.push(child.href);
          if ('children' in child) visit(child.children);
        }
      };
      for (const block of parseMarkdown(written)) if ('lines' in block) for (const line of block.lines) visit(line);
      expect(hrefs.every((href) => safeHref(href) !== undefined)).toBe(true);
    }
  });

  it('takes_time_that_grows_with_the_length_whatever_is_written', () => {
    for (const sign of ['*', '**', '`', '[', '[a](', '{{', '**a', '*a *', '- [ ] ', '> ', '\\', '[a](https://a.fr) ']) {
      const began = performance.now();
      parseMarkdown(sign.repeat(20_000 / sign.length));
      // Quadratic in any of these would take seconds.
      expect(performance.now() - began, sign).toBeLessThan(1000);
    }
  });
});
