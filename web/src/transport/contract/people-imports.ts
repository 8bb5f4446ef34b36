export type PeopleImportState = 'reading' | 'comparing' | 'ready' | 'applying' | 'applied' | 'failed' | 'discarded';

export type PeopleImportStep = 'reading' | 'comparing' | 'writing';

export interface PeopleImport {
  readonly id: string;
  readonly state: PeopleImportState;
  /** What is being done right now; null when nothing is. */
  readonly step?: PeopleImportStep | null;
  readonly fileName: string;
  readonly actorName: string;
  readonly fullList: boolean;
  readonly mostRemovedPercent: number;
  readonly lines: number;
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly removed: number;
  readonly refused: number;
  readonly errorCode?: string | null;
  readonly createdAt: string;
  readonly changedAt: string;
}

export type PeopleImportAction = 'add' | 'change' | 'unchanged' | 'remove' | 'refuse';

/** One field of somebody, before and after. Null: nothing. */
export interface ImportedField {
  readonly field: string;
  readonly before?: string | null;
  readonly after?: string | null;
}

/** Why a line is refused: which field, empty for the whole line, and the code. */
export interface ImportLineRefusal {
  readonly field: string;
  readonly code: string;
}

interface ImportLineOf<Action extends PeopleImportAction, Outcome> {
  /** Of the file, from 1; removals come after its last. */
  readonly line: number;
  readonly action: Action;
  readonly personId?: string | null;
  readonly name: string;
  readonly outcome: readonly Outcome[];
}

export type ImportLine = ImportLineOf<'refuse', ImportLineRefusal> | ImportLineOf<Exclude<PeopleImportAction, 'refuse'>, ImportedField>;
