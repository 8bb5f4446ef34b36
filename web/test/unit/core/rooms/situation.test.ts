import { describe, expect, it } from 'vitest';
import { encodeContent, parseContent, type RoomContent } from '../../../../src/core/rooms/room-content';
import type { LogStatement } from '../../../../src/core/rooms/log/log-content';
import { logOf } from '../../../../src/core/rooms/log/log-view';
import type { RoomItem } from '../../../../src/core/rooms/room-log';
import {
  longestSectionText,
  longestSituationReport,
  mostSections,
  type SituationContent,
  type SituationPart,
  type SituationSection,
} from '../../../../src/core/rooms/situation/situation-content';
import {
  changedSince,
  isReportOverdue,
  isTooLong,
  partsOf,
  situationOf,
  type SituationView,
} from '../../../../src/core/rooms/situation/situation-view';
import { utf8 } from '../../../../src/e2ee/bytes';
import { SeededRandom, seed } from '../../../e2ee/seeded';

const id = (number: number): string => number.toString(16).padStart(32, '0');
const [claire, bruno, karim, observer] = [id(0xc1), id(0xb2), id(0xa3), id(0x0b)];
const at = (seq: number): string => new Date(Date.UTC(2026, 10, 22, 2, seq)).toISOString();
const fact = (text: string, when = at(0)): LogStatement => ({ type: 'fact', text, at: when });

type Role = 'administrator' | 'member';

/** Who is in the room from this entry on. */
function members(seq: number, set: readonly (readonly [account: string, role: Role])[], removed: readonly string[] = []): RoomItem {
  return {
    seq,
    id: id(seq),
    author: claire,
    at: at(seq),
    byAdministrator: true,
    what: { kind: 'members', set: set.map(([account, role]) => ({ account, role })), removed },
  };
}

const everybody = members(1, [
  [claire, 'administrator'],
  [bruno, 'administrator'],
  [karim, 'administrator'],
  [observer, 'member'],
]);

function entry(seq: number, content: RoomContent, author = claire): RoomItem {
  return { seq, id: id(seq), author, at: at(seq), ...(author === observer ? {} : { byAdministrator: true }), what: { kind: 'content', content } };
}

const section = (number: number, text: string, heading = `Section ${number}`): SituationSection => ({ id: id(900 + number), heading, text });
const draft = (seq: number, author = claire): RoomItem =>
  entry(seq, { kind: 'situation-draft', sections: [section(1, 'one'), section(2, 'two')] }, author);
const edit = (seq: number, of: number, after: number, what: SituationSection, author = claire): RoomItem =>
  entry(seq, { kind: 'situation-section', of: id(of), after: id(after), section: what }, author);
const submit = (seq: number, of: number, parts: readonly SituationPart[], author = claire): RoomItem =>
  entry(seq, { kind: 'situation-submission', of: id(of), parts: parts.map(({ heading, text }) => ({ heading, text })) }, author);
const approve = (seq: number, of: number, author = bruno): RoomItem => entry(seq, { kind: 'situation-approval', of: id(of) }, author);
const publish = (seq: number, of: number, author = claire, when = at(seq)): RoomItem =>
  entry(seq, { kind: 'situation-publication', of: id(of), statement: fact(`published ${seq}`, when) }, author);
const whole = [section(1, 'one'), section(2, 'two')];

function view(...items: RoomItem[]): SituationView {
  return situationOf(items).situation;
}

