import { describe, expect, it } from 'vitest';
import {
  type ExerciseScript,
  injectAnswers,
  injectKinds,
  mostInjects,
  parseInject,
  parseScript,
  type Trigger,
} from '../../../../../src/core/rooms/exercises/script-content';
import { readScriptTable, type ReadTable, scriptTable } from '../../../../../src/core/rooms/exercises/script-table';
import { SeededRandom } from '../../../../e2ee/seeded';

const id = (number: number): string => number.toString(16).padStart(32, '0');

function counting(): () => string {
  let next = 1000;
  return () => id(next++);
}

function read(text: string): ReadTable {
  const table = readScriptTable(text, counting());
  if (typeof table === 'string') throw new Error(table);
  return table;
}

function anyScript(random: SeededRandom): ExerciseScript {
  const objectives = Array.from({ length: 1 + random.below(4) }, (_, at) => ({
    id: id(1 + at),
    text: `Objective ${random.pick(['a', '=b', 'c;d'])}`,
  }));
  const count = 2 + random.below(10);
  const injectIds = Array.from({ length: count }, (_, at) => id(100 + at));
  const minutes = (): number => random.below(500);
  const trigger = (at: number): Trigger =>
    random.pick<() => Trigger>([
      () => ({ on: 'time', minutes: minutes() }),
      () => ({ on: 'inject', of: injectIds[(at + 1) % count] ?? '', minutes: minutes() }),
      () => ({ on: 'objective', of: random.pick(objectives).id, minutes: minutes() }),
      () => ({ on: 'decision', words: 'do not pay', minutes: minutes() }),
      () => ({ on: 'task', words: 'isolate', minutes: minutes() }),
      () => ({ on: 'hand' }),
    ])();
  return {
    title: 'x',
    language: 'fr',
    briefing: '',
    objectives,
    injects: injectIds.map((one, at) => ({
      id: one,
      title: `Inject ${at}`,
      kind: random.pick(injectKinds),
      trigger: trigger(at),
      from: random.pick(['', '-SOC', 'Préfecture']),
      to: '',
      text: random.pick(['', '+33 1 23 45', 'line\nline; "quoted"']),
      expected: random.chance(0.5) ? null : { text: 'Cut it off', minutes: random.chance(0.5) ? null : minutes() },
      objectives: random.chance(0.5) ? [] : [random.pick(objectives).id],
      ...(random.chance(0.5) ? {} : { answers: injectAnswers.slice(random.below(injectAnswers.length)) }),
    })),
  };
}

/** Ids by place: what is read has other ids and the same places. */
function placed({ objectives, injects }: Pick<ExerciseScript, 'objectives' | 'injects'>): unknown {
  const at = (parts: readonly { readonly id: string }[], of: string): number => parts.findIndex((one) => one.id === of);
  return {
    objectives: objectives.map(({ text }) => text),
    injects: injects.map(({ id: _, trigger, objectives: serves, ...rest }) => ({
      ...rest,
      serves: serves.map((one) => at(objectives, one)),
      trigger:
        trigger.on === 'inject'
          ? { ...trigger, of: at(injects, trigger.of) }
          : trigger.on === 'objective'
            ? { ...trigger, of: at(objectives, trigger.of) }
            : trigger,
    })),
  };
}

describe('the answers that an inject asks for', () => {
  const plain = { id: id(1), title: 'x', kind: 'sms', trigger: { on: 'hand' }, from: '', to: '', text: '', expected: null, objectives: [] };

  it('are_kept_and_none_in_scripts_that_were_written_before_they_could_be', () => {
    expect(parseInject(plain)).toEqual(plain);
    expect(parseInject({ ...plain, answers: [] })).toEqual(plain);
    expect(parseInject({ ...plain, answers: ['received', 'coming'] })).toEqual({ ...plain, answers: ['received', 'coming'] });
  });

  it.each([[['dance']], [['coming', 'coming']], ['coming'], [{}], [[null]], [['received', ['coming']]], [[...injectAnswers, 'received']]])(
    'are_refused_with_their_inject_where_they_are_%j',
    (answers) => expect(parseInject({ ...plain, answers })).toBeNull(),
  );

  it('are_read_from_a_table_in_either_language_and_however_they_are_separated', () => {
    const answersOf = (cell: string): unknown => read(`Number;Kind;Title;Réponses demandées\n1;SMS;x;"${cell}"`).injects[0]?.answers;
    expect(answersOf('Pas disponible / BIEN RECU/ arrive')).toEqual(['received', 'coming', 'not-available']);
    expect(answersOf('help, safe; safe')).toEqual(['safe', 'need-help']);
    expect(answersOf('')).toBeUndefined();
    expect(read('Number;Kind;Title;Answers asked for\n1;SMS;x;coming / dancing')).toMatchObject({
      injects: [],
      refused: [{ line: 2, reason: 'unknown-answer', cell: 'dancing' }],
    });
  });
});

