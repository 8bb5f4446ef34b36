import { type CsvFault, type CsvRefusal, parseCsv, writeCsv } from '../../csv';
import { foldForSearch } from '../../search-fold';
import {
  type ExerciseScript,
  type Inject,
  type InjectAnswer,
  injectAnswers,
  type InjectKind,
  injectKinds,
  isMinutes,
  longestInjectText,
  longestInjectTitle,
  longestObjective,
  longestPart,
  longestReaction,
  longestTriggerWords,
  mostInjects,
  mostObjectives,
  type Objective,
  type ScriptLanguage,
  scriptLanguages,
  type Trigger,
  triggerKinds,
} from './script-content';

/** The objectives and injects of a script as one table for a spreadsheet: a line for each, which names others by their numbers. Words of the table are part of its format, in French or English. */
const columns = ['number', 'kind', 'title', 'trigger', 'of', 'minutes', 'from', 'to', 'text', 'expected', 'within', 'objectives', 'answers'] as const;
type Column = (typeof columns)[number];

const columnWords: Readonly<Record<ScriptLanguage, Readonly<Record<Column, string>>>> = {
  fr: {
    number: 'Numéro',
    kind: 'Nature',
    title: 'Titre',
    trigger: 'Déclencheur',
    of: 'Référence',
    minutes: 'Minutes',
    from: 'De',
    to: 'À',
    text: 'Texte',
    expected: 'Réaction attendue',
    within: 'Minutes attendues',
    objectives: 'Objectifs',
    answers: 'Réponses demandées',
  },
  en: {
    number: 'Number',
    kind: 'Kind',
    title: 'Title',
    trigger: 'Trigger',
    of: 'Reference',
    minutes: 'Minutes',
    from: 'From',
    to: 'To',
    text: 'Text',
    expected: 'Expected reaction',
    within: 'Expected minutes',
    objectives: 'Objectives',
    answers: 'Answers asked for',
  },
};

const kindWords: Readonly<Record<ScriptLanguage, Readonly<Record<InjectKind | 'objective', string>>>> = {
  fr: {
    objective: 'objectif',
    message: 'message',
    call: 'appel',
    mail: 'courriel',
    sms: 'SMS',
    'social-post': 'réseau social',
    document: 'document',
    media: 'presse',
  },
  en: {
    objective: 'objective',
    message: 'message',
    call: 'call',
    mail: 'mail',
    sms: 'SMS',
    'social-post': 'social post',
    document: 'document',
    media: 'media',
  },
};

const triggerWords: Readonly<Record<ScriptLanguage, Readonly<Record<Trigger['on'], string>>>> = {
  fr: { time: 'heure', inject: 'après stimulus', objective: 'objectif', decision: 'décision', task: 'tâche', hand: 'à la main' },
  en: { time: 'time', inject: 'after inject', objective: 'objective', decision: 'decision', task: 'task', hand: 'by hand' },
};

const answerWords: Readonly<Record<ScriptLanguage, Readonly<Record<InjectAnswer, string>>>> = {
  fr: { received: 'bien reçu', safe: 'en sécurité', 'need-help': 'aide', coming: 'arrive', 'not-available': 'pas disponible' },
  en: { received: 'received', safe: 'safe', 'need-help': 'help', coming: 'coming', 'not-available': 'not available' },
};

export type LineRefusal =
  | CsvFault
  | 'unknown-kind'
  | 'bad-number'
  | 'number-twice'
  | 'no-title'
  | 'too-long'
  | 'unknown-trigger'
  | 'bad-minutes'
  | 'no-words'
  | 'unknown-inject'
  | 'unknown-objective'
  | 'unknown-answer'
  | 'too-many';

export interface RefusedLine {
  /** Of the file; the first has 1. */
  readonly line: number;
  readonly reason: LineRefusal;
  /** What stood in the cell that is wrong; empty where no cell is. */
  readonly cell: string;
}

export interface ReadTable {
  readonly objectives: readonly Objective[];
  readonly injects: readonly Inject[];
  readonly refused: readonly RefusedLine[];
}

/** `no-header`: the first line names no column that there is, or not those without which no line says anything. */
export type TableRefusal = CsvRefusal | 'empty' | 'no-header';

type Cells = Readonly<Record<Column, string>>;

/** An inject whose references are still numbers. */
interface NumberedInject {
  readonly line: number;
  readonly number: number;
  readonly inject: Inject;
  readonly of: number | null;
  readonly objectives: readonly number[];
  readonly cells: Cells;
}