describe('a situation report', () => {
  it('is_written_together_submitted_approved_by_another_and_published_with_the_next_number', () => {
    const items = [
      everybody,
      draft(2),
      edit(3, 2, 2, section(1, 'Servers cut'), bruno),
      edit(4, 2, 2, section(2, 'Two injured')),
      edit(5, 2, 2, section(3, 'Added'), karim),
      submit(6, 2, [section(1, 'Servers cut'), section(2, 'Two injured'), section(3, 'Added')]),
      approve(7, 6),
      publish(8, 6, karim),
    ];
    const { situation, counted } = situationOf(items);
    expect(situation.draft).toBeNull();
    expect(situation.discounted).toEqual([]);
    expect(situation.published).toMatchObject([{ number: 1, id: id(8), at: at(8), author: claire, approver: bruno, publisher: karim }]);
    expect(situation.published[0]?.parts.map(({ text }) => text)).toEqual(['Servers cut', 'Two injured', 'Added']);
    expect(logOf(items, counted).map(({ latest }) => latest.statement.text)).toEqual(['published 8']);
    const second = view(...items, draft(9, bruno), submit(10, 9, whole, bruno), approve(11, 10, claire), publish(12, 10, bruno));
    expect(second.published.map(({ number, author }) => [number, author])).toEqual([
      [1, claire],
      [2, bruno],
    ]);
  });

  it('of_two_begun_at_one_moment_is_the_first_and_of_two_versions_of_a_section_the_later_that_says_so', () => {
    const { draft: begun } = view(
      everybody,
      draft(2),
      draft(3, bruno),
      edit(4, 2, 2, section(1, 'hers')),
      edit(5, 2, 2, section(1, 'his'), bruno),
      edit(6, 3, 3, section(1, 'nowhere'), bruno),
    );
    expect(begun?.id).toBe(id(2));
    expect(begun?.sections[0]).toMatchObject({
      latest: { text: 'his', author: bruno, overlaps: true },
      earlier: [{ text: 'one' }, { text: 'hers', overlaps: false }],
    });
    expect(begun && partsOf(begun).map(({ text }) => text)).toEqual(['his', 'two']);
    const { draft: settled } = view(
      everybody,
      draft(2),
      edit(4, 2, 2, section(1, 'hers')),
      edit(5, 2, 2, section(1, 'his'), bruno),
      edit(6, 2, 5, section(1, 'both')),
    );
    expect(settled?.sections[0]?.latest.overlaps).toBe(false);
  });

  it('has_no_more_sections_than_fit', () => {
    const many = Array.from({ length: mostSections + 3 }, (_, number) => edit(3 + number, 2, 2, section(10 + number, 'more')));
    expect(view(everybody, draft(2), ...many).draft?.sections.length).toBe(mostSections);
    const long = Array.from({ length: 6 }, (_, number) => edit(3 + number, 2, 2, section(10 + number, 'x'.repeat(longestSectionText))));
    const { draft: grown } = view(everybody, draft(2), ...long);
    expect(grown && isTooLong(grown)).toBe(true);
  });

  it('is_due_after_its_rhythm_from_the_last_one_or_from_when_that_was_said', () => {
    const rhythm = (seq: number, minutes: number | null): RoomItem =>
      entry(seq, { kind: 'situation-rhythm', minutes, statement: fact('rhythm', at(seq)) });
    expect(view(everybody, draft(2)).due).toBeNull();
    const said = view(everybody, rhythm(2, 120));
    expect(said.due).toBe(Date.parse(at(122)));
    expect(isReportOverdue(said, Date.parse(at(122)))).toBe(false);
    expect(isReportOverdue(said, Date.parse(at(122)) + 1)).toBe(true);
    const reported = [draft(3), submit(4, 3, whole), approve(5, 4)];
    expect(view(everybody, rhythm(2, 120), ...reported, publish(30, 4)).due).toBe(Date.parse(at(150)));
    expect(view(everybody, rhythm(2, 120), ...reported, publish(30, 4), rhythm(40, 60)).due).toBe(Date.parse(at(100)));
    expect(view(everybody, rhythm(2, 120), rhythm(3, null)).due).toBeNull();
    // It counts from when its publisher says that it was, also where it had to wait for the line.
    expect(view(everybody, rhythm(2, 120), ...reported, publish(30, 4, claire, at(10))).due).toBe(Date.parse(at(130)));
  });
});

