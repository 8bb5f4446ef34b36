import { describe, expect, it } from 'vitest';
import {
  type AlertFigures,
  answeredOf,
  channelStateNames,
  confirmedOf,
  figureChannels,
  figuresOf,
  figureStandings,
  longestAnswering,
  longestAnswerText,
  mostAnswers,
  mostCounted,
  parseAlertFigures,
  reachedOf,
} from '../../../../../src/core/rooms/exercises/alert-figures';
import { SeededRandom } from '../../../../e2ee/seeded';
import { fireBoard } from '../../../../pages/fixtures/board';

function anyFigures(random: SeededRandom): AlertFigures {
  const count = (): number => random.pick([0, 1, random.below(1000), mostCounted]);
  const counts = <Name extends string>(names: readonly Name[]): Record<Name, number> =>
    Object.fromEntries(names.map((name) => [name, count()])) as Record<Name, number>;
  const first = random.chance(0.3) ? null : random.below(1000);
  return {
    people: count(),
    standings: counts(figureStandings),
    answers: Array.from({ length: random.below(mostAnswers + 1) }, (_, at) => ({
      key: `a-${at}`,
      text: 'é'.repeat(1 + random.below(longestAnswerText)),
      count: count(),
    })),
    channels: random
      .shuffled(figureChannels)
      .slice(random.below(5))
      .map((channel) => ({ channel, ...counts(channelStateNames) })),
    firstAnswer: first,
    medianAnswer: first === null ? null : first + random.below(longestAnswering - first),
  };
}

/** Each way to put something else into one place of a value, however deep. */
function changedPlaces(value: unknown, other: unknown): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [other];
  const parts = Object.entries(value);
  return parts.flatMap(([name, part]) =>
    changedPlaces(part, other).map((changed) =>
      Array.isArray(value) ? value.map((one: unknown, at) => (String(at) === name ? changed : one)) : { ...value, [name]: changed },
    ),
  );
}

const whole: AlertFigures = {
  people: 3,
  standings: { 'needs-help': 0, failed: 0, 'not-reached': 0, sent: 0, delivered: 1, read: 1, answered: 1 },
  answers: [{ key: 'safe', text: 'Safe', count: 1 }],
  channels: [{ channel: 'sms', waiting: 0, accepted: 0, delivered: 3, failed: 0, withdrawn: 0 }],
  firstAnswer: 5,
  medianAnswer: 6,
};

describe('figures of an alert', () => {
  it('are_read_back_as_they_were_written', () => {
    const random = new SeededRandom();
    for (let round = 0; round < 300; round++) {
      const figures = anyFigures(random);
      const text = JSON.stringify(figures);
      expect(parseAlertFigures(JSON.parse(text))).toEqual(figures);
      // What nobody knows of is left behind.
      expect(parseAlertFigures({ ...figures, more: 1, answers: figures.answers.map((one) => ({ ...one, who: 'Bruno' })) })).toEqual(figures);
    }
  });

  it.each([-1, 0.5, 1e308, NaN, '1', '', true, {}, [[]], undefined, '<b>', '__proto__', 'x'.repeat(10_000)])(
    'are_refused_whole_where_one_place_holds_%j',
    (hostile) => {
      for (const changed of changedPlaces(whole, hostile)) {
        const read = parseAlertFigures(changed);
        // Any short words are the text of an answer, and its key where they look like one.
        if (typeof hostile === 'string' && read !== null) expect(read.answers[0]).not.toEqual(whole.answers[0]);
        else expect(read).toBeNull();
      }
    },
  );

  it('are_refused_where_there_is_too_much_or_twice_the_same', () => {
    for (const hostile of [null, undefined, 1, 'x', [], {}]) expect(parseAlertFigures(hostile)).toBeNull();
    const answer = (at: number): unknown => ({ key: `a${at}`, text: 'x', count: 0 });
    const many = (length: number): readonly unknown[] => Array.from({ length }, (_, at) => answer(at));
    expect(parseAlertFigures({ ...whole, answers: many(mostAnswers) })).not.toBeNull();
    expect(parseAlertFigures({ ...whole, answers: many(mostAnswers + 1) })).toBeNull();
    expect(parseAlertFigures({ ...whole, answers: [answer(1), answer(1)] })).toBeNull();
    expect(parseAlertFigures({ ...whole, channels: [...whole.channels, ...whole.channels] })).toBeNull();
    expect(parseAlertFigures({ ...whole, people: mostCounted + 1 })).toBeNull();
    expect(parseAlertFigures({ ...whole, medianAnswer: longestAnswering + 1 })).toBeNull();
    expect(parseAlertFigures({ ...whole, firstAnswer: 7 })).toBeNull();
    expect(parseAlertFigures({ ...whole, firstAnswer: null })).toBeNull();
    expect(parseAlertFigures({ ...whole, standings: Object.create(whole.standings) as unknown })).toBeNull();
  });

  it('say_of_a_board_what_the_board_says_and_are_read_back', () => {
    const after = (seconds: number): { answeredAt: string } => ({
      answeredAt: new Date(Date.parse(fireBoard.alert.raisedAt) + 1000 * seconds).toISOString(),
    });
    const figures = figuresOf(fireBoard, [after(300), after(40), { answeredAt: null }, after(50), after(-9)], 'en');
    expect(parseAlertFigures(JSON.parse(JSON.stringify(figures)))).toEqual(figures);
    expect(figures).toMatchObject({ people: 312, firstAnswer: 0, medianAnswer: 40_000, standings: fireBoard.standings });
    expect(figures.answers.map(({ text, count }) => `${text}: ${count}`)).toEqual([
      "I'm safe: 180",
      'I need help: 3',
      "I'm coming: 17",
      'Not available: 8',
    ]);
    expect(figures.channels).toEqual([
      { channel: 'in-app', waiting: 0, accepted: 0, delivered: 96, failed: 0, withdrawn: 0 },
      { channel: 'sms', waiting: 0, accepted: 14, delivered: 280, failed: 6, withdrawn: 0 },
      { channel: 'email', waiting: 0, accepted: 301, delivered: 0, failed: 3, withdrawn: 0 },
    ]);
    expect([reachedOf(figures), confirmedOf(figures), answeredOf(figures)]).toEqual([302, 236, 208]);
  });

  it('have_no_times_where_nobody_answered_or_too_many_to_look_at', () => {
    expect(figuresOf(fireBoard, [], 'fr')).toMatchObject({ firstAnswer: null, medianAnswer: null });
    expect(figuresOf(fireBoard, undefined, 'fr')).toMatchObject({ firstAnswer: null, medianAnswer: null });
  });
});
