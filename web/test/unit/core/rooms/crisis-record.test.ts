import { describe, expect, it } from 'vitest';
import { type CrisisRecord, pageRules, recordAsHtml } from '../../../../src/core/rooms/crisis/crisis-record';
import { SeededRandom, seed } from '../../../e2ee/seeded';

const record = (change: Partial<CrisisRecord> = {}): CrisisRecord => ({
  language: 'fr',
  title: 'Rapport de la crise « Inondation »',
  mark: 'EXERCICE',
  made: 'Établi par Claire Fontaine',
  page: 'Page',
  sections: [
    {
      id: 'timeline',
      title: 'Chronologie',
      blocks: [
        { kind: 'facts', rows: [['Nom', 'Inondation']] },
        { kind: 'table', head: ['Ligne', 'Quoi'], shares: [20, 80], rows: [['1', 'Le réseau\nest coupé']] },
        { kind: 'heading', text: 'Relèves' },
        { kind: 'text', text: 'a\nb' },
        { kind: 'soft', text: 'Néant' },
      ],
    },
  ],
  ...change,
});

const read = (html: string): Document => new DOMParser().parseFromString(html, 'text/html');

describe('the report of a crisis as a file', () => {
  it('has_all_words_in_their_places', () => {
    const page = read(recordAsHtml(record()));
    expect(page.documentElement.lang).toBe('fr');
    expect(page.querySelector('h1')?.textContent).toBe('Rapport de la crise « Inondation »');
    expect(page.querySelector('.mark')?.textContent).toBe('EXERCICE');
    expect([...page.querySelectorAll('td')].map(({ textContent }) => textContent)).toEqual(['1', 'Le réseau\nest coupé']);
    expect(page.querySelector('dt')?.textContent).toBe('Nom');
    expect(page.querySelector('.contents a')?.getAttribute('href')).toBe('#timeline');
    expect(page.querySelector('section')?.id).toBe('timeline');
  });

  it('of_a_real_crisis_wears_no_mark', () => {
    const html = recordAsHtml(record({ mark: null }));
    expect(read(html).querySelector('.mark, .watermark')).toBeNull();
    expect(html).not.toContain('EXERCICE');
  });

  it('runs_nothing_and_fetches_nothing_whatever_the_words_are', () => {
    const hostile = `</style></title><script>alert(1)</script><img src="http://x/y" onerror='z'>"'&{}\\u{0}@import url(x);`;
    const html = recordAsHtml(
      record({
        title: hostile,
        made: hostile,
        sections: [
          {
            id: '"><b>',
            title: hostile,
            blocks: [
              { kind: 'text', text: hostile },
              { kind: 'table', head: [hostile], shares: [100], rows: [[hostile]] },
            ],
          },
        ],
      }),
    );
    const page = read(html);
    expect(page.querySelectorAll('script, img, link, b')).toHaveLength(0);
    expect(page.querySelectorAll('style')).toHaveLength(1);
    expect(page.querySelector('h1')?.textContent).toBe(hostile);
    expect(page.querySelector('td')?.textContent).toBe(hostile);
    expect(html).toContain(`default-src 'none'`);
  });

  it('quotes_what_stands_on_every_page_so_that_no_words_end_the_quotation', () => {
    const random = new SeededRandom();
    const signs = [...`"\\'<>{};@/*\n\r\u2028é É🔥a1 `];
    for (let tried = 0; tried < 500; tried++) {
      const title = Array.from({ length: random.below(30) }, () => random.pick(signs)).join('');
      const rules = pageRules(record({ title, mark: null }));
      const quoted = /content: ("[^"]*");/.exec(rules)?.[1] ?? '';
      expect(quoted, `seed ${seed}`).toMatch(/^"(?:[\p{L}\p{N} .,:·’()-]|\\[0-9a-f]{1,6} )*"$/u);
      const back = quoted.slice(1, -1).replaceAll(/\\([0-9a-f]{1,6}) /g, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16)));
      expect(back, `seed ${seed}`).toBe(title);
      expect(rules.split('{').length, `seed ${seed}`).toBe(rules.split('}').length);
    }
  });
});