describe('who cheats with a situation report', () => {
  it('approving_ones_own_text_or_as_an_observer_counts_for_nothing_and_is_shown', () => {
    const before = [everybody, draft(2), submit(3, 2, whole)];
    const { draft: open, discounted, published } = view(...before, approve(4, 3, claire), approve(5, 3, observer), publish(6, 3));
    expect(open?.submission?.approvals).toEqual([]);
    expect(published).toEqual([]);
    expect(discounted.map(({ author, step, reason }) => [author, step, reason])).toEqual([
      [claire, 'approval', 'own-text'],
      [observer, 'approval', 'not-entitled'],
      [claire, 'publication', 'not-approved'],
    ]);
    const { counted } = situationOf([...before, publish(6, 3)]);
    // What was not published stands in no log.
    expect(logOf([...before, publish(6, 3)], counted)).toEqual([]);
  });

  it('an_approval_of_another_text_than_the_one_that_stands_counts_for_nothing', () => {
    const items = [everybody, draft(2), submit(3, 2, whole), approve(4, 3), submit(5, 2, [section(1, 'Pay the ransom')], karim)];
    const other = view(...items, publish(6, 5, karim), publish(7, 3, claire), approve(8, 3), approve(9, 99));
    expect(other.published).toEqual([]);
    expect(other.discounted.map(({ author, step, reason }) => [author, step, reason])).toEqual([
      [karim, 'publication', 'not-approved'],
      [claire, 'publication', 'other-text'],
      [bruno, 'approval', 'other-text'],
      [bruno, 'approval', 'other-text'],
    ]);
    expect(other.draft?.submission).toMatchObject({ id: id(5), approvals: [] });
  });

  it('a_text_that_is_edited_after_its_approval_is_published_as_it_was_approved_and_says_what_came_later', () => {
    const items = [everybody, draft(2), submit(3, 2, whole), approve(4, 3), edit(5, 2, 2, section(2, 'Slipped in'), karim)];
    const { draft: open } = view(...items);
    expect(open && open.submission && changedSince(open.sections, open.submission.parts)).toEqual(['Section 2']);
    const late = edit(7, 2, 2, section(1, 'Too late'), karim);
    const [report] = view(...items, publish(6, 3, karim), late).published;
    expect(report?.parts.map(({ text }) => text)).toEqual(['one', 'two']);
    expect(report && changedSince(report.sections, report.parts)).toEqual(['Section 1', 'Section 2']);
  });

  it('a_submission_that_differs_from_the_sections_is_what_is_approved', () => {
    const { draft: open } = view(everybody, draft(2), submit(3, 2, [section(1, 'one'), section(2, 'All is well')], karim));
    expect(open && open.submission && changedSince(open.sections, open.submission.parts)).toEqual(['Section 2']);
  });

  it('an_approval_by_who_was_removed_since_counts_no_more_and_another_does', () => {
    const items = [everybody, draft(2), submit(3, 2, whole), approve(4, 3, karim), members(5, [], [karim])];
    expect(view(...items, publish(6, 3)).discounted).toMatchObject([{ reason: 'not-approved' }]);
    expect(view(...items, approve(6, 3, bruno), publish(7, 3)).published).toMatchObject([{ approver: bruno }]);
    const demoted = [everybody, draft(2), submit(3, 2, whole), approve(4, 3, karim), members(5, [[karim, 'member']])];
    expect(view(...demoted, publish(6, 3)).published).toEqual([]);
  });

  it('who_is_alone_in_the_crisis_publishes_without_and_the_report_says_so', () => {
    const alone = members(1, [
      [claire, 'administrator'],
      [observer, 'member'],
    ]);
    expect(view(alone, draft(2), submit(3, 2, whole), publish(4, 3)).published).toMatchObject([{ approver: null, author: claire }]);
    const joined = members(4, [[bruno, 'administrator']]);
    expect(view(alone, draft(2), submit(3, 2, whole), joined, publish(5, 3)).published).toEqual([]);
    const left: RoomItem = { seq: 5, id: id(5), author: bruno, at: at(5), what: { kind: 'departure' } };
    expect(view(alone, draft(2), submit(3, 2, whole), joined, left, publish(6, 3)).published).toMatchObject([{ approver: null }]);
  });

  it('two_approvals_and_two_publications_at_one_moment_are_one_report', () => {
    const items = [everybody, draft(2), submit(3, 2, whole), approve(4, 3), approve(5, 3), publish(6, 3), publish(7, 3, bruno), approve(8, 3, karim)];
    expect(view(...items)).toMatchObject({ published: [{ number: 1, id: id(6) }], discounted: [] });
  });

  it('of_two_entries_of_one_id_the_first_counts_also_where_it_cannot_be_opened', () => {
    const closed: RoomItem = { seq: 3, id: id(3), author: karim, at: at(3), byAdministrator: true, what: { kind: 'closed', entry: '' } };
    const again = { ...submit(4, 2, whole, karim), id: id(3) };
    expect(view(everybody, draft(2), closed, again).draft?.submission).toBeNull();
  });
});