/** @param language Of the table's own words. */
export function scriptTable(script: Pick<ExerciseScript, 'objectives' | 'injects'>, language: ScriptLanguage, separator = ';'): string {
  const numberOf = (parts: readonly { readonly id: string }[], id: string): string => {
    const at = parts.findIndex((part) => part.id === id);
    return at < 0 ? '' : String(at + 1);
  };
  const lineOf = (cells: Partial<Cells>): readonly string[] => columns.map((column) => cells[column] ?? '');
  const kinds = kindWords[language];
  return writeCsv(
    [
      lineOf(columnWords[language]),
      ...script.objectives.map(({ text }, at) => lineOf({ number: String(at + 1), kind: kinds.objective, title: text })),
      ...script.injects.map(({ title, kind, trigger, from, to, text, expected, objectives, answers }, at) =>
        lineOf({
          number: String(at + 1),
          kind: kinds[kind],
          title,
          trigger: triggerWords[language][trigger.on],
          of:
            trigger.on === 'inject'
              ? numberOf(script.injects, trigger.of)
              : trigger.on === 'objective'
                ? numberOf(script.objectives, trigger.of)
                : 'words' in trigger
                  ? trigger.words
                  : '',
          minutes: 'minutes' in trigger ? String(trigger.minutes) : '',
          from,
          to,
          text,
          expected: expected?.text ?? '',
          within: expected?.minutes?.toString() ?? '',
          objectives: objectives
            .map((id) => numberOf(script.objectives, id))
            .filter(Boolean)
            .join(' '),
          answers: (answers ?? []).map((answer) => answerWords[language][answer]).join(' / '),
        }),
      ),
    ],
    separator,
  );
}

/** Each line is taken or refused with its reason; one that names a line that was refused is refused, too. @param newId Ids of what is taken. */
export function readScriptTable(text: string, newId: () => string): ReadTable | TableRefusal {
  const lines = parseCsv(text);
  if (typeof lines === 'string') return lines;
  const [header, ...rest] = lines;
  if (header === undefined) return 'empty';
  const places = placesOf(header.cells);
  if (places === null) return 'no-header';
  const refused: RefusedLine[] = [];
  const refuse = (line: number, reason: LineRefusal, cell = ''): void => void refused.push({ line, reason, cell });
  const objectives = new Map<number, Objective>();
  const injects = new Map<number, NumberedInject>();
  for (const { line, cells: read, fault } of rest) {
    if (fault !== undefined) {
      refuse(line, fault);
      continue;
    }
    const cells = Object.fromEntries(columns.map((column) => [column, (read[places.get(column) ?? -1] ?? '').trim()])) as Cells;
    const kind = wordIn(kindWords, [...injectKinds, 'objective'] as const, cells.kind);
    const number = /^\d{1,4}$/.test(cells.number) ? Number(cells.number) : null;
    const known = kind === 'objective' ? objectives : injects;
    if (kind === undefined) refuse(line, 'unknown-kind', cells.kind);
    else if (number === null) refuse(line, 'bad-number', cells.number);
    else if (known.has(number)) refuse(line, 'number-twice', cells.number);
    else if (known.size === (kind === 'objective' ? mostObjectives : mostInjects)) refuse(line, 'too-many');
    else if (cells.title === '') refuse(line, 'no-title');
    else if (kind === 'objective') {
      if (cells.title.length > longestObjective) refuse(line, 'too-long', cells.title);
      else objectives.set(number, { id: newId(), text: cells.title });
    } else {
      const made = injectOf(cells, kind, newId());
      if ('reason' in made) refuse(line, made.reason, made.cell);
      else injects.set(number, { ...made, line, number, cells });
    }
  }
  dropDangling(injects, objectives, refuse);
  return {
    objectives: [...objectives.values()],
    injects: [...injects.values()].map(({ inject, of, objectives: serves }) => ({
      ...inject,
      trigger: withReference(inject.trigger, of, injects, objectives),
      objectives: [...new Set(serves)].flatMap((number) => objectives.get(number)?.id ?? []),
    })),
    refused: refused.sort((one, other) => one.line - other.line),
  };
}

/** @returns Null where a line could say nothing. */
function placesOf(cells: readonly string[]): ReadonlyMap<Column, number> | null {
  const places = new Map<Column, number>();
  for (const [at, cell] of cells.entries()) {
    const column = wordIn(columnWords, columns, cell);
    if (column !== undefined && !places.has(column)) places.set(column, at);
  }
  return places.has('number') && places.has('kind') && places.has('title') ? places : null;
}

