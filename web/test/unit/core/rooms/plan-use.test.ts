import { describe, expect, it } from 'vitest';
import { checklistIn, parseMarkdown, variablesIn } from '../../../../src/core/markdown/markdown';
import { cardsOf, copyOf, firstContentsOf, functionNamed, linesToDo, taskOfCard, variablesOf } from '../../../../src/core/rooms/plans/plan-use';
import { plansOf } from '../../../../src/core/rooms/plans/plan-view';
import { encodeContent, parseContent, type RoomContent } from '../../../../src/core/rooms/room-content';
import type { RoomItem } from '../../../../src/core/rooms/room-log';
import { starterContents, starterLanguages } from '../../../../src/features/plans/starter/starter-set';

const id = (number: number): string => number.toString(16).padStart(32, '0');
const claire = id(0xc1);

function items(contents: readonly RoomContent[]): RoomItem[] {
  return contents.map((content, at) => ({
    seq: at + 1,
    id: id(at + 1),
    author: claire,
    at: '2026-11-22T02:00:00Z',
    byAdministrator: true,
    what: { kind: 'content', content },
  }));
}

describe('the starter set', () => {
  it.each(starterLanguages)('in_%s_is_whole_and_of_the_form_that_rooms_take', async (language) => {
    const contents = await starterContents([language], { owner: claire, validUntil: '2027-11-22', without: [] });
    for (const content of contents) expect(parseContent(encodeContent(content))).toEqual(content);
    const library = plansOf(items(contents));
    expect(library.plans).toHaveLength(6);
    for (const { latest } of library.plans) {
      const { cells, report } = latest.what;
      expect(new Set(cells.map(({ kind }) => kind))).toEqual(new Set(['strategic', 'operational', 'technical', 'communication']));
      for (const cell of cells) {
        expect(cell.functions.length).toBeGreaterThan(0);
        expect(cell.tasks.length).toBeGreaterThan(1);
        // No card is named that is not there.
        expect(cardsOf(cell, library)).toHaveLength(cell.cards.length);
      }
      expect(parseMarkdown(report).length).toBeGreaterThan(5);
    }
    for (const { latest } of library.cards) {
      expect(checklistIn(latest.what.text, () => undefined).length, latest.what.title).toBeGreaterThan(3);
      // Each says what not to do, too.
      expect(
        parseMarkdown(latest.what.text).some(({ kind }) => kind === 'quote'),
        latest.what.title,
      ).toBe(true);
      // A brace that is left over would stand on paper in the worst hour.
      expect(variablesIn(latest.what.text)).toHaveLength(new Set([...latest.what.text.matchAll(/\{\{([^}]+)\}\}/g)].map((one) => one[1])).size);
    }
    expect(
      await starterContents([language], {
        owner: claire,
        validUntil: '2027-11-22',
        without: [...library.plans, ...library.cards].map(({ latest }) => latest.what.title),
      }),
    ).toEqual([]);
  });
});

describe('a plan that is used', () => {
  const contents: readonly RoomContent[] = [
    {
      kind: 'card',
      of: id(50),
      card: { title: 'Unplug {{what}}', text: '- [ ] Cut {{what}} in **{{place}}**\n- [ ] Tell', owner: claire, validUntil: null },
      after: null,
    },
    {
      kind: 'plan',
      of: id(51),
      plan: {
        title: 'Ransomware',
        text: 'In {{place}}',
        owner: claire,
        validUntil: null,
        cells: [
          {
            name: 'Technical',
            kind: 'technical',
            functions: ['CISO'],
            tasks: [
              { title: 'Go to {{place}}', minutes: 15, urgent: true },
              { title: 'Count', minutes: null },
              { title: 'Shout', minutes: 0 },
            ],
            cards: [id(50), id(99)],
          },
        ],
        scenario: null,
        report: '# No. {{number}}',
      },
      after: null,
    },
  ];
  const library = plansOf(items(contents));
  const [plan] = library.plans;
  const [card] = library.cards;

  it('asks_for_all_that_is_to_be_filled_in_once', () => {
    expect(plan && variablesOf(plan.latest.what, library)).toEqual(['place', 'what', 'number']);
  });

  it('writes_its_cards_and_first_tasks_with_owner_and_time', () => {
    const cell = plan?.latest.what.cells[0];
    const openedAt = Date.parse('2026-11-22T02:00:00.000Z');
    const first = cell === undefined ? [] : firstContentsOf(cell, library, { values: { place: 'room *3*', what: ' ' }, owner: claire, openedAt });
    expect(first.map((one) => one.kind)).toEqual(['card', 'task', 'task', 'task']);
    expect(first[1]).toMatchObject({
      task: { title: 'Go to room *3*', owner: claire, urgent: true, due: '2026-11-22T02:15:00.000Z', state: 'to-do' },
    });
    expect(first[2]).toMatchObject({ task: { due: null, urgent: false } });
    // At once is urgent, and not overdue from the first second.
    expect(first[3]).toMatchObject({ task: { title: 'Shout', due: null, urgent: true } });
    for (const one of first) expect(parseContent(encodeContent(one))).toEqual(one);
    // What nobody filled in can be filled in later.
    expect(first[0]).toMatchObject({ of: id(50), card: { text: String.raw`- [ ] Cut {{what}} in **room \*3\***` + '\n- [ ] Tell' } });
  });

  it('makes_a_card_one_task_with_its_lines_or_each_line_one', () => {
    const what = card?.latest.what;
    expect(what && linesToDo(what, { place: 'B' })).toEqual(['Cut [what] in B', 'Tell']);
    expect(what && taskOfCard(what, { what: 'it', place: 'B' })).toMatchObject({ task: { title: 'Unplug it' }, steps: ['Cut it in B', 'Tell'] });
    expect(card && copyOf(card, {})).toMatchObject({ kind: 'card', of: id(50), after: null });
  });

  it('finds_a_function_by_any_of_its_names', () => {
    const functions = [{ name: 'Directeur de crise', nameFr: 'Directeur de crise', nameEn: 'Crisis director' }];
    expect(functionNamed(functions, 'crisis DIRECTOR')).toBe(functions[0]);
    expect(functionNamed(functions, 'Directeur')).toBeUndefined();
  });
});