describe('situation content', () => {
  const samples: readonly SituationContent[] = [
    { kind: 'situation-rhythm', minutes: 120, statement: fact('every 2 h') },
    { kind: 'situation-rhythm', minutes: null, statement: fact('on demand') },
    { kind: 'situation-draft', sections: [section(1, ''), section(2, '- text')] },
    { kind: 'situation-section', of: id(1), after: id(2), section: section(1, 'text') },
    { kind: 'situation-submission', of: id(1), parts: [{ heading: 'a', text: 'b' }] },
    { kind: 'situation-approval', of: id(1) },
    { kind: 'situation-publication', of: id(1), statement: fact('published') },
  ];

  it('is_read_as_it_was_written', () => {
    for (const sample of samples) expect(parseContent(encodeContent(sample))).toEqual(sample);
  });

  it('the_longest_fits_into_an_entry', () => {
    const parts = Array.from({ length: 5 }, () => ({ heading: 'h', text: '\u0001'.repeat(longestSectionText - 1) }));
    const largest = encodeContent({ kind: 'situation-submission', of: id(1), parts });
    expect(parseContent(largest)).not.toBeNull();
    expect(largest.length).toBeLessThan(262_143 - 64);
  });

  it('what_is_malformed_is_none', () => {
    const part = { heading: 'a', text: 'b' };
    const wrong: readonly unknown[] = [
      { ...samples[0], minutes: 0 },
      { ...samples[0], minutes: 1.5 },
      { ...samples[0], minutes: 100_000 },
      { ...samples[0], minutes: undefined },
      { ...samples[0], statement: undefined },
      { ...samples[2], sections: [] },
      { ...samples[2], sections: [section(1, 'a'), section(1, 'b')] },
      { ...samples[2], sections: [{ heading: 'a', text: 'b' }] },
      { ...samples[2], sections: Array.from({ length: mostSections + 1 }, (_, at) => section(at, 'x')) },
      { ...samples[3], section: { ...section(1, 'x'), heading: ' ' } },
      { ...samples[3], section: section(1, 'x'.repeat(longestSectionText + 1)) },
      { ...samples[3], section: null },
      { ...samples[3], after: null },
      { ...samples[4], parts: [{ heading: 'a' }] },
      { ...samples[4], parts: [null] },
      { ...samples[4], parts: Array.from({ length: 6 }, () => ({ ...part, text: 'x'.repeat(longestSituationReport / 5) })) },
      { ...samples[5], of: 'x' },
      { ...samples[6], statement: { type: 'fact', text: 'x', at: 'soon' } },
    ];
    for (const one of wrong) expect(parseContent(utf8(JSON.stringify(one))), JSON.stringify(one).slice(0, 200)).toBeNull();
  });

  it(`anything_that_is_spoilt_is_none_or_right_seed_${seed}`, () => {
    const random = new SeededRandom(seed);
    const odd: readonly unknown[] = [null, '', 'x', -1, 3.5, [], {}, [null], true, id(4), 'x'.repeat(longestSectionText + 1)];
    const spoil = (value: unknown): unknown => {
      if (random.chance(0.15)) return random.pick(odd);
      if (Array.isArray(value)) return value.map(spoil);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, name === 'kind' ? part : spoil(part)]));
    };
    for (let round = 0; round < 2000; round++) {
      const parsed = parseContent(utf8(JSON.stringify(spoil(random.pick(samples)))));
      if (parsed !== null) expect(parseContent(encodeContent(parsed))).toEqual(parsed);
    }
  });
});