describe('a script as a table', () => {
  it('comes_back_as_it_was_in_both_languages_and_with_every_separator', () => {
    const random = new SeededRandom();
    for (let round = 0; round < 100; round++) {
      const script = anyScript(random);
      expect(parseScript(script)).toEqual(script);
      const table = read(scriptTable(script, random.pick(['fr', 'en']), random.pick([';', ',', '\t'])));
      expect(table.refused).toEqual([]);
      expect(placed(table)).toEqual(placed(script));
    }
  });

  it('is_read_as_somebody_types_it_in_excel', () => {
    const table = read(
      [
        'numero;NATURE;titre;declencheur;reference;minutes;de;objectifs;inconnue',
        '1;Objectif;Isoler;;;;;;',
        '1;appel;Premier appel;Heure;;1h30;Standard;1;x',
        '2;Courriel;Sans heure;;;;;;',
        '3;sms;Après;après stimulus;1;5;;"1, 1";',
      ].join('\r\n'),
    );
    expect(table.refused).toEqual([]);
    const [first, second, third] = table.injects;
    expect(first).toMatchObject({ kind: 'call', trigger: { on: 'time', minutes: 90 }, from: 'Standard', objectives: [table.objectives[0]?.id] });
    expect(second).toMatchObject({ kind: 'mail', trigger: { on: 'hand' }, expected: null });
    expect(third).toMatchObject({ trigger: { on: 'inject', of: first?.id, minutes: 5 }, objectives: [table.objectives[0]?.id] });
  });

  it('refuses_each_wrong_line_with_its_reason_and_what_leads_to_one', () => {
    const line = (
      number: string,
      kind = 'mail',
      title = 'x',
      trigger = 'time',
      of = '',
      minutes = '1',
      expected = '',
      within = '',
      serves = '',
    ): string => [number, kind, title, trigger, of, minutes, expected, within, serves].join(',');
    const { refused, injects } = read(
      [
        'Number,Kind,Title,Trigger,Reference,Minutes,Expected reaction,Expected minutes,Objectives',
        line('1'),
        line('2', 'pigeon'),
        line('x'),
        line('1'),
        line('3', 'mail', ''),
        line('4', 'mail', 'x'.repeat(121)),
        line('5', 'mail', 'x', 'sometimes'),
        line('6', 'mail', 'x', 'time', '', '-3'),
        line('7', 'mail', 'x', 'time', '', '10081'),
        line('8', 'mail', 'x', 'decision', ''),
        line('9', 'mail', 'x', 'after inject', '2'),
        line('10', 'mail', 'x', 'after inject', '9'),
        line('11', 'mail', 'x', 'objective', '1'),
        line('12', 'mail', 'x', 'time', '', '1', 'do', 'soon'),
        line('13', 'mail', 'x', 'time', '', '1', '', '', '7'),
        line('14', 'mail', 'x', 'after inject', '14'),
      ].join('\n'),
    );
    expect(injects).toHaveLength(1);
    expect(refused.map(({ line: at, reason }) => [at, reason])).toEqual([
      [3, 'unknown-kind'],
      [4, 'bad-number'],
      [5, 'number-twice'],
      [6, 'no-title'],
      [7, 'too-long'],
      [8, 'unknown-trigger'],
      [9, 'bad-minutes'],
      [10, 'bad-minutes'],
      [11, 'no-words'],
      [12, 'unknown-inject'],
      [13, 'unknown-inject'],
      [14, 'unknown-objective'],
      [15, 'bad-minutes'],
      [16, 'unknown-objective'],
      [17, 'unknown-inject'],
    ]);
  });

  it('is_refused_whole_where_it_is_none', () => {
    expect(readScriptTable('', counting())).toBe('empty');
    expect(readScriptTable('name;age\nx;3', counting())).toBe('no-header');
    const many = Array.from({ length: mostInjects + 1 }, (_, at) => `${at},mail,x,1`).join('\n');
    expect(read(`Number,Kind,Title,Minutes\n${many}`).refused).toEqual([{ line: mostInjects + 2, reason: 'too-many', cell: '' }]);
  });

  it('makes_only_what_an_entry_may_hold_whatever_is_in_it', () => {
    const random = new SeededRandom();
    const words = ['1', '2', 'objective', 'mail', 'appel', 'time', 'tâche', 'after inject', '', '"', '=x', '5', '1:30', 'ho'];
    for (let round = 0; round < 300; round++) {
      const rows = Array.from({ length: random.below(12) }, () => Array.from({ length: 9 }, () => random.pick(words)).join(';'));
      const table = readScriptTable(
        ['Number;Kind;Title;Trigger;Reference;Minutes;Expected reaction;Expected minutes;Objectives', ...rows].join('\n'),
        counting(),
      );
      if (typeof table === 'string') continue;
      const script = { title: 'x', language: 'en', briefing: '', objectives: table.objectives, injects: table.injects };
      expect(parseScript(script)).toEqual(script);
    }
  });
});
