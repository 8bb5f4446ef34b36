import { newIdHex } from '../../core/devices/account-bytes';
import type { ExerciseContent } from '../../core/rooms/exercises/exercise-content';
import type { KeptScript } from '../../core/rooms/exercises/exercises-view';
import {
  type ExerciseScript,
  type Inject,
  type InjectAnswer,
  type InjectKind,
  longestMinutes,
  mostInjects,
  mostObjectives,
  type ScriptLanguage,
  type Trigger,
} from '../../core/rooms/exercises/script-content';
import type { ReadTable } from '../../core/rooms/exercises/script-table';
import { channelOf } from './inject-answers';

export class ObjectiveDraft {
  text = $state('');

  constructor(
    readonly id = newIdHex(),
    text = '',
  ) {
    this.text = text;
  }
}

/** An inject that somebody is writing. */
export class InjectDraft {
  title = $state('');
  kind = $state<InjectKind>('message');
  on = $state<Trigger['on']>('time');
  /** In digits. */
  minutes = $state('0');
  /** Id of an inject or an objective. */
  of = $state('');
  words = $state('');
  from = $state('');
  to = $state('');
  text = $state('');
  expected = $state('');
  within = $state('');
  objectives = $state.raw<readonly string[]>([]);
  /** Asked for where it leaves as an alert: one tap tells how soon people read. */
  answers = $state.raw<readonly InjectAnswer[]>(['received']);
  /** Its fields are shown. */
  isOpen = $state(true);

  constructor(readonly id = newIdHex()) {}

  static of(inject: Inject): InjectDraft {
    const draft = new InjectDraft(inject.id);
    const { trigger, expected } = inject;
    [draft.title, draft.kind, draft.from, draft.to, draft.text] = [inject.title, inject.kind, inject.from, inject.to, inject.text];
    draft.on = trigger.on;
    draft.minutes = 'minutes' in trigger ? String(trigger.minutes) : '0';
    draft.of = 'of' in trigger ? trigger.of : '';
    draft.words = 'words' in trigger ? trigger.words : '';
    [draft.expected, draft.within] = [expected?.text ?? '', expected?.minutes?.toString() ?? ''];
    [draft.objectives, draft.answers, draft.isOpen] = [inject.objectives, inject.answers ?? [], false];
    return draft;
  }

  /** Whether it says when it leaves, and what it is called. */
  get isComplete(): boolean {
    if (this.title.trim() === '') return false;
    if (this.on === 'inject' || this.on === 'objective') return this.of !== '';
    return this.on === 'decision' || this.on === 'task' ? this.words.trim() !== '' : true;
  }

  choose(objective: string, is: boolean): void {
    this.objectives = is ? [...this.objectives, objective] : this.objectives.filter((one) => one !== objective);
  }

  ask(answer: InjectAnswer, is: boolean): void {
    this.answers = is ? [...this.answers, answer] : this.answers.filter((one) => one !== answer);
  }

  toInject(): Inject {
    const expected = this.expected.trim();
    return {
      id: this.id,
      title: this.title.trim(),
      kind: this.kind,
      trigger: this.trigger(),
      from: this.from.trim(),
      to: this.to.trim(),
      text: this.text,
      expected: expected === '' ? null : { text: expected, minutes: this.within.trim() === '' ? null : wholeMinutes(this.within) },
      objectives: this.objectives,
      ...(channelOf(this.kind) !== undefined && this.answers.length > 0 ? { answers: this.answers } : {}),
    };
  }

  private trigger(): Trigger {
    const { on, of } = this;
    const minutes = wholeMinutes(this.minutes);
    switch (on) {
      case 'hand':
        return { on };
      case 'time':
        return { on, minutes };
      case 'inject':
      case 'objective':
        return { on, of, minutes };
      case 'decision':
      case 'task':
        return { on, words: this.words.trim(), minutes };
    }
  }
}

/** A script that somebody is writing. */
export class ScriptDraft {
  title = $state('');
  language = $state<ScriptLanguage>('fr');
  briefing = $state('');
  objectives = $state.raw<readonly ObjectiveDraft[]>([]);
  injects = $state.raw<readonly InjectDraft[]>([]);
  note = $state('');
  wasRetired = false;

  private constructor(
    /** The version that its author had before them. */
    readonly after: string | null,
  ) {}

  static empty(language: ScriptLanguage): ScriptDraft {
    const draft = new ScriptDraft(null);
    draft.language = language;
    draft.objectives = [new ObjectiveDraft()];
    draft.injects = [new InjectDraft()];
    return draft;
  }

  static of({ latest: { id, what } }: KeptScript): ScriptDraft {
    const draft = new ScriptDraft(id);
    [draft.title, draft.language, draft.briefing, draft.wasRetired] = [what.title, what.language, what.briefing, what.retired === true];
    draft.take(what);
    return draft;
  }

  /** In place of what there is: what was read from a table. */
  take({ objectives, injects }: Pick<ReadTable, 'objectives' | 'injects'>): void {
    this.objectives = objectives.map(({ id, text }) => new ObjectiveDraft(id, text));
    this.injects = injects.map((inject) => InjectDraft.of(inject));
  }

  get isComplete(): boolean {
    return this.title.trim() !== '' && this.injects.every((inject) => inject.isComplete);
  }

  addObjective(): void {
    if (this.objectives.length < mostObjectives) this.objectives = [...this.objectives, new ObjectiveDraft()];
  }

  removeObjective(objective: ObjectiveDraft): void {
    this.objectives = this.objectives.filter((one) => one !== objective);
    for (const inject of this.injects) inject.choose(objective.id, false);
  }

  addInject(): void {
    if (this.injects.length < mostInjects) this.injects = [...this.injects, new InjectDraft()];
  }

  removeInject(inject: InjectDraft): void {
    this.injects = this.injects.filter((one) => one !== inject);
  }

  toScript(retired = false): ExerciseScript {
    return {
      title: this.title.trim(),
      language: this.language,
      briefing: this.briefing,
      objectives: this.objectives.filter(({ text }) => text.trim() !== '').map(({ id, text }) => ({ id, text: text.trim() })),
      injects: this.injects.map((inject) => inject.toInject()),
      ...(retired ? { retired: true as const } : {}),
    };
  }

  toContent(of: string, retired: boolean): ExerciseContent {
    const note = this.note.trim();
    return { kind: 'exercise-script', of, script: this.toScript(retired), after: this.after, ...(note === '' ? {} : { note }) };
  }
}

/** What is no number is none; what is too long is cut. */
export function wholeMinutes(text: string): number {
  const minutes = Math.round(Number(text));
  return Number.isFinite(minutes) ? Math.min(Math.max(minutes, 0), longestMinutes) : 0;
}
