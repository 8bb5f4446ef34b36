import { accountHex } from '../../core/devices/account-bytes';
import type { CellKind } from '../../core/rooms/crisis/crisis-content';
import {
  type DocumentVersion,
  longestFunctionName,
  mostCardsOfCell,
  mostFirstTasks,
  mostFunctions,
  type Plan,
  type PlanContent,
  type PlannedCell,
} from '../../core/rooms/plans/plan-content';
import { longestTitle } from '../../core/rooms/tasks/task-content';
import type { LocalizedText } from '../../transport/contract/content';
import { localized } from '../common/localized';

/** A first task that somebody is writing. */
export class TaskDraft {
  title = $state('');
  /** In digits, as a choice has it; empty where it has no time. */
  minutes = $state('');
  urgent = $state(false);

  constructor(title = '', minutes: number | null = 60, urgent = false) {
    [this.title, this.minutes, this.urgent] = [title, minutes === null ? '' : String(minutes), urgent];
  }
}

/** A cell of a plan that somebody is writing. */
export class PlannedCellDraft {
  name = $state('');
  kind = $state<CellKind>('operational');
  /** One on each line. */
  functions = $state('');
  tasks = $state.raw<readonly TaskDraft[]>([]);
  cards = $state.raw<readonly string[]>([]);

  constructor({ name, kind, functions, tasks, cards }: PlannedCell) {
    [this.name, this.kind, this.functions, this.cards] = [name, kind, functions.join('\n'), cards];
    this.tasks = tasks.map((task) => new TaskDraft(task.title, task.minutes, task.urgent ?? false));
  }

  addTask(): void {
    this.tasks = [...this.tasks, new TaskDraft()];
  }

  remove(task: TaskDraft): void {
    this.tasks = this.tasks.filter((one) => one !== task);
  }

  choose(card: string, is: boolean): void {
    this.cards = is ? [...this.cards, card].slice(0, mostCardsOfCell) : this.cards.filter((one) => one !== card);
  }

  /** Without what is empty, cut to what an entry holds. */
  toCell(): PlannedCell | null {
    const name = this.name.trim();
    if (name === '') return null;
    const lines = this.functions.split('\n').map((one) => one.trim().slice(0, longestFunctionName));
    return {
      name,
      kind: this.kind,
      functions: [...new Set(lines.filter(Boolean))].slice(0, mostFunctions),
      tasks: this.tasks
        .filter(({ title }) => title.trim() !== '')
        .slice(0, mostFirstTasks)
        .map(({ title, minutes, urgent }) => ({
          title: title.trim().slice(0, longestTitle),
          minutes: minutes === '' ? null : Number(minutes),
          ...(urgent ? { urgent: true as const } : {}),
        })),
      cards: this.cards,
    };
  }
}

/** A card or plan that somebody is writing. */
export class DocumentDraft {
  title = $state('');
  text = $state('');
  /** Account in hexadecimal; empty for nobody. */
  owner = $state('');
  validUntil = $state('');
  note = $state('');
  cells = $state.raw<readonly PlannedCellDraft[]>([]);
  scenario = $state.raw<Plan['scenario']>(null);
  report = $state('');
  wasRetired = false;

  private constructor(
    readonly kind: 'card' | 'plan',
    /** The version that its author had before them. */
    readonly after: string | null,
  ) {}

  static empty(kind: 'card' | 'plan', owner: string, validUntil: string): DocumentDraft {
    const draft = new DocumentDraft(kind, null);
    [draft.owner, draft.validUntil] = [owner, validUntil];
    return draft;
  }

  static of(kind: 'card' | 'plan', after: string, what: DocumentVersion | Plan): DocumentDraft {
    const draft = new DocumentDraft(kind, after);
    [draft.title, draft.text, draft.owner, draft.validUntil] = [what.title, what.text, what.owner ?? '', what.validUntil ?? ''];
    draft.wasRetired = what.retired === true;
    if ('cells' in what) {
      draft.cells = what.cells.map((cell) => new PlannedCellDraft(cell));
      [draft.scenario, draft.report] = [what.scenario, what.report];
    }
    return draft;
  }

  addCell(name: string): void {
    this.cells = [...this.cells, new PlannedCellDraft({ name, kind: 'operational', functions: [], tasks: [], cards: [] })];
  }

  removeCell(cell: PlannedCellDraft): void {
    this.cells = this.cells.filter((one) => one !== cell);
  }

  chooseScenario(id: string, known: { readonly id: string; readonly definition: { readonly name: LocalizedText } } | undefined): void {
    if (id === '') this.scenario = null;
    else if (known !== undefined) this.scenario = { id: accountHex(known.id), name: localized(known.definition.name).slice(0, 200) };
  }

  toContent(of: string, retired: boolean): PlanContent {
    const version = {
      title: this.title.trim(),
      text: this.text,
      owner: this.owner === '' ? null : this.owner,
      validUntil: this.validUntil === '' ? null : this.validUntil,
      ...(retired ? { retired: true as const } : {}),
    };
    const note = this.note.trim();
    const entry = { of, after: this.after, ...(note === '' ? {} : { note }) };
    if (this.kind === 'card') return { kind: 'card', card: version, ...entry };
    const cells = this.cells.flatMap((cell) => cell.toCell() ?? []);
    return { kind: 'plan', plan: { ...version, cells, scenario: this.scenario, report: this.report }, ...entry };
  }
}