describe('any history', () => {
  /** What several people may write at once, each knowing the entries of some moment. */
  function randomItems(random: SeededRandom, length: number): RoomItem[] {
    const people = [claire, bruno, karim, observer];
    const latest = new Map<string, number>();
    const entries = Array.from({ length }, (_, place): RoomItem => {
      const seq = place + 2;
      const kind = random.below(8);
      // Mostly what was written last of what it speaks of; else anything.
      const wanted = latest.get(kind >= 5 ? 'situation-submission' : 'situation-draft');
      const of = wanted !== undefined && random.chance(0.7) ? wanted : random.below(seq) + 1;
      const made = entryOf(seq, kind, of);
      if (made.what.kind === 'content') latest.set(made.what.content.kind, seq);
      return made;
    });
    return entries;

    function entryOf(seq: number, kind: number, of: number): RoomItem {
      const author = random.pick(people);
      const what = section(1 + random.below(4), `text ${seq}`);
      switch (kind) {
        case 0:
          return members(
            seq,
            [[random.pick(people), random.chance(0.7) ? 'administrator' : 'member']],
            random.chance(0.2) ? [random.pick(people)] : [],
          );
        case 1:
          return draft(seq, author);
        case 2:
          return edit(seq, of, random.below(seq) + 1, what, author);
        case 3:
        case 4:
          return submit(seq, of, [what], author);
        case 5:
          return approve(seq, of, author);
        case 6:
          return publish(seq, of, author);
        default:
          return entry(seq, { kind: 'situation-rhythm', minutes: 15 + random.below(500), statement: fact('rhythm', at(seq)) }, author);
      }
    }
  }

  it(`publishes_only_what_another_administrator_approved_word_by_word_seed_${seed}`, () => {
    const random = new SeededRandom(seed);
    let reports = 0;
    for (let round = 0; round < 400; round++) {
      const items = [everybody, ...randomItems(random, 40)];
      const { situation } = situationOf(items);
      const contentOf = (entryId: string): RoomContent | undefined => {
        const what = items.find((one) => one.id === entryId)?.what;
        return what?.kind === 'content' ? what.content : undefined;
      };
      situation.published.forEach((report, place) => {
        reports += 1;
        expect(report.number).toBe(place + 1);
        const submission = contentOf(report.submission);
        expect(submission).toMatchObject({ kind: 'situation-submission', of: report.draft, parts: report.parts });
        const submitted = items.findIndex((one) => one.id === report.submission);
        const out = items.findIndex((one) => one.id === report.id);
        expect(items[submitted]?.author).toBe(report.author);
        // No other text of this report was submitted by an administrator in between.
        const between = items.slice(submitted + 1, out);
        expect(
          between.some(
            ({ what, byAdministrator }) =>
              what.kind === 'content' && byAdministrator && what.content.kind === 'situation-submission' && what.content.of === report.draft,
          ),
        ).toBe(false);
        if (report.approver === null) return;
        expect(report.approver).not.toBe(report.author);
        const approval = between.find(
          ({ what, author }) =>
            author === report.approver &&
            what.kind === 'content' &&
            what.content.kind === 'situation-approval' &&
            what.content.of === report.submission,
        );
        expect(approval?.byAdministrator).toBe(true);
      });
      expect(new Set(situation.published.map(({ submission }) => submission)).size).toBe(situation.published.length);
    }
    expect(reports).toBeGreaterThan(0);
  });

  it(`is_the_same_however_it_comes_in_and_sections_of_different_people_never_lose_each_other_seed_${seed}`, () => {
    const random = new SeededRandom(seed);
    for (let round = 0; round < 100; round++) {
      const items = [everybody, ...randomItems(random, 30)];
      const final = situationOf(items);
      // Read page by page by two people, cut anywhere, and with entries that come twice.
      const cut = random.below(items.length);
      situationOf(items.slice(0, cut));
      expect(situationOf([...items.slice(0, cut), ...items.slice(0, cut), ...items.slice(cut)])).toEqual(final);
      // Each writes their own section without a line, and hands in what they wrote in any order among the others'.
      const own = [claire, bruno, karim].map((author, person) =>
        Array.from({ length: 1 + random.below(4) }, (_, version) =>
          edit(100 + person * 10 + version, 2, version === 0 ? 2 : 99 + person * 10 + version, section(person + 1, `${person} ${version}`), author),
        ),
      );
      const queues = own.map((versions) => [...versions]);
      const merged: RoomItem[] = [];
      while (queues.some((queue) => queue.length > 0)) {
        const next = random.pick(queues.filter((queue) => queue.length > 0)).shift();
        if (next !== undefined) merged.push(next);
      }
      const { draft: written } = view(everybody, draft(2), ...merged);
      const texts = new Map(written?.sections.map((one) => [one.id, one.latest]));
      own.forEach((versions, person) => {
        expect(texts.get(section(person + 1, '').id)).toMatchObject({ text: `${person} ${versions.length - 1}`, overlaps: false });
      });
    }
  });
});