function injectOf(
  cells: Cells,
  kind: InjectKind,
  id: string,
): Pick<NumberedInject, 'inject' | 'of' | 'objectives'> | Pick<RefusedLine, 'reason' | 'cell'> {
  const { title, from, to, text, expected } = cells;
  const bounds = [
    [title, longestInjectTitle],
    [from, longestPart],
    [to, longestPart],
    [text, longestInjectText],
    [expected, longestReaction],
  ] as const;
  const long = bounds.find(([cell, longest]) => cell.length > longest);
  if (long !== undefined) return { reason: 'too-long', cell: long[0] };
  const on = cells.trigger === '' ? (cells.minutes === '' ? 'hand' : 'time') : wordIn(triggerWords, triggerKinds, cells.trigger);
  if (on === undefined) return { reason: 'unknown-trigger', cell: cells.trigger };
  const minutes = cells.minutes === '' && on !== 'time' ? 0 : minutesIn(cells.minutes);
  if (minutes === null) return { reason: 'bad-minutes', cell: cells.minutes };
  const within = cells.within === '' ? null : minutesIn(cells.within);
  if (within === null && cells.within !== '') return { reason: 'bad-minutes', cell: cells.within };
  const isWorded = on === 'decision' || on === 'task';
  if (isWorded && cells.of === '') return { reason: 'no-words', cell: '' };
  if (isWorded && cells.of.length > longestTriggerWords) return { reason: 'too-long', cell: cells.of };
  const isNumbered = on === 'inject' || on === 'objective';
  const of = isNumbered && /^\d{1,4}$/.test(cells.of) ? Number(cells.of) : null;
  if (isNumbered && of === null) return { reason: on === 'inject' ? 'unknown-inject' : 'unknown-objective', cell: cells.of };
  const serves = cells.objectives.split(/[\s,;]+/).filter(Boolean);
  const wrong = serves.find((one) => !/^\d{1,4}$/.test(one));
  if (wrong !== undefined) return { reason: 'unknown-objective', cell: wrong };
  const asked = cells.answers
    .split(/[/,;]/)
    .map((one) => one.trim())
    .filter(Boolean);
  const unknown = asked.find((one) => wordIn(answerWords, injectAnswers, one) === undefined);
  if (unknown !== undefined) return { reason: 'unknown-answer', cell: unknown };
  const answers = injectAnswers.filter((answer) => asked.some((one) => wordIn(answerWords, injectAnswers, one) === answer));
  const trigger = triggerOf(on, cells.of, minutes);
  const reaction = expected === '' ? null : { text: expected, minutes: within };
  const inject = { id, title, kind, trigger, from, to, text, expected: reaction, objectives: [] };
  return { inject: answers.length > 0 ? { ...inject, answers } : inject, of, objectives: serves.map(Number) };
}

/** What it refers to is known once all lines are read. */
function triggerOf(on: Trigger['on'], words: string, minutes: number): Trigger {
  switch (on) {
    case 'hand':
      return { on };
    case 'time':
      return { on, minutes };
    case 'inject':
    case 'objective':
      return { on, of: '', minutes };
    case 'decision':
    case 'task':
      return { on, words, minutes };
  }
}

/** Until nothing names what is not there. */
function dropDangling(
  injects: Map<number, NumberedInject>,
  objectives: ReadonlyMap<number, Objective>,
  refuse: (line: number, reason: LineRefusal, cell: string) => void,
): void {
  for (let dropped = true; dropped;) {
    dropped = false;
    for (const { line, number, inject, of, objectives: serves, cells } of [...injects.values()]) {
      const missing = serves.find((one) => !objectives.has(one));
      const reason =
        inject.trigger.on === 'inject' && (of === null || of === number || !injects.has(of))
          ? 'unknown-inject'
          : missing !== undefined || (inject.trigger.on === 'objective' && (of === null || !objectives.has(of)))
            ? 'unknown-objective'
            : undefined;
      if (reason === undefined) continue;
      injects.delete(number);
      refuse(line, reason, missing !== undefined && reason === 'unknown-objective' ? String(missing) : cells.of);
      dropped = true;
    }
  }
}

function withReference(
  trigger: Trigger,
  of: number | null,
  injects: ReadonlyMap<number, NumberedInject>,
  objectives: ReadonlyMap<number, Objective>,
): Trigger {
  if (of === null || (trigger.on !== 'inject' && trigger.on !== 'objective')) return trigger;
  const id = trigger.on === 'inject' ? injects.get(of)?.inject.id : objectives.get(of)?.id;
  return id === undefined ? { on: 'hand' } : { ...trigger, of: id };
}

/** `90`, `1:30` or `1h30`. @returns Null for what is none, or beyond what an exercise lasts. */
function minutesIn(cell: string): number | null {
  const [, hours, rest] = /^(?:(\d{1,3})\s*[:h]\s*)?(\d{1,5})$/i.exec(cell) ?? [];
  if (rest === undefined || (hours !== undefined && Number(rest) > 59)) return null;
  const minutes = Number(hours ?? 0) * 60 + Number(rest);
  return isMinutes(minutes) ? minutes : null;
}

/** What a word of the table means, in whichever language it is. */
function wordIn<Key extends string>(
  words: Readonly<Record<ScriptLanguage, Readonly<Record<Key, string>>>>,
  keys: readonly Key[],
  cell: string,
): Key | undefined {
  const wanted = foldForSearch(cell).trim();
  return keys.find((key) => scriptLanguages.some((language) => foldForSearch(words[language][key]) === wanted));
}
